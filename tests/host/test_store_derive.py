"""Decoding only what a sync brought gives what decoding everything gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from host.block_at_hand import Block
from host.syncing import decoded, news
from pulseblock_tools.journal.reading import read_journal
from pulseblock_tools.store import derive
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.ingest import commit_segments, known
from pulseblock_tools.store.listing import list_sessions

SETS = st.lists(st.lists(st.sampled_from([-1, 0, 2]), min_size=1, max_size=6), max_size=2)
# what happens to a block, and whether it is synced after that
HAPPENINGS = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.just("trains"), SETS, st.booleans(), st.booleans(), st.booleans()),
            st.tuples(st.just("boots"), st.integers(1, 5)),
            st.tuples(st.just("decays"), st.integers(1, 4), st.lists(st.integers(0, 13), min_size=1)),
        ),
        st.booleans(),
    ),
    min_size=3,
    max_size=15,
)


def happen(block, what, *how):
    match what:
        case "trains":
            sets, starts, ends, shapes = how
            block.session(*sets, starts=starts, ends=ends, shapes=shapes)
        case "boots":
            for _ in range(how[0]):
                block.passes(1000).boot()
        case "decays":
            # records of one of the latest segments, by their number in it
            from_last, records = how
            for record in records:
                block.decay(-from_last, 40 + 20 * record + 10)


def sync(database, block):
    pieces = news(block, known(database, block.id, block.journal))
    commit_segments(database, block.id, block.journal, pieces, now_utc_ms=1)


def assert_same_as_decoding_everything(database):
    before = decoded(database)
    write(database, lambda connection: derive.decode_all(connection, 1))
    assert decoded(database) == before


@settings(deadline=None, max_examples=80)
@given(happenings=HAPPENINGS, segment_bytes=st.sampled_from([100, 160, 320]))
def test_whatever_happened_between_syncs(happenings, segment_bytes):
    database = open_database("sqlite://")
    block = Block(segment_bytes=segment_bytes).boot()
    for what, synced in happenings:
        happen(block, *what)
        if synced:
            sync(database, block)
            assert_same_as_decoding_everything(database)
    database.dispose()


def test_a_session_whose_boot_is_lost_comes_with_what_was_synced_beside_it():
    database = open_database("sqlite://")
    block = Block(segment_bytes=320).boot().session([0] * 9)
    sync(database, block)
    for _ in range(4):
        block.boot()
    block.session([0, 0], starts=False, ends=False)
    for record in range(4):
        block.decay(-1, 40 + 20 * record)
    block.boot()
    sync(database, block)
    with reading(database) as connection:
        assert [session.reps for session in list_sessions(connection)] == [9, 2]
    assert_same_as_decoding_everything(database)
    database.dispose()


def test_a_sync_reads_no_more_of_a_long_journal_than_its_end(monkeypatch):
    database = open_database("sqlite://")
    block = Block(segment_bytes=320).boot()
    for _ in range(40):
        block.session([0] * 8).passes(1000).boot()
    sync(database, block)
    assert len(block.segments()) > 30
    block.session([0])
    read = []

    def spy(segments, clocks):
        read.extend(segments)
        return read_journal(segments, clocks)

    monkeypatch.setattr(derive, "read_journal", spy)
    sync(database, block)
    assert len(read) <= 4
    database.dispose()
