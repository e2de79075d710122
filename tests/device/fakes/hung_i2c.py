"""An I2C bus on which a part is in the middle of sending a byte, its reader gone (UM10204)."""

from fakes.pins import FakePin

_LOW_US = 4.7  # Standard-mode: least low and high period of SCL
_HIGH_US = 4


class FakeHungBus:
    """``bits`` are those the part has still to send, the present one first; [] when it sends none.

    ``shorted`` holds SDA or SCL ("sda", "scl") low for ever.
    """

    def __init__(self, clock, bits, shorted=""):
        self.clock = clock
        self.scl = FakePin(level=self._scl_level, changed=self._set_scl)
        self.sda = FakePin(level=self._sda_level, changed=self._set_sda)
        self.clocks = 0
        self.stopped = False
        self._bits = list(bits)
        self._shorted = shorted
        self._scl = 1
        self._sda = 1
        self._edge_us = clock.us

    def free(self):
        """Whether a master can use the bus."""
        return self._scl_level() == 1 and self._sda_level() == 1

    def _scl_level(self):
        return 0 if self._shorted == "scl" else self._scl

    def _sda_level(self):
        if self._shorted == "sda" or (self._bits and not self._bits[0]):
            return 0
        return self._sda

    def _set_scl(self, level):
        if level == self._scl:
            return
        due = _HIGH_US if self._scl else _LOW_US
        assert self.clocks == 0 or self.clock.us - self._edge_us >= due, "SCL faster than 100 kHz"
        self._scl = level
        self._edge_us = self.clock.us
        if level:
            self.clocks += 1
        elif self._bits:
            self._bits.pop(0)  # after the last one the part listens for ACK, finds none, and lets go

    def _set_sda(self, level):
        before = self._sda_level()
        self._sda = level
        if self._scl and before != self._sda_level():
            assert level == 1, "a START in the middle of clearing the bus"
            self.stopped = True
            self._bits = []
