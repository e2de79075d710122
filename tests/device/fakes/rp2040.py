"""The RP2040 as MicroPython's ``machine`` shows it, with the rules of its data sheet for pins.

What is outside is attached by pin: a ``FakePin``, a ``FakeADC``; parts on I2C by their address.
"""

from fakes.adc import FakeADC
from fakes.i2c import FakeI2C
from fakes.pins import FakePin
from fakes.pwm import FakePWM

_PINS = range(30)
_IDLE_US = 300
_LATEST_WAKE_US = 2000
_LOOKS = 8
_WDT_MOST_MS = 8388
_CLEAR = 0x3000
_WATCHDOG_CTRL = 0x40058000
_SCRATCH4 = 0x4005801C
_SOF_RD = 0x50110048


class FakeRP2040:
    """``parts`` maps I2C addresses to fakes; ``outside`` maps pins to what is wired to them."""

    PWRON_RESET = 1
    WDT_RESET = 3

    def __init__(self, clock, parts, outside, cause=1):
        self.clock = clock
        self.used = {}  # pin: what it is used for
        self.pwm = {}  # pin: its channel
        self.i2c = None
        self.irq_off = 0
        self.interrupt_after = -1  # idle() raises KeyboardInterrupt when this reaches 0
        self._slices = {}
        self._parts = parts
        self.outside = outside
        self._cause = cause
        self.Pin = _pin_class(self)
        self.mem32 = _Registers(self)
        self.scratch4 = 0  # the SDK's note of whether it armed the watchdog
        self.frame = lambda: 0  # number of the last USB frame
        self.watchdog_fed_us = -1  # -1: it is off
        self._watchdog_us = 0
        self.slept_ms = 0
        self.while_asleep = lambda ms: None  # what happens in each sleep
        self.powered = lambda: False  # by USB, from which light sleep would cut it off
        self.sensors = []  # functions that let what is outside do what is due
        self._asleep = False
        self._pending = []  # pins that rose while asleep
        self._random = 12345

    def unique_id(self):
        return b"\xe6\x60\x58\x38\x83\x2b\x1a\x2c"

    def reset_cause(self):
        return self._cause

    def disable_irq(self):
        self.irq_off += 1
        return self.irq_off

    def enable_irq(self, state):
        assert state == self.irq_off, "interrupts are restored to what they were"
        self.irq_off -= 1

    def WDT(self, timeout):
        assert 0 < timeout <= _WDT_MOST_MS, "timeout exceeds 8388"
        self._watchdog_us = 1000 * timeout
        self.scratch4 = 0x6AB73121
        watchdog = _Watchdog(self)
        watchdog.feed()
        return watchdog

    def check_watchdog(self):
        if self.watchdog_fed_us >= 0:
            hungry_us = self.clock.us - self.watchdog_fed_us
            assert hungry_us < self._watchdog_us, "the watchdog has reset the board"

    def lightsleep(self, ms):
        """Ticks go on, the wall clock does not (1.29); PWM stands still, USB is cut off from its clock.

        An interrupt ends it.  The way back is late by up to 2 ms.
        """
        assert ms >= 2, "no sleep: a delay"
        assert not self.powered(), "asleep on USB power"
        assert not self.irq_off
        for pin, channel in self.pwm.items():
            assert channel.duty in (0, 65535), "pin %d would stay as it happens to be" % pin
        clock = self.clock
        wall_s = clock.time()
        began_us = clock.us
        self._asleep = True
        try:
            self.while_asleep(ms)
            while clock.us < began_us + 1000 * ms and not self._pending:
                clock.us += 1000 * ms // _LOOKS
                for look in self.sensors:
                    look()
        finally:
            self._asleep = False
        self._random = (self._random * 1103 + 12345) & 0xFFFF
        clock.us += self._random * (_LATEST_WAKE_US + 1) >> 16
        clock.set_wall(wall_s)
        while self._pending:
            self._pending.pop().rise()
        self.slept_ms += (clock.us - began_us) // 1000
        self.check_watchdog()

    def interrupt(self, pin):
        """A rising edge; it ends sleep, and is seen then."""
        if not self._asleep:
            pin.rise()
        elif pin.listened_to:
            self._pending.append(pin)

    def RTC(self):
        return _Calendar(self.clock)

    def idle(self):
        self.clock.us += _IDLE_US
        self.check_watchdog()
        self.interrupt_after -= 1
        if self.interrupt_after == 0:
            raise KeyboardInterrupt

    def bitstream(self, pin, encoding, timing, data):
        strip = self.outside[pin.number]
        strip.bitstream(strip.pin, encoding, timing, data)

    def ADC(self, pin):
        assert 26 <= pin <= 29, "section 4.9: the ADC's pins are 26 to 29"
        self.use(pin, "adc")
        return self.outside.get(pin) or FakeADC()

    def PWM(self, pin):
        self.use(pin.number, "pwm")
        assert not any((other ^ pin.number) & 15 == 0 for other in self.pwm), "one channel, two pins"
        channel = FakePWM()
        slices = self._slices.setdefault(pin.number >> 1 & 7, [])
        slices.append(channel)
        channel.sharing = slices
        self.pwm[pin.number] = channel
        return channel

    def I2C(self, unit, scl, sda, freq, timeout):
        # section 1.4.3, GPIO functions: SDA, SCL of unit 0, SDA, SCL of unit 1, and over again
        assert sda.number % 2 == 0 and scl.number % 4 == sda.number % 4 + 1, "not SDA and SCL"
        assert sda.number // 2 % 2 == unit, "pins of the other unit"
        assert freq <= 400000 and timeout > 0
        self.use(scl.number, "i2c")
        self.use(sda.number, "i2c")
        self.i2c = FakeI2C(self.clock, self._parts)
        return self.i2c

    def use(self, pin, purpose):
        assert pin in _PINS, "no pin %r" % pin
        assert self.used.get(pin, purpose) == purpose, "pin %d is %s already" % (pin, self.used[pin])
        self.used[pin] = purpose


