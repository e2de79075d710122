"""Which journal each segment on a block belongs to, and what of it has still to be fetched.

Nothing here talks to anything.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pulseblock.journal import record
from pulseblock_tools.store.pieces import Held

_LISTED = struct.Struct("<II")
_HEADER_BYTES: int = record.HEADER_BYTES
LOST_JOURNAL = 0  # of segments that no header belongs to


@dataclass(frozen=True)
class Listed:
    """A segment's file on the block: its number, size in bytes, and what there is of the header."""

    file: int
    size: int
    header: bytes

    @classmethod
    def parse(cls, part: bytes) -> "Listed":
        """What ``snippets/journal_segments.py`` sends of a file; ValueError where it cannot be."""
        if not _LISTED.size <= len(part) <= _LISTED.size + _HEADER_BYTES:
            raise ValueError("a segment's entry has another length")
        file, size = _LISTED.unpack_from(part)
        return cls(file, size, part[_LISTED.size :])


@dataclass(frozen=True)
class Segment:
    """A segment on a block, and where it belongs: block (id in hex), journal and number.

    ``file`` is the number in its file's name, which is the same unless somebody copied files about.
    """

    block: str
    journal: int
    number: int
    file: int
    size: int


@dataclass(frozen=True)
class Wanted:
    """A segment to fetch from ``offset`` on, since the ``offset`` bytes before have the CRC-32 ``crc``."""

    segment: Segment
    offset: int
    crc: int


def identify(listed: Iterable[Listed], block: str) -> list[Segment]:
    """Say of each file whose journal it is part of, in the order in which they were written.

    The header says it.  Where that is damaged, a segment belongs to the journal of the one before it; without
    one before, to that of the next, unless that begins its journal; else to journal 0 of *block*.
    """
    files = sorted(listed, key=lambda one: one.file)
    headers = [record.unpack_header(one.header) for one in files]
    first = next(filter(None, headers), None)
    goes_on = first is not None and first[5] > 0
    owner, journal = (first[1].hex(), first[2]) if first and goes_on else (block, LOST_JOURNAL)
    segments = []
    for one, header in zip(files, headers, strict=True):
        number = one.file
        if header:
            owner, journal, number = header[1].hex(), header[2], header[4]
        segments.append(Segment(owner, journal, number, one.file, one.size))
    return segments


def missing(segment: Segment, held: Sequence[Held]) -> Wanted | None:
    """What to fetch of *segment*, of which the copies *held* are there; None if nothing.

    A segment only grows: one that is as long as a copy is that copy.  To find out whether flash has decayed
    since would mean reading all of it every time, for bytes that are safe already.
    """
    if any(copy.length == segment.size for copy in held):
        return None
    shorter = [copy for copy in held if copy.length < segment.size]
    best = max(shorter, key=lambda copy: copy.length, default=Held(0, 0))
    return Wanted(segment, best.length, best.crc)
