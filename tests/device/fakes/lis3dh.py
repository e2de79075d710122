"""LIS3DH: DocID17530 Rev 2 and AN3308."""

from array import array

from fakes.i2c import store

# writable registers: default, and the bits that exist and that this fake knows the effect of
_REGISTERS = {
    0x20: (0x07, 0xFF),  # CTRL_REG1: ODR, LPen, Zen, Yen, Xen
    0x21: (0x00, 0x01),  # CTRL_REG2: HPIS1
    0x22: (0x00, 0x44),  # CTRL_REG3: I1_IA1, I1_WTM
    0x23: (0x00, 0xBE),  # CTRL_REG4: BDU, FS, HR, ST
    0x24: (0x00, 0x48),  # CTRL_REG5: FIFO_EN, LIR_INT1
    0x26: (0x00, 0xFF),  # REFERENCE
    0x2E: (0x00, 0xDF),  # FIFO_CTRL_REG: FM, FTH
    0x30: (0x00, 0x2A),  # INT1_CFG: ZHIE, YHIE, XHIE
    0x32: (0x00, 0x7F),  # INT1_THS
    0x33: (0x00, 0x7F),  # INT1_DURATION
}
_READABLE = (0x0F, 0x27, 0x2F, 0x31)
_ODR_HZ = (0, 1, 10, 25, 50, 100, 200, 400)
_DEPTH = 32
_SETTLE_US = 90000


