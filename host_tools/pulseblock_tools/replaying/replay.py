"""Replay a trace: what the core counts and judges in it, in the trace's own clock."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from pulseblock.core.events import ERRORS, fault_names
from pulseblock_tools.replaying import Runtime, feeder
from pulseblock_tools.replaying.runtimes import Batch, run
from pulseblock_tools.replaying.ticks import Ticks
from pulseblock_tools.traces.resampling import resample
from pulseblock_tools.traces.trace import Samples, Trace

_BATCH = 2000  # samples
_PRINTED = ("start_ms", "peak_ms", "end_ms", "peak_n", "verdict", "faults")

# Stands between the batches, of which there are so many, and the core, and sees how far it is.
Track = Callable[[Iterable[Batch], int], Iterable[Batch]]


@dataclass(frozen=True, slots=True)
class Rep:
    """One rep: times in ms of the trace's clock, the force at its peak in newtons, and the verdict.

    ``measured`` holds what the verdict rests on, as core.rep.Rep has it.
    """

    start_ms: int
    peak_ms: int
    end_ms: int
    peak_n: float
    verdict: str
    faults: list[str]
    measured: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the rep as ``pulseblock replay --json`` prints it."""
        return {name: getattr(self, name) for name in _PRINTED}


@dataclass(frozen=True, slots=True)
class SetEnd:
    """The end of a set: its reps, the good ones among them, and its rhythm in per cent (0 of two reps)."""

    reps: int
    good: int
    rhythm_pct: int


@dataclass(frozen=True, slots=True)
class SensorError:
    """What the core found wrong with a sensor, and when, in ms of the trace's clock."""

    at_ms: int
    what: str


def replay(
    trace: Trace,
    settings: Mapping[str, int],
    runtime: Runtime = "cpython",
    track: Track = lambda batches, _: batches,
) -> Iterator[Rep | SetEnd | SensorError]:
    """Yield each rep of a trace, after the last of each set its end, and what ails the sensors.

    *settings* are those that differ from the defaults, by name.  Without ``rate_hz`` among them the core runs
    at the trace's own rate where it can; a trace without acceleration is force only whatever they say.
    Raises UserError for a trace that cannot be resampled, or a runtime that is missing.
    """
    samples = resample(trace, settings.get("rate_hz"))
    values = dict(settings) | {"rate_hz": samples.rate_hz}
    if samples.force_only:
        values["force_only"] = 1
    ticks = Ticks(samples.t_ms)
    batches = track(_batches(samples, ticks), -(-len(samples) // _BATCH))
    for event, seen_at, *figures in run(runtime, values, batches):
        if event == feeder.REP:
            start_ms, peak_ms, end_ms = (ticks.in_trace_ms(time, seen_at) for time in figures[:3])
            peak_cn, faults, *measures = figures[3:]
            verdict = "compensated" if faults else "good"
            measured = dict(zip(feeder.MEASURED, measures, strict=True))
            yield Rep(start_ms, peak_ms, end_ms, peak_cn / 100, verdict, fault_names(faults), measured)
        elif event == feeder.SET_END:
            yield SetEnd(*figures)
        else:
            yield SensorError(samples.t_ms[seen_at], ERRORS[figures[0]])


def _batches(samples: Samples, ticks: Ticks) -> Iterator[Batch]:
    rows = zip(ticks, samples.force_cn, samples.ax, samples.ay, samples.az, strict=True)
    while batch := array("i", chain.from_iterable(islice(rows, _BATCH))):
        yield batch
