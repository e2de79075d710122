"""What is wrong with the block: kept in the journal, and told by light and sound.

It is told when it begins, and again now and then while it lasts; never in a press.
"""

from micropython import const

from pulseblock.journal import record
from pulseblock.signals import patterns
from pulseblock.ticks import ticks_add, ticks_diff

_REMIND_MS = const(60000)
_BATTERY_MS = const(10000)
_BATTERY_LOW_PCT = const(15)


class Alerts:
    """``error`` is the code that is in force, as in the journal, 0 for none; times are ms ticks.

    ``settings_refused``: the block's settings, or program, could not be used.
    """

    def __init__(self, board, journal, player, settings_refused, now):
        self._board = board
        self._journal = journal
        self._player = player
        self._setup_error = 0
        self._sensor_error = 0
        self._battery_low = False
        self._battery_ms = ticks_add(now, -_BATTERY_MS)
        self._reminded_ms = now
        self.error = 0
        if board.parts_error:
            self._refuse(now, record.PARTS_REFUSED)
        if settings_refused:
            self._refuse(now, record.SETTINGS_REFUSED)

    def sensors(self, now, code, detail):
        """How the sensors do: ``code`` of `core.events.ERRORS`, and ``detail`` of it, an errno or 0."""
        if code != self._sensor_error:
            self._sensor_error = code
            self._journal.error(now, code, detail)

    def watch(self, now, is_pressing):
        """Look at battery and journal, and tell what is to be told."""
        if ticks_diff(now, self._battery_ms) >= _BATTERY_MS:
            self._battery_ms = now
            self._check_battery(now)
        error = self._sensor_error or self._journal_error() or self._setup_error
        if error != self.error:
            self.error = error
            self._remind_at_once(now)
        if (error or self._battery_low) and not is_pressing:
            if ticks_diff(now, self._reminded_ms) >= _REMIND_MS:
                self._reminded_ms = now
                self._player.play(patterns.ERROR if error else patterns.LOW_BATTERY, now)

    def _refuse(self, now, code):
        self._setup_error = code  # until the block starts again
        self._journal.error(now, code)

    def _journal_error(self):
        status = self._journal.status
        return record.JOURNAL_FULL + status - 1 if status else 0

    def _check_battery(self, now):
        percent = self._board.battery_pct()
        low = 0 <= percent <= _BATTERY_LOW_PCT
        if low and not self._battery_low:
            self._journal.low_battery(now, self._board.battery_mv(), percent)
            self._remind_at_once(now)
        self._battery_low = low

    def _remind_at_once(self, now):
        self._reminded_ms = ticks_add(now, -_REMIND_MS)
