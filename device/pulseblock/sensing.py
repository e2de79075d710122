"""From the board's sensors to the counter, and what is to be believed of sensors that fail."""

from array import array

from micropython import const

from pulseblock.core import events
from pulseblock.ticks import ticks_diff

_BATCH = const(64)  # samples a step takes at most, so that outputs are served after a long stall too
_SILENCE_MS = const(500)  # no sample for so long is a failure
_RETRY_MS = const(200)  # between attempts at a sensor that failed, whose time-outs cost
_READS_TO_TRUST = const(2)  # by the second the counter has seen the gap and says itself when it is over


class Sensing:
    """Reads ``board``, tells ``alerts`` how the sensors do, and has ``recording`` (or None) keep raw samples.

    ``sample`` is the last one: ms ticks, cN, three times Q2.13 g.
    ``failing`` is how many reads have still to succeed before the sensors are believed, 0 while they are.
    ``counter_error`` is what the counter itself finds wrong with the samples, a code of `core.events.ERRORS`.
    """

    def __init__(self, board, recording, alerts, now):
        self._board = board
        self._recording = recording
        self._alerts = alerts
        self.sample = array("i", [0] * 5)
        self.failing = 0
        self.counter_error = events.OK
        self.restart(now)

    def restart(self, now):
        """Begin to wait for samples at ``now`` (ms ticks): that none came before is nobody's failure."""
        self._sampled_ms = self._tried_ms = now

    def feed(self, now, app):
        """Feed what samples there are to the counter of ``app`` (an `app.App`), which takes its events."""
        if self.failing and ticks_diff(now, self._tried_ms) < _RETRY_MS:
            return
        self._tried_ms = now
        board = self._board
        sample = self.sample
        detail = 0
        try:
            for _ in range(_BATCH):
                if not board.read(sample):
                    break
                self._sampled_ms = now
                if self._recording:
                    self._recording.sample(sample)
                event = app.counter.sample(sample[0], sample[1], sample[2], sample[3], sample[4])
                if event:
                    app.take(event, now)
        except OSError as failure:
            self.failing = _READS_TO_TRUST
            detail = failure.errno if type(failure.errno) is int and failure.errno > 0 else 0
        else:
            if ticks_diff(now, self._sampled_ms) >= _SILENCE_MS:
                self.failing = _READS_TO_TRUST
            elif self.failing and self._sampled_ms == now:
                self.failing -= 1
        self._alerts.sensors(now, events.SAMPLES_MISSING if self.failing else self.counter_error, detail)
