"""Force: filtered, with the hold it returns to and the reference press it is measured by."""

from micropython import const

from pulseblock.core.boxcar import Boxcars
from pulseblock.core.fixed import isqrt, share
from pulseblock.core.noise import Noise

# 60 ms holds three periods of 50 Hz mains hum, which loggers and long sensor leads pick up.
_SMOOTH_MS = const(60)
# A sensor whose noise comes near the smallest press is smoothed for longer, and answers later.
_CALM_MS = const(240)
_NOISY_PCT = const(9)
_QUIET_PCT = const(6)
_SLACK_Q3 = const(3)  # of the noise in 60 ms: seven standard deviations of what is left of it in 240 ms
_BENDS_A_RISE_Q4 = const(52)  # 3.25 bends of a step of 20 ms
_USUAL_STEP_MS_Q8 = const(5120)
_FIRST_RISE_PCT = const(25)
_HOLD_BAND_PCT = const(15)
_FOLLOW_SHIFT = const(7)  # the hold follows with a time constant of 2^7 steps, 1.3 to 2.6 s
_REFERENCE_LEAST_CN = const(2500)  # the weakest reference press that is expected of anyone
_REMEMBERED = const(7)


class Force:
    """`value` is the force: `smooth`, the mean of 60 ms, or for a noisy sensor `calm`, that of 240 ms.

    `hold` is the hold and `reference` the reference press; all in cN.
    `late_ms` is how far `value` lags behind the samples: 30 ms, or 120 ms for a noisy sensor.
    `least_rise` is the smallest rise that makes a press, and `slack` what a noisy sensor may add to a rise or
    to a fall, both in cN.
    """

    def __init__(self, settings, steps, step_ms_q8):
        """`steps` turns ms into steps of the stream, each of `step_ms_q8` (Q8 ms)."""
        self._means = Boxcars(steps(_SMOOTH_MS), steps(_CALM_MS))
        self._noise = Noise()
        # the shorter a step, the more of the noise is in it, and the less of that gets through
        self._bends_q4 = isqrt(_BENDS_A_RISE_Q4 * _BENDS_A_RISE_Q4 * step_ms_q8 // _USUAL_STEP_MS_Q8)
        self._noisy = False
        self.late_ms = _SMOOTH_MS // 2
        self._min_rise_pct = settings.min_rise_pct
        self.value = 0
        self.smooth = 0
        self.hold = 0
        self._hold_rest = 0  # what shifting leaves of the hold's slow steps, Q7 cN
        self.reference = settings.reference_cn
        self._remember = 0 if settings.reference_cn else _REMEMBERED
        self._presses = [0] * _REMEMBERED
        self._sorted = [0] * _REMEMBERED
        self._known = 0
        self.forget_presses()
        self.least_rise = self.slack = 0
        self.rest()

    def restart(self, force):
        """Forget the past after a hole in the samples; `force` in cN."""
        self._means.fill(force)
        self._noise.restart(force)
        self.value = self.smooth = force

    def update(self, force):
        """Take a step's force, 0 .. 65535 cN."""
        self._noise.update(force)
        self.smooth = smooth = self._means.push(force)
        self.value = self.calm if self._noisy else smooth

    @property
    def calm(self):
        """The mean of 240 ms."""
        return self._means.long_mean

    @property
    def press_pct(self):
        """What of `value` is above the hold, in per cent of the reference press, 0 .. 1000."""
        return share(max(0, self.value - self.hold), self.reference)

    def rest(self):
        """Weigh the noise, between presses: the smoothing must not change in one."""
        noise = self._noise.bend * self._bends_q4 >> 4
        if noise * 100 > self.reference * _NOISY_PCT:
            self._noisy = True
            self.late_ms = _CALM_MS // 2
        elif noise * 100 < self.reference * _QUIET_PCT:
            self._noisy = False
            self.late_ms = _SMOOTH_MS // 2
        least = self.reference * self._min_rise_pct // 100
        if self._noisy:
            self.slack = slack = noise * _SLACK_Q3 >> 3
            least += slack
        else:
            self.slack = 0
            least = max(least, noise)
        if not self._known and self._remember:
            # before any press is known, the weakest person's passive press is the smallest that can be told
            least = max(least, self.reference * _FIRST_RISE_PCT // 100)
        self.least_rise = least

    def set_hold(self, hold):
        """Take the hold afresh, in cN."""
        self.hold = hold

    def track_hold(self, lost, known):
        """Between presses let the hold drift with a creeping sensor and a tiring wearer.

        `lost` contact says nothing of the hold.  Unless it is `known` from a ready posture or from reps,
        the lowest force so far is the best guess.
        """
        if not known:
            self.set_hold(min(self.hold, self.value))
            return
        above = self.value - self.hold
        if not lost and above <= self.reference * _HOLD_BAND_PCT // 100:
            drift = above + self._hold_rest
            self.hold += drift >> _FOLLOW_SHIFT
            self._hold_rest = drift & (1 << _FOLLOW_SHIFT) - 1

    def lower_hold(self, floor, lost):
        """Take `floor`, the lowest force after a press, for a hold above it, unless contact is `lost`."""
        if floor < self.hold and not lost:
            self.set_hold(floor)

    def forget_presses(self):
        """Begin a session: without calibration, its first presses make the reference."""
        self._known = 0
        if self._remember:
            self.reference = _REFERENCE_LEAST_CN

    def learn(self, press):
        """Adapt the reference to a press of `press` cN above the hold; nothing if calibrated.

        Without calibration the reference press is one that a third of the session's first seven presses
        reach: the first press is its own reference, one feeble or one wild press changes little, and from
        the seventh on it stays, so that a wearer who tires is measured by what they could do fresh.
        """
        if self._known >= self._remember:
            return
        self._presses[self._known] = press
        self._known += 1
        known = self._known
        for i in range(known):  # insertion into a preallocated list: sorted() would allocate
            press = self._presses[i]
            j = i
            while j and self._sorted[j - 1] > press:
                self._sorted[j] = self._sorted[j - 1]
                j -= 1
            self._sorted[j] = press
        self.reference = max(_REFERENCE_LEAST_CN, self._sorted[2 * known // 3])
