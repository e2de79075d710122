"""LSM6DSOX, accelerometer side: DS12814 and AN5272."""

from array import array

from fakes.i2c import store

# writable registers: default, and the bits that exist and that this fake knows the effect of
_REGISTERS = {
    0x07: (0x00, 0xFF),  # FIFO_CTRL1: WTM
    0x08: (0x00, 0x01),  # FIFO_CTRL2: WTM8
    0x09: (0x00, 0x0F),  # FIFO_CTRL3: BDR_XL
    0x0A: (0x00, 0x07),  # FIFO_CTRL4: FIFO_MODE
    0x0D: (0x00, 0x09),  # INT1_CTRL: INT1_FIFO_TH, INT1_DRDY_XL
    0x10: (0x00, 0xFC),  # CTRL1_XL: ODR_XL, FS_XL
    0x12: (0x04, 0x45),  # CTRL3_C: BDU, IF_INC, SW_RESET
    0x14: (0x00, 0x03),  # CTRL5_C: ST_XL
    0x15: (0x00, 0x10),  # CTRL6_C: XL_HM_MODE
    0x18: (0xE0, 0xE2),  # CTRL9_XL: DEN_X, DEN_Y, DEN_Z, I3C_disable
    0x56: (0x00, 0x41),  # TAP_CFG0: INT_CLR_ON_READ, LIR
    0x58: (0x00, 0x80),  # TAP_CFG2: INTERRUPTS_ENABLE
    0x5B: (0x00, 0x3F),  # WAKE_UP_THS: WK_THS
    0x5C: (0x00, 0x10),  # WAKE_UP_DUR: WAKE_THS_W
    0x5E: (0x00, 0x20),  # MD1_CFG: INT1_WU
}
_READABLE = (0x0F, 0x1B, 0x1E)
_ODR_HZ = (0, 12, 26, 52, 104, 208, 416, 833, 1666, 3333, 6666)
_DEPTH = 512
_RESET_US = 50
_SETTLE_US = 100000
_GRAVITY_MG = 1000
_COUNTS_PER_G = (16384, 2048, 8192, 4096)  # by FS_XL: 2, 16, 4, 8 g


