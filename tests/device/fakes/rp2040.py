"""The RP2040 as MicroPython's ``machine`` shows it, with the rules of its data sheet for pins.

What is outside is attached by pin: a ``FakePin``, a ``FakeADC``; parts on I2C by their address.
"""

from fakes.adc import FakeADC
from fakes.i2c import FakeI2C
from fakes.pins import FakePin
from fakes.pwm import FakePWM

_PINS = range(30)
_IDLE_US = 300


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

    def idle(self):
        self.clock.us += _IDLE_US
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
