"""One journal of one block, from the segments that were fetched of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .decode import attribute
from .records import Record
from .scan import RawRecord, SegmentHeader, scan
from .sessions import Session, sessions
from .timeline import ClockPair, Timeline


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a segment that could not be read; see ``scan.Span``."""

    segment: int
    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class Journal:
    """Records in the order of writing, the sessions they make up, and what could not be read."""

    records: tuple[Record, ...]
    sessions: tuple[Session, ...]
    damage: tuple[Damage, ...]


def read_journal(segments: Iterable[tuple[int, bytes]], clocks: Iterable[ClockPair] = ()) -> Journal:
    """Read the *segments*, (number, bytes), of one journal of one block.

    Neither their order nor when they were fetched matters.  A number may come more than once: of copies that
    contradict each other every good record counts.  Records missing between two segments are damage of the
    later one.  Never raises on what the bytes are.
    """
    collected = _Collected()
    for number, data in sorted(segments):
        collected.add(number, data)
    records = attribute(collected.in_order())
    return Journal(records, sessions(records, Timeline(records, tuple(clocks))), tuple(collected.damage))


class _Collected:
    """Headers and records by sequence number; of what comes twice, the first."""

    def __init__(self) -> None:
        self.damage: list[Damage] = []
        self._headers: dict[int, SegmentHeader] = {}
        self._records: dict[int, RawRecord] = {}
        self._journal: tuple[bytes, int] | None = None
        self._number = -1
        self._expected: int | None = None

    def add(self, number: int, data: bytes) -> None:
        """Add a segment; numbers ascending, copies of one number one after another."""
        if number != self._number:
            self._number = number
            self._expected = max(self._records) + 1 if self._records else None
        scanned = scan(data, self._expected)
        self.damage += [Damage(number, span.offset, span.length, span.reason) for span in scanned.damaged]
        for item in scanned.items:
            if isinstance(item, RawRecord):
                self._records.setdefault(item.seq, item)
                continue
            self._journal = self._journal or (item.block, item.journal)
            if (item.block, item.journal) != self._journal:
                self.damage.append(Damage(number, item.offset, len(data) - item.offset, "of another journal"))
                return
            self._headers.setdefault(item.first_seq, item)

    def in_order(self) -> Iterator[SegmentHeader | RawRecord]:
        """Everything in the order of writing."""
        for seq in sorted(self._headers.keys() | self._records.keys()):
            if seq in self._headers:
                yield self._headers[seq]
            if seq in self._records:
                yield self._records[seq]
