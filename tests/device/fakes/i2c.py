"""An I2C bus with parts on it."""

EIO = 5
_CALL_US = 100


class FakeI2C:
    """``parts`` maps addresses to fakes with ``read(register, buffer)`` and ``write(register, value)``."""

    def __init__(self, clock, parts):
        self.parts = parts
        self.transfers = 0
        self.dead = False
        self._clock = clock

    def readfrom_mem_into(self, address, register, buffer):
        assert len(buffer) > 0
        self._part(address, 3 + len(buffer)).read(register, buffer)

    def writeto_mem(self, address, register, data):
        assert len(data) == 1, "one register at a time"
        self._part(address, 2 + len(data)).write(register, data[0])

    def _part(self, address, length):
        self.transfers += 1
        self._clock.us += _CALL_US + length * 45 // 2
        if self.dead or address not in self.parts:
            raise OSError(EIO)
        return self.parts[address]


def store(buffer, at, value):
    """An int16, little-endian."""
    buffer[at] = value & 0xFF
    buffer[at + 1] = value >> 8 & 0xFF
