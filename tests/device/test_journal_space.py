"""A journal is bounded: it rotates, tells that it is full, and what was synced makes room."""

from fakes.folder import FakeFolder
from journaling import SMALL, UID, Clock, a_rep, begun, check_sequence, fields, fill, records, reps, sync_all

from pulseblock.journal import record
from pulseblock.journal.journal import FULL, OK, set_clock
from pulseblock.journal.segments import mark_synced, name_of, number_of, synced

# space


def test_segments_rotate_by_size():
    folder = FakeFolder()
    journal = begun(folder, **SMALL)
    for i in range(13):
        journal.rep(a_rep(i))
        journal.service(True)
    assert sorted(folder.kept) == [name_of(1), name_of(2), name_of(3)]
    assert reps(folder) == list(range(13))
    check_sequence(folder)


def test_full_flash_is_told_and_keeps_every_record():
    folder = FakeFolder()
    journal = begun(folder, **SMALL)
    given = fill(journal)
    assert journal.status == FULL
    assert reps(folder) == list(range(given - 1))
    assert records(folder)[-1][0] == record.ERROR
    assert records(folder)[-1][3] == (record.JOURNAL_FULL, 0)
    assert all(len(data) <= SMALL["segment_bytes"] for data in folder.kept.values())
    check_sequence(folder)


def test_the_oldest_synced_segment_makes_room():
    clock = Clock()
    folder = FakeFolder()
    journal = begun(folder, clock, **SMALL)
    given = fill(journal)
    mark_synced(folder, 1, len(folder.kept[name_of(1)]))
    clock.ms += 20000
    assert journal.service(True) == OK
    assert name_of(1) not in folder.kept
    assert reps(folder)[-1] == given - 1
    check_sequence(folder)


def test_a_segment_synced_but_for_one_byte_stays():
    folder = FakeFolder()
    journal = begun(folder, **SMALL)
    fill(journal)
    mark_synced(folder, 1, len(folder.kept[name_of(1)]) - 1)
    journal = begun(folder, **SMALL)
    assert journal.status == FULL
    assert name_of(1) in folder.kept


def test_what_found_no_room_is_counted_and_the_count_recorded():
    clock = Clock()
    folder = FakeFolder()
    journal = begun(folder, clock, **SMALL)
    given = fill(journal)
    seen = set(reps(folder))
    for i in range(30):
        journal.rep(a_rep(10000 + i))
        journal.error(10000 + i, 1)
    while journal.status == FULL:
        sync_all(folder)
        clock.ms += 20000
        journal.service(True)
        seen.update(reps(folder))
    ((lost, lost_reps, since, wraps),) = fields(folder, record.LOST)
    assert lost == 61 - 20  # one of them waited before
    assert lost_reps == given + 30 - len(seen)
    assert (since, wraps) == (10009, 0)
    check_sequence(folder)


def test_how_often_the_clock_wrapped_while_there_was_no_room_is_recorded():
    for days, wraps in ((6, 0), (12, 0), (13, 1), (24, 1), (25, 2), (200, 16)):
        clock = Clock()
        folder = FakeFolder()
        journal = begun(folder, clock, **SMALL)
        fill(journal)
        for i in range(30):
            journal.rep(a_rep(10000 + i))
        for half_days in range(1, 2 * days):
            now = half_days * 43200000 % (1 << 30)
            journal.diagnostics(now, 0, 0)
            journal.rep(a_rep((now - 60000) % (1 << 30)))
        clock.ms = days * 86400000 % (1 << 30)
        while journal.status == FULL:
            sync_all(folder)
            clock.ms += 20000
            journal.service(True)
        assert [found[3] for found in fields(folder, record.LOST)] == [wraps]


def test_a_rep_that_found_no_room_cannot_be_taken_back():
    folder = FakeFolder()
    clock = Clock()
    journal = begun(folder, clock, **SMALL)
    fill(journal)
    for i in range(30):
        journal.rep(a_rep(10000 + i))
    sync_all(folder)
    clock.ms += 20000
    journal.service(True)
    assert not journal.void(40000)


def test_the_reserve_of_space_is_left():
    reserve = 4096
    folder = FakeFolder(capacity=10000)
    journal = begun(folder, segment_bytes=1000, max_segments=100, reserve_bytes=reserve)
    fill(journal)
    assert journal.status == FULL
    assert reserve <= folder.free() < reserve + 1000


def test_the_newest_segment_is_never_removed():
    folder = FakeFolder(capacity=400)
    journal = begun(folder, segment_bytes=300, max_segments=100, reserve_bytes=0)
    fill(journal)
    mark_synced(folder, 99, 0)
    journal = begun(folder, segment_bytes=300, max_segments=100, reserve_bytes=0)
    assert journal.status == FULL
    assert name_of(1) in folder.kept


def test_the_room_for_growth_covers_all_that_the_journal_may_take():
    folder = FakeFolder()
    journal = begun(folder, **SMALL)
    before = journal.growth_bytes()
    assert before >= 2 * SMALL["segment_bytes"]
    fill(journal)
    assert 0 < journal.growth_bytes() < before


# sync


def test_a_mark_that_is_not_whole_marks_nothing():
    folder = FakeFolder()
    assert synced(folder) == (0, 0)
    mark_synced(folder, 3, 700)
    assert synced(folder) == (3, 700)
    whole = folder.kept["synced"]
    for cut in range(len(whole)):
        folder.kept["synced"] = whole[:cut]
        assert synced(folder) == (0, 0)
    folder.kept["synced"] = whole + b"x"
    assert synced(folder) == (0, 0)
    for at in range(len(whole)):
        folder.kept["synced"] = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert synced(folder) == (0, 0)


def test_a_journal_begun_beside_the_mark_of_another_is_not_taken_for_synced():
    folder = FakeFolder()
    mark_synced(folder, 3, 100)
    fill(begun(folder, **SMALL))
    assert sorted([number_of(name) for name in folder.kept if number_of(name)]) == [4, 5, 6]


def test_sync_records_the_clock_for_the_boot_that_it_stopped():
    folder = FakeFolder()
    journal = begun(folder)
    journal.rep(a_rep(1000))
    journal.close()
    assert set_clock(folder, UID, 5000, 1800000000123)
    kind, _, ticks, values = records(folder)[-1]
    assert (kind, ticks, values) == (record.CLOCK, 5000, (1, 1800000000, 123))
    assert begun(folder).boot == 2
    check_sequence(folder)


def test_a_journal_goes_on_after_sync_recorded_the_clock():
    folder = FakeFolder()
    journal = begun(folder)
    journal.rep(a_rep(1000))
    journal.close()
    assert set_clock(folder, UID, 5000, 1800000000123)
    journal.rep(a_rep(6000))
    journal.rep(a_rep(7000))
    assert journal.close() == OK
    assert reps(folder) == [1000, 6000, 7000]
    check_sequence(folder)


def test_no_clock_without_a_boot():
    assert not set_clock(FakeFolder(), UID, 5000, 1800000000123)


def test_no_clock_without_room():
    folder = FakeFolder()
    fill(begun(folder, **SMALL))
    before = dict(folder.kept)
    assert not set_clock(folder, UID, 5000, 1800000000123, **SMALL)
    assert folder.kept == before
