"""From bytes to records: everything that is there, nothing that is not, and the rest by its offset."""

from __future__ import annotations

import itertools
import random
import struct
from collections.abc import Callable
from dataclasses import replace

import pytest

from host.journal_story import ROUNDS, UID, Story, rep, segments_of, shaped
from host.plain_disk import PlainDisk
from pulseblock.core.rep import Rep as CoreRep
from pulseblock.journal import record
from pulseblock.journal.journal import Journal
from pulseblock_tools.journal import records, scan
from pulseblock_tools.journal.decode import Decoded, decode, segment_header
from pulseblock_tools.journal.reading import Damage, read_journal
from pulseblock_tools.journal.scan import Span

HEADER, RECORD = record.HEADER_BYTES, record.RECORD_BYTES


def journal_of(*happenings: Callable[[Journal], object], **limits: int) -> dict[int, bytes]:
    """The segments of a block on which this happened."""
    disk = PlainDisk()
    journal = Journal(disk, UID, lambda: 0, **limits)
    journal.begin(7, record.BOOT_CAUSES.index("power"), 1_800_000_000)
    for happening in happenings:
        happening(journal)
        journal.service(True)
    return segments_of(disk)


def reps(count: int) -> bytes:
    """A segment: a boot and *count* reps that start at 1, 2, ..."""
    (data,) = journal_of(*[lambda journal, i=i: journal.rep(rep(i)) for i in range(1, count + 1)]).values()
    return data


def starts(decoded: Decoded) -> list[int]:
    return [entry.ticks for entry in decoded.records if isinstance(entry, records.Rep)]


def at(number: int) -> int:
    """Where record *number* of a segment begins."""
    return HEADER + number * RECORD


def changed(data: bytes, offset: int, new: bytes) -> bytes:
    return data[:offset] + new + data[offset + len(new) :]


def story() -> dict[int, bytes]:
    """A journal of several segments, those too that the block has reclaimed."""
    disk = PlainDisk()
    story = Story(lambda: 0, segment_records=9)
    story.weeks(disk, lambda: disk)
    _, fetched = story.synced[-1]
    return fetched | segments_of(disk)


def boots(count: int) -> bytes:
    """A segment: *count* boots of three reps each, so of four records."""
    disk = PlainDisk()
    for boot in range(1, count + 1):
        journal = Journal(disk, UID, lambda: 0)
        journal.begin(0, 1)
        for start in range(3):
            journal.rep(rep(100 * boot + start))
        journal.close()
    return segments_of(disk)[1]


# a good journal


def test_every_kind_of_record_says_what_the_block_wrote() -> None:
    measured = CoreRep()
    measured.start_ms, measured.duration_ms, measured.rise_ms = 2000, 1234, 456
    measured.peak_cn, measured.hold_cn, measured.trough_cn = 4321, 1000, 1234
    measured.sagittal_cdeg, measured.frontal_cdeg, measured.jolt_mg = -333, 77, 119
    measured.drag_pct, measured.faults = 41, 0b0100010
    measured.shape_cn, measured.has_shape = [1234, 2000, 3000, 4321, 4300, 4000, 3000, 2000, 5, 1000], True
    (data,) = journal_of(
        lambda journal: journal.session_start(1000, (1, 22, 3), 0xAAAA, 0xBBBB, 4500),
        lambda journal: journal.rep(measured),
        lambda journal: journal.rep(rep(4000)),
        lambda journal: journal.void(5500),
        lambda journal: journal.set_end(9000, ROUNDS, 4400, 1100),
        lambda journal: journal.low_battery(9500, 3410, 12),
        lambda journal: journal.error(9600, 5, 116),
        lambda journal: journal.error(9700, 0),
        lambda journal: journal.error(9800, record.SETTINGS_REFUSED),
        lambda journal: journal.session_end(70000, 2, ROUNDS),
        lambda journal: journal.diagnostics(70001, 14, 2, 80),
    ).values()
    decoded = decode(data)
    assert decoded.damaged == ()
    assert decoded.records == (
        records.Boot(0, 1, 7, "power", 1_800_000_000),
        records.SessionStart(1, 1, 1000, "1.22.3", 0xAAAA, 0xBBBB, 4500),
        records.Rep(2, 1, 2000, 0b0100010, 1240, 457, 4321, 994, 1231, -330, 80, 120, 41),
        records.Shape(3, 1, 2000, (285, 465, 695, 1000, 995, 925, 695, 465, 0, 230)),
        records.Rep(4, 1, 4000, 0, 1000, 400, 4000, 1000, 1060, 0, 0, 0, None),
        records.Void(5, 1, 5500, 4000),
        records.Set(6, 1, 9000, 5, 4, 91, 4400, 1100),
        records.LowBattery(7, 1, 9500, 3410, 12),
        records.Error(8, 1, 9600, "samples missing", 116),
        records.Error(9, 1, 9700, "ok", 0),
        records.Error(10, 1, 9800, "settings refused", 0),
        records.SessionEnd(11, 1, 70000, "button", 1, 5, 4),
        records.Diagnostics(12, 1, 70001, 14, 0, 2, 2, 1024, 80),
    )
    (first_rep, shape, second_rep) = decoded.records[2:5]
    assert isinstance(first_rep, records.Rep)
    assert isinstance(shape, records.Shape)
    assert shape.force_cn(first_rep) == (1231, 2009, 3003, 4321, 4299, 3997, 3003, 2009, 0, 994)
    assert isinstance(second_rep, records.Rep)
    assert (first_rep.good, first_rep.fault_names) == (False, ("pelvis", "passive"))
    assert (second_rep.good, second_rep.fault_names) == (True, ())


