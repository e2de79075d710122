"""Bytes nobody vouches for: any, and real journals that were tampered with.  No crash, no wrong record."""

from __future__ import annotations

from functools import lru_cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from host.journal_story import Story, segments_of
from host.plain_disk import PlainDisk
from pulseblock.core.events import UNKNOWN
from pulseblock.core.rep import Rep as CoreRep
from pulseblock.core.shape import POINTS
from pulseblock.journal import record
from pulseblock.journal.journal import Journal
from pulseblock_tools.journal import records
from pulseblock_tools.journal.decode import Decoded, decode, segment_header
from pulseblock_tools.journal.reading import read_journal
from pulseblock_tools.journal.timeline import ClockPair

HEADER, RECORD = record.HEADER_BYTES, record.RECORD_BYTES
fuzz = settings(max_examples=200, deadline=None, derandomize=True)
INT = st.integers(-(1 << 30), (1 << 30) - 1)


@lru_cache
def real_journal() -> bytes:
    """Five boots, three of them into segments already begun, and two syncs."""
    disk = PlainDisk()
    Story(lambda: 0, segment_records=20).weeks(disk, lambda: disk)
    segments = segments_of(disk)
    return b"".join(segments[number] for number in sorted(segments))


@lru_cache
def real_records() -> dict[int, records.Record]:
    return {entry.seq: entry for entry in decode(real_journal()).records}


@lru_cache
def boundaries() -> list[tuple[int, int]]:
    """(offset, sequence number) of every record of the real journal."""
    found = []
    seq = min(real_records())
    data, at = real_journal(), 0
    while at < len(data):
        if data[at : at + 3] == record.MAGIC:
            at += HEADER
        else:
            found.append((at, seq))
            seq += 1
            at += RECORD
    return found


def intact(first: int, end: int) -> set[int]:
    """Sequence numbers of the records that bytes *first* .. *end* - 1 are no part of."""
    return {seq for at, seq in boundaries() if at + RECORD <= first or at >= end}


def check_nothing_made_up(decoded: Decoded) -> set[int]:
    """Every record is one of the real journal; returns the sequence numbers."""
    seqs = [entry.seq for entry in decoded.records]
    assert seqs == sorted(set(seqs)), "doubled or out of order"
    for entry in decoded.records:
        real = real_records()[entry.seq]
        assert entry == real or (entry.boot is None and same_but_for_boot(entry, real))
    return set(seqs)


def same_but_for_boot(one: records.Record, other: records.Record) -> bool:
    return type(one) is type(other) and all(
        getattr(one, name) == getattr(other, name) for name in type(one).__match_args__ if name != "boot"
    )


places = st.integers(0, len(real_journal()) - 1)
lengths = st.integers(1, 90) | st.integers(1, 500)


@fuzz
@given(st.binary(max_size=400))
@example(b"")
@example(record.MAGIC * 40)
def test_any_bytes_are_decoded_without_a_crash(data: bytes) -> None:
    decoded = decode(data)
    assert not decoded.records
    assert sum(span.length for span in decoded.damaged) == len(data)
    assert segment_header(data) is None
    assert read_journal([(1, data), (2, data)], [ClockPair(1, 5, 6)]).sessions == ()


@fuzz
@given(places, lengths, st.randoms(use_true_random=False))
def test_an_overwritten_stretch_costs_only_its_records(first: int, length: int, chance: object) -> None:
    data = real_journal()
    end = min(first + length, len(data))
    noise = chance.randbytes(end - first)  # type: ignore[attr-defined]
    found = check_nothing_made_up(decode(data[:first] + noise + data[end:]))
    assert found >= intact(first, end)


@fuzz
@given(places, st.binary(min_size=1, max_size=300))
def test_an_inserted_stretch_costs_at_most_the_record_it_breaks(first: int, noise: bytes) -> None:
    data = real_journal()
    found = check_nothing_made_up(decode(data[:first] + noise + data[first:]))
    assert found >= intact(first, first)


@fuzz
@given(places, lengths)
def test_a_deleted_stretch_costs_only_its_records(first: int, length: int) -> None:
    data = real_journal()
    end = min(first + length, len(data))
    found = check_nothing_made_up(decode(data[:first] + data[end:]))
    assert found >= intact(first, end)


@fuzz
@given(places, lengths)
def test_a_duplicated_stretch_costs_nothing_but_the_record_it_breaks(first: int, length: int) -> None:
    data = real_journal()
    end = min(first + length, len(data))
    found = check_nothing_made_up(decode(data[:end] + data[first:]))
    assert found >= intact(first, first) & intact(end, end)


tampering = st.tuples(
    st.sampled_from(["flip", "insert", "delete", "duplicate", "move"]), places, lengths, st.binary()
)


