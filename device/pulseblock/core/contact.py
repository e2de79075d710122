"""Contact: whether the knees hold the block, and whether a block they let go of is carried away."""

from micropython import const

from pulseblock.core.fixed import ticks_diff

_REGAINED_PCT = const(5)  # of the reference press below the hold: back at the hold
_REGAINED_MS = const(200)
_LOOSE_MS = const(800)  # a hold half as firm as before has to last longer to be believed
_TURNED_Q13 = const(1420)  # 10 degrees
_TURNED_MS = const(150)
_SHAKEN_MS = const(700)  # a kick rings for less


class Contact:
    """`lost` is True from when the force fell to nothing until the hold is back for good."""

    def __init__(self, settings):
        """Start in contact."""
        self._contact_pct = settings.contact_pct
        self.lost = False
        self.lost_ms = 0
        self._firm = self._loose = False
        self._firm_ms = self._loose_ms = 0
        self._turned = self._shaken = False
        self._turned_ms = self._shaken_ms = 0
        self._x = self._y = 0

    def restart(self):
        """The block is held."""
        self.lost = False

    def update(self, t_ms, force, posture):
        """Take a step; return True in the step in which contact is back."""
        if force.value * 100 < force.hold * self._contact_pct:
            if not self.lost:
                self.lost = True
                self.lost_ms = t_ms
                self._turned = self._shaken = False
                self._x = posture.x
                self._y = posture.y
            self._firm = self._loose = False
            return False
        if not self.lost:
            return False
        still = not (posture.jolt.rings or self._has_turned(posture))
        firm = still and force.value >= force.hold - force.reference * _REGAINED_PCT // 100
        loose = still and force.value * 2 >= force.hold
        if firm and not self._firm:
            self._firm_ms = t_ms
        if loose and not self._loose:
            self._loose_ms = t_ms
        self._firm = firm
        self._loose = loose
        if (firm and ticks_diff(t_ms, self._firm_ms) >= _REGAINED_MS) or (
            loose and ticks_diff(t_ms, self._loose_ms) >= _LOOSE_MS
        ):
            self.lost = False
            return True
        return False

    def is_carried(self, t_ms, posture):
        """Say whether the block, contact lost, turns or shakes as it does in somebody's hand."""
        turned = self._has_turned(posture)
        if turned and not self._turned:
            self._turned_ms = t_ms
        if posture.jolt.rings and not self._shaken:
            self._shaken_ms = t_ms
        self._turned = turned
        self._shaken = posture.jolt.rings
        return (turned and ticks_diff(t_ms, self._turned_ms) >= _TURNED_MS) or (
            self._shaken and ticks_diff(t_ms, self._shaken_ms) >= _SHAKEN_MS
        )

    def _has_turned(self, posture):
        return abs(posture.x - self._x) + abs(posture.y - self._y) > _TURNED_Q13