class FakeLSM6DSOX:
    """Sample ``k`` since power-on of the accelerometer is ``signal(k, axis)``: counts, sensor's axes."""

    def __init__(self, clock, identity=0x6C, drift_ppm=0, self_test_mg=(300, -250, 420)):
        self.clock = clock
        self.signal = count_up
        self.spoil = {}  # sample number: tag byte to show instead
        self.stuck_in_reset = False
        self.silent = False  # takes no samples
        self.on_int1 = None  # called when INT1 rises, at that time
        self.identity = identity
        self.taken = 0  # samples since the accelerometer was switched on
        self._drift_ppm = drift_ppm
        self._self_test_mg = self_test_mg
        self._identified = False
        self._values = bytearray(0x80)
        self._fifo = array("h", [0] * (3 * _DEPTH))
        self._number = array("i", [0] * _DEPTH)
        self._reset()

    # what a test does to the part

    def int1(self):
        """The level of the INT1 pin."""
        self._run()
        watermark = self._values[0x07] | (self._values[0x08] & 1) << 8
        if self._values[0x0D] & 0x08 and watermark and self._count >= watermark:
            return 1
        if self._values[0x0D] & 0x01 and self._fresh:
            return 1
        return 1 if self._values[0x5E] & 0x20 and self._woken else 0

    def move(self, mg):
        """A step of the acceleration from one sample to the next; the slope filter halves it (AN5272)."""
        self._run()
        values = self._values
        if self._period_us() and values[0x58] & 0x80:
            full_scale_mg = (2000, 16000, 4000, 8000)[values[0x10] >> 2 & 3]
            lsb_ug = full_scale_mg * 1000 // (256 if values[0x5C] & 0x10 else 64)
            if mg * 1000 // 2 > (values[0x5B] & 0x3F) * lsb_ug:
                assert values[0x56] & 0x01, "TAP_CFG0: an unlatched interrupt is over in one sample"
                assert values[0x56] & 0x40, "TAP_CFG0: INT1 stays high for a sample after it was asked about"
                rises = not self._woken and values[0x5E] & 0x20
                self._woken = True
                if rises and self.on_int1:
                    self.on_int1()

    def rate_hz(self):
        """Samples a second, 0 when off."""
        return _ODR_HZ[self._values[0x10] >> 4]

    def current(self):
        """What the accelerometer draws: "off", "low power" or "high performance"."""
        if not self._values[0x10] >> 4:
            return "off"
        return "low power" if self._values[0x15] & 0x10 else "high performance"

    # the bus

    def read(self, register, buffer):
        self._run()
        length = len(buffer)
        if length > 1:
            assert self._values[0x12] & 0x04, "CTRL3_C: IF_INC is off"
        if register == 0x78:
            self._read_fifo(buffer)
        elif register == 0x3A:
            assert length == 2, "FIFO_STATUS1 and 2 belong together"
            self._read_fifo_status(buffer)
        elif register == 0x28:
            assert length == 6, "OUTX_L_A..OUTZ_H_A belong together"
            self._read_output(buffer)
        else:
            assert length == 1
            assert register in _REGISTERS or register in _READABLE, "register 0x%02X" % register
            buffer[0] = self._read_register(register)

    def write(self, register, value):
        assert self._identified, "written to before WHO_AM_I was read"
        assert register in _REGISTERS, "register 0x%02X is reserved or read-only" % register
        reserved = value & ~_REGISTERS[register][1]
        assert not reserved, "register 0x%02X: reserved bits 0x%02X" % (register, reserved)
        assert self.clock.us >= self._ready_us, "written to during reset"
        self._run()
        if register == 0x12 and value & 0x01:
            self._reset()
            self._ready_us = self.clock.us + _RESET_US
            return
        if register == 0x0A:
            self._set_fifo_mode(value & 7)
        if register == 0x14:
            self._self_test_us = self.clock.us
        if register == 0x10:
            self._on_us = self.clock.us
            self.taken = 0
        if register in (0x10, 0x58):
            self._has_slope = False
        self._values[register] = value

    # inside

    def _reset(self):
        for register, (default, _) in _REGISTERS.items():
            self._values[register] = default
        self._ready_us = 0
        self._count = 0
        self._oldest = 0
        self._overrun = False
        self._woken = False
        self._fresh = False
        self._has_slope = False  # whether its slope filter has seen a sample; the first is one from nothing
        self._self_test_us = 0
        self._on_us = 0
        self.taken = 0

    def _period_us(self):
        odr = self._values[0x10] >> 4
        return 1000000 * 1000 // (_ODR_HZ[odr] * (1000 + self._drift_ppm // 1000)) if odr else 0

    def _run(self):
        """Take the samples that are due."""
        period = self._period_us()
        if not period or self.silent:
            return
        due = (self.clock.us - self._on_us) // period
        while self.taken < due:
            self.taken += 1
            self._fresh = True
            if self._values[0x58] & 0x80 and not self._has_slope:
                self._has_slope = True
                self.move(_GRAVITY_MG)
            if self._values[0x0A] & 7:
                assert self._values[0x18] & 0x02, "CTRL9_XL: I3C_disable"
                self._push(self.taken)

    def _push(self, number):
        assert 0 < self._values[0x09] & 0x0F <= self._values[0x10] >> 4, "BDR_XL faster than ODR_XL, or off"
        if self._count == _DEPTH:
            self._overrun = True
            self._oldest = (self._oldest + 1) % _DEPTH
            self._count -= 1
        at = (self._oldest + self._count) % _DEPTH
        self._number[at] = number
        for axis in range(3):
            self._fifo[3 * at + axis] = self.signal(number, axis)
        self._count += 1
        watermark = self._values[0x07] | (self._values[0x08] & 1) << 8
        if self._count == watermark and self._values[0x0D] & 0x08 and self.on_int1:
            now_us = self.clock.us
            self.clock.us = self._on_us + number * self._period_us()
            self.on_int1()
            self.clock.us = now_us

    def _set_fifo_mode(self, mode):
        assert mode in (0, 6), "bypass and continuous mode are what this fake knows"
        assert mode == 0 or self._values[0x0A] & 7 == 0, "FIFO mode changed without going through bypass"
        if mode == 0:
            self._count = 0
            self._overrun = False

    def _read_register(self, register):
        if register == 0x0F:
            self._identified = True
            return self.identity
        if register == 0x12 and (self.clock.us < self._ready_us or self.stuck_in_reset):
            return self._values[0x12] | 0x01
        if register == 0x1B:
            woken = self._woken
            self._woken = False
            return 0x08 if woken else 0
        if register == 0x1E:
            return 1 if self._fresh else 0
        return self._values[register]

    def _read_fifo_status(self, buffer):
        buffer[0] = self._count & 0xFF
        watermark = self._values[0x07] | (self._values[0x08] & 1) << 8
        buffer[1] = (
            self._count >> 8
            | (0x80 if watermark and self._count >= watermark else 0)
            | (0x40 if self._count == _DEPTH else 0)
            | (0x08 if self._overrun else 0)
        )
        self._overrun = False

    def _read_fifo(self, buffer):
        words = len(buffer) // 7
        assert len(buffer) == 7 * words, "a FIFO word is 7 bytes"
        assert self._values[0x0A] & 7, "FIFO read in bypass mode"
        assert words <= self._count, "an empty FIFO was read"
        for word in range(words):
            at = self._oldest
            number = self._number[at]
            buffer[7 * word] = self.spoil[number] if number in self.spoil else _tag(2, number & 3)
            for axis in range(3):
                store(buffer, 7 * word + 1 + 2 * axis, self._fifo[3 * at + axis])
            self._oldest = (at + 1) % _DEPTH
            self._count -= 1

    def _read_output(self, buffer):
        assert self._values[0x12] & 0x40, "CTRL3_C: without BDU the bytes of two samples mix"
        assert self._fresh, "the same sample was read twice"
        self._fresh = False
        counts_per_g = _COUNTS_PER_G[self._values[0x10] >> 2 & 3]
        testing = self._values[0x14] & 3
        assert self._values[0x10] == 0x38, "AN5272: CTRL1_XL is 38h for the self-test"
        assert not self._values[0x15], "AN5272: high-performance mode for the self-test"
        assert testing != 3, "ST_XL 11 is not allowed"
        settled = self.clock.us - max(self._self_test_us, self._on_us) >= _SETTLE_US
        for axis in range(3):
            value = counts_per_g if axis == 2 else 0
            if testing:
                value += self._self_test_mg[axis] * counts_per_g // 1000
            store(buffer, 2 * axis, value if settled else value // 2 + 77)


def count_up(number, axis):
    """The default signal: every sample tells its number."""
    if axis == 2:
        return 8192
    return -(number & 0x7FFF) if axis else number & 0x7FFF


def _tag(sensor, time_slot):
    """TAG_SENSOR, TAG_CNT and the TAG_PARITY that makes the number of ones even."""
    tag = sensor << 3 | time_slot << 1
    ones = 0
    for bit in range(8):
        ones += tag >> bit & 1
    return tag | ones & 1
