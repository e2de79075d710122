"""A wearer's calibration out of a trace, as the block itself does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulseblock.core import calibration as core
from pulseblock.core.events import ERROR, ERRORS, fault_names
from pulseblock.core.settings import CALIBRATED
from pulseblock_tools.errors import UserError
from pulseblock_tools.replaying.counting import Counting
from pulseblock_tools.traces.trace import Trace

# Whether a missing drag can be a fault, and if not, why.
TOLD_APART = "told apart"
DRAG = {
    core.TOLD_APART: TOLD_APART,
    core.NO_GRIPS: "no set of grips",
    core.FEW_GRIPS: "too few presses or grips that show a drag",
    core.ALIKE: "too much alike",
    core.FAINT: "drag too faint to see",
    core.NO_POSTURE: "no acceleration",
}


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What a calibration found; ``settings`` are the wearer's, all that calibration sets."""

    settings: dict[str, int]
    presses: int
    grips: int
    drag: str
    """A value of ``DRAG``."""
    travel_mm: tuple[float, float]
    """Caudal and downward drag of a reference press, known even where it makes no rule."""
    scatter_mm: tuple[float, float]

    @property
    def separation(self) -> float:
        """How far presses lie from grips, in standard deviations; 0 where unknown."""
        return self.settings["drag_separation_pct"] / 100

    def as_dict(self) -> dict[str, Any]:
        """Return it as ``pulseblock calibrate --json`` prints it."""
        return {
            "presses": self.presses,
            "grips": self.grips,
            "drag": self.drag,
            "separation": self.separation,
            "travel_mm": self.travel_mm,
            "scatter_mm": self.scatter_mm,
            "settings": self.settings,
        }


def calibrate(trace: Trace, settings: Mapping[str, int]) -> Calibrated:
    """Calibrate from a trace: a set of presses and, at will, a set of grips.

    *settings* are the block's other ones.  Raises UserError, with what to do about it, where the core
    refuses; a trace that cannot be resampled is refused as by ``replay()``.
    """
    kept = {name: value for name, value in settings.items() if name not in CALIBRATED}
    counting = Counting(trace, kept)
    calibration = core.Calibration(counting.settings)
    failures = []
    for number, event in counting.events():
        if event == ERROR and counting.counter.error:
            failures.append((counting.samples.t_ms[number] / 1000, ERRORS[counting.counter.error]))
        calibration.take(event, counting.counter)
    calibration.finish()
    if calibration.phase == core.REFUSED:
        raise UserError(f"{trace.name}: {refusal(calibration, failures)}")
    return Calibrated(
        calibration.result(),
        calibration.presses.count,
        calibration.grips.count,
        DRAG[calibration.drag],
        (calibration.drag_y_um / 1000, calibration.drag_z_um / 1000),
        (calibration.scatter_y_um / 1000, calibration.scatter_z_um / 1000),
    )


def refusal(calibration: core.Calibration, failures: list[tuple[float, str]]) -> str:
    """Say why there is no calibration, and what to do."""
    presses = calibration.presses
    faults = " and ".join(fault_names(calibration.faults))
    reason = calibration.reason
    if reason == core.NOT_READY:
        return (
            "the block was never ready: lie down, hold it lightly between the knees and keep still for "
            "two seconds before the first press"
        )
    if reason == core.TOO_FEW:
        spoilt = f" ({presses.seen - presses.count} had faults: {faults})" if faults else ""
        return (
            f"{presses.count} good presses in the first set{spoilt}, where calibration takes 4 and likes 6: "
            "press six times at your own tempo, back to the hold after each"
        )
    if reason == core.NOT_STILL:
        return (
            f"{presses.seen - presses.count} of {presses.seen} presses moved the block ({faults}): press "
            "again with the pelvis and the feet still and both hips alike"
        )
    if reason == core.SATURATED:
        return "the force sensor is at its end: press less hard, or use a sensor with more range"
    if reason == core.UNLIKE:
        used = sorted(presses.press_cn[: presses.count])
        return (
            f"the presses are too unlike each other, {used[0] / 100:.0f} to {used[-1] / 100:.0f} N: "
            "press six times as evenly as you can"
        )
    when, what = failures[-1]
    return f"{what} at {when:.1f} s: look after the sensor's wiring, then calibrate again"
