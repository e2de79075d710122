"""Finding the records in bytes that may be damaged anywhere.

A record counts only if its CRC holds and its place in the sequence is credible: it is the one expected, or
lies where the damage before it ends to the byte, or is borne out by its successor.  Chance alone passes a
CRC-24 once in 16 million tries; with the sequence number it does so less than once in 10^11.  So good records
around damage stay, and nothing is made up within it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from pulseblock.journal import record

_KINDS = frozenset(record.BODY) - {record.REP}
_BACKWARD = 0x8000  # a distance in sequence this large, modulo 2^16, leads back
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
    """A damaged stretch: ``length`` bytes at ``offset``; 0 where records are missing between good ones."""

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
    """What a run of bytes holds: segment headers and records in their order, and what is neither."""

    items: tuple[SegmentHeader | RawRecord, ...]
    damaged: tuple[Span, ...]


def scan(data: bytes, expected: int | None = None) -> Scan:
    """Find the records of *data*: segments, or parts of segments, one after another.  Never raises.

    *expected* is the full sequence number that the first record should have, where that is known.
    """
    scanner = _Scanner(data, expected)
    scanner.run()
    return Scan(tuple(scanner.items), tuple(scanner.damaged))


class _Scanner:
    def __init__(self, data: bytes, expected: int | None) -> None:
        self.data = data
        self.expected = expected
        self.items: list[SegmentHeader | RawRecord] = []
        self.damaged: list[Span] = []
        self._journal: tuple[bytes, int] | None = None
        self._bad_from = 0

    def run(self) -> None:
        at = 0
        while at < len(self.data):
            at += self._take_header(at) or self._take_record(at) or 1
        self._close_damage(len(self.data), lost=None)

    def _take_header(self, at: int) -> int:
        """Take the segment header at *at*; returns how many bytes it settles, 0 if there is none."""
        fields = _header_fields(self.data, at)
        if fields is None:
            return 0
        version, block, journal, boot, number, first_seq = fields
        self._close_damage(at, lost=None)
        if version != record.FORMAT:
            end = self._next_header(at + _HEADER_BYTES)
            self.damaged.append(
                Span(at, end - at, f"journal format {version}, which these tools do not know")
            )
            self._bad_from = end
            self.expected = None
            return end - at
        if self._journal not in {None, (block, journal)}:
            self.expected = None
        self._journal = (block, journal)
        if self.expected is None or first_seq > self.expected:
            if self.expected is not None:
                self.damaged.append(Span(at, 0, _missing(first_seq - self.expected)))
            self.expected = first_seq
        self.items.append(SegmentHeader(block, journal, boot, number, first_seq, at))
        self._bad_from = at + _HEADER_BYTES
        return _HEADER_BYTES

    def _next_header(self, at: int) -> int:
        while (at := self.data.find(record.MAGIC, at)) >= 0:
            if _header_fields(self.data, at):
                return at
            at += 1
        return len(self.data)

    def _take_record(self, at: int) -> int:
        """Take the record at *at*; returns how many bytes it settles, 0 if there is no credible one."""
        sequence = _sequence_at(self.data, at)
        if sequence is None:
            return 0
        lost = 0 if self.expected is None else (sequence - self.expected) & 0xFFFF
        if lost >= _BACKWARD or not self._credible(at, sequence, lost) or not _sealed(self.data, at):
            return 0
        self._close_damage(at, lost=None if self.expected is None else lost)
        seq = sequence if self.expected is None else self.expected + lost
        kind, _, stamp = struct.unpack_from(record.HEAD, self.data, at)
        body = self.data[at + record.BODY_AT : at + record.CRC_AT]
        self.items.append(RawRecord(seq, kind, stamp & record.TICKS_MASK, stamp >> 30, body, at))
        self.expected = seq + 1
        self._bad_from = at + _RECORD_BYTES
        return _RECORD_BYTES

    def _credible(self, at: int, sequence: int, lost: int) -> bool:
        gap = at - self._bad_from
        if self.expected is not None and (
            lost <= min(gap // _RECORD_BYTES + 1, _NEAR) or lost * _RECORD_BYTES == gap
        ):
            return True
        after = at + _RECORD_BYTES
        return (
            after == len(self.data)
            or _header_fields(self.data, after) is not None
            or (_sequence_at(self.data, after) == (sequence + 1) & 0xFFFF and _sealed(self.data, after))
        )

    def _close_damage(self, at: int, lost: int | None) -> None:
        """Report what lies between the last good bytes and *at*, where *lost* records are missing."""
        length = at - self._bad_from
        if length:
            reason = self._reason(at)
            self.damaged.append(
                Span(self._bad_from, length, f"{reason}, {_missing(lost)}" if lost else reason)
            )
        elif lost:
            self.damaged.append(Span(at, 0, _missing(lost)))

    def _reason(self, at: int) -> str:
        if _sequence_at(self.data, self._bad_from) is not None and _sealed(self.data, self._bad_from):
            return "out of sequence"
        if at == len(self.data) and at - self._bad_from < _RECORD_BYTES:
            return "ends within a record"
        return "unreadable"


def _missing(count: int) -> str:
    return "1 record missing" if count == 1 else f"{count} records missing"


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


def _sealed(data: bytes, at: int) -> bool:
    crc = int.from_bytes(data[at + record.CRC_AT : at + _RECORD_BYTES], "little")
    return crc24(data[at : at + record.CRC_AT]) == crc


def headers(scanned: Scan) -> Iterator[SegmentHeader]:
    """The segment headers of a scan."""
    return (item for item in scanned.items if isinstance(item, SegmentHeader))
