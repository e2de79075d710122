"""Force, tilts and jolts over a whole trace, as the core sees them, few enough to be drawn.

While the block is handled it has no hold, and its tilt goes anywhere: there such a curve is not a number.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import nan

from pulseblock_tools.replaying.counting import Counting
from pulseblock_tools.traces.trace import Trace

Points = list[tuple[float, float]]
"""Seconds of the trace's clock, and a value."""


def _column() -> array[float]:
    return array("d")


@dataclass(slots=True)
class Curves:
    """Columns of equal length: a row a sample."""

    seconds: array[float] = field(default_factory=_column)
    force_n: array[float] = field(default_factory=_column)
    hold_n: array[float] = field(default_factory=_column)
    reference_n: array[float] = field(default_factory=_column)
    """What a reference press reaches, on top of the hold."""
    sagittal_deg: array[float] = field(default_factory=_column)
    frontal_deg: array[float] = field(default_factory=_column)
    jolt_mg: array[float] = field(default_factory=_column)
    force_only: bool = False

    def thinned(self, column: Sequence[float], bins: int) -> Points:
        """Return a column with at most two points for each of *bins* stretches: its lowest and highest."""
        count = len(column)
        if count <= 2 * bins:
            return list(zip(self.seconds, column, strict=True))
        edges = [count * i // bins for i in range(bins + 1)]
        kept: Points = []
        for start, end in pairwise(edges):
            stretch = range(start, end)
            low, high = min(stretch, key=column.__getitem__), max(stretch, key=column.__getitem__)
            kept += [(self.seconds[i], column[i]) for i in sorted({low, high})]
        return kept


def follow(trace: Trace, settings: Mapping[str, int]) -> Curves:
    """Count a trace and keep what the core sees at every sample."""
    counting = Counting(trace, settings)
    counter, samples = counting.counter, counting.samples
    curves = Curves(force_only=samples.force_only)
    before = -1
    for number, _ in counting.steps():
        if number == before:
            continue  # what the end of the recording brings is no sample
        before = number
        known = 1.0 if counter.state else nan
        hold_n = counter.hold_cn / 100 * known
        curves.seconds.append(samples.t_ms[number] / 1000)
        curves.force_n.append(samples.force_cn[number] / 100)
        curves.hold_n.append(hold_n)
        curves.reference_n.append(hold_n + counter.reference_cn / 100)
        curves.sagittal_deg.append(counter.sagittal_cdeg / 100 * known)
        curves.frontal_deg.append(counter.frontal_cdeg / 100 * known)
        curves.jolt_mg.append(counter.jolt_mg)
    return curves
