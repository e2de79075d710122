"""The shape of a rep: how the force went from its start to the end of its return.

Where a rep starts and ends is known only later, and the next may have begun by then.  So the force of the
last seconds is remembered as it is, at one store a step, and the shape taken out of it once the rep is over.
"""

from micropython import const

from pulseblock.core.fixed import ticks_diff

POINTS = const(10)
LONGEST_MS = const(6000)  # what is held longer is no press but a grip, and not worth the memory

_UNKNOWN = const(-1)


class Shape:
    """The force of the last `LONGEST_MS`, one value a step."""

    def __init__(self, steps, step_ms_q8):
        """`steps` turns ms into steps of the stream, each of `step_ms_q8` (Q8 ms)."""
        self._step_ms_q8 = step_ms_q8
        self._length = steps(LONGEST_MS) + 3  # an end, one to read between, and one for the rounding
        self._ring = [_UNKNOWN] * self._length
        self._next = 0

    def restart(self):
        """Forget the past after a hole in the samples: in a shape nothing is invented."""
        for i in range(self._length):
            self._ring[i] = _UNKNOWN

    def put(self, force):
        """Take a step's force, 0 .. 65535 cN."""
        i = self._next
        self._ring[i] = force
        i += 1
        self._next = i if i < self._length else 0

    def read(self, t_ms, start_ms, end_ms, points):
        """Write into the list `points` the force at POINTS times, evenly from `start_ms` to `end_ms`, cN.

        `t_ms` is the time of the last step.  Return whether the force is known over the whole of that time;
        if not, nothing is written.
        """
        since_ms = ticks_diff(t_ms, start_ms)
        whole_ms = ticks_diff(end_ms, start_ms)
        if not 0 <= whole_ms <= since_ms <= (self._length - 2) * self._step_ms_q8 >> 8:
            return False
        if self._ring[self._next - 2 - (since_ms << 8) // self._step_ms_q8] == _UNKNOWN:
            return False
        for i in range(POINTS):
            points[i] = self._at(since_ms - whole_ms * i // (POINTS - 1))
        return True

    def _at(self, ago_ms):
        """Return the force `ago_ms` before the last step, on the line from step to step, cN."""
        ago_q8 = (ago_ms << 16) // self._step_ms_q8
        i = self._next - 1 - (ago_q8 >> 8)  # from the end of the ring where negative
        force = self._ring[i]
        return force + ((self._ring[i - 1] - force) * (ago_q8 & 255) >> 8)
