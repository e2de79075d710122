"""One journal of one block, from the segments that were fetched of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pulseblock.journal.record import FIRMWARE_ERRORS

from .decode import interpret
from .records import Boot, Error, Lost, Record
from .scan import RawRecord, SegmentHeader, Span, are_missing, gaps, scan
from .sessions import Session, sessions
from .timeline import ClockPair, Timeline

JOURNAL_FULL = FIRMWARE_ERRORS[0]


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a segment that could not be read, or of no length where records are missing."""

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
    contradict each other every good record counts.  Records missing before a segment are damage of that one:
    of the first, which a block has reclaimed that another computer synced; records that the block itself had
    no room for are damage where it says so.  Never raises on what the bytes are.
    """
    collected = _Collected()
    for number, data in sorted(segments):
        collected.add(number, data)
    items = collected.in_order()
    records = interpret(items)
    return Journal(
        records, sessions(records, Timeline(records, tuple(clocks))), collected.damage(items, records)
    )


class _Collected:
    """Headers and records by sequence number; of what comes twice, the first."""

    def __init__(self) -> None:
        self._damage: list[Damage] = []
        self._headers: dict[int, SegmentHeader] = {}
        self._records: dict[int, RawRecord] = {}
        self._numbers: dict[int, int] = {}  # segments of records, by their sequence numbers
        self._journal: tuple[bytes, int] | None = None
        self._number = -1
        self._expected: int | None = None

    def add(self, number: int, data: bytes) -> None:
        """Add a segment; numbers ascending, copies of one number one after another."""
        if number != self._number:
            self._number = number
            self._expected = max(self._records) + 1 if self._records else None
        scanned = scan(data, self._expected)
        self._damage += [_damage(number, span) for span in scanned.damaged]
        for item in scanned.items:
            if isinstance(item, RawRecord):
                if item.seq not in self._records:
                    self._records[item.seq] = item
                    self._numbers[item.seq] = number
                continue
            self._journal = self._journal or (item.block, item.journal)
            if (item.block, item.journal) != self._journal:
                self._damage.append(
                    Damage(number, item.offset, len(data) - item.offset, "of another journal")
                )
                return
            self._headers.setdefault(item.first_seq, item)

    def in_order(self) -> list[SegmentHeader | RawRecord]:
        """Everything in the order of writing."""
        items: list[SegmentHeader | RawRecord] = []
        for seq in sorted(self._headers.keys() | self._records.keys()):
            if seq in self._headers:
                items.append(self._headers[seq])
            if seq in self._records:
                items.append(self._records[seq])
        return items

    def damage(
        self, items: Sequence[SegmentHeader | RawRecord], records: Sequence[Record]
    ) -> tuple[Damage, ...]:
        """All damage, with what is missing among *items* and what the block had no room for."""
        damage = self._damage + [
            Damage(self._number_of(item), item.offset, 0, are_missing(count)) for item, count in gaps(items)
        ]
        if items and isinstance(first := items[0], SegmentHeader) and first.first_seq:
            damage.append(Damage(first.number, first.offset, 0, are_missing(first.first_seq)))
        damage += [
            Damage(self._numbers[seq], self._records[seq].offset, 0, reason)
            for seq, reason in _found_no_room(records)
        ]
        return tuple(sorted(damage, key=lambda part: (part.segment, part.offset)))

    def _number_of(self, item: SegmentHeader | RawRecord) -> int:
        return item.number if isinstance(item, SegmentHeader) else self._numbers[item.seq]


def _found_no_room(records: Sequence[Record]) -> Iterator[tuple[int, str]]:
    """Where the block says so, by sequence number, or can be seen not to have come to it."""
    for record in records:
        if isinstance(record, Lost):
            yield (
                record.seq,
                f"no room on the block for {record.records} more records, {record.reps} of them reps",
            )
    for record, following in pairwise(records):
        is_full = isinstance(record, Error) and record.code == JOURNAL_FULL
        if is_full and isinstance(following, Boot) and following.boot != record.boot:
            yield record.seq, "no room on the block for what came until it was switched off"


def _damage(number: int, span: Span) -> Damage:
    return Damage(number, span.offset, span.length, span.reason)
