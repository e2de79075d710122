"""AVIA HX711: 24-bit converter of a load cell, read by clocking its PD_SCK pin.

Data sheet "HX711", sections "Serial Interface" and "Reset and Power-Down", table 3 and figure 2.  The
RATE pin must be high: 80 conversions a second.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import Pin

_BITS = const(24)
_SIGN = const(0x800000)
_POSITIVE_END = const(0x7FFFFF)
_NEGATIVE_END = const(-0x800000)
_POWER_DOWN_US = const(80)  # PD_SCK high for more than 60 us
_START_MS = const(500)  # the first conversion takes 400 ms where RATE is low, and else 50
_SETTLE_MS = const(65)  # four conversions after the one that the change of gain falls into
_EIO = const(5)
_ETIMEDOUT = const(110)

_PULSES_AFTER = {128: 1, 64: 3}  # channel A; 2 would select channel B

FORCE_MAX_CN = const(65535)
_FORCE_MAX_N = const(656)


class HX711:
    """Force on the block from a load cell.

    ``lock`` and ``unlock`` keep interrupts away while a word is clocked (``machine.disable_irq`` and
    ``machine.enable_irq``): one that lengthens a pulse to 60 us powers the chip down.  ``gain`` is 128
    or 64; ``counts_per_n`` (1..10000, negative when the cell is mounted the other way) and ``tare``
    (counts without load) come from calibration.  ``ValueError`` names what is out of range.

    ``saturated``: the last conversion was at an end of the converter's range.
    """

    DELAY_US = 25000  # a conversion is the mean of the last 50 ms, so it speaks of 25 ms ago

    def __init__(
        self,
        dout: "Pin",
        pd_sck: "Pin",
        clock,
        lock,
        unlock,
        gain: int = 128,
        counts_per_n: int = 1000,
        tare: int = 0,
    ) -> None:
        if gain not in _PULSES_AFTER:
            raise ValueError("gain: %s is not 128 or 64" % gain)
        if not 1 <= abs(counts_per_n) <= 10000:
            raise ValueError("counts_per_n: %s is outside 1..10000 or -10000..-1" % counts_per_n)
        if not _NEGATIVE_END <= tare <= _POSITIVE_END:
            raise ValueError("tare: %s is outside %d..%d" % (tare, _NEGATIVE_END, _POSITIVE_END))
        self._dout = dout
        self._pd_sck = pd_sck
        self._clock = clock
        self._lock = lock
        self._unlock = unlock
        self._pulses_after = _PULSES_AFTER[gain]
        self._counts_per_n = counts_per_n
        self.tare = tare
        self.saturated = False

    def start(self) -> None:
        """Reset the chip, select the gain and wait until conversions have settled (about 0.1 s).

        ``OSError`` (ETIMEDOUT) when no conversion comes: the cell or the chip is not connected.
        """
        self.power_down()
        self._pd_sck(0)
        self.wait(_START_MS)
        self.read_raw()
        self._clock.sleep_ms(_SETTLE_MS)

    def power_down(self) -> None:
        """PD_SCK high: below 1 uA, and the cell is off with it.  :meth:`start` ends it."""
        self._pd_sck(1)
        self._clock.sleep_us(_POWER_DOWN_US)

    def ready(self) -> bool:
        """Whether a conversion waits: DOUT is low."""
        return not self._dout()

    def wait(self, timeout_ms: int = 1000) -> None:
        """Wait for a conversion; ``OSError`` (ETIMEDOUT) after ``timeout_ms``."""
        deadline = self._clock.ticks_add(self._clock.ticks_ms(), timeout_ms)
        while self._dout():
            if self._clock.ticks_diff(deadline, self._clock.ticks_ms()) <= 0:
                raise OSError(_ETIMEDOUT, "HX711: no conversion in %d ms" % timeout_ms)
            self._clock.sleep_ms(1)

    def read_raw(self) -> int:
        """The conversion that waits, counts, -2^23..2^23-1; it asks for the same gain again.

        ``OSError`` (EIO) when none waits, or when DOUT does not go back high at the end: the chip lost
        count of the pulses, and :meth:`start` is due.
        """
        if self._dout():
            raise OSError(_EIO, "HX711: no conversion waits")
        dout = self._dout
        pd_sck = self._pd_sck
        word = 0
        state = self._lock()
        try:
            for _ in range(_BITS):
                pd_sck(1)
                word = word << 1 | dout()
                pd_sck(0)
            for _ in range(self._pulses_after):
                pd_sck(1)
                pd_sck(0)
            in_step = dout()
        finally:
            self._unlock(state)
        if not in_step:
            raise OSError(_EIO, "HX711: out of step")
        raw = (word ^ _SIGN) - _SIGN
        self.saturated = raw in (_POSITIVE_END, _NEGATIVE_END)
        return raw

    def read(self) -> int:
        """Force on the block, cN, 0..65535, of the conversion that waits; a pull reads as 0."""
        counts_per_n = self._counts_per_n
        counts = self.read_raw() - self.tare
        if counts_per_n < 0:
            counts = -counts
            counts_per_n = -counts_per_n
        if counts <= 0:
            return 0
        if counts > _FORCE_MAX_N * counts_per_n:
            return FORCE_MAX_CN
        force = counts * 100 // counts_per_n
        return force if force < FORCE_MAX_CN else FORCE_MAX_CN


def make(machine, time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    pin = machine.Pin
    return HX711(
        pin(part["dout"], pin.IN, pin.PULL_UP),
        pin(part["pd_sck"], pin.OUT, value=0),
        time,
        machine.disable_irq,
        machine.enable_irq,
        part["gain"],
        part["counts_per_n"],
        part["tare"],
    )
