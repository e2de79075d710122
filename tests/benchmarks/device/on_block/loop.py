"""A board's whole loop over a session: what a sample costs from the sensors' registers to the light.

Drivers, sampler, counter, app and journal are the real ones.  What is soldered to the board is played by
stand-ins that do next to nothing, so that their time, which is in the figure, is small.  Steps come on time.
"""

import session
from fakes.board import fresh_folder

from pulseblock import app
from pulseblock.boards.pico_fsr import Board
from pulseblock.hardware import STEP_US

try:
    from time import ticks_add, ticks_diff  # in C, as on the board
except ImportError:
    from pulseblock.core.fixed import ticks_add, ticks_diff

_PERIOD_US = 1000000 // session.RATE_HZ
_WORD = 7
_TAG = b"\x11\x12\x14\x17"  # accelerometer, with a count of two bits and its parity
_WATERMARK = 4
_OVERSAMPLING = 16


def _level(force_cn):
    # of a typical FSR with a 16th of the force, beside 1 kilo-ohm: 10 cN are 10 uS where the curve is steep
    siemens_u = 100 + force_cn // 16
    return 65536 * siemens_u // (1000 + siemens_u)


def _in_registers():
    """The session as the FIFO and the ADC give it: bytes, and conversions from the last to the first."""
    words = bytearray()
    conversions = []
    samples = session.samples
    for i in range(0, len(samples), 5):
        words += _TAG[i // 5 % 4 : i // 5 % 4 + 1]
        for value in samples[i + 2 : i + 5]:
            words += bytes((value & 0xFF, value >> 8 & 0xFF))
        conversions += [_level(samples[i + 1])] * _OVERSAMPLING
    conversions.reverse()
    return words, conversions


_words, _conversions = _in_registers()


class Time:
    """Stands still but for idling, and idles a whole step at once, since waiting is no work."""

    ticks_add = staticmethod(ticks_add)
    ticks_diff = staticmethod(ticks_diff)

    def __init__(self):
        self.us = 0

    def idle(self):
        self.us += STEP_US

    def ticks_us(self):
        return self.us & 0x3FFFFFFF

    def ticks_ms(self):
        return self.us // 1000

    def sleep_ms(self, ms):
        self.us += 1000 * ms

    def sleep_us(self, us):
        self.us += us

    def time(self):
        return 0


class Fifo:
    """The accelerometer: as time goes by its FIFO fills; its other registers never say anything new."""

    def __init__(self, time):
        self._time = time
        self._taken = 0

    def waiting(self):
        return self._time.us // _PERIOD_US - self._taken

    def readfrom_mem_into(self, _address, register, buffer):
        if register == 0x3A:
            buffer[0] = self.waiting()
            buffer[1] = 0
        elif register == 0x78:
            at = self._taken * _WORD
            buffer[:] = memoryview(_words)[at : at + len(buffer)]
            self._taken += len(buffer) // _WORD
        else:
            buffer[0] = 0x6C if register == 0x0F else 0

    def writeto_mem(self, address, register, data):
        pass


class Part:
    """Whatever else is on the board."""

    IN = OUT = OPEN_DRAIN = PULL_UP = IRQ_RISING = 1

    def __init__(self, *_, **__):
        pass

    def irq(self, *_, **__):
        pass

    def value(self, level=1):
        return level

    def freq(self, hz):
        pass

    def duty_u16(self, duty):
        pass

    def feed(self):
        pass


class Adc:
    """The FSR's divider, pressed as the session says; the list's own method is as fast as the real one's."""

    def __init__(self):
        self.read_u16 = list(_conversions).pop


class Machine:
    """MicroPython's ``machine``."""

    PWRON_RESET, WDT_RESET = 1, 3
    PWM = WDT = Part

    def __init__(self, time):
        fifo = Fifo(time)

        class Pin(Part):
            def __init__(self, number, *_, **__):
                self._is_int1 = number == Board.ACCELEROMETER["int1"]

            def value(self, level=1):
                return fifo.waiting() >= _WATERMARK if self._is_int1 else level

        self.Pin = Pin
        self.idle = time.idle
        self._fifo = fifo

    def unique_id(self):
        return b"benchmark"

    def reset_cause(self):
        return self.PWRON_RESET

    def I2C(self, *_, **__):
        return self._fifo

    def ADC(self, _pin):
        return Adc()


class Course:
    """Boards that are powered on, each of which lives through the session."""

    def begin(self):
        time = Time()
        self.board = Board(Machine(time), time, "")
        self.board.files = fresh_folder()
        self.app = app.start(self.board)

    def go(self, steps):
        board, program = self.board, self.app
        for _ in range(steps):
            board.wait()
            board.is_plugged()  # as `Hardware.run` does
            board._watchdog.stop()
            program.step()


course = Course()
begin = course.begin
go = course.go
