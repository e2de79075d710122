"""Moving average, the one filter of the core: linear phase, exact in integers, nulls that can be placed."""

from micropython import const

from pulseblock.core.fixed import clamp

_MOST = const(16383)


class Boxcar:
    """Mean of the last `length` values, in the values' own format, rounded down.

    |value| x length must stay below 2^30.  The delay is (length - 1) / 2 steps.
    """

    def __init__(self, length):
        """`length` in steps, 1 or more."""
        self.length = length
        self.mean = 0
        self._ring = [0] * length
        self._next = 0
        self._sum = 0

    def fill(self, value):
        """Forget the past: behave as if `value` had always been there."""
        for i in range(self.length):
            self._ring[i] = value
        self._sum = value * self.length
        self.mean = value

    def push(self, value):
        """Take the next value; return the new mean."""
        i = self._next
        total = self._sum + value - self._ring[i]
        self._ring[i] = value
        self._sum = total
        i += 1
        length = self.length
        self._next = i if i < length else 0
        self.mean = mean = total // length
        return mean


class VectorBoxcar:
    """The same for vectors of three, whose filters need but one place in the ring.

    `x`, `y`, `z` are the mean.
    """

    def __init__(self, length):
        """`length` in steps, 1 or more."""
        self.length = length
        self.x = self.y = self.z = 0
        self._ring_x = [0] * length
        self._ring_y = [0] * length
        self._ring_z = [0] * length
        self._next = 0
        self._sum_x = self._sum_y = self._sum_z = 0

    def fill(self, x, y, z):
        """Forget the past: behave as if (x, y, z) had always been there."""
        length = self.length
        for i in range(length):
            self._ring_x[i] = x
            self._ring_y[i] = y
            self._ring_z[i] = z
        self._sum_x = x * length
        self._sum_y = y * length
        self._sum_z = z * length
        self.x = x
        self.y = y
        self.z = z

    def push(self, x, y, z):
        """Take the next vector."""
        i = self._next
        length = self.length
        self._next = i + 1 if i + 1 < length else 0
        ring = self._ring_x
        total = self._sum_x + x - ring[i]
        ring[i] = x
        self._sum_x = total
        self.x = total // length
        ring = self._ring_y
        total = self._sum_y + y - ring[i]
        ring[i] = y
        self._sum_y = total
        self.y = total // length
        ring = self._ring_z
        total = self._sum_z + z - ring[i]
        ring[i] = z
        self._sum_z = total
        self.z = total // length

    def departure(self):
        """Return |v - mean|^2, v being the vector half a window ago, where the mean of an odd window belongs.

        Components are held within +-16383, so the square stays below 2^30.
        """
        i = (self._next + (self.length >> 1)) % self.length
        return square(self._ring_x[i] - self.x, self._ring_y[i] - self.y, self._ring_z[i] - self.z)


def square(x, y, z):
    """Return x^2 + y^2 + z^2, each held within +-16383."""
    if not (-_MOST <= x <= _MOST and -_MOST <= y <= _MOST and -_MOST <= z <= _MOST):
        x = clamp(x, -_MOST, _MOST)
        y = clamp(y, -_MOST, _MOST)
        z = clamp(z, -_MOST, _MOST)
    return x * x + y * y + z * z