def test_the_header_says_whose_segment_it_is() -> None:
    data = reps(1)
    header = segment_header(data)
    assert header
    assert (header.block, header.journal, header.boot, header.number, header.first_seq) == (
        UID,
        4711,
        1,
        1,
        0,
    )
    assert segment_header(changed(data, 9, b"?")) is None
    assert segment_header(data[: HEADER - 1]) is None
    assert segment_header(b"") is None


def test_sequence_goes_on_past_65536_and_boots_are_told_apart() -> None:
    slot = bytearray(RECORD)
    header = bytearray(HEADER)
    record.pack_header(header, (UID, 1, 6, 3, 65530))
    data = bytes(header)
    for seq in range(65530, 65550):
        record.pack_rep(slot, rep(seq))
        record.finish(slot, seq, 6)
        data += slot
    decoded = decode(data)
    assert [(entry.seq, entry.boot, entry.ticks) for entry in decoded.records] == [
        (seq, 6, seq) for seq in range(65530, 65550)
    ]


def test_segments_may_follow_each_other() -> None:
    segments = story()
    decoded = decode(b"".join(segments[number] for number in sorted(segments)))
    assert [segment.number for segment in decoded.segments] == sorted(segments)
    assert decoded.records == read_journal(segments.items()).records
    assert not decoded.damaged


def test_nothing_is_nothing() -> None:
    assert decode(b"") == Decoded((), (), ())


# damage


@pytest.mark.parametrize("offset", range(RECORD))
def test_a_wrong_byte_costs_its_record_and_no_other(offset: int) -> None:
    data = reps(10)
    where = at(4) + offset
    decoded = decode(changed(data, where, bytes([data[where] ^ 0x20])))
    assert starts(decoded) == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert decoded.damaged == (Span(at(4), RECORD, "unreadable"), Span(at(5), 0, "1 record missing"))


def test_a_block_of_flash_gone_costs_what_was_in_it() -> None:
    data = reps(600)
    for lost in (b"\xff", b"\x00"):
        decoded = decode(changed(data, 4096, lost * 4096))
        first, last = (4096 - HEADER) // RECORD, (8192 - HEADER - 1) // RECORD
        assert starts(decoded) == [*range(1, first), *range(last + 1, 601)]
        assert [span.length for span in decoded.damaged] == [(last - first + 1) * RECORD, 0]


@pytest.mark.parametrize("offset", [0, 3, 20, HEADER - 1])
def test_a_damaged_header_costs_no_record(offset: int) -> None:
    data = reps(10)
    decoded = decode(changed(data, offset, b"?"))
    assert starts(decoded) == list(range(1, 11))
    assert decoded.damaged == (Span(0, HEADER, "unreadable"),)
    assert not decoded.segments


@pytest.mark.parametrize("length", [1, 7, 19, 20, 33, 400])
def test_foreign_bytes_cost_at_most_the_record_they_break(length: int) -> None:
    noise = random.Random(length).randbytes(length)
    data = reps(10)
    between = decode(data[: at(4)] + noise + data[at(4) :])
    within = decode(data[: at(4) + 9] + noise + data[at(4) + 9 :])
    assert starts(between) == list(range(1, 11))
    assert starts(within) == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    assert between.damaged == (Span(at(4), length, "unreadable"),)


