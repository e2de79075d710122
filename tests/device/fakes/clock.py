"""Time that passes only when something takes time; stands in for MicroPython's ``time`` module."""

from time import gmtime

SPRING_2026 = 1774000000  # Unix time, s
_MASK = (1 << 30) - 1  # 1 << 30 itself would be an object on MicroPython
_HALF = 1 << 29


class FakeClock:
    """``us`` counts from 0; ``ticks_ms`` and ``ticks_us`` wrap at 2^30 and start where they are told to."""

    def __init__(self, start_ms=1000, start_us=2000):
        self.us = 0
        self.set_wall(1609459200)
        self._start_ms = start_ms
        self._start_us = start_us

    def ticks_ms(self):
        return (self._start_ms + self.us // 1000) & _MASK

    def ticks_us(self):
        return (self._start_us + self.us) & _MASK

    def time(self):
        """The wall clock; nobody has set it, and MicroPython's begins with 2021 at power-on."""
        return self.wall_s + (self.us - self.wall_us) // 1000000

    def set_wall(self, seconds):
        """The wall clock says ``seconds`` of Unix time from now on."""
        self.wall_s = seconds
        self.wall_us = self.us

    def gmtime(self, seconds):
        return gmtime(seconds)[:8]

    def ticks_add(self, ticks, delta):
        return (ticks + delta) & _MASK

    def ticks_diff(self, end, start):
        return ((end - start) & _MASK ^ _HALF) - _HALF

    def sleep_us(self, us):
        assert us >= 0
        self.us += us

    def sleep_ms(self, ms):
        assert ms >= 0
        self.us += 1000 * ms
