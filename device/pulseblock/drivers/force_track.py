"""The force at any moment of the last half second, from readings that came at their own moments.

Pure.  Between two readings it is the straight line through them; where readings are too far apart, there
is no force, rather than an invented one.
"""

from array import array

from micropython import const

WAIT = const(-1)
LOST = const(-2)

LONGEST_GAP_US = const(100000)  # a flash erase is 45 ms and up; force changes little in a trough
_READINGS = const(64)
_TICKS = const(0x3FFFFFFF)  # times are us ticks 0..2^30-1 that wrap
_HALF = const(1 << 29)  # nearer than half of the way round is later, farther is earlier


class ForceTrack:
    """A ring of the last 64 readings."""

    def __init__(self) -> None:
        self._us = array("i", [0] * _READINGS)
        self._cn = array("i", [0] * _READINGS)
        self._newest = 0
        self._count = 0

    def clear(self) -> None:
        """Forget every reading."""
        self._count = 0

    def put(self, t_us: int, cn: int) -> None:
        """A reading of ``cn`` (0..65535) at ``t_us`` (ticks, later than the last)."""
        self._newest = newest = (self._newest + 1) % _READINGS
        self._us[newest] = t_us
        self._cn[newest] = cn
        if self._count < _READINGS:
            self._count += 1

    def at(self, t_us: int) -> int:
        """Force at ``t_us``, cN; WAIT before the next reading is in; LOST where none were near."""
        us = self._us
        newest = self._newest
        if not self._count or us[newest] - t_us & _TICKS >= _HALF:
            return WAIT
        for earlier in range(newest - 1, newest - self._count, -1):  # below 0 it counts from the ring's end
            into = t_us - us[earlier] & _TICKS
            if into < _HALF:
                gap = us[earlier + 1] - us[earlier] & _TICKS
                if gap > LONGEST_GAP_US:
                    return LOST
                cn = self._cn[earlier]
                # in 16 us, so that the product stays below 2^30
                return cn + (self._cn[earlier + 1] - cn) * (into >> 4) // (gap >> 4 or 1)
        return LOST
