"""Sessions, sets and reps out of a journal's records."""

from collections.abc import Sequence
from dataclasses import dataclass

from .records import Record, Rep


@dataclass(frozen=True, slots=True)
class SessionRep:
    """A rep in its session.

    ``number`` and ``set_number`` count from 1.  ``start_utc_ms`` is Unix time in ms, None while unknown.
    """

    record: Rep
    number: int
    set_number: int
    voided: bool
    start_utc_ms: int | None


@dataclass(frozen=True, slots=True)
class SessionSet:
    """A set.  What the block sums up at a set's end is None when power was cut before (``complete`` is False)."""

    number: int
    reps: tuple[SessionRep, ...]
    complete: bool
    end_ticks: int | None
    rhythm_pct: int | None
    reference_cn: int | None
    hold_cn: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session.

    ``seq`` names it within its journal and sorts the journal's sessions in true order, time known or not.
    ``ended_by`` is "timeout", "button" or "interrupted" as the block wrote it, or "power cut" when it wrote none.
    ``firmware``, ``settings`` and ``calibration`` are None where damage took the start.
    """

    seq: int
    boot: int | None
    start_ticks: int
    end_ticks: int
    start_utc_ms: int | None
    end_utc_ms: int | None
    firmware: str | None
    settings: int | None
    calibration: int | None
    reference_cn: int | None
    ended_by: str
    sets: tuple[SessionSet, ...]
    notes: tuple[Record, ...]

    @property
    def reps(self) -> Sequence[SessionRep]:
        """The session's reps in order, voided ones included."""
        return [rep for one_set in self.sets for rep in one_set.reps]
