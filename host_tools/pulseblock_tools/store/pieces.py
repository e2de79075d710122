"""How bytes fetched from a block join what is already held of the same segment.

A segment only ever grows, so of two readings of it one is the beginning of the other.  Where flash decayed
they contradict each other: both are kept, as copies, copy 0 being the one that came first.  No copy is the
beginning of another, so it does not matter in which order readings come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True)
class Piece:
    """A run of bytes read from one segment of a block's journal.

    ``segment`` is the segment's number on the block, ``offset`` where ``data`` begins in it, in bytes.
    ``prefix_crc`` is the CRC-32 (zlib's) of the segment's bytes before ``offset``, as the block has them; 0
    at offset 0.
    """

    segment: int
    offset: int
    data: bytes
    prefix_crc: int = 0


@dataclass(frozen=True)
class Held:
    """What is held of one copy of a segment: its length in bytes and the CRC-32 (zlib's) of all of it."""

    length: int
    crc: int


class PrefixMissing(Exception):
    """A piece does not join on to anything held: ask what is held, and fetch again from there."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(f"segment {piece.segment}: nothing held agrees up to offset {piece.offset}")


def join(copies: Sequence[bytes], piece: Piece) -> tuple[int, bytes]:
    """Which copy *piece* belongs to, and the whole of that copy with it.

    The index is ``len(copies)`` when the piece contradicts every copy and so makes a new one.
    Raises PrefixMissing when the bytes before the piece are held nowhere.
    """
    prefix: bytes | None = None if piece.offset else b""
    for index, held in enumerate(copies):
        if len(held) < piece.offset or crc32(held[: piece.offset]) != piece.prefix_crc:
            continue
        prefix = held[: piece.offset]
        whole = prefix + piece.data
        if held.startswith(whole):
            return index, held
        if whole.startswith(held):
            return index, whole
    if prefix is None:
        raise PrefixMissing(piece)
    return len(copies), prefix + piece.data
