"""Through a calibration without a screen: ready, six presses, rest, six grips or none, the outcome.

    ready -> presses, each with its verdict -> "set finished" at the sixth good one -> five seconds of rest
    -> "now grip" -> grips, each with a tick -> "calibrated" or "calibration refused"

A short press of the button ends the set that goes on, or does without grips; so does waiting.
"""

from micropython import const

from pulseblock.core import events
from pulseblock.core.calibration import DONE, GRIPS, PRESSES, WAITING, Calibration
from pulseblock.core.counter import Counter
from pulseblock.core.fixed import ticks_diff
from pulseblock.guide.training import of_press
from pulseblock.signals import patterns

ENOUGH = const(6)
PATIENCE_MS = const(60000)
GRIPS_PATIENCE_MS = const(20000)


class Calibrating:
    """Feed `counter`, give `take` its events, call `tick` at each step: all three say which signal is due.

    It is over with ``calibration.is_over``.
    """

    def __init__(self, settings, keep, now):
        """``settings`` are the block's, ``now`` is in ms ticks.

        ``keep`` is given what was found, settings by name, and returns False where they could not be kept.
        """
        self._keep = keep
        self.calibration = Calibration(settings)
        self.counter = Counter(self.calibration.settings)
        self._since = now

    @property
    def count(self):
        """Good presses, or grips."""
        if self.calibration.phase == PRESSES:
            return self.calibration.presses.count
        return self.calibration.grips.seen

    def take(self, event, now):
        """Take an event of the counter.  Returns a signal, or `patterns.NONE`."""
        phase = self.calibration.phase
        if event == events.PRESS or event == events.READY:
            self._since = now
        self.calibration.take(event, self.counter)
        if phase == GRIPS and event == events.REP and self.calibration.grips.seen == ENOUGH:
            self.calibration.proceed()
        if self.calibration.phase != phase:
            return self._entered(now)
        if phase == PRESSES:
            return self._of_press(event)
        return patterns.TICK if phase == GRIPS and event == events.JUDGED else patterns.NONE

    def proceed(self, now):
        """The wearer wants to go on."""
        if self.calibration.phase == WAITING:
            self.calibration.finish()
        else:
            self.calibration.proceed()
        return self._entered(now)

    def tick(self, now):
        """What is due at ``now``."""
        patience_ms = PATIENCE_MS
        if self.calibration.phase == GRIPS and not self.calibration.grips.seen:
            patience_ms = GRIPS_PATIENCE_MS
        if self.calibration.is_over or ticks_diff(now, self._since) < patience_ms:
            return patterns.NONE
        self.calibration.finish()
        return self._entered(now)

    def _entered(self, now):
        self._since = now
        phase = self.calibration.phase
        if phase == PRESSES:
            return patterns.READY
        if phase == GRIPS:
            return patterns.GRIP_NOW
        if phase == DONE and self._keep(self.calibration.result()):
            return patterns.CALIBRATED
        return patterns.REFUSED

    def _of_press(self, event):
        if event == events.REP and not self.counter.rep.faults and self.calibration.presses.count == ENOUGH:
            return patterns.SET_END
        return of_press(event, self.counter)
