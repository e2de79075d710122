"""From a recording at any rate to evenly spaced samples in the counting core's integers.

The rate is what the middle of all steps in time says, so that neither gaps nor a stutter move it.

A trace that is even already, at a rate the core takes, keeps its rows.  Any other is put on an even grid,
at its own rate where the core takes that.  Between rows it is taken to run straight; where the grid is
coarser than the rows, a sample is the mean over its share of time, which keeps what lies above the grid's
rate from folding down into it.  Rows at the same time are one, with their mean.

Nothing is made up across a gap of over half a second: the grid ends before it and begins anew after it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from statistics import fmean, median_low

from pulseblock_tools.errors import UserError
from pulseblock_tools.traces.trace import Samples, Trace

LOWEST_HZ, HIGHEST_HZ = 10, 1000  # of a trace
CORE_LOWEST_HZ, CORE_HIGHEST_HZ = 50, 200
GAP_MS = 500.0
MAX_SAMPLES = 4_000_000  # five and a half hours at 200 Hz

FULL_SCALE_CN = 65535
ONE_G = 8192  # Q2.13

# How far a step may be from the others for a trace to be even: loggers write whole milliseconds.
_JITTER_MS = 1.0

# Time, force and, unless the trace is force only, three accelerations.
Columns = Sequence["array[float]"]


def resample(trace: Trace, rate_hz: int | None = None) -> Samples:
    """Bring a trace to *rate_hz*, or to the rate that suits it best, and to the core's integers.

    Raises UserError for a trace of one moment, of fewer than 10 or more than 1000 rows a second, or of too
    many hours.
    """
    columns = _without_repeats((trace.t_ms, trace.force_n, *trace.acceleration_g))
    t_ms = columns[0]
    if len(t_ms) < 2:
        raise UserError(f"{trace.name}: all its rows have one time; check t_ms")
    step_ms = typical_step_ms(t_ms)
    if not 1000 / (HIGHEST_HZ + 0.5) <= step_ms <= 1000 / (LOWEST_HZ - 0.5):
        raise UserError(
            f"{trace.name}: {1000 / step_ms:,.3g} rows a second, where a trace has {LOWEST_HZ} to "
            f"{HIGHEST_HZ}; is t_ms in milliseconds?"
        )
    own_hz = round(1000 / step_ms)
    core_hz = rate_hz or min(max(own_hz, CORE_LOWEST_HZ), CORE_HIGHEST_HZ)
    if own_hz != core_hz or not _is_even(t_ms, step_ms):
        columns = _resampled(columns, core_hz, averaged=own_hz > core_hz)
    if len(columns[0]) > MAX_SAMPLES:
        raise UserError(f"{trace.name}: over {MAX_SAMPLES:,} samples at {core_hz} Hz; replay it in parts")
    return _in_integers(columns, core_hz)


def typical_step_ms(t_ms: Sequence[float]) -> float:
    """Return the step between rows: the mean of those within a half of the median.  Times rise."""
    steps = list(_steps(t_ms))
    middle = median_low(steps)
    return fmean(step for step in steps if middle / 2 <= step <= middle * 3 / 2)


def _is_even(t_ms: Sequence[float], step_ms: float) -> bool:
    return all(abs(step - step_ms) <= _JITTER_MS or step > GAP_MS for step in _steps(t_ms))


def _steps(values: Iterable[float]) -> Iterator[float]:
    return (later - earlier for earlier, later in pairwise(values))


def _without_repeats(columns: Columns) -> Columns:
    """Merge rows of the same time into one, the mean of them."""
    t_ms = columns[0]
    starts = [0, *(i for i, step in enumerate(_steps(t_ms), 1) if step > 0)]
    if len(starts) == len(t_ms):
        return columns
    spans = list(zip(starts, [*starts[1:], len(t_ms)], strict=True))
    return [
        array("d", (t_ms[start] for start in starts)),
        *(array("d", (fmean(values[start:end]) for start, end in spans)) for values in columns[1:]),
    ]


def _resampled(columns: Columns, core_hz: int, *, averaged: bool) -> Columns:
    grown = [array("d") for _ in columns]
    for stretch in _stretches(columns):
        for whole, part in zip(grown, _on_grid(stretch, 1000 / core_hz, averaged=averaged), strict=True):
            whole.extend(part)
        if len(grown[0]) > MAX_SAMPLES:
            break  # refused by the caller
    return grown


def _stretches(columns: Columns) -> Iterator[Columns]:
    """Cut the rows at every gap."""
    t_ms = columns[0]
    cuts = [i for i, step in enumerate(_steps(t_ms), 1) if step > GAP_MS]
    for start, end in pairwise([0, *cuts, len(t_ms)]):
        yield [column[start:end] for column in columns]


def _on_grid(columns: Columns, step_ms: float, *, averaged: bool) -> Columns:
    """Sample rows without a gap every *step_ms* from the first one on."""
    t_ms = columns[0]
    first, last = t_ms[0], t_ms[-1]
    if first == last:
        return columns
    count = min(int((last - first) / step_ms), MAX_SAMPLES) + 1
    grid = array("d", (first + i * step_ms for i in range(count)))
    if not averaged:
        at = _Places(t_ms, grid)
        return [grid, *(array("d", at.values(column)) for column in columns[1:])]
    edges = array("d", (first, *(min(moment + step_ms / 2, last) for moment in grid)))
    shares = list(_steps(edges))
    at = _Places(t_ms, edges)
    means = (
        (area / share for area, share in zip(_steps(at.areas(column)), shares, strict=True))
        for column in columns[1:]
    )
    return [grid, *(array("d", mean) for mean in means)]


class _Places:
    """Where moments lie between the rows of a stretch: after which row, and how far towards the next."""

    def __init__(self, t_ms: Sequence[float], moments: Sequence[float]) -> None:
        self._steps_ms = list(_steps(t_ms))
        self._rows = [min(bisect_right(t_ms, moment), len(t_ms) - 1) - 1 for moment in moments]
        self._parts = [
            (moment - t_ms[row]) / self._steps_ms[row]
            for moment, row in zip(moments, self._rows, strict=True)
        ]

    def values(self, column: Sequence[float]) -> Iterator[float]:
        """Yield what the straight lines between rows reach at each moment."""
        for row, part in zip(self._rows, self._parts, strict=True):
            yield column[row] + part * (column[row + 1] - column[row])

    def areas(self, column: Sequence[float]) -> Iterator[float]:
        """Yield the area under those lines from the first row up to each moment, value x ms."""
        middles = ((earlier + later) / 2 for earlier, later in pairwise(column))
        up_to = list(
            accumulate((m * step for m, step in zip(middles, self._steps_ms, strict=True)), initial=0.0)
        )
        for row, part in zip(self._rows, self._parts, strict=True):
            mean = column[row] + part / 2 * (column[row + 1] - column[row])
            yield up_to[row] + mean * part * self._steps_ms[row]


def _in_integers(columns: Columns, rate_hz: int) -> Samples:
    t_ms, force_n, *acceleration_g = columns
    force_only = not acceleration_g
    still = array("h", [0]) * len(t_ms)
    level = array("h", [ONE_G]) * len(t_ms)
    return Samples(
        rate_hz,
        force_only,
        array("q", map(round, t_ms)),
        array("i", (min(max(round(force * 100), 0), FULL_SCALE_CN) for force in force_n)),
        *((still, still, level) if force_only else map(_q2_13, acceleration_g)),
    )


def _q2_13(column: Sequence[float]) -> array[int]:
    return array("h", (min(max(round(value * ONE_G), -32768), 32767) for value in column))
