"""Ready: the block is between the knees, level, still and held for a while."""

from micropython import const

from pulseblock.core.fixed import ticks_diff
from pulseblock.core.jolt import squared

_FORCE_BAND_PCT = const(25)
_FORCE_BAND_CN = const(250)
_DRIFT_Q13 = const(570)  # 4 degrees of turning within the window are no stillness


class Ready:
    """Watches steps; `hold`, `x`, `y`, `z` are the means of the last window that was ready, cN and Q13 g."""

    def __init__(self, settings):
        """Start with no window."""
        self._least_cn = settings.ready_force_cn
        self._jolt = squared(settings.ready_jolt_mg)
        self._ready_ms = settings.ready_ms
        self.hold = 0
        self.x = self.y = self.z = 0
        self._n = self._start_ms = 0
        self._sum = self._sum_x = self._sum_y = self._sum_z = 0
        self._low = self._high = self._first_x = self._first_y = 0

    def restart(self):
        """Begin a window at the next step."""
        self._n = 0

    def update(self, t_ms, force, posture):
        """Take a step; return True when the window that it ends was ready throughout."""
        if not (force >= self._least_cn and posture.jolt.size < self._jolt and posture.is_level()):
            self._n = 0
            return False
        if self._n and not self._is_still(force, posture):
            self._n = 0
        if not self._n:
            self._begin(t_ms, force, posture)
        self._n += 1
        self._sum += force
        self._sum_x += posture.x
        self._sum_y += posture.y
        self._sum_z += posture.z
        if ticks_diff(t_ms, self._start_ms) < self._ready_ms:
            return False
        self.hold = self._sum // self._n
        self.x = self._sum_x // self._n
        self.y = self._sum_y // self._n
        self.z = self._sum_z // self._n
        self._n = 0
        return True

    def _begin(self, t_ms, force, posture):
        self._start_ms = t_ms
        self._low = self._high = force
        self._first_x = posture.x
        self._first_y = posture.y
        self._sum = self._sum_x = self._sum_y = self._sum_z = 0

    def _is_still(self, force, posture):
        self._low = min(self._low, force)
        self._high = max(self._high, force)
        band = max(_FORCE_BAND_CN, self._high * _FORCE_BAND_PCT // 100)
        return (
            self._high - self._low <= band
            and abs(posture.x - self._first_x) <= _DRIFT_Q13
            and abs(posture.y - self._first_y) <= _DRIFT_Q13
        )
