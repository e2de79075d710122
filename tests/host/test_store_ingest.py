"""Committing what a sync fetched: all of it, once, whatever is fetched again."""

from zlib import crc32

import pytest
import sqlalchemy as sa

from host.block_at_hand import GRIP, PELVIS, Block
from pulseblock_tools.store import schema
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.details import list_damage, list_notes, list_reps, list_sets
from pulseblock_tools.store.ingest import Committed, commit_segments, known
from pulseblock_tools.store.listing import list_sessions
from pulseblock_tools.store.pieces import Held, Piece, PrefixMissing
from pulseblock_tools.store.voiding import set_void

SEGMENT = 400  # a header and 18 records


@pytest.fixture
def database(tmp_path):
    engine = open_database(str(tmp_path / "training.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def block():
    return Block(segment_bytes=SEGMENT).boot()


def commit(database, block, pieces=None, clock=None, now=1):
    pieces = block.pieces() if pieces is None else pieces
    return commit_segments(database, block.id, block.journal, pieces, clock, host="desk", now_utc_ms=now)


def everything(database):
    with reading(database) as connection:
        return {
            table.name: connection.execute(sa.select(table).order_by(*table.primary_key)).all()
            for table in schema.metadata.sorted_tables
        }


def sessions(database):
    with reading(database) as connection:
        return list_sessions(connection)


def test_a_first_sync_brings_every_session_with_its_reps(database, block):
    block.session([0, 0, GRIP], [0, -1]).passes(10**6).session([PELVIS])
    assert commit(database, block) == Committed(
        new_bytes=sum(map(len, block.segments().values())), new_sessions=(1, 2), contradicted=()
    )
    first, second = sessions(database)
    assert (first.sets, first.reps, first.good, first.void) == (2, 4, 3, 1)
    assert (second.sets, second.reps, second.good, second.void) == (1, 1, 0, 0)
    with reading(database) as connection:
        reps = list_reps(connection, first)
        assert [rep.fault_names for rep in reps] == [(), (), ("grip",), (), ()]
        assert [rep.set_number for rep in reps] == [1, 1, 1, 2, 2]
        assert [rep.void for rep in reps] == [False, False, False, False, True]
        assert [rep.after_ms for rep in reps] == [1500, 4200, 6900, 14600, 17300]
        assert (reps[0].peak_cn, reps[0].press_cn, reps[0].reference_cn) == (5000, 3800, 4000)
        assert (reps[0].sagittal_cdeg, reps[0].jolt_mg, reps[0].drag_pct) == (-120, 30, None)
        assert [one.rhythm_pct for one in list_sets(connection, first)] == [90, None]


def test_a_second_run_changes_nothing(database, block):
    block.session([0, 0, 0])
    clock = block.clock()
    commit(database, block, clock=clock)
    before = everything(database)
    assert commit(database, block, clock=clock, now=2) == Committed(0, (), ())
    assert everything(database) == before


def test_what_is_held_is_told_by_length_and_crc(database, block):
    assert known(database, block.id, block.journal) == {}
    block.session([0] * 20)
    commit(database, block)
    held = {number: (Held(len(data), crc32(data)),) for number, data in block.segments().items()}
    assert len(held) > 1
    assert known(database, block.id, block.journal) == held
    assert known(database, block.id, block.journal + 1) == {}
    assert known(database, "another", block.journal) == {}


def test_a_later_sync_brings_only_what_is_new(database, block):
    block.session([0, 0])
    commit(database, block)
    held = len(block.segments()[1])
    block.session([0])
    grown = len(block.segments()[1])
    outcome = commit(database, block, [block.piece(1, held, grown)])
    assert outcome == Committed(grown - held, (2,), ())
    assert [session.reps for session in sessions(database)] == [2, 1]


def test_a_session_that_goes_on_keeps_its_number_and_grows(database, block):
    block.session([0, 0], ends=False)
    commit(database, block)
    (session,) = sessions(database)
    assert (session.session, session.reps, session.ended_by) == (1, 2, "power cut")
    block.session([GRIP], starts=False)
    assert commit(database, block).new_sessions == ()
    (session,) = sessions(database)
    assert (session.session, session.reps, session.ended_by) == (1, 3, "timeout")


def test_a_reading_cut_within_a_record_is_completed_by_the_next(database, block):
    block.session([0, 0])
    size = len(block.segments()[1])
    commit(database, block, [block.piece(1, 0, size - 7)])
    with reading(database) as connection:
        assert [stretch.reason for stretch in list_damage(connection)] == ["ends within a record"]
    commit(database, block, [block.piece(1, size - 7, size)])
    with reading(database) as connection:
        assert list_damage(connection) == []
    assert sessions(database)[0].ended_by == "timeout"


def test_a_piece_that_joins_nothing_leaves_everything_as_it_was(database, block):
    block.session([0] * 20)
    commit(database, block, [block.piece(1, 0, 100)])
    before = everything(database)
    with pytest.raises(PrefixMissing):
        commit(database, block, [block.piece(2, 0, 60), block.piece(1, 120, 140)])
    assert everything(database) == before


def test_bytes_that_contradict_what_is_held_are_kept_beside_it(database, block):
    block.session([0, GRIP, 0])
    commit(database, block)
    data = block.segments()[1]
    decayed = bytearray(data)
    decayed[100] ^= 1
    outcome = commit(database, block, [Piece(1, 0, bytes(decayed))])
    assert outcome.contradicted == (1,)
    with reading(database) as connection:
        copies = connection.execute(sa.select(schema.segments.c.copy, schema.segments.c.data)).all()
    assert sorted(copies) == [(0, data), (1, bytes(decayed))]
    # no rep is lost by it, and none counted twice
    assert [session.reps for session in sessions(database)] == [3]


def test_records_after_a_decayed_one_are_found_in_the_copy_that_has_them(database, block):
    block.session([0, 0, 0])
    commit(database, block)
    block.session([0, 0])
    decayed = bytearray(block.segments()[1])
    decayed[100] ^= 1
    assert commit(database, block, [Piece(1, 0, bytes(decayed))]).contradicted == (1,)
    assert [session.reps for session in sessions(database)] == [3, 2]


def test_two_blocks_are_never_mixed_up(database):
    one = Block("aa" * 8, journal=5).boot().session([0, 0])
    other = Block("bb" * 8, journal=5).boot().session([GRIP])
    for block in (one, other):
        commit(database, block)
    assert [(session.block, session.reps) for session in sessions(database)] == [
        ("aa" * 8, 2),
        ("bb" * 8, 1),
    ]
    with pytest.raises(
        ValueError, match=f"segment 1 of block {'bb' * 8}, journal 5, says it is .* {'aa' * 8}"
    ):
        commit_segments(database, other.id, 5, one.pieces())


def test_a_wiped_block_begins_another_journal(database):
    commit(database, Block(journal=5).boot().session([0, 0]))
    commit(database, Block(journal=6).boot().session([GRIP]))
    assert [session.reps for session in sessions(database)] == [2, 1]


def test_the_hosts_clock_gives_a_boot_its_time(database, block):
    block.session([0])
    block.passes(10**7).boot().session([0])
    began = block.utc_ms - 70_200 + 2_500
    commit(database, block, clock=block.clock())
    before_the_boot, after = sessions(database)
    assert before_the_boot.start_utc_ms is None
    assert before_the_boot.duration_ms == 67_700
    assert after.start_utc_ms == began
    with reading(database) as connection:
        assert list_reps(connection, after)[0].start_utc_ms == began + 1500
        assert list_reps(connection, before_the_boot)[0].start_utc_ms is None


def test_a_clock_pair_comes_to_hold_for_what_follows_it(database, block):
    block.session([0])
    commit(database, block, clock=block.clock())
    block.passes(3_600_000).session([0])
    commit(database, block)
    first, second = sessions(database)
    assert second.start_utc_ms - first.start_utc_ms == 3_600_000 + 67_700


def test_a_sync_without_news_moves_no_session(database, block):
    block.session([0])
    commit(database, block, clock=block.clock())
    before = sessions(database)
    block.passes(86_400_000)
    commit(database, block, clock=block.clock(unix_ms=block.utc_ms + 3_000))
    assert sessions(database) == before


def test_what_a_journal_notes_belongs_to_its_session(database, block):
    block.session([0], ends=False).low_battery()
    commit(database, block)
    with reading(database) as connection:
        (note,) = list_notes(connection, list_sessions(connection)[0])
    assert (note.kind, note.fields) == ("LowBattery", {"millivolts": 3300, "percent": 4})


def test_who_synced_what_is_kept(database, block):
    block.session([0])
    commit(database, block, now=77)
    commit(database, block, now=78)
    size = sum(map(len, block.segments().values()))
    assert [row[1:] for row in everything(database)["pulseblock_syncs"]] == [
        (block.id, block.journal, 77, "desk", size)
    ]


def test_a_void_said_here_outlives_decoding_again(database, block):
    block.session([0, 0, 0])
    commit(database, block)

    def void(connection):
        set_void(connection, list_sessions(connection)[0], 2, void=True, now_utc_ms=5)

    write(database, void)
    block.session([0])
    commit(database, block)
    with reading(database) as connection:
        first = list_sessions(connection)[0]
        assert [rep.void for rep in list_reps(connection, first)] == [False, True, False]
