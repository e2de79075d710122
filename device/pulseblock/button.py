"""What the wearer means by the one button: a short press or a long one.  Pure: given level and time."""

from micropython import const

from pulseblock.ticks import ticks_diff

NONE = const(0)
SHORT = const(1)
LONG = const(2)

LONG_MS = const(1000)
BOUNCE_MS = const(30)


class Button:
    """Tells presses from the contacts' bouncing.

    A `LONG` press is told while it is still held, once it has lasted `LONG_MS`; a `SHORT` one on release.
    A button that is down from the very first update, as for a safe boot, means nothing until released.
    """

    def __init__(self):
        self._down = False  # the level last believed
        self._level = False  # the level last seen, and since when
        self._since = 0
        self._pressed_at = 0
        self._told = True  # whether the press that is going on has had its answer
        self._begun = False

    def update(self, level, now):
        """Takes the level (true while pressed) at ``now`` (ms ticks).  Returns NONE, SHORT or LONG."""
        if not self._begun:
            self._begun = True
            self._down = self._level = level
            self._since = now
        if level != self._level:
            self._level = level
            self._since = now
        if level != self._down and ticks_diff(now, self._since) >= BOUNCE_MS:
            self._down = level
            if level:
                self._pressed_at = self._since
                self._told = False
            elif not self._told:
                self._told = True
                return SHORT
        if level and self._down and not self._told and ticks_diff(now, self._pressed_at) >= LONG_MS:
            self._told = True
            return LONG
        return NONE
