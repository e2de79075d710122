"""What the block's accelerometers share: batches from a FIFO, INT1, and the arithmetic of a self-test."""

from micropython import const

from .axes import Axes
from .i2c_rescue import free_bus
from .registers import Registers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import I2C, Pin

_ETIMEDOUT = const(110)
_MEAN_OF = const(5)
_I2C_HZ = const(400000)
_I2C_TIMEOUT_US = const(10000)


class Accelerometer:
    """Base of :class:`.lsm6dsox.LSM6DSOX` and :class:`.lis3dh.LIS3DH`, which stand in for each other.

    ``axes`` is the mounting; ``int1`` the pin wired to INT1, or None when it is not wired; ``batch_max``
    the most samples one ``read_batch`` moves.  Construction raises ``OSError`` when the part is absent
    or is another one.

    ``left``: samples known to wait in the FIFO after the last ``poll`` or ``read_batch``.
    ``overrun``: samples were lost before those.  ``overruns``: how often since power-on that was so;
    ``spoiled``: samples dropped since power-on because a transfer of them was spoiled.
    """

    NAME = ""
    ADDRESS = 0
    IDENTITY = (0, 0)  # register, value
    SAMPLE_BYTES = 6

    def __init__(
        self, i2c: "I2C", clock, axes: Axes, int1: "Pin | None" = None, address: int = 0, batch_max: int = 16
    ) -> None:
        self._registers = Registers(i2c, address or self.ADDRESS)
        self._clock = clock
        self._axes = axes
        self.int1 = int1
        self._raw = bytearray(self.SAMPLE_BYTES * batch_max)
        # a view for every length, because slicing while reading would allocate
        self._views = [memoryview(self._raw)[: self.SAMPLE_BYTES * n] for n in range(batch_max + 1)]
        self.batch_max = batch_max
        self.left = 0
        self.overrun = False
        self.overruns = 0
        self.spoiled = 0
        self._registers.identify(self.NAME, self.IDENTITY[0], self.IDENTITY[1])

    def start(self, rate_hz: int, watermark: int) -> None:
        """Sample at ``rate_hz``; INT1 is high from ``watermark`` samples on.

        ``ValueError`` names what is out of range.
        """
        raise NotImplementedError

    def poll(self) -> int:
        """Ask the FIFO how many samples wait; this sets ``left`` and ``overrun``."""
        raise NotImplementedError

    def read_batch(self, batch) -> int:
        """Move the oldest samples that the last :meth:`poll` found into ``batch``; returns how many.

        ``batch`` is an ``array('h')`` of 3 * ``batch_max``: block x, y, z of each sample, Q2.13 g.
        """
        raise NotImplementedError

    def due(self) -> bool:
        """Whether the watermark is reached: INT1, or always True where INT1 is not wired."""
        return self.int1 is None or bool(self.int1.value())

    def _mean(self, output: int, status: int, ready: int, settle_ms: int) -> list:
        """Mean of five samples after ``settle_ms`` and one discarded sample: counts, sensor's own axes.

        ``output`` and ``status`` are registers, ``ready`` the bit of ``status`` that says a sample waits.
        """
        raw = bytearray(6)
        totals = [0, 0, 0]
        self._clock.sleep_ms(settle_ms)
        for sample in range(1 + _MEAN_OF):
            self._wait_for_sample(status, ready)
            self._registers.read_into(output, raw)
            if sample:
                for axis in range(3):
                    value = raw[2 * axis] | raw[2 * axis + 1] << 8
                    totals[axis] += value - ((value & 0x8000) << 1)
        return [total // _MEAN_OF for total in totals]

    def _wait_for_sample(self, status: int, ready: int) -> None:
        deadline = self._clock.ticks_add(self._clock.ticks_ms(), 100)
        while not self._registers.read(status) & ready:
            if self._clock.ticks_diff(deadline, self._clock.ticks_ms()) <= 0:
                raise OSError(_ETIMEDOUT, "%s: no sample in 100 ms" % self.NAME)
            self._clock.sleep_ms(1)


def make_on_bus(driver, machine, time, part):
    """The ``driver`` of an accelerometer, on a bus that was freed first."""
    pin = machine.Pin
    scl, sda = [pin(part[line], pin.OPEN_DRAIN, pin.PULL_UP, value=1) for line in ("scl", "sda")]
    free_bus(scl, sda, time)
    i2c = machine.I2C(
        part["i2c"], scl=pin(part["scl"]), sda=pin(part["sda"]), freq=_I2C_HZ, timeout=_I2C_TIMEOUT_US
    )
    return driver(i2c, time, Axes(part["axes"]), pin(part["int1"], pin.IN))