class FakeLIS3DH:
    """Sample ``k`` since the rate was set is ``signal(k, axis)``: left-justified counts, sensor's axes."""

    def __init__(self, clock, identity=0x33, self_test_mg=(500, -400, 900)):
        self.clock = clock
        self.signal = count_up
        self.identity = identity
        self.silent = False
        self.taken = 0
        self._self_test_mg = self_test_mg
        self._identified = False
        self._values = bytearray(0x40)
        for register, (default, _) in _REGISTERS.items():
            self._values[register] = default
        # as a reset of the processor alone leaves it: running, and with an interrupt enabled
        self._values[0x20] = 0x57
        self._values[0x30] = 0x2A
        self._fifo = array("h", [0] * (3 * _DEPTH))
        self._count = 0
        self._oldest = 0
        self._woken = False
        self._fresh = False
        self._changed_us = 0
        self._referenced = False

    # what a test does to the part

    def int1(self):
        """The level of the INT1 pin."""
        self._run()
        routed = self._values[0x22]
        watermark = self._values[0x2E] & 0x1F
        if routed & 0x04 and self._values[0x24] & 0x40 and self._count >= watermark:
            return 1
        return 1 if routed & 0x40 and self._woken else 0

    def move(self, mg):
        """A step of the acceleration."""
        values = self._values
        if self._period_us() and values[0x30] & 0x2A == 0x2A:
            assert values[0x21] & 0x01, "CTRL_REG2: without HPIS1 gravity itself trips the interrupt"
            assert self._referenced, "REFERENCE was not read, so the high-pass filter starts from nothing"
            assert values[0x24] & 0x08, "CTRL_REG5: an unlatched interrupt is over in one sample"
            lsb_mg = (16, 32, 62, 186)[values[0x23] >> 4 & 3]
            if mg > values[0x32] * lsb_mg:
                self._woken = True

    def interrupts(self):
        """Whatever can make INT1 rise: 0 when nothing can."""
        return self._values[0x22] | self._values[0x30]

    def rate_hz(self):
        """Samples a second, 0 when off."""
        return _ODR_HZ[self._values[0x20] >> 4]

    def current(self):
        """What the part draws: "off", "low power", "normal" or "high resolution"."""
        if not self._values[0x20] >> 4:
            return "off"
        if self._values[0x20] & 0x08:
            assert not self._values[0x23] & 0x08, "LPen and HR together are not allowed (table 10)"
            return "low power"
        return "high resolution" if self._values[0x23] & 0x08 else "normal"

    # the bus

    def read(self, register, buffer):
        self._run()
        length = len(buffer)
        if length > 1:
            assert register & 0x80, "bit 7 of the sub-address is off: the same register again and again"
        register &= 0x7F
        if register == 0x28:
            if self._values[0x24] & 0x40:
                self._read_fifo(buffer)
            else:
                self._read_output(buffer)
            return
        assert length == 1
        assert register in _REGISTERS or register in _READABLE, "register 0x%02X" % register
        buffer[0] = self._read_register(register)

    def write(self, register, value):
        assert self._identified, "written to before WHO_AM_I was read"
        assert register in _REGISTERS, "register 0x%02X is reserved or read-only" % register
        reserved = value & ~_REGISTERS[register][1]
        assert not reserved, "register 0x%02X: reserved bits 0x%02X" % (register, reserved)
        self._run()
        if register == 0x20:
            assert value & 0x07 == 0x07 or not value, "CTRL_REG1: an axis is off"
        if register == 0x2E:
            assert value >> 6 in (0, 2), "bypass and stream mode are what this fake knows"
            before = self._values[0x2E] >> 6
            assert value >> 6 == 0 or before == 0, "FIFO mode changed without going through bypass"
            assert value >> 6 == 0 or self._values[0x24] & 0x40, "CTRL_REG5: FIFO_EN is off"
            if value >> 6 == 0:
                self._count = 0
        if register in (0x20, 0x23):
            self._changed_us = self.clock.us
            self.taken = 0
            self._fresh = False
        self._values[register] = value

    # inside

    def _period_us(self):
        odr = self._values[0x20] >> 4
        return 1000000 // _ODR_HZ[odr] if odr else 0

    def _run(self):
        period = self._period_us()
        if not period or self.silent:
            return
        due = (self.clock.us - self._changed_us) // period
        while self.taken < due:
            self.taken += 1
            self._fresh = True
            if self._values[0x2E] >> 6 == 2:
                self._push()

    def _push(self):
        if self._count == _DEPTH:
            self._oldest = (self._oldest + 1) % _DEPTH
            self._count -= 1
        at = (self._oldest + self._count) % _DEPTH
        for axis in range(3):
            self._fifo[3 * at + axis] = self.signal(self.taken, axis)
        self._count += 1

    def _read_register(self, register):
        if register == 0x0F:
            self._identified = True
            return self.identity
        if register == 0x26:
            self._referenced = self.taken > 0
        if register == 0x27:
            return 0x08 if self._fresh else 0
        if register == 0x31:
            woken = self._woken
            self._woken = False
            return 0x40 if woken else 0
        if register == 0x2F:
            return (
                (0x80 if self._count >= self._values[0x2E] & 0x1F else 0)
                | (0x40 if self._count == _DEPTH else 0)  # full; whether it has overrun is not told
                | (0x20 if not self._count else 0)
                | min(self._count, 31)
            )
        return self._values[register]

    def _read_fifo(self, buffer):
        samples = len(buffer) // 6
        assert len(buffer) == 6 * samples, "a sample is 6 bytes"
        assert self._values[0x2E] >> 6, "FIFO read in bypass mode"
        assert samples <= self._count, "an empty FIFO was read"
        assert self._values[0x23] & 0x80, "CTRL_REG4: without BDU the bytes of two samples mix"
        for sample in range(samples):
            for axis in range(3):
                store(buffer, 6 * sample + 2 * axis, self._fifo[3 * self._oldest + axis])
            self._oldest = (self._oldest + 1) % _DEPTH
            self._count -= 1

    def _read_output(self, buffer):
        assert len(buffer) == 6, "OUT_X_L..OUT_Z_H belong together"
        assert self._values[0x23] & 0x80, "CTRL_REG4: without BDU the bytes of two samples mix"
        assert self._fresh, "the same sample was read twice"
        self._fresh = False
        assert self._values[0x20] == 0x57, "AN3308: CTRL_REG1 is 57h for the self-test"
        assert self.current() == "normal" and not self._values[0x23] & 0x30, "limits hold at 10 bits, +-2 g"
        testing = self._values[0x23] & 0x06
        settled = self.clock.us - self._changed_us >= _SETTLE_US
        for axis in range(3):
            digits = 250 if axis == 2 else 0
            if testing:
                digits += self._self_test_mg[axis] // 4
            store(buffer, 2 * axis, (digits if settled else digits // 2 + 9) << 6)


def count_up(number, axis):
    """The default signal: every sample tells its number, in steps of the 12 bits that there are."""
    if axis == 2:
        return 8000
    number = (number & 0x7FF) << 4
    return -number if axis else number
