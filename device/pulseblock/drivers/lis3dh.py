"""ST LIS3DH: the cheaper accelerometer, with a FIFO of 32 samples, a wake-up interrupt and a self-test.

Registers and bits: data sheet DocID17530 Rev 2, section 8; procedures: application note AN3308,
"First-in first-out (FIFO) buffer", "Inertial wake-up" and "Self-test".  Full scale +-4 g in
high-resolution mode: 2 mg a digit of 12 bits, left-justified, so a count is 0.125 mg; the driver scales
it to Q2.13 g (8192 = 1 g).
"""

from micropython import const

from .accelerometer import Accelerometer, make_on_bus
from .axes import Axes, unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import I2C, Pin

_WHO_AM_I = const(0x0F)
_CTRL_REG1 = const(0x20)
_CTRL_REG2 = const(0x21)
_CTRL_REG3 = const(0x22)
_CTRL_REG4 = const(0x23)
_CTRL_REG5 = const(0x24)
_REFERENCE = const(0x26)
_STATUS_REG = const(0x27)
_OUT_X_L = const(0x28)
_FIFO_CTRL_REG = const(0x2E)
_FIFO_SRC_REG = const(0x2F)
_INT1_CFG = const(0x30)
_INT1_SRC = const(0x31)
_INT1_THS = const(0x32)
_INT1_DURATION = const(0x33)

_AUTO_INCREMENT = const(0x80)  # bit 7 of the sub-address, section 6.1.1
_XYZ_EN = const(0x07)
_LPEN = const(0x08)
_ODR_25 = const(0b0011 << 4)
_ODR_100 = const(0b0101 << 4)
_HPIS1 = const(0x01)
_I1_IA1 = const(0x40)
_I1_WTM = const(0x04)
_BDU = const(0x80)
_FS_4G = const(0x10)
_HR = const(0x08)
_ST_0 = const(0x02)
_FIFO_EN = const(0x40)
_LIR_INT1 = const(0x08)
_ZYXDA = const(0x08)
_FM_STREAM = const(0x80)
_OVRN_FIFO = const(0x40)
_FSS = const(0x1F)
_XYZ_HIGH = const(0x2A)
_IA = const(0x40)

_LEVELS = const(32)
_THS_LSB_MG = const(32)  # at +-4 g
_WAKE_SETTLE_MS = const(90)  # two samples at 25 Hz, where that is a tenth slow

_ODR = {50: 0b0100, 100: 0b0101, 200: 0b0110}

SELF_TEST_MG = (68, 1440)  # data sheet table 4: 17..360 LSb of 4 mg
WATERMARK_MAX = const(31)


