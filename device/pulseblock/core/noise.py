"""How noisy a sensor is: the median bend of its values, which presses hardly touch."""

from micropython import const

_FIRST_STEPS = const(4)
_LEARN_STEPS = const(32)
_LEARN_SHIFT = const(3)
_KEEP_SHIFT = const(6)
_LEAST_Q4 = const(64)


class Noise:
    """`bend` is the running median of |second difference| from step to step, in the value's unit.

    White noise of standard deviation s gives 1.65 s.  A press of half a second bends by a hundredth of
    its height from step to step, and not for long enough to move a median.
    """

    def __init__(self):
        """Start quiet."""
        self.restart(0)
        self._q4 = _LEAST_Q4
        self._known = 0

    def restart(self, value):
        """Forget the values before a hole, not the noise."""
        self._last = self._before = value

    def update(self, value):
        """Take a step's value, |value| below 2^17."""
        last = self._last
        bend = value - last - last + self._before << 4
        if bend < 0:
            bend = -bend
        self._before = last
        self._last = value
        # a median by steps up or down, long ones while nothing is known, from the first bends on
        shift = _KEEP_SHIFT
        if self._known < _LEARN_STEPS:
            self._known += 1
            shift = _LEARN_SHIFT
            if self._known <= _FIRST_STEPS and bend > self._q4:
                self._q4 = bend
        median = self._q4
        if bend > median:
            self._q4 = median + (median >> shift)
        elif median > _LEAST_Q4:
            self._q4 = median - (median >> shift)

    @property
    def bend(self):
        """The running median."""
        return self._q4 >> 4
