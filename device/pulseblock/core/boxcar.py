"""Moving averages, the one filter of the core: linear phase, exact in integers, nulls that can be placed.

Two of them share a ring, which holds the values of the longer one.  An index before the ring's first place
counts from its end, as Python has it.
"""

from micropython import const

from pulseblock.core.fixed import clamp

_MOST = const(16383)


class Boxcars:
    """Means of the last `short` and of the last `long` values, in the values' own format, rounded down.

    |value| x length must stay below 2^30.  The delay is (length - 1) / 2 steps.  `mean` is the short one.
    """

    def __init__(self, short, long):
        """`short` and `long` in steps, 1 or more, the long one not shorter."""
        self._short = short
        self._long = long
        self._ring = [0] * long
        self._next = 0
        self.mean = self._sum = self._long_sum = 0

    @property
    def long_mean(self):
        """The mean of the long window."""
        return self._long_sum // self._long

    def fill(self, value):
        """Forget the past: behave as if `value` had always been there."""
        for i in range(self._long):
            self._ring[i] = value
        self._sum = value * self._short
        self._long_sum = value * self._long
        self.mean = value

    def push(self, value):
        """Take the next value; return the new short mean."""
        i = self._next
        ring = self._ring
        self._sum = total = self._sum + value - ring[i - self._short]
        self._long_sum += value - ring[i]
        ring[i] = value
        i += 1
        self._next = i if i < self._long else 0
        self.mean = mean = total // self._short
        return mean


class VectorBoxcars:
    """The same for vectors of three: `x`, `y`, `z` are the mean of the short window.

    `departure` is |v - mean|^2 of the long one, v being the vector half of it ago, where the mean of an odd
    window belongs.  Its components are held within +-16383, so that it stays below 2^30.
    """

    def __init__(self, short, long):
        """`short` and `long` in steps, 1 or more, the long one not shorter."""
        self._short = short
        self._long = long
        self._half = long >> 1
        self._ring_x = [0] * long
        self._ring_y = [0] * long
        self._ring_z = [0] * long
        self._next = 0
        self._sum_x = self._sum_y = self._sum_z = 0
        self._long_x = self._long_y = self._long_z = 0
        self.x = self.y = self.z = self.departure = 0

    def fill(self, x, y, z):
        """Forget the past: behave as if (x, y, z) had always been there."""
        for i in range(self._long):
            self._ring_x[i] = x
            self._ring_y[i] = y
            self._ring_z[i] = z
        self._sum_x = x * self._short
        self._sum_y = y * self._short
        self._sum_z = z * self._short
        self._long_x = x * self._long
        self._long_y = y * self._long
        self._long_z = z * self._long
        self.x = x
        self.y = y
        self.z = z

    def push(self, x, y, z):
        """Take the next vector."""
        i = self._next
        short = self._short
        long = self._long
        recent = i - short
        middle = i - self._half
        self._next = i + 1 if i + 1 < long else 0

        ring = self._ring_x
        self._sum_x = total = self._sum_x + x - ring[recent]
        self.x = total // short
        self._long_x = total = self._long_x + x - ring[i]
        ring[i] = x
        x = ring[middle] - total // long

        ring = self._ring_y
        self._sum_y = total = self._sum_y + y - ring[recent]
        self.y = total // short
        self._long_y = total = self._long_y + y - ring[i]
        ring[i] = y
        y = ring[middle] - total // long

        ring = self._ring_z
        self._sum_z = total = self._sum_z + z - ring[recent]
        self.z = total // short
        self._long_z = total = self._long_z + z - ring[i]
        ring[i] = z
        self.departure = square(x, y, ring[middle] - total // long)


def square(x, y, z):
    """Return x^2 + y^2 + z^2, each held within +-16383."""
    if not (-_MOST <= x <= _MOST and -_MOST <= y <= _MOST and -_MOST <= z <= _MOST):
        x = clamp(x, -_MOST, _MOST)
        y = clamp(y, -_MOST, _MOST)
        z = clamp(z, -_MOST, _MOST)
    return x * x + y * y + z * z
