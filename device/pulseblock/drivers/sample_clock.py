"""When each sample of a sensor with a clock of its own was taken, in the processor's microseconds.

Pure.  A FIFO tells how many samples wait, not when they came.  Asked at time t, it proves two things:
the newest sample that waits was taken at t or before, and the one after it was not.  The clock keeps a
straight line - time of the next sample, and a period - inside those bounds.  Over a window it lays the
line along the least delays of the window's two halves, so that a late question never bends it.
"""

from array import array

from micropython import const

from pulseblock.core.fixed import ticks_add, ticks_diff

from .kernel import times as times_into

_SLACK_US = const(300)  # between the sensor's answer and the reading of t
_WINDOW_FIRST = const(64)
_WINDOW_MAX = const(512)
_NO_DELAY = const(1 << 20)
_FRACTION = const(8)
_TOLERANCE_SHIFT = const(3)  # the period stays within an eighth of its nominal value


class SampleClock:
    """Times for samples at a nominal ``rate_hz`` (40..400), true to a millisecond within a second or two.

    ``rate_mhz``: the sensor's rate as measured against the processor's clock, in thousandths of a hertz;
    ``drift_ppm``: how much faster than nominal that is.
    """

    def __init__(self, rate_hz: int) -> None:
        # us in Q22.8
        self._nominal = (1000000 << _FRACTION) // rate_hz
        self._period = self._nominal
        self._window = _WINDOW_FIRST
        self._next_us = 0
        self._fraction = 0
        self._one = array("i", [0])
        self._taken = 0
        self._shifted = 0
        self._least_first = 0
        self._least = 0
        self.locked = False

    def restart(self) -> None:
        """Samples were lost: the next :meth:`observe` places the line anew; the period is kept."""
        self.locked = False

    def observe(self, waiting: int, now_us: int) -> None:
        """``waiting`` (1..512) samples, and no more, wait at ``now_us`` (ticks, wrapping at 2^30)."""
        if not self.locked:
            self.locked = True
            self._next_us = ticks_add(now_us, -self._span(waiting - 1))
            self._begin_window()
            return
        late = self._delay(waiting, now_us) - (self._period >> _FRACTION) - _SLACK_US
        if late > 0:
            self._shift(late)
        self.witness(waiting, now_us)

    def witness(self, waiting: int, at_us: int) -> None:
        """``waiting`` samples at least waited at ``at_us``: what an interrupt, perhaps a late one, proves."""
        if not self.locked:
            return
        delay = self._delay(waiting, at_us)
        if delay < 0:
            self._shift(delay)
            delay = 0
        # as against the line where it lay when the window began
        delay += self._shifted
        if delay < self._least:
            self._least = delay
        if self._taken >= self._window >> 1 and self._least_first == _NO_DELAY:
            self._least_first = self._least
            self._least = _NO_DELAY
        elif self._taken >= self._window and self._least != _NO_DELAY:
            self._end_window()

    def take(self) -> int:
        """The time of the next sample, us ticks; it counts as taken out."""
        self.take_into(self._one, 1)
        return self._one[0]

    def take_into(self, times, count: int) -> None:
        """Put the times of the next ``count`` samples into the ``array('i')`` ``times``."""
        self._next_us = times_into(times, count, self._next_us, self._period, self._fraction)
        self._fraction = (self._fraction + count * self._period) & 255
        self._taken += count

    @property
    def rate_mhz(self) -> int:
        """Measured rate, 0.001 Hz."""
        return 1000000000 // (self._period >> _FRACTION)

    @property
    def drift_ppm(self) -> int:
        """Measured rate over the nominal one, parts per million in steps of 4, positive when it is fast."""
        return ((self._nominal - self._period) * 1000 // (self._period >> _FRACTION)) * 1000 >> _FRACTION

    def _delay(self, waiting: int, at_us: int) -> int:
        """From the time of the last of ``waiting`` samples to ``at_us``."""
        return ticks_diff(at_us, ticks_add(self._next_us, self._span(waiting - 1)))

    def _span(self, samples: int) -> int:
        return samples * (self._period >> _FRACTION) + (samples * (self._period & 255) >> _FRACTION)

    def _shift(self, by_us: int) -> None:
        self._next_us = ticks_add(self._next_us, by_us)
        self._shifted += by_us

    def _begin_window(self) -> None:
        self._taken = 0
        self._shifted = 0
        self._least_first = _NO_DELAY
        self._least = _NO_DELAY

    def _end_window(self) -> None:
        # the halves' middles are half a window apart, and the second one a quarter before the end
        rise = self._least - self._least_first
        self._shift(self._least + (rise >> 1) - self._shifted)
        period = self._period + (rise << _FRACTION + 1) // self._taken
        most = self._nominal >> _TOLERANCE_SHIFT
        self._period = min(max(period, self._nominal - most), self._nominal + most)
        if self._window < _WINDOW_MAX:
            self._window <<= 1
        self._begin_window()
