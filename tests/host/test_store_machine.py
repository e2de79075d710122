"""Syncs in any portions and order, from two computers: the outcome is that of one sync of the whole."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from host.block_at_hand import Block
from host.syncing import decoded, news, raw
from pulseblock_tools.store import derive
from pulseblock_tools.store.database import open_database, write
from pulseblock_tools.store.ingest import commit_segments, known
from pulseblock_tools.store.listing import list_sessions
from pulseblock_tools.store.pieces import Piece
from pulseblock_tools.store.voiding import set_void

SETS = st.lists(st.lists(st.sampled_from([-1, 0, 0, 0, 1, 2, 18]), min_size=1, max_size=7), max_size=3)


class Syncs(RuleBasedStateMachine):
    """A block that is used, loses power and decays, and two desks that share a database."""

    def __init__(self):
        super().__init__()
        self.database = open_database("sqlite://")
        self.readings = []  # all of the journal as it was when a desk read it
        self.coming = []  # what desks have fetched and not committed

    @initialize(segment_bytes=st.sampled_from([120, 260]), days=st.lists(SETS, min_size=3, max_size=6))
    def a_block_already_known(self, segment_bytes, days):
        self.block = Block(segment_bytes=segment_bytes).boot()
        for day in days:
            self.train(day, starts=True, ends=True, power_cut=True, shapes=True)
        self.sync(with_clock=False, waits=False, times=1)

    @rule(day=SETS, starts=st.booleans(), ends=st.booleans(), power_cut=st.booleans(), shapes=st.booleans())
    def train(self, day, starts, ends, power_cut, shapes):
        self.block.session(*day, starts=starts, ends=ends, shapes=shapes)
        self.block.passes(86_400_000)
        if power_cut:
            self.block.boot()

    @rule(segment=st.integers(0, 20), places=st.lists(st.integers(40, 259), min_size=1, max_size=12))
    def flash_decays(self, segment, places):
        for byte in places:
            self.block.decay(segment, byte)

    @rule(with_clock=st.booleans(), waits=st.booleans(), times=st.integers(1, 2))
    def sync(self, with_clock, waits, times):
        """A desk reads what is new; while it *waits*, the other desk goes first."""
        clock = self.block.clock(after_seq=self.block.last_seq) if with_clock else None
        self.readings.append((self.block.pieces(), clock))
        self.coming.append((news(self.block, known(self.database, self.block.id, self.block.journal)), clock))
        if not waits:
            for _ in range(times):
                self.commit(*self.coming[-1])
            self.coming.pop()

    @rule(data=st.data(), pulled=st.booleans())
    def a_desk_that_waited_goes_on(self, data, pulled):
        """All it fetched arrives; or, the cable *pulled*, a few segments, in any order and in part."""
        if not self.coming:
            return
        pieces, clock = data.draw(st.sampled_from(self.coming))
        if not pulled:
            self.coming.remove((pieces, clock))
            self.commit(pieces, clock)
            return
        for one in data.draw(st.permutations(pieces))[:3]:
            length = data.draw(st.integers(0, len(one.data)))
            self.commit([Piece(one.segment, one.offset, one.data[:length], one.prefix_crc)], None)

    @rule(rep=st.integers(1, 5), void=st.booleans())
    def edit(self, rep, void):
        def change(connection):
            for session in list_sessions(connection)[-1:]:
                if rep <= session.reps + session.void:
                    set_void(connection, session, rep, void=void, now_utc_ms=9)

        write(self.database, change)

    def commit(self, pieces, clock):
        commit_segments(self.database, self.block.id, self.block.journal, pieces, clock, now_utc_ms=5)

    @invariant()
    def decoding_everything_again_changes_nothing(self):
        before = decoded(self.database)
        write(self.database, lambda connection: derive.decode_all(connection, 5))
        assert decoded(self.database) == before

    def teardown(self):
        for coming in self.coming:
            self.commit(*coming)
        whole = open_database("sqlite://")
        for pieces, clock in self.readings:
            commit_segments(whole, self.block.id, self.block.journal, pieces, clock, now_utc_ms=5)
        assert raw(self.database) == raw(whole)
        assert decoded(self.database) == decoded(whole)
        for engine in (self.database, whole):
            engine.dispose()


TestSyncs = Syncs.TestCase
TestSyncs.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
