"""What to do next in a calibration, told from the block's own telemetry."""

from enum import Enum

from pulseblock.core.counter import AWAY
from pulseblock.guide.calibrating import ENOUGH
from pulseblock.signals import patterns
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.live.words import verdict_in_words


class Step(Enum):
    """A step of the calibration; its value is what the wearer is to do."""

    READY = "Lie down, hold the block lightly between the knees, and keep still."
    PRESSES = f"Press {ENOUGH} times at your own tempo, back to the hold after each."
    REST = "Rest, the block held, for five seconds."
    GRIPS = f"Now close the knees {ENOUGH} times without turning the hips in; or wait 20 s for none."
    CALIBRATED = "Calibrated."
    REFUSED = "Refused."
    CANCELLED = "Cancelled with the block's button."


_OVER = (Step.CALIBRATED, Step.REFUSED, Step.CANCELLED)
_ENTERED_WITH = {
    patterns.SET_END: Step.REST,
    patterns.GRIP_NOW: Step.GRIPS,
    patterns.CALIBRATED: Step.CALIBRATED,
    patterns.REFUSED: Step.REFUSED,
    patterns.VOID: Step.CANCELLED,
}


class Guidance:
    """Follows one calibration from its beginning; ``step`` is the one that goes on or was the last."""

    def __init__(self) -> None:
        self.step = Step.READY
        self._count = 0
        self._verdict = (0, 0)

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome."""
        return self.step in _OVER

    def update(self, frame: Frame) -> list[str]:
        """Take the next frame; return what there is to say, a line each."""
        lines = self._counted(frame)
        step = _ENTERED_WITH.get(frame.signal, self.step)
        if step is Step.READY and frame.state != AWAY:
            step = Step.PRESSES
        if step is Step.REST and self.step is Step.GRIPS:
            step = self.step  # the grips' own end
        if step is not self.step:
            self.step = step
            lines.append(step.value)
        return lines

    def _counted(self, frame: Frame) -> list[str]:
        lines = []
        verdict = (frame.verdicts, frame.faults)
        if self.step in {Step.PRESSES, Step.REST} and frame.faults and verdict != self._verdict:
            lines.append(f"does not count: {verdict_in_words(frame.faults)}")
        self._verdict = verdict
        if frame.count > self._count:
            lines.append(f"{'grip' if self.step is Step.GRIPS else 'press'} {frame.count}")
        self._count = frame.count
        return lines