@pytest.mark.parametrize("length", [1, 19, 20, 21, 60, 100])
def test_bytes_taken_out_cost_the_records_they_were_of(length: int) -> None:
    data = reps(10)
    decoded = decode(data[: at(3) + 4] + data[at(3) + 4 + length :])
    gone = range(3, 4 + (length + 3) // RECORD)
    assert starts(decoded) == [start for start in range(1, 11) if start not in gone]


def test_a_record_between_two_damaged_ones_counts() -> None:
    data = changed(reps(10), at(6), b"?" * RECORD)
    decoded = decode(data[: at(4) + 4] + data[at(4) + 7 :])
    assert starts(decoded) == [1, 2, 3, 5, 7, 8, 9, 10]


def test_a_repeated_stretch_counts_once() -> None:
    data = reps(10)
    decoded = decode(data[: at(8)] + data[at(3) : at(8)] + data[at(8) :])
    assert starts(decoded) == list(range(1, 11))
    assert decoded.damaged == (Span(at(8), 5 * RECORD, "out of sequence"),)


def test_a_stretch_that_comes_too_soon_counts_once_in_its_place() -> None:
    data = reps(10)
    decoded = decode(data[: at(3)] + data[at(7) : at(9)] + data[at(3) :])
    assert starts(decoded) == list(range(1, 11))


def test_a_record_at_the_end_may_be_torn() -> None:
    data = reps(10)
    for length in range(1, RECORD):
        decoded = decode(data[: at(10) + length])
        assert starts(decoded) == list(range(1, 10))
        assert decoded.damaged == (Span(at(10), length, "ends within a record"),)


def test_random_bytes_hold_nothing() -> None:
    for seed in range(40):
        noise = random.Random(seed).randbytes(5000)
        assert decode(noise) == Decoded((), (), (Span(0, 5000, "unreadable"),))


def test_a_far_sequence_number_counts_only_if_the_next_record_bears_it_out() -> None:
    def far(seq: int) -> bytes:
        slot = bytearray(RECORD)
        record.pack_rep(slot, rep(seq))
        record.finish(slot, seq, 1)
        return bytes(slot)

    data = reps(100)
    alone = b"?" * 30 + far(5000) + b"?" * 50
    assert starts(decode(changed(data, at(10), alone))) == [*range(1, 10), *range(15, 101)]
    borne_out = b"?" * 30 + far(5000) + far(5001) + b"?" * 30
    assert starts(decode(changed(data, at(10), borne_out))) == [*range(1, 10), *range(15, 101), 5000, 5001]


def test_an_unknown_kind_is_no_record() -> None:
    slot = bytearray(RECORD)
    record.begin(slot, record.SHAPE + 1, 5)
    record.finish(slot, 4, 1)
    data = reps(5)
    decoded = decode(changed(data, at(4), bytes(slot)))
    assert starts(decoded) == [1, 2, 3, 5]
    assert decoded.damaged == (
        Span(at(4), RECORD, "of a kind that these tools do not know"),
        Span(at(5), 0, "1 record missing"),
    )


def test_a_format_to_come_is_named_and_passed_over() -> None:
    later = bytearray(reps(3))
    later[3] = record.FORMAT + 1
    header = later[:HEADER]
    record.seal(header, HEADER)
    decoded = decode(bytes(header) + bytes(later[HEADER:]) + reps(5))
    assert decoded.damaged == (
        Span(0, len(later), f"journal format {record.FORMAT + 1}, which these tools do not know"),
    )
    assert starts(decoded) == [1, 2, 3, 4, 5]


def test_another_journal_begins_a_sequence_of_its_own() -> None:
    header = bytearray(reps(4))
    record.pack_header(header_only := bytearray(HEADER), (UID, 999, 1, 1, 0))
    decoded = decode(reps(6) + bytes(header_only) + bytes(header[HEADER:]))
    assert starts(decoded) == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4]
    assert [segment.journal for segment in decoded.segments] == [4711, 999]
    assert not decoded.damaged


# which boot


def boots_of(data: bytes) -> dict[int, int | None]:
    return {entry.seq: entry.boot for entry in decode(data).records}


def test_a_lost_boot_record_is_betrayed_by_the_records_after_it() -> None:
    data = boots(7)
    whole = boots_of(data)
    for lost in range(0, 28, 4):
        assert boots_of(changed(data, at(lost), b"?" * RECORD)) == {
            seq: boot for seq, boot in whole.items() if seq != lost
        }


