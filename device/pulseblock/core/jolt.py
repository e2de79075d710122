"""Jolts: what shakes the block at 8-14 Hz, told from gravity and from slow movement."""

from micropython import const

from pulseblock.core.boxcar import VectorBoxcar, square
from pulseblock.core.fixed import ONE_G, isqrt, ticks_add, ticks_diff

# A window of 100 ms takes out what is slower than a jolt's ringing at 8-14 Hz and keeps that whole.
_WINDOW_MS = const(100)
_RING_MS = const(250)


def squared(milli_g):
    """Return a size in mg as the square of its Q2.13 g; `milli_g` is at most 3999."""
    return (milli_g * ONE_G // 1000) ** 2


class Jolt:
    """`size` is the square of the jolt now, in (Q2.13 g)^2, 50 ms late; `rings` until it has died away."""

    def __init__(self, settings, steps):
        """`steps` turns ms into steps of the stream."""
        self._box = VectorBoxcar(steps(_WINDOW_MS) | 1)
        self._quiet = squared(settings.jolt_limit_mg // 2)
        self._until_ms = 0
        self.size = 0
        self.rings = False

    def restart(self, x, y, z):
        """Forget the past after a hole in the samples; Q2.13 g."""
        self._box.fill(x, y, z)

    def update(self, t_ms, x, y, z, gravity):
        """Take a step's acceleration, Q2.13 g, and the `gravity` that is its mean."""
        self._box.push(x, y, z)
        self.size = self._box.departure()
        # the jolt itself is known late; that it begins shows at once, before it leans on the tilts
        if self.size > self._quiet or square(x - gravity.x, y - gravity.y, z - gravity.z) > self._quiet:
            self.rings = True
            self._until_ms = ticks_add(t_ms, _RING_MS)
        elif self.rings and ticks_diff(t_ms, self._until_ms) >= 0:
            self.rings = False


def in_mg(size):
    """Return a squared size in mg."""
    return isqrt(size) * 1000 >> 13
