"""ST LSM6DSOX: accelerometer with a FIFO, a wake-up interrupt and a self-test; its gyroscope stays off.

Registers and bits: data sheet DS12814, "Register description"; procedures: application note AN5272,
"Wake-up interrupt", "Self-test" and "First-in, first-out (FIFO) buffer".  Full scale is +-4 g at
0.122 mg a count ("Mechanical characteristics"), so a count is Q2.13 g (8192 = 1 g) within 0.06 %.
"""

from micropython import const

from .accelerometer import Accelerometer, make_on_bus
from .axes import Axes, unpack
from .kernel import are_tagged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import I2C, Pin

_FIFO_CTRL1 = const(0x07)
_FIFO_CTRL2 = const(0x08)
_FIFO_CTRL3 = const(0x09)
_FIFO_CTRL4 = const(0x0A)
_INT1_CTRL = const(0x0D)
_WHO_AM_I = const(0x0F)
_CTRL1_XL = const(0x10)
_CTRL3_C = const(0x12)
_CTRL5_C = const(0x14)
_CTRL6_C = const(0x15)
_CTRL9_XL = const(0x18)
_WAKE_UP_SRC = const(0x1B)
_STATUS_REG = const(0x1E)
_OUTX_L_A = const(0x28)
_FIFO_STATUS1 = const(0x3A)
_TAP_CFG0 = const(0x56)
_TAP_CFG2 = const(0x58)
_WAKE_UP_THS = const(0x5B)
_WAKE_UP_DUR = const(0x5C)
_MD1_CFG = const(0x5E)
_FIFO_DATA_OUT_TAG = const(0x78)

_FS_XL_4G = const(0b10 << 2)
_ODR_XL_26 = const(0b0010 << 4)
_ODR_XL_52 = const(0b0011 << 4)
_SW_RESET = const(0x01)
_IF_INC = const(0x04)
_BDU = const(0x40)
_I3C_DISABLE = const(0x02)
_CTRL9_DEFAULT = const(0xE0)
_XL_HM_MODE = const(0x10)
_XLDA = const(0x01)
_ST_XL_POSITIVE = const(0x01)
_FIFO_MODE_CONTINUOUS = const(0b110)
_FIFO_OVR_LATCHED = const(0x08)
_DIFF_FIFO_HIGH = const(0x03)
_INT1_FIFO_TH = const(0x08)
_INT1_WU = const(0x20)
_LIR = const(0x01)
_INT_CLR_ON_READ = const(0x40)
_INTERRUPTS_ENABLE = const(0x80)
_WAKE_THS_W = const(0x10)
_WU_IA = const(0x08)
_TAG_ACCELEROMETER = const(0x02)
# bit n: with n in TAG_CNT and TAG_PARITY the accelerometer's tag has the even parity it must have
_EVEN_PARITY = const(0b10010110)
_WORD = const(7)  # the tag and three int16

_WAKE_LSB_UG = const(31250)  # WAKE_THS_W = 1: full scale / 256; a slope is half of a step
_WAKE_SETTLE_MS = const(90)  # two samples at 26 Hz, where that is a tenth slow
_ETIMEDOUT = const(110)

_ODR = {52: 0b0011, 104: 0b0100, 208: 0b0101}

SELF_TEST_MG = (50, 1700)  # DS12814, linear acceleration self-test output change
WATERMARK_MAX = const(511)


