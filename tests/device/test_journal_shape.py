"""The shape of a rep, which follows it in the journal: no other record is lost for it."""

from fakes.folder import EIO, FakeFolder
from journaling import (
    SMALL,
    Clock,
    a_rep,
    begun,
    check_sequence,
    fields,
    kinds,
    records,
    reps,
    segment_records,
    sync_all,
)

from pulseblock.journal import record
from pulseblock.journal.journal import OK
from pulseblock.journal.segments import name_of, number_of


def shaped(start_ms, *forces):
    rep = a_rep(start_ms)
    rep.shape_cn = list(forces or range(400, 4400, 400))
    rep.has_shape = True
    return rep


def check_nothing_but_shapes_is_missing(folder, starts):
    """Every rep is there, and every shape that is there follows its rep."""
    found = records(folder)
    assert reps(folder) == list(starts)
    for before, entry in zip(found, found[1:]):
        if entry[0] == record.SHAPE:
            assert before[0] == record.REP
            assert entry[2] == before[2]
    check_sequence(folder)


def test_a_shape_follows_its_rep_and_is_flushed_with_it():
    folder = FakeFolder()
    journal = begun(folder)
    flushes = folder.flushes
    journal.rep(shaped(1000))
    journal.service(True)
    assert folder.flushes == flushes + 1
    assert kinds(folder)[1:] == [record.REP, record.SHAPE]
    assert fields(folder, record.SHAPE) == [(20, 40, 60, 80, 100, 120, 140, 160, 180, 200)]
    check_nothing_but_shapes_is_missing(folder, [1000])


def test_a_rep_without_a_shape_is_a_record_alone():
    folder = FakeFolder()
    journal = begun(folder)
    journal.rep(a_rep(1000))
    journal.service(True)
    assert kinds(folder)[1:] == [record.REP]


def test_a_rep_is_taken_back_whether_it_has_a_shape_or_not():
    folder = FakeFolder()
    journal = begun(folder)
    journal.rep(shaped(1000))
    assert journal.void(2500)
    journal.close()
    assert fields(folder, record.VOID) == [(1000,)]


def test_a_power_cut_within_a_shape_costs_the_shape_alone():
    folder = FakeFolder()
    journal = begun(folder)
    journal.rep(shaped(1000))
    journal.service(True)
    whole = folder.kept[name_of(1)]
    for torn in range(record.RECORD_BYTES):
        left = FakeFolder({name_of(1): whole[: len(whole) - record.RECORD_BYTES + torn]})
        journal = begun(left)
        journal.rep(shaped(9000))
        journal.service(True)
        check_nothing_but_shapes_is_missing(left, [1000, 9000])
        assert kinds(left).count(record.SHAPE) == 1


def test_no_record_is_lost_for_a_shape_while_many_wait():
    shapeless, folder = FakeFolder(), FakeFolder()
    for where, rep in ((shapeless, a_rep), (folder, shaped)):
        clock = Clock()
        journal = begun(where, clock)
        where.refusing = EIO
        for i in range(16):
            journal.rep(rep(i * 1000))
        where.refusing = 0
        clock.ms += 20000
        assert journal.service(True) == OK
        assert not fields(where, record.LOST)
        check_nothing_but_shapes_is_missing(where, range(0, 16000, 1000))
    assert kinds(folder).count(record.SHAPE) == 4


def test_shapes_are_let_go_while_the_host_lacks_half_of_what_there_is_room_for():
    limits = dict(SMALL, max_segments=8)
    folder = FakeFolder()
    clock = Clock()
    journal = begun(folder, clock, **limits)
    given = 0
    while journal.status == OK:
        journal.rep(shaped(given))
        journal.service(True)
        given += 1
    by_segment = [segment_records(folder.kept[name]) for name in sorted(folder.kept) if number_of(name)]
    with_shapes = [any(found[0] == record.SHAPE for found in segment) for segment in by_segment]
    assert with_shapes == [True] * 4 + [False] * 4
    check_nothing_but_shapes_is_missing(folder, range(given - 1))
    sync_all(folder)
    journal = begun(folder, clock, **limits)
    journal.rep(shaped(90000))
    journal.service(True)
    assert kinds(folder)[-2:] == [record.REP, record.SHAPE]


def test_flash_that_fails_anywhere_loses_no_rep_to_a_shape():
    def trained(failing):
        clock = Clock()
        folder = FakeFolder()
        folder.failing = failing
        journal = begun(folder, clock, segment_bytes=300, max_segments=40, reserve_bytes=0)
        for start_ms in range(20):
            journal.rep(shaped(start_ms))
            if start_ms % 3 == 2:
                clock.ms += 20000
                journal.service(True)
        while journal.close() != OK:
            pass
        return folder

    operations = trained(()).operations
    for first in range(1, operations):
        folder = trained((first, first + 5))
        check_nothing_but_shapes_is_missing(folder, range(20))
