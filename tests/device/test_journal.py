"""What the journal promises: durable at each rep, never in a press, bounded, and nothing lost in silence."""

from struct import unpack_from

from fakes.expect import without_heap
from fakes.folder import EIO, FakeFolder

from pulseblock.core.rep import Rep
from pulseblock.journal import record
from pulseblock.journal.journal import FAILED, FULL, OK, Journal, set_clock
from pulseblock.journal.segments import mark_synced, name_of, number_of, synced

UID = b"\xe6\x60\x01\x02\x03\x04\x05\x06"
SMALL = {
    "segment_bytes": record.HEADER_BYTES + 6 * record.RECORD_BYTES,
    "max_segments": 3,
    "reserve_bytes": 0,
}


class Clock:
    def __init__(self):
        self.ms = 0
        self.step = 0

    def __call__(self):
        self.ms = (self.ms + self.step) % (1 << 30)
        return self.ms


class Rounds:
    set_count = 12
    set_good = 10
    rhythm_pct = 88
    session_sets = 2
    session_count = 24
    session_good = 20


def a_rep(start_ms):
    rep = Rep()
    rep.start_ms = start_ms
    rep.duration_ms = 1000
    rep.peak_cn = 4000
    return rep


def begun(folder, clock=None, **limits):
    journal = Journal(folder, UID, clock or Clock(), **limits)
    journal.begin(0, record.BOOT_CAUSES.index("power"))
    return journal


def segment_records(data):
    assert not data or record.unpack_header(data), "damaged header"
    found = []
    for at in range(record.HEADER_BYTES, len(data) - record.RECORD_BYTES + 1, record.RECORD_BYTES):
        if record.sealed(data, at, record.RECORD_BYTES):
            kind, sequence, stamp = unpack_from(record.HEAD, data, at)
            known = min(kind, record.REP)
            fields = unpack_from(record.BODY[known], data, at + record.BODY_AT)
            found.append((known, sequence, stamp & record.TICKS_MASK, fields))
    return found


def records(folder):
    """(kind, sequence, ticks, fields) of every whole record in flash, in order."""
    found = []
    for name in sorted([name for name in folder.kept if number_of(name)]):
        found += segment_records(folder.kept[name])
    return found


def kinds(folder):
    return [found[0] for found in records(folder)]


def reps(folder):
    return [found[2] for found in records(folder) if found[0] == record.REP]


def fields(folder, kind):
    return [found[3] for found in records(folder) if found[0] == kind]


def check_sequence(folder):
    sequences = [found[1] for found in records(folder)]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


# what is written


