"""The records of a block's journal, as the host sees them.

``pulseblock.journal.record`` is the format's documentation; these classes name the same fields in the core's
units: milliseconds, centinewtons, centidegrees, milli-g and per cent, all plain integers.
"""

from dataclasses import dataclass

from pulseblock.core.events import FAULTS


@dataclass(frozen=True, slots=True)
class Record:
    """What every record has.

    ``seq`` is the record's number in its journal, unwrapped: it never repeats and is the order of writing.
    ``boot`` is the boot that wrote the record, or None where damage hides which.
    ``ticks`` is the block's clock, 0..2^30-1 ms since that boot, wrapping; for a rep, the start of its press.
    """

    seq: int
    boot: int | None
    ticks: int


@dataclass(frozen=True, slots=True)
class Boot(Record):
    """The block started: why, and the wall clock at that moment if something had set it."""

    cause: str
    unix_s: int | None


@dataclass(frozen=True, slots=True)
class SessionStart(Record):
    """A session began.

    ``settings`` and ``calibration`` are fingerprints, 16 bits each.  ``reference_cn`` is the calibrated
    reference press, or None while it adapts.
    """

    firmware: str
    settings: int
    calibration: int
    reference_cn: int | None


@dataclass(frozen=True, slots=True)
class Rep(Record):
    """One press and its return; ``ticks`` is its start, ``faults`` a bit mask of core.events."""

    faults: int
    duration_ms: int
    rise_ms: int
    peak_cn: int
    hold_cn: int
    trough_cn: int
    sagittal_cdeg: int
    frontal_cdeg: int
    jolt_mg: int
    drag_pct: int | None

    @property
    def good(self) -> bool:
        """Whether the rep carries no fault."""
        return self.faults == 0

    @property
    def fault_names(self) -> tuple[str, ...]:
        """Names of the rep's faults; empty for a good rep."""
        return tuple(name for bit, name in enumerate(FAULTS) if self.faults >> bit & 1)


@dataclass(frozen=True, slots=True)
class Set(Record):
    """A set ended; it holds the reps since the set or the session start before it."""

    reps: int
    good: int
    rhythm_pct: int | None
    reference_cn: int
    hold_cn: int


@dataclass(frozen=True, slots=True)
class Void(Record):
    """The wearer took back the rep of this boot that started at ``rep_ticks``."""

    rep_ticks: int


@dataclass(frozen=True, slots=True)
class SessionEnd(Record):
    """A session ended, with what the block counted in it, voided reps included."""

    cause: str
    sets: int
    reps: int
    good: int


@dataclass(frozen=True, slots=True)
class LowBattery(Record):
    """The battery ran low."""

    millivolts: int
    percent: int


@dataclass(frozen=True, slots=True)
class Error(Record):
    """Something failed on the block, or, with code "ok", works again; ``detail`` is its own number."""

    code: str
    detail: int


@dataclass(frozen=True, slots=True)
class Torn(Record):
    """A power cut had left ``length`` bytes at ``position`` of ``segment`` unfinished."""

    segment: int
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Lost(Record):
    """Since ``since_ticks``, ``records`` records found no room, ``reps`` of them reps.

    ``wraps`` is how often the block's clock wrapped from then to ``ticks``; 0 too where firmware did not
    count yet.
    """

    records: int
    reps: int
    since_ticks: int
    wraps: int


@dataclass(frozen=True, slots=True)
class Clock(Record):
    """A host told the block that its ``ticks`` was ``unix_ms`` of Unix time."""

    unix_ms: int


@dataclass(frozen=True, slots=True)
class Diagnostics(Record):
    """Worst cases since the last such record: lateness, flash stall, records waiting; and what is left.

    ``battery_pct`` is None where the block did not know it.
    """

    lateness_ms: int
    stall_ms: int
    samples_lost: int
    queue_peak: int
    free_kib: int
    battery_pct: int | None


@dataclass(frozen=True, slots=True)
class Shape(Record):
    """How the force went in the rep that began at ``ticks``: at even times from its start to its end.

    ``permille`` are thousandths of the rep's peak.
    """

    permille: tuple[int, ...]

    def force_cn(self, rep: Rep) -> tuple[int, ...]:
        """The forces, by the peak of the *rep* that it is the shape of."""
        return tuple((share * rep.peak_cn + 500) // 1000 for share in self.permille)