def test_where_too_much_is_lost_the_boot_is_unknown_until_it_is_named() -> None:
    data = boots(7)
    # boots 2 to 5 and all but the last rep of 6: for all anyone knows, that is one of 2
    found = boots_of(changed(data, at(4), b"\xff" * RECORD * 19))
    assert found == dict.fromkeys(range(4), 1) | {23: None} | dict.fromkeys(range(24, 28), 7)
    found = boots_of(changed(changed(data, at(4), b"\xff" * RECORD * 17), at(22), b"\xff" * RECORD))
    assert found == dict.fromkeys(range(4), 1) | {21: None, 23: None} | dict.fromkeys(range(24, 28), 7)
    # no more boots than records are missing, so here it is known
    assert boots_of(changed(data, at(16), b"\xff" * RECORD * 3))[19] == 5


# shapes


def shapes(count: int) -> bytes:
    """A segment: a boot and *count* reps that start at 1, 2, ..., each with its shape."""
    happenings = [lambda journal, i=i: journal.rep(shaped(rep(i))) for i in range(1, count + 1)]
    (data,) = journal_of(*happenings).values()
    return data


@pytest.mark.parametrize("offset", range(RECORD))
def test_a_damaged_shape_costs_no_rep_and_a_damaged_rep_no_other_shape(offset: int) -> None:
    data = shapes(4)
    for number, left in ((4, [1, 1, 2, 3, 3, 4, 4]), (3, [1, 1, 2, 3, 3, 4, 4])):
        where = at(number) + offset
        decoded = decode(changed(data, where, bytes([data[where] ^ 0x20])))
        assert [entry.ticks for entry in decoded.records[1:]] == left
        assert starts(decoded) == ([1, 2, 3, 4] if number == 4 else [1, 3, 4])


def test_tools_that_do_not_know_shapes_find_every_rep(monkeypatch: pytest.MonkeyPatch) -> None:
    data = shapes(4)
    monkeypatch.setattr(scan, "_KINDS", scan._KINDS - {record.SHAPE})
    decoded = decode(data)
    assert starts(decoded) == [1, 2, 3, 4]
    unknown = [span for span in decoded.damaged if span.length]
    assert unknown == [Span(at(number), RECORD, unknown[0].reason) for number in (2, 4, 6, 8)]
    assert unknown[0].reason == "of a kind that these tools do not know"


# several segments


def test_neither_the_order_nor_the_cutting_of_segments_matters() -> None:
    segments = [*story().items()]
    journal = read_journal(segments)
    assert not journal.damage
    assert read_journal(reversed(segments)) == journal
    assert [entry.seq for entry in journal.records] == list(
        range(journal.records[0].seq, journal.records[-1].seq + 1)
    )


def test_a_missing_segment_is_reported_with_the_next_one() -> None:
    segments = story()
    middle = sorted(segments)[1]
    lost = decode(segments.pop(middle)).records
    journal = read_journal(segments.items())
    assert [(part.segment, part.offset, part.length, part.reason) for part in journal.damage] == [
        (middle + 1, 0, 0, f"{len(lost)} records missing")
    ]
    assert not {entry.seq for entry in lost} & {entry.seq for entry in journal.records}


def test_what_was_reclaimed_before_it_was_fetched_is_reported_with_the_first_segment() -> None:
    segments = story()
    lost = sum(len(decode(segments.pop(number)).records) for number in sorted(segments)[:2])
    (damage,) = read_journal(segments.items()).damage
    assert damage == Damage(min(segments), 0, 0, f"{lost} records missing")


def test_what_the_block_had_no_room_for_is_reported_where_it_says_so() -> None:
    slot = bytearray(RECORD)
    record.begin(slot, record.LOST, 5000)
    struct.pack_into(record.BODY[record.LOST], slot, record.BODY_AT, 131, 60, 1000, 0)
    record.finish(slot, 6, 1)
    (damage,) = read_journal([(1, reps(5) + slot)]).damage
    assert damage == Damage(1, at(6), 0, "no room on the block for 131 more records, 60 of them reps")


