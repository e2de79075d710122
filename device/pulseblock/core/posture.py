"""Posture: what gravity says of the block's tilt, and the jolts that gravity does not explain."""

from micropython import const

from pulseblock.core.boxcar import Boxcar
from pulseblock.core.fixed import ONE_G, atan2, clamp, isqrt, ticks_add, ticks_diff

# One pass for the tilts, two for the drag: the same as the force gets, so that it compares like with like.
_GRAVITY_MS = const(60)
# A window of 100 ms takes out what is slower than a jolt's ringing at 8-14 Hz and keeps that whole.
_JOLT_MS = const(100)
_JOLT_HOLD_MS = const(250)
_GRAVITY_MAX = const(16383)
_LEAVE_MARGIN_DEG = const(10)

# tan(angle)^2 in Q8 for every 5 degrees from 0: how far from upright a vector may lean.
_TAN2_Q8 = (0, 2, 8, 18, 34, 56, 85, 126, 180, 256, 364, 522, 768, 1177, 1932, 3566)


def _lean_limit(degrees):
    low = degrees // 5
    return _TAN2_Q8[low] + (_TAN2_Q8[low + 1] - _TAN2_Q8[low]) * (degrees % 5) // 5


def _length_mg(x, y, z):
    x = clamp(x, -_GRAVITY_MAX, _GRAVITY_MAX)
    y = clamp(y, -_GRAVITY_MAX, _GRAVITY_MAX)
    z = clamp(z, -_GRAVITY_MAX, _GRAVITY_MAX)
    return isqrt(x * x + y * y + z * z) * 1000 >> 13


def _turn(from_across, from_up, to_across, to_up):
    across = to_across * from_up - from_across * to_up >> 13
    along = to_across * from_across + to_up * from_up >> 13
    return atan2(across, along)


class Posture:
    """Gravity (`x`, `y`, `z`, Q2.13 g, 60 ms late), `sagittal` and `frontal` tilt, `jolt`.

    Tilts are in cdeg from the reference posture, 30 ms late: sagittal about x, positive with the head
    end up; frontal about y, positive with the left face up.  `jolt` is in mg, 50 ms late.  While a jolt
    rings, the tilts keep their last value: what shakes at 8-14 Hz says nothing of gravity.
    """

    def __init__(self, settings, steps):
        """`steps` turns ms into steps of the stream."""
        self._gravity_x = Boxcar(steps(_GRAVITY_MS))
        self._gravity_y = Boxcar(steps(_GRAVITY_MS))
        self._gravity_z = Boxcar(steps(_GRAVITY_MS))
        self._smooth_x = Boxcar(steps(_GRAVITY_MS))
        self._smooth_y = Boxcar(steps(_GRAVITY_MS))
        self._smooth_z = Boxcar(steps(_GRAVITY_MS))
        odd = steps(_JOLT_MS) | 1
        self._jolt_x = Boxcar(odd)
        self._jolt_y = Boxcar(odd)
        self._jolt_z = Boxcar(odd)
        self._quiet_mg = settings.jolt_limit_mg // 2
        self._ready_limit = _lean_limit(settings.ready_tilt_deg)
        self._leave_limit = _lean_limit(settings.ready_tilt_deg + _LEAVE_MARGIN_DEG)
        self.x = self.y = self.z = 0
        self.reference_x = self.reference_y = 0
        self.reference_z = ONE_G
        self.sagittal = self.frontal = self.jolt = 0
        self._jolt_until_ms = 0
        self.is_jolting = False

    def restart(self, x, y, z):
        """Forget the past after a hole in the samples; Q2.13 g."""
        self._gravity_x.fill(x)
        self._gravity_y.fill(y)
        self._gravity_z.fill(z)
        self._smooth_x.fill(x)
        self._smooth_y.fill(y)
        self._smooth_z.fill(z)
        self._jolt_x.fill(x)
        self._jolt_y.fill(y)
        self._jolt_z.fill(z)

    def update(self, t_ms, x, y, z):
        """Take a step's acceleration, Q2.13 g."""
        self._jolt_x.push(x)
        self._jolt_y.push(y)
        self._jolt_z.push(z)
        fast_x = clamp(self._gravity_x.push(x), -_GRAVITY_MAX, _GRAVITY_MAX)
        fast_y = clamp(self._gravity_y.push(y), -_GRAVITY_MAX, _GRAVITY_MAX)
        fast_z = clamp(self._gravity_z.push(z), -_GRAVITY_MAX, _GRAVITY_MAX)
        self.x = self._smooth_x.push(fast_x)
        self.y = self._smooth_y.push(fast_y)
        self.z = self._smooth_z.push(fast_z)
        self.jolt = self._jolt_mg()
        # the jolt itself is known late; that it begins shows at once, before it leans on the tilts
        self._note_jolting(t_ms, _length_mg(x - fast_x, y - fast_y, z - fast_z))
        if not self.is_jolting:
            self.sagittal = _turn(self.reference_y, self.reference_z, fast_y, fast_z)
            self.frontal = _turn(self.reference_x, self.reference_z, fast_x, fast_z)

    def _note_jolting(self, t_ms, begins_mg):
        if begins_mg > self._quiet_mg or self.jolt > self._quiet_mg:
            self.is_jolting = True
            self._jolt_until_ms = ticks_add(t_ms, _JOLT_HOLD_MS)
        elif self.is_jolting and ticks_diff(t_ms, self._jolt_until_ms) >= 0:
            self.is_jolting = False

    def _jolt_mg(self):
        return _length_mg(
            self._jolt_x.middle() - self._jolt_x.mean,
            self._jolt_y.middle() - self._jolt_y.mean,
            self._jolt_z.middle() - self._jolt_z.mean,
        )

    def is_level(self):
        """Say whether the block lies within the ready tilt of supine."""
        return self._leans_less(self._ready_limit)

    def has_left(self):
        """Say whether the block leans clearly more than the ready tilt."""
        return not self._leans_less(self._leave_limit)

    def _leans_less(self, limit_q8):
        if self.z <= 0:
            return False
        x = self.x >> 5
        y = self.y >> 5
        z = self.z >> 5
        return x * x + y * y << 8 <= limit_q8 * (z * z)

    def set_reference(self, x, y, z):
        """Take (x, y, z), Q2.13 g, as the set's reference posture."""
        self.reference_x = x
        self.reference_y = y
        self.reference_z = z
