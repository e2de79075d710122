"""The counting core over rows of samples.  This file runs on CPython and on MicroPython alike."""

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

TYPE_CHECKING = False  # MicroPython has no typing to import it from
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

REP = events.REP
SET_END = events.SET_END
ERROR = events.ERROR

# What else a rep's report tells, in this order: attributes of core.rep.Rep.
MEASURED = (
    "press_pct",
    "residual_pct",
    "held_ms",
    "duration_ms",
    "sagittal_cdeg",
    "frontal_cdeg",
    "jolt_mg",
    "grasp_pct",
    "drag_pct",
    "drag_y_um",
    "drag_z_um",
    "drag_ug_per_mm",
    "hold_cn",
    "reference_cn",
)

ROW = 5  # ticks, force in cN, accelerations along x, y, z in Q2.13 g


class Feeder:
    """Feeds one counter and passes on what it reports, as tuples of whole numbers.

    (REP, sample, start, peak, end, force, faults, ...): the number of the sample after which it was reported,
    three times in ticks, the force at the peak in cN, the bits of the faults, and what MEASURED names.
    (SET_END, sample, reps, good, rhythm): a set's reps, the good ones, and its rhythm in per cent.
    (ERROR, sample, error): what is wrong with a sensor, a code of core.events.
    """

    def __init__(self, values: dict[str, int]) -> None:
        """`values` are settings by name."""
        settings = Settings()
        settings.update(values)
        self._counter = Counter(settings)
        self._sample = -1

    def feed(self, rows: "array[int]") -> "Iterator[tuple[int, ...]]":
        """Take some more samples, ROW numbers each; yield what the core reports meanwhile."""
        counter = self._counter
        for at in range(0, len(rows), ROW):
            event = counter.sample(rows[at], rows[at + 1], rows[at + 2], rows[at + 3], rows[at + 4])
            self._sample += 1
            if event:
                yield from self._report(event)

    def finish(self) -> "Iterator[tuple[int, ...]]":
        """End the recording; yield what the core reports at its end."""
        event = self._counter.finish()
        while event:
            yield from self._report(event)
            event = self._counter.finish()

    def _report(self, event: int) -> "Iterator[tuple[int, ...]]":
        if event == REP:
            rep = self._counter.rep
            verdict = event, self._sample, rep.start_ms, rep.peak_ms, rep.end_ms, rep.peak_cn, rep.faults
            yield verdict + tuple([getattr(rep, name) for name in MEASURED])
        elif event == SET_END:
            rounds = self._counter.rounds
            yield event, self._sample, rounds.set_count, rounds.set_good, rounds.rhythm_pct
        elif event == ERROR and self._counter.error:  # else it is over already
            yield event, self._sample, self._counter.error