class LIS3DH(Accelerometer):
    """The same methods as :class:`.lsm6dsox.LSM6DSOX`; rates are 50, 100 and 200 Hz.

    The FIFO holds 0.32 s at 100 Hz, so a flash stall costs samples sooner; ``overrun`` shows it.
    """

    NAME = "LIS3DH"
    ADDRESS = 0x18  # 0x19 with SA0 high
    IDENTITY = (_WHO_AM_I, 0x33)

    def __init__(
        self, i2c: "I2C", clock, axes: Axes, int1: "Pin | None" = None, address: int = 0, batch_max: int = 16
    ) -> None:
        super().__init__(i2c, clock, axes, int1, address, batch_max)
        self.power_down()

    def power_down(self) -> None:
        """Stop sampling: 0.5 uA (data sheet).  The part has no reset, so every register is set."""
        write = self._registers.write
        write(_CTRL_REG1, 0)
        write(_FIFO_CTRL_REG, 0)
        write(_CTRL_REG2, 0)
        write(_CTRL_REG3, 0)
        write(_CTRL_REG4, _BDU | _FS_4G | _HR)
        write(_CTRL_REG5, 0)
        write(_INT1_CFG, 0)
        self.left = 0

    def start(self, rate_hz: int = 100, watermark: int = 4) -> None:
        """Sample at ``rate_hz`` (50, 100 or 200); INT1 is high from ``watermark`` (1..31) samples on."""
        odr = _ODR.get(rate_hz)
        if odr is None:
            raise ValueError("rate_hz: %s is not 50, 100 or 200" % rate_hz)
        if not 1 <= watermark <= WATERMARK_MAX:
            raise ValueError("watermark: %s is outside 1..%d" % (watermark, WATERMARK_MAX))
        self.power_down()
        write = self._registers.write
        write(_CTRL_REG3, _I1_WTM)
        write(_CTRL_REG5, _FIFO_EN)
        write(_CTRL_REG1, odr << 4 | _XYZ_EN)
        # turn-on to high resolution takes 7 samples (data sheet table 11)
        self._clock.sleep_ms(7000 // rate_hz + 1)
        write(_FIFO_CTRL_REG, _FM_STREAM | watermark)

    def poll(self) -> int:
        """Ask the FIFO how many samples wait (0..32); this sets ``left`` and ``overrun``."""
        source = self._registers.read(_FIFO_SRC_REG)
        self.overrun = bool(source & _OVRN_FIFO)
        self.overruns += self.overrun
        # full is 32 samples, which FSS cannot express
        self.left = _LEVELS if self.overrun else source & _FSS
        return self.left

    def read_batch(self, batch) -> int:
        """Move the oldest samples that the last :meth:`poll` found into ``batch``; returns how many."""
        samples = self.left if self.left < self.batch_max else self.batch_max
        if not samples:
            return 0
        self._registers.read_into(_OUT_X_L | _AUTO_INCREMENT, self._views[samples])
        self.left -= samples
        unpack(self._raw, 0, self.SAMPLE_BYTES, samples, self._axes, batch)
        for index in range(3 * samples):
            value = (batch[index] << 7) // 125
            batch[index] = value if -32768 <= value <= 32767 else 32767 if value > 0 else -32768
        return samples

    def wake_on_motion(self, threshold_mg: int = 96) -> None:
        """Low power at 25 Hz; INT1 rises, until :meth:`woke`, at a step of ``threshold_mg`` (32..4064).

        Takes 0.1 s.
        """
        if not 32 <= threshold_mg <= 4064:
            raise ValueError("threshold_mg: %s is outside 32..4064" % threshold_mg)
        self.power_down()
        write = self._registers.write
        write(_CTRL_REG4, _BDU | _FS_4G)
        write(_CTRL_REG2, _HPIS1)
        write(_CTRL_REG3, _I1_IA1)
        write(_CTRL_REG5, _LIR_INT1)
        write(_INT1_THS, threshold_mg // _THS_LSB_MG)
        write(_INT1_DURATION, 0)
        write(_CTRL_REG1, _ODR_25 | _LPEN | _XYZ_EN)
        # reading REFERENCE sets the high-pass filter to the present acceleration, once there is one
        self._clock.sleep_ms(_WAKE_SETTLE_MS)
        self._registers.read(_REFERENCE)
        write(_INT1_CFG, _XYZ_HIGH)

    def woke(self) -> bool:
        """Whether motion was seen since the last call; asking lets INT1 fall again."""
        return bool(self._registers.read(_INT1_SRC) & _IA)

    def self_test(self) -> tuple:
        """AN3308, "Self-test", with the block lying still: the change each axis shows, mg.

        Returns (x, y, z) of the sensor's own axes; the part is sound when each is within
        ``SELF_TEST_MG``.  Takes 0.4 s and ends in power-down.
        """
        self.power_down()
        write = self._registers.write
        write(_CTRL_REG4, _BDU)  # +-2 g, normal mode: the limits are given for it
        write(_CTRL_REG1, _ODR_100 | _XYZ_EN)
        still = self._mean(_OUT_X_L | _AUTO_INCREMENT, _STATUS_REG, _ZYXDA, 90)
        write(_CTRL_REG4, _BDU | _ST_0)
        pushed = self._mean(_OUT_X_L | _AUTO_INCREMENT, _STATUS_REG, _ZYXDA, 90)
        self.power_down()
        # 10 bits left-justified, 4 mg a digit
        return tuple([abs(b - a) * 4 >> 6 for a, b in zip(still, pushed)])


def make(machine, time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return make_on_bus(LIS3DH, machine, time, part)
