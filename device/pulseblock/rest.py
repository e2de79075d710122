"""When a block that nobody uses may sleep.  Pure: given the time and what goes on."""

from micropython import const

from pulseblock.ticks import ticks_diff

REST_MS = const(60000)


class Rest:
    """``is_due`` from `REST_MS` after the block was last in use, until it is in use again."""

    def __init__(self, now):
        self.restart(now)

    def restart(self, now):
        """Begin to wait at ``now`` (ms ticks)."""
        self._since = now
        self.is_due = False

    def update(self, now, in_use):
        """Say at ``now`` whether the block is ``in_use``; at least once in six days."""
        if in_use:
            self.restart(now)
        elif ticks_diff(now, self._since) >= REST_MS:
            self.is_due = True
