"""Force: filtered, with the hold it returns to and the reference press it is measured by."""

from micropython import const

from pulseblock.core.boxcar import Boxcar
from pulseblock.core.fixed import share

# 60 ms holds three periods of 50 Hz mains hum, which loggers and long sensor leads pick up.
_SMOOTH_MS = const(60)
_FOLLOW_SHIFT = const(7)  # the hold follows with a time constant of 2^7 steps, 1.3 to 2.6 s
_REFERENCE_LEAST_CN = const(2500)  # the weakest reference press that is expected of anyone
_REMEMBERED = const(7)


class Force:
    """`value` is the force in cN 30 ms late, `smooth` the same smoothed twice, 60 ms late.

    `hold` and `reference` are in cN.
    """

    def __init__(self, settings, steps):
        """`steps` turns ms into steps of the stream."""
        self._fast = Boxcar(steps(_SMOOTH_MS))
        self._slow = Boxcar(steps(_SMOOTH_MS))
        self._contact_pct = settings.contact_pct
        self.value = 0
        self.smooth = 0
        self.hold = 0
        self._hold_rest = 0  # what shifting leaves of the hold's slow steps, Q7 cN
        self.press_pct = 0
        self.reference = settings.reference_cn
        self._adaptive = not settings.reference_cn
        self._presses = [0] * _REMEMBERED
        self._sorted = [0] * _REMEMBERED
        self._press_count = 0
        if self._adaptive:
            self.reference = _REFERENCE_LEAST_CN

    def restart(self, force):
        """Forget the past after a hole in the samples; `force` in cN."""
        self._fast.fill(force)
        self._slow.fill(force)
        self.value = self.smooth = force

    def update(self, force):
        """Take a step's force, 0 .. 65535 cN."""
        self.value = self._fast.push(force)
        self.smooth = self._slow.push(self.value)
        self.press_pct = share(max(0, self.value - self.hold), self.reference)

    def set_hold(self, hold):
        """Take the hold afresh, in cN."""
        self.hold = hold
        self._hold_rest = 0

    def follow_hold(self):
        """Let the hold drift towards the force, as a creeping sensor and a tiring grip do."""
        drift = (self.value - self.hold) + self._hold_rest
        self.hold += drift >> _FOLLOW_SHIFT
        self._hold_rest = drift & (1 << _FOLLOW_SHIFT) - 1

    def lost(self):
        """Say whether the force has fallen to nothing, against the hold."""
        return self.value * 100 < self.hold * self._contact_pct

    def learn(self, press):
        """Adapt the reference to a press of `press` cN above the hold; nothing if calibrated.

        The reference press of a wearer without calibration is the upper median of the last seven
        presses, this one included: the first press is its own reference, one feeble or one wild press
        changes little, and as the wearer tires or warms up the reference follows.
        """
        if not self._adaptive:
            return
        self._presses[self._press_count % _REMEMBERED] = press
        self._press_count += 1
        known = min(self._press_count, _REMEMBERED)
        for i in range(known):  # insertion into a preallocated list: sorted() would allocate
            press = self._presses[i]
            j = i
            while j and self._sorted[j - 1] > press:
                self._sorted[j] = self._sorted[j - 1]
                j -= 1
            self._sorted[j] = press
        self.reference = max(_REFERENCE_LEAST_CN, self._sorted[known // 2])