def test_a_session_is_recorded_in_order():
    folder = FakeFolder()
    journal = begun(folder)
    journal.session_start(1000, (0, 1, 2), 0xAAAA, 0xBBBB, 4500)
    journal.rep(a_rep(2000))
    assert journal.void(3500)
    journal.set_end(9000, Rounds, 4400, 1100)
    journal.low_battery(9500, 3410, 12)
    journal.error(9600, 5, 116)
    journal.session_end(70000, record.SESSION_CAUSES.index("timeout"), Rounds)
    journal.diagnostics(70001, 14, 2)
    assert journal.service(True) == OK
    assert [(kind, ticks, values) for kind, _, ticks, values in records(folder)] == [
        (record.BOOT, 0, (1, 0, 1)),
        (record.SESSION_START, 1000, (0, 1, 2, 0xAAAA, 0xBBBB, 4500)),
        (record.REP, 2000, (25, 0, 4000, 0, 0, 0, 0, 0, record.DRAG_UNKNOWN)),
        (record.VOID, 3500, (2000,)),
        (record.SET, 9000, (12, 10, 88, 4400, 1100)),
        (record.LOW_BATTERY, 9500, (3410, 12)),
        (record.ERROR, 9600, (5, 116)),
        (record.SESSION_END, 70000, (2, 24, 20, 1)),
        (record.DIAGNOSTICS, 70001, (14, 0, 2, 7, folder.capacity // 1024 - 1)),
    ]
    check_sequence(folder)


def test_a_set_of_two_has_no_rhythm():
    class Two(Rounds):
        set_count = 2

    folder = FakeFolder()
    journal = begun(folder)
    journal.set_end(9000, Two, 4400, 1100)
    journal.close()
    assert fields(folder, record.SET)[0][2] == record.RHYTHM_UNKNOWN


def test_events_take_no_memory_and_touch_no_flash():
    folder = FakeFolder()
    journal = begun(folder)
    rep = a_rep((1 << 30) - 1)
    before = dict(folder.kept)

    def happen():
        for _ in range(4):  # more than there are slots for
            journal.session_start(1000, (0, 1, 2), 0xAAAA, 0xBBBB, 4500)
            journal.rep(rep)
            journal.void(3500)
            journal.set_end(9000, Rounds, 4400, 1100)
            journal.error(9600, 5, 116)
            journal.session_end(70000, 1, Rounds)

    without_heap(happen)
    assert folder.kept == before


# when it is written


def test_a_rep_is_durable_once_service_returned():
    folder = FakeFolder()
    journal = begun(folder)
    for i in range(5):
        journal.rep(a_rep(i * 1000))
        assert journal.service(True) == OK
        assert reps(folder.after_power_cut()) == [k * 1000 for k in range(i + 1)]


def test_nothing_is_written_in_a_press():
    folder = FakeFolder()
    journal = begun(folder)
    flushes = folder.flushes
    journal.rep(a_rep(1000))
    for _ in range(100):
        journal.service(False)
    assert folder.flushes == flushes
    assert not reps(folder)


def test_what_waited_is_flushed_once():
    folder = FakeFolder()
    journal = begun(folder)
    for i in range(5):
        journal.rep(a_rep(i * 1000))
    flushes = folder.flushes
    journal.service(True)
    assert folder.flushes == flushes + 1
    journal.service(True)
    assert folder.flushes == flushes + 1


def test_the_longest_stall_is_measured_from_diagnostics_to_diagnostics():
    clock = Clock()
    journal = begun(FakeFolder(), clock)
    assert journal.stall_ms == 0  # reading flash at the boot delays no sample
    for stall in (3, 45, 12):
        clock.step = stall
        journal.rep(a_rep(1000))
        journal.service(True)
    assert journal.stall_ms == 45
    journal.diagnostics(2000, 0, 0)
    assert journal.stall_ms == 0


# a rep taken back


def test_only_the_last_rep_of_the_session_can_be_taken_back_once():
    folder = FakeFolder()
    journal = begun(folder)
    journal.session_start(0, (0, 1, 0), 0, 0, 0)
    assert not journal.void(100)
    journal.rep(a_rep(1000))
    assert journal.void(2500)
    assert not journal.void(2600)
    journal.rep(a_rep(3000))
    journal.session_end(9000, 1, Rounds)
    assert not journal.void(9100)
    journal.close()
    assert fields(folder, record.VOID) == [(1000,)]


# boots


def test_boots_count_and_sequence_goes_on():
    folder = FakeFolder()
    for boot in range(1, 6):
        journal = begun(folder)
        assert journal.boot == boot
        journal.rep(a_rep(boot))
        journal.service(True)
        folder = folder.after_power_cut()
    assert reps(folder) == [1, 2, 3, 4, 5]
    assert [values[0] for values in fields(folder, record.BOOT)] == [1, 2, 3, 4, 5]
    assert len(folder.kept) == 1
    check_sequence(folder)


def test_the_boot_tells_the_wall_clock_if_it_is_set():
    folder = FakeFolder()
    Journal(folder, UID, Clock()).begin(5, 2, 1800000000)
    assert fields(folder, record.BOOT) == [(1, 1800000000, 2)]


def test_a_wiped_block_begins_another_journal():
    folder = FakeFolder()
    begun(folder)
    first = record.unpack_header(folder.kept[name_of(1)])
    folder.kept.clear()
    begun(folder)
    second = record.unpack_header(folder.kept[name_of(1)])
    assert first[2] != second[2]


def test_an_image_copied_from_another_block_is_left_alone():
    folder = FakeFolder()
    Journal(folder, b"another", Clock()).begin(0, 1)
    theirs = dict(folder.kept)
    journal = begun(folder)
    assert journal.boot == 1
    assert folder.kept[name_of(1)] == theirs[name_of(1)]
    assert record.unpack_header(folder.kept[name_of(2)])[1] == UID


def test_a_segment_of_a_later_format_is_left_alone():
    folder = FakeFolder()
    begun(folder)
    header = bytearray(folder.kept[name_of(1)])[: record.HEADER_BYTES]
    header[3] = record.FORMAT + 1
    record.seal(header, record.HEADER_BYTES)
    later = bytes(header) + b"records of another shape"
    folder.kept[name_of(1)] = later
    begun(folder)
    assert folder.kept[name_of(1)] == later
    assert record.unpack_header(folder.kept[name_of(2)])


# torn writes


def test_a_torn_record_is_noted_and_what_came_before_stays():
    for torn in range(1, record.RECORD_BYTES):
        folder = FakeFolder()
        journal = begun(folder)
        journal.rep(a_rep(1000))
        journal.service(True)
        whole = len(folder.kept[name_of(1)])
        journal.rep(a_rep(2000))
        journal.service(True)
        folder.kept[name_of(1)] = folder.kept[name_of(1)][: whole + torn]
        folder = folder.after_power_cut()
        begun(folder)
        assert reps(folder) == [1000]
        assert fields(folder, record.TORN) == [(1, whole, torn)]
        check_sequence(folder)


def test_a_segment_of_which_only_part_of_the_header_was_written_is_removed_and_noted():
    for torn in range(record.HEADER_BYTES):
        folder = FakeFolder()
        begun(folder)
        folder.kept[name_of(2)] = folder.kept[name_of(1)][:torn]
        begun(folder)
        assert fields(folder, record.TORN) == ([(2, 0, torn)] if torn else [])
        check_sequence(folder)


def test_records_behind_a_decayed_header_still_count():
    folder = FakeFolder()
    journal = begun(folder, **SMALL)
    for i in range(8):
        journal.rep(a_rep(i))
        journal.service(True)
    decayed = bytearray(folder.kept[name_of(2)])
    decayed[6] ^= 0xFF
    folder.kept[name_of(2)] = bytes(decayed)
    journal = begun(folder, **SMALL)
    journal.rep(a_rep(100))
    journal.service(True)
    assert journal.boot == 2
    last = segment_records(folder.kept[name_of(3)])
    assert [found[1] for found in last] == [9, 10]


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


def fill(journal):
    i = 0
    while journal.status == OK:
        journal.rep(a_rep(i))
        journal.service(True)
        i += 1
    return i


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
        newest = max([number_of(name) for name in folder.kept])
        mark_synced(folder, newest, len(folder.kept[name_of(newest)]))
        clock.ms += 20000
        journal.service(True)
        seen.update(reps(folder))
    ((lost, lost_reps, since),) = fields(folder, record.LOST)
    assert lost == 61 - 20  # one of them waited before
    assert lost_reps == given + 30 - len(seen)
    assert since == 10009
    check_sequence(folder)


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


# flash that fails


def test_a_refused_write_loses_nothing_doubles_nothing_and_is_noted():
    clock = Clock()
    folder = FakeFolder()
    journal = begun(folder, clock)
    journal.rep(a_rep(1000))
    folder.refusing = EIO
    assert journal.service(True) == FAILED
    journal.rep(a_rep(2000))
    folder.refusing = 0
    assert journal.service(True) == FAILED, "tried again at once"
    clock.ms += 20000
    assert journal.service(True) == OK
    assert reps(folder) == [1000, 2000]
    assert fields(folder, record.ERROR) == [(record.FLASH_FAILED, EIO)]
    check_sequence(folder)


def test_a_block_whose_flash_fails_at_the_boot_keeps_what_happens_until_it_works():
    clock = Clock()
    folder = FakeFolder()
    begun(folder)
    folder.refusing = EIO
    journal = begun(folder, clock)
    assert journal.status == FAILED
    assert journal.boot == 0
    journal.rep(a_rep(1000))
    folder.refusing = 0
    assert journal.close() == OK
    assert journal.boot == 2
    assert kinds(folder) == [record.BOOT, record.BOOT, record.REP, record.ERROR]
    assert fields(folder, record.BOOT)[1][0] == 2
    check_sequence(folder)


def test_full_flash_at_the_first_byte_of_a_record_is_a_failure():
    folder = FakeFolder()
    clock = Clock()
    journal = begun(folder, clock)
    folder.capacity = sum([len(data) for data in folder.kept.values()]) + 10
    journal.rep(a_rep(1000))
    assert journal.service(True) == FAILED
    folder.capacity = 100000
    clock.ms += 20000
    assert journal.service(True) == OK
    assert reps(folder) == [1000]


def test_a_write_that_takes_only_part_of_a_record_is_a_failure():
    folder = FakeFolder()
    clock = Clock()
    journal = begun(folder, clock)
    folder.short = True
    journal.rep(a_rep(1000))
    assert journal.service(True) == FAILED
    folder.short = False
    clock.ms += 20000
    assert journal.service(True) == OK
    assert reps(folder) == [1000]
    assert fields(folder, record.TORN)[0][2] == record.RECORD_BYTES - 1
    check_sequence(folder)


def trained_while_flash_fails(failing):
    """Seven bursts of four reps into a journal that fills up and is synced; returns all records it ever had.

    `failing` are the numbers of the operations on flash that fail.
    """
    clock = Clock()
    folder = FakeFolder()
    folder.failing = failing
    journal = begun(folder, clock, **SMALL)
    fetched = []
    for start_ms in range(28):
        journal.rep(a_rep(start_ms))
        if start_ms % 4 == 3:
            clock.ms += 20000
            journal.service(True)
            sync_if_full(journal, folder, fetched)
    while journal.close() != OK:
        sync_if_full(journal, folder, fetched)
    return fetched + [found for found in records(folder) if found not in fetched], folder.operations


def sync_if_full(journal, folder, fetched):
    fetched += [found for found in records(folder) if found not in fetched]
    if journal.status == FULL:
        failing, folder.failing = folder.failing, ()
        newest = max([number_of(name) for name in folder.kept])
        mark_synced(folder, newest, len(folder.kept[name_of(newest)]))
        folder.failing = failing


def test_flash_that_fails_twice_in_any_places_loses_and_doubles_nothing():
    _, operations = trained_while_flash_fails(())
    for first in range(1, operations, 2):
        for second in range(first + 1, operations, 7):
            found, _ = trained_while_flash_fails((first, second))
            assert [entry[2] for entry in found if entry[0] == record.REP] == list(range(28)), (first, second)
            assert [entry[1] for entry in found] == list(range(len(found))), (first, second)


def test_diagnostics_do_without_a_file_system():
    folder = FakeFolder()
    journal = begun(folder)
    folder.refusing = EIO
    journal.diagnostics(1000, 2, 0)
    folder.refusing = 0
    journal.close()
    assert fields(folder, record.DIAGNOSTICS)[0][4] == 0


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


# shapes


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
    newest = len(by_segment)
    mark_synced(folder, newest, len(folder.kept[name_of(newest)]))
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