def _pin_class(chip):
    class Pin:
        IN, OUT, OPEN_DRAIN = 0, 1, 2
        PULL_UP = 1
        IRQ_RISING = FakePin.IRQ_RISING

        def __init__(self, number, mode=-1, pull=-1, value=None):
            self.number = number
            self.wired = chip.outside.get(number)
            if not isinstance(self.wired, FakePin):
                # nothing there: a pull-up holds it high, and a bus line is at rest
                self.wired = FakePin(lambda: 1 if pull == self.PULL_UP else 0, lambda level: None)
            self.irq = self.wired.irq
            self.value = self.wired.value
            if mode in (self.IN, self.OUT):
                chip.use(number, "pin")
            if value is not None and mode == self.OUT:
                self.value(value)

        def __call__(self, level=None):
            return self.value(level)

    return Pin


class _Watchdog:
    def __init__(self, chip):
        self._chip = chip

    def feed(self):
        self._chip.watchdog_fed_us = self._chip.clock.us


class _Calendar:
    def __init__(self, clock):
        self._clock = clock

    def datetime(self, value):
        year, month, day, weekday, hour, minute, second, _ = value
        assert 0 <= weekday <= 6
        self._clock.set_wall(((_days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)


def _days(year, month, day):
    """Days since 1970 began, by years that begin with March."""
    if month < 3:
        year -= 1
        month += 12
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719469


class _Registers:
    """The registers that are used without MicroPython's knowing, by their addresses in the data sheet."""

    def __init__(self, chip):
        self._chip = chip

    def __getitem__(self, address):
        if address == _SOF_RD:
            return self._chip.frame() & 0x7FF
        assert address == _SCRATCH4, "register 0x%08X" % address
        return self._chip.scratch4

    def __setitem__(self, address, value):
        if address == _SCRATCH4:
            self._chip.scratch4 = value
            return
        assert address == _WATCHDOG_CTRL + _CLEAR, "register 0x%08X" % address
        assert value == 1 << 30, "more than ENABLE"
        self._chip.watchdog_fed_us = -1
