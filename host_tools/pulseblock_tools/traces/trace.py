"""A trace as it was recorded, and as the counting core takes it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """A recording in its own clock, rate and units: columns of equal length, a value a row.

    Time never goes back, though it may stand still; values are finite.  ``acceleration_g`` holds the block's
    x, y and z axes, or nothing: such a trace is force only.
    """

    name: str
    t_ms: array[float]
    force_n: array[float]
    acceleration_g: tuple[array[float], ...] = ()

    @property
    def force_only(self) -> bool:
        """Whether the trace comes without acceleration."""
        return not self.acceleration_g


@dataclass(frozen=True, slots=True)
class Samples:
    """A trace at the core's rate, in the core's integers: columns of equal length, a value a sample.

    ``t_ms`` is still the trace's own clock, in whole milliseconds, and rises from sample to sample.
    ``force_cn`` is centinewtons, 0..65535; the accelerations are Q2.13 g, -32768..32767 (8192 is 1 g), and
    those of a still and level block where the trace has none.
    """

    rate_hz: int
    force_only: bool
    t_ms: array[int]
    force_cn: array[int]
    ax: array[int]
    ay: array[int]
    az: array[int]

    def __len__(self) -> int:
        return len(self.t_ms)
