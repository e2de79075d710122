"""What the journal promises: durable at each rep, never in a press, bounded, and nothing lost in silence."""

from fakes.expect import without_heap
from fakes.folder import FakeFolder
from journaling import (
    SMALL,
    UID,
    Clock,
    Rounds,
    a_rep,
    begun,
    check_sequence,
    fields,
    records,
    reps,
    segment_records,
)

from pulseblock.journal import record
from pulseblock.journal.journal import OK, Journal
from pulseblock.journal.segments import name_of

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
    journal.diagnostics(70001, 14, 2, 80)
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
        (record.DIAGNOSTICS, 70001, (14, 0, 2, 7, folder.capacity // 1024 - 1, 81)),
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


def test_sequence_goes_on_past_65536():
    folder = FakeFolder()
    header = bytearray(record.HEADER_BYTES)
    record.pack_header(header, (UID, 1, 6, 3, 65530))
    data = bytes(header)
    slot = bytearray(record.RECORD_BYTES)
    for sequence in range(65530, 65540):
        record.pack_rep(slot, a_rep(sequence))
        record.finish(slot, sequence, 6)
        data += slot
    folder.kept[name_of(3)] = data
    journal = begun(folder, segment_bytes=len(data) + record.RECORD_BYTES)
    assert journal.boot == 7
    assert [found[1] for found in records(folder)] == [i & 0xFFFF for i in range(65530, 65541)]
    assert record.unpack_header(folder.kept[name_of(4)])[5] == 65540


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