def test_what_a_full_block_took_with_it_when_it_was_switched_off_is_reported() -> None:
    def full(boot_after: int) -> tuple[Damage, ...]:
        data = reps(5)
        for seq, kind, boot, body in (
            (6, record.ERROR, 1, (record.JOURNAL_FULL, 0)),
            (7, record.BOOT, boot_after, (boot_after, 0, 1)),
        ):
            slot = bytearray(RECORD)
            record.begin(slot, kind, 5000)
            struct.pack_into(record.BODY[kind], slot, record.BODY_AT, *body)
            record.finish(slot, seq, boot)
            data += slot
        return read_journal([(1, data)]).damage

    assert full(2) == (Damage(1, at(6), 0, "no room on the block for what came until it was switched off"),)
    assert full(1) == ()  # it found so at its start, and has written that since


def test_a_segment_whose_header_is_damaged_goes_on_from_the_one_before() -> None:
    segments = story()
    whole = read_journal(segments.items())
    last = max(segments)
    segments[last] = changed(segments[last], 5, b"??")
    journal = read_journal(segments.items())
    assert journal.records == whole.records
    assert [(part.segment, part.offset, part.length) for part in journal.damage] == [(last, 0, HEADER)]


def test_a_damaged_header_hides_no_65536_records() -> None:
    slot = bytearray(RECORD)
    segments = {}
    for number, first in ((3, 131_060), (4, 131_070)):
        header = bytearray(HEADER)
        record.pack_header(header, (UID, 1, 6, number, first))
        segments[number] = bytes(header)
        for seq in range(first, first + 10):
            record.pack_rep(slot, rep(seq))
            record.finish(slot, seq, 6)
            segments[number] += slot
    segments[4] = changed(segments[4], 5, b"??")
    journal = read_journal(segments.items())
    assert [entry.seq for entry in journal.records] == [*range(131_060, 131_080)]


def test_copies_of_a_segment_make_up_for_each_other() -> None:
    data = reps(20)
    one = changed(data, at(3), b"?" * RECORD * 2)
    other = changed(data, at(9), b"?" * RECORD * 2)
    journal = read_journal([(1, one), (1, other)])
    assert journal.records == decode(data).records
    assert [(part.offset, part.length) for part in journal.damage] == [(at(3), 40), (at(9), 40)]


def test_a_segment_of_another_journal_is_left_out() -> None:
    header = bytearray(HEADER)
    record.pack_header(header, (UID, 999, 1, 2, 500))
    journal = read_journal([(1, reps(5)), (2, bytes(header) + reps(3)[HEADER:])])
    assert journal.records == decode(reps(5)).records
    assert [(part.segment, part.reason) for part in journal.damage] == [(2, "of another journal")]


# what it rests on


def test_the_hosts_crc_is_the_blocks() -> None:
    for length in range(80):
        data = random.Random(length).randbytes(length)
        assert scan.crc24(data) == record.crc24(data, 0, length)


def test_any_five_wrong_bits_are_found() -> None:
    """No pair of wrong bits has the CRC of no error, one, another pair or three others (linear: XOR)."""
    zero = scan.crc24(bytes(record.CRC_AT))
    ones = [1 << bit for bit in range(8 * record.CRC_BYTES)]
    for bit in range(8 * record.CRC_AT):
        flipped = bytearray(record.CRC_AT)
        flipped[bit // 8] = 1 << bit % 8
        ones.append(scan.crc24(bytes(flipped)) ^ zero)
    twos = {a ^ b for a, b in itertools.combinations(ones, 2)}
    threes = {a ^ b ^ c for a, b, c in itertools.combinations(ones, 3)}
    assert len(set(ones)) == len(ones) == 8 * RECORD
    assert len(twos) == len(ones) * (len(ones) - 1) // 2
    assert 0 not in twos
    assert not twos & set(ones)
    assert not twos & threes


def test_work_is_in_proportion_to_the_length_even_on_bytes_made_to_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed = 0
    real = scan.crc24

    def counted(data: bytes) -> int:
        nonlocal computed
        computed += len(data)
        return real(data)

    monkeypatch.setattr(scan, "crc24", counted)
    plausible = b"".join(struct.pack("<BHI13x", record.REP, i & 0xFFFF, i) for i in range(2000))
    for hostile in (plausible, bytes([record.REP]) * 40000, record.MAGIC * 13000, reps(1000) * 3):
        computed = 0
        decode(hostile)
        assert computed <= 3 * RECORD * len(hostile)


def test_records_are_values() -> None:
    first = decode(reps(1)).records[1]
    assert isinstance(first, records.Rep)
    assert replace(first, ticks=9) != first
