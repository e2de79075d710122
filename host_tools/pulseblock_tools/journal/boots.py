"""Which boot wrote each record, where damage may hide that the block was started in between.

Headers, boot records and clock records name their boot; of the others each carries it modulo 4.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pulseblock.journal import record

from .scan import RawRecord, SegmentHeader

_BITS = 4  # a record knows its boot modulo this


@dataclass
class _Run:
    """Records without a gap, a start of the block or a segment's header among them: all of one boot.

    ``lost`` records are missing before it; None: nobody knows how many.
    """

    lost: int | None
    boot: int | None = None
    records: list[RawRecord] = field(default_factory=list)


def with_boots(items: Iterable[SegmentHeader | RawRecord]) -> Iterator[tuple[RawRecord, int | None]]:
    """Give each record among *items*, in the order of writing, its boot, or None where that is hidden."""
    runs = list(_runs(items))
    _fill_in(runs)
    return ((raw, run.boot) for run in runs for raw in run.records)


def _runs(items: Iterable[SegmentHeader | RawRecord]) -> Iterator[_Run]:
    run = _Run(lost=None)
    following: int | None = None
    for item in items:
        is_header = isinstance(item, SegmentHeader)
        seq = item.first_seq if isinstance(item, SegmentHeader) else item.seq
        lost = None if following is None else seq - following
        starts = isinstance(item, RawRecord) and item.kind == record.BOOT
        if is_header or starts or lost != 0:
            yield run
            run = _Run(lost)
        if isinstance(item, SegmentHeader):
            run.boot = item.boot
            following = seq
            continue
        if item.kind in {record.BOOT, record.CLOCK}:
            run.boot = int(struct.unpack_from("<I", item.body)[0])
        run.records.append(item)
        following = seq + 1
    yield run


def _fill_in(runs: list[_Run]) -> None:
    """Name the boot of each run for which only one is possible between those named before and after it.

    A boot takes at least one record, its own, so no more of them are hidden than records are missing.
    """
    highest: list[int | None] = []
    upper: int | None = None
    for run in reversed(runs):
        highest.append(upper)
        if run.boot is not None:
            upper = run.boot
    lower: int | None = None
    hidden: int | None = 0
    for run, upper in zip(runs, reversed(highest), strict=True):
        hidden = None if hidden is None or run.lost is None else hidden + run.lost
        if run.boot is None and run.records and lower is not None and hidden is not None:
            first = lower + (run.records[0].boot_bits - lower) % _BITS
            last = lower + hidden if upper is None else min(upper, lower + hidden)
            if first <= last < first + _BITS:
                run.boot = first
        if run.boot is not None:
            lower, hidden = run.boot, 0
