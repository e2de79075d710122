"""Finding the records in bytes that may be damaged anywhere.

A record counts only if its CRC holds and its sequence number is credible: it is the one expected, or leaves
out as many as the damage before it has room for, or is borne out by its successor; and only once.  Chance
alone passes a CRC-24 once in 16 million tries; with the sequence number it does so less than once in 10^11.
So good records around damage stay, and nothing is made up within it.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pulseblock.journal import record

_KINDS = frozenset(record.BODY) - {record.REP}
_HALF = 0x8000  # of all the low bits of sequence numbers: further ahead is behind
_NEAR = 8  # so many lost records need no successor to vouch for the next one


def _byte_table() -> tuple[int, ...]:
    start: int = record.crc24(b"", 0, 0)
    return tuple(
        record.crc24(bytes((start >> 16 ^ byte,)), 0, 1) ^ (start << 8 & 0xFFFFFF) for byte in range(256)
    )


_HEADER_BYTES: int = record.HEADER_BYTES
_RECORD_BYTES: int = record.RECORD_BYTES
_CRC_START: int = record.crc24(b"", 0, 0)
_CRC_BYTES = _byte_table()


def crc24(data: bytes) -> int:
    """``record.crc24`` of all of *data*, a byte at a time where the block takes nibbles."""
    crc = _CRC_START
    for byte in data:
        crc = (crc & 0xFFFF) << 8 ^ _CRC_BYTES[crc >> 16 ^ byte]
    return crc


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    """The beginning of a segment, at ``offset`` of the bytes read.

    ``block`` is the unique id of the block's processor; ``journal`` was drawn at random when the journal was
    first made, so a wiped block writes another journal; ``boot`` began the segment; ``first_seq`` is the
    sequence number of its first record.
    """

    block: bytes
    journal: int
    boot: int
    number: int
    first_seq: int
    offset: int


@dataclass(frozen=True, slots=True)
class Span:
    """A damaged stretch: ``length`` bytes at ``offset``; of no length where records are missing."""

    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record at ``offset``, its body still bytes; ``boot_bits`` is its boot modulo 4."""

    seq: int
    kind: int
    ticks: int
    boot_bits: int
    body: bytes
    offset: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What a run of bytes holds: segment headers and records in the order of writing, and what is neither."""

    items: tuple[SegmentHeader | RawRecord, ...]
    damaged: tuple[Span, ...]


def scan(data: bytes, expected: int | None = None) -> Scan:
    """Find the records of *data*: segments, or parts of segments, one after another.  Never raises.

    *expected* is the full sequence number that the first record should have, where that is known.
    """
    scanner = _Scanner(data, expected)
    scanner.run()
    return Scan(scanner.in_order(), tuple(scanner.damaged))


def headers(items: Iterable[SegmentHeader | RawRecord]) -> Iterator[SegmentHeader]:
    """The segment headers among *items*."""
    return (item for item in items if isinstance(item, SegmentHeader))


def gaps(items: Iterable[SegmentHeader | RawRecord]) -> Iterator[tuple[SegmentHeader | RawRecord, int]]:
    """Those of *items*, which are in order, before which records are missing, and how many."""
    following: int | None = None
    journal: tuple[bytes, int] | None = None
    for item in items:
        if isinstance(item, SegmentHeader):
            if journal not in {None, (item.block, item.journal)}:
                following = None
            journal = (item.block, item.journal)
        seq, _ = _place(item)
        if following is not None and seq > following:
            yield item, seq - following
        following = seq + isinstance(item, RawRecord)


def are_missing(count: int) -> str:
    """The words for it."""
    return "1 record missing" if count == 1 else f"{count} records missing"


class _Scanner:
    """Walks over the bytes; ``expected`` is the sequence number that should come next, ``seen`` what came."""

    def __init__(self, data: bytes, expected: int | None) -> None:
        self.damaged: list[Span] = []
        self._data = data
        self._expected = expected
        self._seen: set[int] = set()
        self._journal: tuple[bytes, int] | None = None
        self._journals: list[list[SegmentHeader | RawRecord]] = [[]]
        self._bad_from = 0

    def run(self) -> None:
        """Walk to the end."""
        at = 0
        while at < len(self._data):
            at += self._take_header(at) or self._take_record(at) or 1
        self._close_damage(len(self._data))

    def in_order(self) -> tuple[SegmentHeader | RawRecord, ...]:
        """Everything found: one journal after another, each in the order of writing."""
        return tuple(item for found in self._journals for item in sorted(found, key=_place))

    def _take_header(self, at: int) -> int:
        """Take the segment header at *at*; returns how many bytes it settles, 0 if there is none."""
        fields = _header_fields(self._data, at)
        if fields is None:
            return 0
        version, block, journal, boot, number, first_seq = fields
        self._close_damage(at)
        if version != record.FORMAT:
            end = self._next_header(at + _HEADER_BYTES)
            self.damaged.append(
                Span(at, end - at, f"journal format {version}, which these tools do not know")
            )
            self._bad_from = end
            self._expected = None
            return end - at
        if self._journal not in {None, (block, journal)}:
            self._journals.append([])
            self._seen.clear()
            self._expected = None
        self._journal = (block, journal)
        self._expected = max(first_seq, self._expected or 0)
        self._journals[-1].append(SegmentHeader(block, journal, boot, number, first_seq, at))
        self._bad_from = at + _HEADER_BYTES
        return _HEADER_BYTES

    def _next_header(self, at: int) -> int:
        while (at := self._data.find(record.MAGIC, at)) >= 0:
            if _header_fields(self._data, at):
                return at
            at += 1
        return len(self._data)

    def _take_record(self, at: int) -> int:
        """Take the record at *at*; returns how many bytes it settles, 0 if there is no credible one."""
        sequence = _sequence_at(self._data, at)
        if sequence is None:
            return 0
        seq = sequence
        if self._expected is not None:
            seq = self._expected + (sequence - self._expected + _HALF) % (2 * _HALF) - _HALF
        if seq < 0 or seq in self._seen or not self._credible(at, seq) or not _sealed(self._data, at):
            return 0
        self._close_damage(at)
        kind, _, stamp = struct.unpack_from(record.HEAD, self._data, at)
        body = self._data[at + record.BODY_AT : at + record.CRC_AT]
        self._journals[-1].append(RawRecord(seq, kind, stamp & record.TICKS_MASK, stamp >> 30, body, at))
        self._seen.add(seq)
        self._expected = seq + 1
        self._bad_from = at + _RECORD_BYTES
        return _RECORD_BYTES

    def _credible(self, at: int, seq: int) -> bool:
        """Whether *seq* fits what came before or, failing that, what comes after."""
        if self._expected is not None:
            bad = at - self._bad_from
            lost = seq - self._expected
            if 0 <= lost <= min(bad // _RECORD_BYTES + 1, _NEAR) or lost * _RECORD_BYTES == bad:
                return True
        after = at + _RECORD_BYTES
        if after == len(self._data) or _header_fields(self._data, after):
            return True
        return _sequence_at(self._data, after) == (seq + 1) & 0xFFFF and _sealed(self._data, after)

    def _close_damage(self, at: int) -> None:
        """Report what lies between the last good bytes and *at*, if anything."""
        length = at - self._bad_from
        if length:
            self.damaged.append(Span(self._bad_from, length, self._reason(at)))

    def _reason(self, at: int) -> str:
        if at - self._bad_from >= _RECORD_BYTES and _is_of_unknown_kind(self._data, self._bad_from):
            return "of a kind that these tools do not know"
        if _sequence_at(self._data, self._bad_from) is not None and _sealed(self._data, self._bad_from):
            return "out of sequence"
        if at == len(self._data) and at - self._bad_from < _RECORD_BYTES:
            return "ends within a record"
        return "unreadable"


def _place(item: SegmentHeader | RawRecord) -> tuple[int, bool]:
    if isinstance(item, SegmentHeader):
        return item.first_seq, False
    return item.seq, True


def _header_fields(data: bytes, at: int) -> tuple[int, bytes, int, int, int, int] | None:
    if not data.startswith(record.MAGIC, at):
        return None
    fields: tuple[int, bytes, int, int, int, int] | None = record.unpack_header(data[at : at + _HEADER_BYTES])
    return fields


def _sequence_at(data: bytes, at: int) -> int | None:
    """Low 16 bits of the sequence number of what may be a record, or None where there cannot be one."""
    if at + _RECORD_BYTES > len(data) or not (data[at] >= record.REP or data[at] in _KINDS):
        return None
    return data[at + 1] | data[at + 2] << 8


def _is_of_unknown_kind(data: bytes, at: int) -> bool:
    return data[at] < record.REP and data[at] not in _KINDS and _sealed(data, at)


def _sealed(data: bytes, at: int) -> bool:
    crc = int.from_bytes(data[at + record.CRC_AT : at + _RECORD_BYTES], "little")
    return crc24(data[at : at + record.CRC_AT]) == crc
