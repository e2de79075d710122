"""Fetches parts of a block's segments; what has arrived stays good when the rest does not come."""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from pulseblock_tools.blocks import Block
from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.store.pieces import Piece
from pulseblock_tools.sync.plan import Segment, Wanted

JOURNAL = "/journal"  # on every board
ATTEMPTS = 5  # in a row without a byte between them

_WANTED = struct.Struct("<III")
_START = struct.Struct("<II")


@dataclass
class Fetched:
    """What has arrived of one segment: *data* from ``offset`` on.

    ``done`` says that nothing more will come, ``unreadable`` that this is because flash cannot be read.
    """

    wanted: Wanted
    offset: int
    data: bytearray = field(default_factory=bytearray)
    done: bool = False
    unreadable: bool = False

    @property
    def segment(self) -> Segment:
        """The segment that it is of."""
        return self.wanted.segment

    @property
    def end(self) -> int:
        """The position up to which the segment has arrived, or was there before."""
        return self.offset + len(self.data)

    def piece(self) -> Piece:
        """What the database gets."""
        prefix_crc = self.wanted.crc if self.offset else 0
        return Piece(self.segment.number, self.offset, bytes(self.data), prefix_crc)

    def rest(self) -> Wanted:
        """What to ask for to go on."""
        return replace(
            self.wanted, offset=self.end, crc=crc32(self.data, self.wanted.crc if self.offset else 0)
        )


class Fetch:
    """Fetching *wanted* from a block; ``fetched`` is what has arrived so far, of each segment in its order.

    *progress* is told how many bytes have arrived, and of how many, each time some have.
    """

    def __init__(self, wanted: Sequence[Wanted], progress: Callable[[int, int], None]) -> None:
        self.fetched = [Fetched(one, one.offset) for one in wanted]
        self._progress = progress

    def run(self, block: Block) -> None:
        """Fetch all; ask again for what arrives garbled.  UserError when the block does not answer."""
        attempts = 0
        while open_ := [one for one in self.fetched if not one.done]:
            before = self._arrived()
            try:
                self._ask(block, open_)
            except Garbled:
                attempts = 0 if self._arrived() > before else attempts + 1
                if attempts == ATTEMPTS:
                    raise
                block.interrupt()

    def _ask(self, block: Block, open_: Sequence[Fetched]) -> None:
        rests = [one.rest() for one in open_]
        wanted = b"".join(_WANTED.pack(rest.segment.file, rest.offset, rest.crc) for rest in rests)
        parts = block.run_snippet("journal_fetch", root=JOURNAL, wanted=wanted)
        for one, rest in zip(open_, rests, strict=True):
            self._take(one, rest, parts)
        if any(True for _ in parts):
            raise Garbled("the block sends more of its journal than there is")

    def _take(self, one: Fetched, rest: Wanted, parts: Iterator[bytes]) -> None:
        """Take one segment from the *parts*, from what is there of it on."""
        kind, body = _split(next(parts, b""))
        if kind == b"S":
            _check(len(body) == _START.size)
            file, offset = _START.unpack(body)
            _check(file == rest.segment.file and offset in {0, rest.offset})
            if offset != rest.offset:  # what was there is not the beginning of this
                one.offset = 0
                one.data.clear()
            kind, body = _split(next(parts, b""))
        while kind == b"D":
            _check(one.end + len(body) <= rest.segment.size)
            one.data += body
            self._progress(self._arrived(), self._total())
            kind, body = _split(next(parts, b""))
        _check(kind == b"X" or (kind == b"E" and one.end == rest.segment.size))
        one.done = True
        one.unreadable = kind == b"X"

    def _arrived(self) -> int:
        return sum(len(one.data) for one in self.fetched)

    def _total(self) -> int:
        return sum(one.segment.size - one.offset for one in self.fetched)


def _split(part: bytes) -> tuple[bytes, bytes]:
    return part[:1], part[1:]


def _check(sane: bool) -> None:
    if not sane:
        raise Garbled("the block answers something else than what was asked")
