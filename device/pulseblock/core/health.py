"""Health of the sensors: what a reading that cannot be true says of them."""

from micropython import const

from pulseblock.core import events
from pulseblock.core.fixed import ticks_diff
from pulseblock.core.stream import GAP_UNKNOWN_MS

_ACCELERATION_FULL = const(32700)
_WEIGHTLESS_Q13 = const(2000)  # a quarter of a g on every axis
_WEIGHTLESS_MS = const(500)  # a longer fall than from a table is no fall
_SATURATED_MS = const(300)
_STUCK_MS = const(1000)  # the quietest accelerometer's last bit does not rest that long
_FORCE_FULL_MS = const(500)
_MISSING_MS = const(1000)
_WELL_MS = const(500)

# a stuck reading may still be the truth of a block that nobody moves
_NO_GRAVITY = (events.ACCELERATION_ABSENT, events.ACCELERATION_SATURATED)


class Health:
    """`error` is the error that goes on, `events.OK` for none.

    `trusts_posture` says whether what the accelerometer shows can be gravity.
    """

    def __init__(self, settings):
        """Start well."""
        self._force_full_cn = settings.force_full_cn
        self._has_posture = not settings.force_only
        self.error = events.OK
        self.trusts_posture = True
        self._suspect = events.OK
        self._since_ms = 0
        self._x = self._y = self._z = 0
        self._moved_ms = 0

    def update(self, t_ms, stream):
        """Take a step; return True when `error` changed."""
        suspect = self._look(t_ms, stream)
        if suspect != self._suspect:
            self._suspect = suspect
            self._since_ms = t_ms
            self.trusts_posture = suspect not in _NO_GRAVITY
        if suspect == self.error or ticks_diff(t_ms, self._since_ms) < _patience(suspect):
            return False
        self.error = suspect
        return True

    def miss(self, gap_ms):
        """Samples were missing for `gap_ms`; return True when that is an error."""
        if not _MISSING_MS <= gap_ms < GAP_UNKNOWN_MS:
            return False
        before = self.error
        self.error = self._suspect = events.SAMPLES_MISSING
        return before != events.SAMPLES_MISSING

    def _look(self, t_ms, stream):
        if self._has_posture:
            x, y, z = stream.x, stream.y, stream.z
            moves = x != self._x or y != self._y or z != self._z
            if moves:
                self._moved_ms = t_ms
                self._x = x
                self._y = y
                self._z = z
            # gravity is along z for the most part, and looked for there first
            if (
                -_WEIGHTLESS_Q13 < z < _WEIGHTLESS_Q13
                and -_WEIGHTLESS_Q13 < x < _WEIGHTLESS_Q13
                and -_WEIGHTLESS_Q13 < y < _WEIGHTLESS_Q13
            ):
                return events.ACCELERATION_ABSENT
            if not (
                -_ACCELERATION_FULL < x < _ACCELERATION_FULL
                and -_ACCELERATION_FULL < y < _ACCELERATION_FULL
                and -_ACCELERATION_FULL < z < _ACCELERATION_FULL
            ):
                return events.ACCELERATION_SATURATED
            if not moves and ticks_diff(t_ms, self._moved_ms) >= _STUCK_MS:
                return events.ACCELERATION_STUCK
        return events.FORCE_SATURATED if stream.force >= self._force_full_cn else events.OK


def _patience(suspect):
    if suspect == events.ACCELERATION_ABSENT:
        return _WEIGHTLESS_MS
    if suspect == events.ACCELERATION_SATURATED:
        return _SATURATED_MS
    if suspect == events.FORCE_SATURATED:
        return _FORCE_FULL_MS
    return 0 if suspect else _WELL_MS
