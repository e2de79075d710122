"""When it happened: from the block's ticks to Unix time, where anybody can know.

The block counts milliseconds since it booted, modulo 2^30 (12.4 days), and writes at least one record a day;
where its flash has no room for them, it says afterwards how often it began anew meanwhile.
A boot's records get wall time from one instant of which both clocks are known: what a host paired last, a
clock record or a ``ClockPair``, else the wall clock that the boot itself found set.  A boot without any keeps
its order and no time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .records import Boot, Clock, Lost, Record

_WRAP = 1 << 30
# how far back of its predecessor a record may tell: of when a rep began, or the ready pose
_BACK_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class ClockPair:
    """A host saw the block's clock at ``ticks`` of ``boot`` when its own was ``unix_ms``.

    ``after_seq`` is the sequence number of the last record written by then; None: the last there is of that
    boot.
    """

    boot: int
    ticks: int
    unix_ms: int
    after_seq: int | None = None


class Timeline:
    """Unix times of the *records* of one journal, in the order of writing, by the *clocks* known of it."""

    def __init__(self, records: Sequence[Record], clocks: Iterable[ClockPair] = ()) -> None:
        self._elapsed: dict[int, int] = {}
        self._offsets: dict[int, int] = {}
        seen: dict[int, list[Record]] = {}
        for record in records:
            if record.boot is not None:
                seen.setdefault(record.boot, []).append(record)
        for of_boot in seen.values():
            self._unwrap(of_boot)
        self._anchor(seen, clocks)

    def utc_ms(self, record: Record, later_ms: int = 0) -> int | None:
        """Unix time in ms, *later_ms* after the ticks of *record*, or None while unknown."""
        if record.boot not in self._offsets:
            return None
        return self._offsets[record.boot] + self._elapsed[record.seq] + later_ms

    def _unwrap(self, of_boot: list[Record]) -> None:
        elapsed, ticks = of_boot[0].ticks, of_boot[0].ticks
        for record in of_boot:
            if isinstance(record, Lost) and record.wraps:
                elapsed += _later(ticks, record.since_ticks) + record.wraps * _WRAP
                ticks = record.since_ticks
                elapsed += record.ticks - ticks
            else:
                elapsed += _later(ticks, record.ticks)
            ticks = record.ticks
            self._elapsed[record.seq] = elapsed

    def _anchor(self, seen: dict[int, list[Record]], clocks: Iterable[ClockPair]) -> None:
        for boot, of_boot in seen.items():
            known = [
                (record.seq, record.unix_ms - self._elapsed[record.seq])
                for record in of_boot
                if isinstance(record, Clock)
            ]
            for pair in clocks:
                if pair.boot == boot:
                    last = _last_before(of_boot, pair.after_seq)
                    known.append(
                        (last.seq, pair.unix_ms - self._elapsed[last.seq] - _later(last.ticks, pair.ticks))
                    )
            if known:
                self._offsets[boot] = max(known, key=lambda anchor: anchor[0])[1]
            elif isinstance(of_boot[0], Boot) and of_boot[0].unix_s is not None:
                self._offsets[boot] = of_boot[0].unix_s * 1000 - self._elapsed[of_boot[0].seq]


def _later(ticks: int, then: int) -> int:
    """Milliseconds from *ticks* to *then*, which is later, or not much earlier."""
    ahead = (then - ticks) % _WRAP
    return ahead - _WRAP if ahead >= _WRAP - _BACK_MS else ahead


def _last_before(of_boot: list[Record], seq: int | None) -> Record:
    if seq is None:
        return of_boot[-1]
    return next((record for record in reversed(of_boot) if record.seq <= seq), of_boot[0])
