"""Jolts: what shakes the block at 8-14 Hz, told from gravity and from slow movement."""

from micropython import const

from pulseblock.core.boxcar import square
from pulseblock.core.fixed import ONE_G, isqrt, ticks_add, ticks_diff

# A window of this length takes out what is slower than a jolt's ringing at 8-14 Hz and keeps that whole.
WINDOW_MS = const(100)
_RING_MS = const(250)


def squared(milli_g):
    """Return a size in mg as the square of its Q2.13 g; `milli_g` is at most 3999."""
    return (milli_g * ONE_G // 1000) ** 2


class Jolt:
    """`size` is the square of the jolt now, in (Q2.13 g)^2, 50 ms late; `rings` until it has died away."""

    def __init__(self, settings):
        """Start at rest."""
        self._quiet = squared(settings.jolt_limit_mg // 2)
        self._until_ms = 0
        self.size = 0
        self.rings = False

    def update(self, t_ms, x, y, z, means):
        """Take a step's acceleration, Q2.13 g, and its `means` (`VectorBoxcars`), the long of `WINDOW_MS`."""
        self.size = size = means.departure
        quiet = self._quiet
        # the jolt itself is known late; that it begins shows at once, before it leans on the tilts
        if size > quiet or square(x - means.x, y - means.y, z - means.z) > quiet:
            self.rings = True
            self._until_ms = ticks_add(t_ms, _RING_MS)
        elif self.rings and ticks_diff(t_ms, self._until_ms) >= 0:
            self.rings = False


def in_mg(size):
    """Return a squared size in mg."""
    return isqrt(size) * 1000 >> 13