class LSM6DSOX(Accelerometer):
    """The accelerometer of a block; see :class:`.accelerometer.Accelerometer`."""

    NAME = "LSM6DSOX"
    ADDRESS = 0x6A  # 0x6B with SA0 high
    IDENTITY = (_WHO_AM_I, 0x6C)
    SAMPLE_BYTES = _WORD

    def __init__(
        self, i2c: "I2C", clock, axes: Axes, int1: "Pin | None" = None, address: int = 0, batch_max: int = 16
    ) -> None:
        super().__init__(i2c, clock, axes, int1, address, batch_max)
        self._status = bytearray(2)
        self._reset()

    def _reset(self) -> None:
        write = self._registers.write
        write(_CTRL3_C, _SW_RESET)
        deadline = self._clock.ticks_add(self._clock.ticks_ms(), 20)
        while self._registers.read(_CTRL3_C) & _SW_RESET:
            if self._clock.ticks_diff(deadline, self._clock.ticks_ms()) <= 0:
                raise OSError(_ETIMEDOUT, "LSM6DSOX: still in reset")
            self._clock.sleep_ms(1)
        write(_CTRL3_C, _BDU | _IF_INC)
        write(_CTRL9_XL, _CTRL9_DEFAULT | _I3C_DISABLE)
        self.left = 0

    def start(self, rate_hz: int = 104, watermark: int = 4) -> None:
        """Sample at ``rate_hz`` (52, 104 or 208); INT1 is high from ``watermark`` (1..511) samples on.

        ``ValueError`` names what is out of range.
        """
        odr = _ODR.get(rate_hz)
        if odr is None:
            raise ValueError("rate_hz: %s is not 52, 104 or 208" % rate_hz)
        if not 1 <= watermark <= WATERMARK_MAX:
            raise ValueError("watermark: %s is outside 1..%d" % (watermark, WATERMARK_MAX))
        self._reset()
        write = self._registers.write
        write(_FIFO_CTRL1, watermark & 0xFF)
        write(_FIFO_CTRL2, watermark >> 8)
        write(_FIFO_CTRL3, odr)
        write(_INT1_CTRL, _INT1_FIFO_TH)
        write(_CTRL1_XL, odr << 4 | _FS_XL_4G)
        # the first samples after power-on belong to the filter's settling (AN5272)
        self._clock.sleep_ms(4000 // rate_hz + 1)
        write(_FIFO_CTRL4, _FIFO_MODE_CONTINUOUS)

    def poll(self) -> int:
        """Ask the FIFO how many samples wait (0..512); this sets ``left`` and ``overrun``."""
        self._registers.read_into(_FIFO_STATUS1, self._status)
        high = self._status[1]
        self.left = self._status[0] | (high & _DIFF_FIFO_HIGH) << 8
        self.overrun = bool(high & _FIFO_OVR_LATCHED)
        self.overruns += self.overrun
        return self.left

    def read_batch(self, batch) -> int:
        """Move the oldest samples that the last :meth:`poll` found into ``batch``; returns how many.

        None of them when a FIFO tag is wrong: the transfer was spoiled, and with it perhaps every word.
        ``batch`` is an ``array('h')`` of 3 * ``batch_max``: block x, y, z of each sample, Q2.13 g.
        """
        words = self.left if self.left < self.batch_max else self.batch_max
        if not words:
            return 0
        self._registers.read_into(_FIFO_DATA_OUT_TAG, self._views[words])
        self.left -= words
        raw = self._raw
        if not are_tagged(raw, words * _WORD, _WORD, _TAG_ACCELEROMETER, _EVEN_PARITY):
            self.spoiled += words
            return 0
        unpack(raw, 1, _WORD, words, self._axes, batch)
        return words

    def wake_on_motion(self, threshold_mg: int = 94) -> None:
        """Low power at 26 Hz; INT1 rises, until :meth:`woke`, at a step of ``threshold_mg`` (32..1968).

        A step is from one sample to the next.  Takes 0.1 s.
        """
        if not 32 <= threshold_mg <= 1968:
            raise ValueError("threshold_mg: %s is outside 32..1968" % threshold_mg)
        self._reset()
        write = self._registers.write
        write(_CTRL6_C, _XL_HM_MODE)
        write(_CTRL1_XL, _ODR_XL_26 | _FS_XL_4G)
        write(_TAP_CFG0, _INT_CLR_ON_READ | _LIR)
        write(_WAKE_UP_THS, threshold_mg * 1000 // _WAKE_LSB_UG)
        write(_WAKE_UP_DUR, _WAKE_THS_W)
        write(_TAP_CFG2, _INTERRUPTS_ENABLE)
        # the first slope is one from nothing to gravity: it must not reach INT1, nor stay latched (AN5272)
        self._clock.sleep_ms(_WAKE_SETTLE_MS)
        self.woke()
        write(_MD1_CFG, _INT1_WU)

    def woke(self) -> bool:
        """Whether motion was seen since the last call; asking lets INT1 fall again."""
        return bool(self._registers.read(_WAKE_UP_SRC) & _WU_IA)

    def power_down(self) -> None:
        """Stop sampling: 3 uA (DS12814)."""
        self._reset()

    def self_test(self) -> tuple:
        """AN5272, "Self-test", with the block lying still: the change each axis shows, mg.

        Returns (x, y, z) of the sensor's own axes; the part is sound when each is within
        ``SELF_TEST_MG``.  Takes 0.6 s and ends in power-down.
        """
        self._reset()
        self._registers.write(_CTRL1_XL, _ODR_XL_52 | _FS_XL_4G)
        still = self._mean(_OUTX_L_A, _STATUS_REG, _XLDA, 100)
        self._registers.write(_CTRL5_C, _ST_XL_POSITIVE)
        pushed = self._mean(_OUTX_L_A, _STATUS_REG, _XLDA, 100)
        self._reset()
        return tuple([abs(b - a) * 122 // 1000 for a, b in zip(still, pushed)])


def make(machine, time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return make_on_bus(LSM6DSOX, machine, time, part)
