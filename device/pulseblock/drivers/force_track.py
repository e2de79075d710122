"""The force at any moment of the last half second, from readings that came at their own moments.

Pure.  Between two readings it is the straight line through them; where readings are too far apart, there
is no force, rather than an invented one.
"""

from array import array

from micropython import const

from .kernel import between

WAIT = const(-1)
LOST = const(-2)

_READINGS = const(64)  # as in `kernel.between`


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
        return between(self._us, self._cn, self._newest, self._count, t_us)