@fuzz
@given(st.lists(tampering, min_size=1, max_size=6))
def test_whatever_is_done_to_a_journal_no_wrong_record_comes_out(
    changes: list[tuple[str, int, int, bytes]],
) -> None:
    data = real_journal()
    for what, first, length, noise in changes:
        part = data[first : first + length]
        if what == "flip":
            data = data[:first] + bytes(byte ^ 1 << length % 8 for byte in part[:1]) + data[first + 1 :]
        elif what == "insert":
            data = data[:first] + noise + data[first:]
        elif what == "delete":
            data = data[:first] + data[first + length :]
        elif what == "duplicate":
            data = data[:first] + part + data[first:]
        else:
            data = data[:first] + data[first + length :] + part
    check_nothing_made_up(decode(data))


@fuzz
@given(places)
def test_a_journal_cut_anywhere_keeps_what_is_before_the_cut(length: int) -> None:
    found = check_nothing_made_up(decode(real_journal()[:length]))
    assert found == intact(length, len(real_journal()))


@fuzz
@given(
    st.fixed_dictionaries(
        {
            "start_ms": st.integers(0, (1 << 30) - 1),
            "duration_ms": st.integers(0, 20000) | INT,
            "rise_ms": st.integers(0, 20000) | INT,
            "peak_cn": st.integers(0, 65535) | INT,
            "hold_cn": st.integers(0, 65535) | INT,
            "trough_cn": st.integers(0, 65535) | INT,
            "sagittal_cdeg": st.integers(-2000, 2000) | INT,
            "frontal_cdeg": st.integers(-2000, 2000) | INT,
            "jolt_mg": st.integers(0, 2000) | INT,
            "drag_pct": st.integers(-999, 999) | st.just(UNKNOWN),
            "faults": st.integers(0, 127),
        }
    ),
    st.integers(0, (1 << 32) - 1),
    st.integers(1, (1 << 32) - 1),
)
def test_a_rep_comes_out_as_it_went_in_to_the_nearest_step(
    measured: dict[str, int], seq: int, boot: int
) -> None:
    rep = CoreRep()
    for name, value in measured.items():
        setattr(rep, name, value)
    slot = bytearray(RECORD)
    header = bytearray(HEADER)
    record.pack_header(header, (b"id", 1, boot, 1, seq))
    record.pack_rep(slot, rep)
    record.finish(slot, seq, boot)
    (found,) = decode(bytes(header + slot)).records
    assert isinstance(found, records.Rep)
    assert (found.seq, found.boot, found.ticks, found.faults) == (seq, boot, rep.start_ms, rep.faults)

    def near(value: int, recorded: int, low: int, high: int, within: float) -> None:
        assert abs(min(max(value, low), high) - recorded) <= within

    near(rep.duration_ms, found.duration_ms, 0, 10200, 20)
    near(rep.rise_ms, found.rise_ms, 0, found.duration_ms, found.duration_ms / 510 + 1)
    near(rep.peak_cn, found.peak_cn, 0, 65535, 0)
    highest = min(found.peak_cn * 255 // 200, 65535)
    near(rep.hold_cn, found.hold_cn, 0, highest, found.peak_cn / 400 + 1)
    near(rep.trough_cn, found.trough_cn, 0, highest, found.peak_cn / 400 + 1)
    near(rep.sagittal_cdeg, found.sagittal_cdeg, -1270, 1270, 5)
    near(rep.frontal_cdeg, found.frontal_cdeg, -1270, 1270, 5)
    near(rep.jolt_mg, found.jolt_mg, 0, 1275, 2.5)
    if rep.drag_pct == UNKNOWN:
        assert found.drag_pct is None
    else:
        assert found.drag_pct is not None
        near(rep.drag_pct, found.drag_pct, -127, 127, 0)


@fuzz
@given(
    st.lists(st.integers(0, 65535) | INT, min_size=POINTS, max_size=POINTS),
    st.integers(0, 65535),
    st.integers(0, (1 << 30) - 1),
)
def test_a_shape_comes_out_as_it_went_in_to_the_nearest_step(
    forces: list[int], peak_cn: int, start_ms: int
) -> None:
    rep = CoreRep()
    rep.start_ms, rep.duration_ms, rep.peak_cn = start_ms, 1000, peak_cn
    rep.shape_cn, rep.has_shape = forces, True
    disk = PlainDisk()
    journal = Journal(disk, b"id", lambda: 0)
    journal.begin(0, 1)
    journal.rep(rep)
    journal.close()
    _, found, shape = decode(segments_of(disk)[1]).records
    assert isinstance(found, records.Rep)
    assert isinstance(shape, records.Shape)
    assert (shape.ticks, shape.seq) == (found.ticks, found.seq + 1)
    highest = min(peak_cn * 255 // 200, 65535)
    for given_cn, found_cn in zip(forces, shape.force_cn(found), strict=True):
        assert abs(min(max(given_cn, 0), highest) - found_cn) <= peak_cn / 400 + 1
