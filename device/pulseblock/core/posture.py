"""Posture: what gravity says of the block's tilt."""

from micropython import const

from pulseblock.core.boxcar import VectorBoxcars
from pulseblock.core.fixed import ONE_G, atan2, clamp, isqrt, sine
from pulseblock.core.jolt import WINDOW_MS, Jolt

_GRAVITY_MS = const(60)
_GRAVITY_MAX = const(16383)
_LEAVE_MARGIN_DEG = const(10)
_UP_MAX = const(511)  # twice gravity in Q8

# tan(angle)^2 in Q8 for every 5 degrees from 0: how far from upright a vector may lean.
_TAN2_Q8 = (0, 2, 8, 18, 34, 56, 85, 126, 180, 256, 364, 522, 768, 1177, 1932, 3566)


def _lean_limit(degrees):
    low = degrees // 5
    return _TAN2_Q8[low] + (_TAN2_Q8[low + 1] - _TAN2_Q8[low]) * (degrees % 5) // 5


class Posture:
    """Gravity (`x`, `y`, `z`, Q2.13 g, 30 ms late), the tilts that it shows, and `jolt`, a `Jolt`.

    Tilts are in cdeg from the reference posture: sagittal about x, positive with the head end up;
    frontal about y, positive with the left face up.  While a jolt rings they keep their last value: what
    shakes at 8-14 Hz says nothing of gravity.  Supine is where the accelerometer's mounting puts it.
    """

    def __init__(self, settings, steps):
        """`steps` turns ms into steps of the stream."""
        self._means = VectorBoxcars(steps(_GRAVITY_MS), steps(WINDOW_MS) | 1)
        self.jolt = Jolt(settings)
        self._ready_limit = _lean_limit(settings.ready_tilt_deg)
        self._leave_limit = _lean_limit(settings.ready_tilt_deg + _LEAVE_MARGIN_DEG)
        pitch, roll = settings.mount_pitch_cdeg, settings.mount_roll_cdeg
        x = _sine(roll) * _cosine(pitch) >> 13
        y = _sine(pitch) * _cosine(roll) >> 13
        z = _cosine(pitch) * _cosine(roll) >> 13
        length = isqrt(x * x + y * y + z * z)
        self._up_x = x * ONE_G // length
        self._up_y = y * ONE_G // length
        self._up_z = z * ONE_G // length
        self.x = self.y = self.z = 0
        self._calm_x = self._calm_y = 0
        self._calm_z = ONE_G
        self.reference_x = self.reference_y = 0
        self.reference_z = ONE_G

    def restart(self, x, y, z):
        """Forget the past after a hole in the samples; Q2.13 g."""
        self._means.fill(x, y, z)

    def update(self, t_ms, x, y, z):
        """Take a step's acceleration, Q2.13 g."""
        means = self._means
        means.push(x, y, z)
        jolt = self.jolt
        jolt.update(t_ms, x, y, z, means)
        x = means.x
        y = means.y
        z = means.z
        if not (
            -_GRAVITY_MAX <= x <= _GRAVITY_MAX
            and -_GRAVITY_MAX <= y <= _GRAVITY_MAX
            and -_GRAVITY_MAX <= z <= _GRAVITY_MAX
        ):
            x = clamp(x, -_GRAVITY_MAX, _GRAVITY_MAX)
            y = clamp(y, -_GRAVITY_MAX, _GRAVITY_MAX)
            z = clamp(z, -_GRAVITY_MAX, _GRAVITY_MAX)
        self.x = x
        self.y = y
        self.z = z
        if not jolt.rings:
            self._calm_x = x
            self._calm_y = y
            self._calm_z = z

    def sagittal(self):
        """Return the sagittal tilt now, cdeg."""
        y = self._calm_y
        z = self._calm_z
        across = y * self.reference_z - self.reference_y * z >> 13
        return atan2(across, y * self.reference_y + z * self.reference_z >> 13)

    def frontal(self):
        """Return the frontal tilt now, cdeg."""
        x = self._calm_x
        z = self._calm_z
        across = x * self.reference_z - self.reference_x * z >> 13
        return atan2(across, x * self.reference_x + z * self.reference_z >> 13)

    def is_level(self):
        """Say whether the block lies within the ready tilt of supine."""
        return self._leans_less(self._ready_limit)

    def has_left(self):
        """Say whether the block leans clearly more than the ready tilt."""
        return not self._leans_less(self._leave_limit)

    def _leans_less(self, limit_q8):
        x = self.x >> 5
        y = self.y >> 5
        z = self.z >> 5
        up = x * self._up_x + y * self._up_y + z * self._up_z >> 13
        if up <= 0:
            return False
        if up > _UP_MAX:
            up = _UP_MAX
        up *= up
        return x * x + y * y + z * z - up << 8 <= limit_q8 * up

    def set_reference(self, x, y, z):
        """Take (x, y, z), Q2.13 g, as the set's reference posture."""
        self.reference_x = x
        self.reference_y = y
        self.reference_z = z

    @property
    def pitch(self):
        """Sagittal tilt of the reference posture from the accelerometer's own level, cdeg."""
        return atan2(self.reference_y, self.reference_z)

    @property
    def roll(self):
        """Frontal tilt of the reference posture from the accelerometer's own level, cdeg."""
        return atan2(self.reference_x, self.reference_z)


def _sine(angle):
    return sine(angle) if angle >= 0 else -sine(-angle)


def _cosine(angle):
    return sine(9000 - abs(angle))
