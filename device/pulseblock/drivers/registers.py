"""Byte registers of an I2C part."""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import I2C

_ENODEV = const(19)


class Registers:
    """Reads and writes the registers of one part; after construction it allocates nothing to read.

    A part that does not acknowledge raises ``OSError`` from the bus, which has its own time-out
    (``timeout`` of ``machine.I2C``).
    """

    def __init__(self, i2c: "I2C", address: int) -> None:
        self.address = address
        self._i2c = i2c
        self._byte = bytearray(1)

    def read_into(self, register: int, buffer) -> None:
        """Fill ``buffer`` from ``register`` on."""
        self._i2c.readfrom_mem_into(self.address, register, buffer)

    def read(self, register: int) -> int:
        """One register, 0..255."""
        self._i2c.readfrom_mem_into(self.address, register, self._byte)
        return self._byte[0]

    def write(self, register: int, value: int) -> None:
        """Set one register to ``value``, 0..255."""
        self._byte[0] = value
        self._i2c.writeto_mem(self.address, register, self._byte)

    def identify(self, name: str, register: int, expected: int) -> None:
        """Raise ``OSError`` (ENODEV) unless the identity ``register`` holds ``expected``."""
        found = self.read(register)
        if found != expected:
            what = "%s: WHO_AM_I at address 0x%02X is 0x%02X, not 0x%02X"
            raise OSError(_ENODEV, what % (name, self.address, found, expected))
