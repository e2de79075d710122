"""Moving average, the one filter of the core: linear phase, exact in integers, nulls that can be placed."""


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
        self._sum += value - self._ring[i]
        self._ring[i] = value
        i += 1
        self._next = i if i < self.length else 0
        self.mean = self._sum // self.length
        return self.mean

    def middle(self):
        """Return the value half a window ago, which lines up with the mean where `length` is odd."""
        return self._ring[(self._next + (self.length >> 1)) % self.length]
