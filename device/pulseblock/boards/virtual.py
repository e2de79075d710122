"""The virtual block: sensors fed by a trace, light and buzzer on a screen, time of its own.

`_virtual` is the module through which the program that hosts this MicroPython plays the parts.
"""

import time

import _virtual
import machine
from uctypes import addressof

from pulseblock.drivers.battery import Charge
from pulseblock.wall_clock import unix_s

_POWER = 1  # of `journal.record.BOOT_CAUSES`


class Board:
    """See the package."""

    name = "virtual"
    files = ""
    rate_hz = 100
    boot_cause = _POWER
    samples_lost = 0
    late_ms = 0
    parts_error = ""

    def __init__(self):
        self.unique_id = machine.unique_id()
        self.ticks_ms = _virtual.ticks
        self.light = _virtual.light
        self.tone = _virtual.tone
        self.button = self.held = _virtual.button
        self.battery_mv = _virtual.battery
        self.listening = _virtual.listening
        self._charge = Charge()

    def unix_s(self):
        """Unix time, once a sync has set it."""
        return unix_s(time.time())

    def read(self, sample):
        """The oldest sample fed and not yet read."""
        return _virtual.read(addressof(sample))

    def battery_pct(self):
        """Per cent left in the LiPo cell that the battery input stands for."""
        return self._charge.update(_virtual.battery())

    def telemetry(self, frame):
        """Hands the frame to the host."""
        _virtual.telemetry(addressof(frame), len(frame))

    def run(self, app):
        """Hands the app to the host, whose samples are the clock, and returns."""
        _virtual.drive(app.step, app.interrupted)
