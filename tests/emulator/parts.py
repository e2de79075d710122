"""What is soldered to the emulated Pico: the LSM6DSOX, the FSR, and whether it is plugged in.

The parts are the fakes that the drivers' tests use, on the emulator's own clock; whoever wears the block is
a list of samples as of `fakes.wearer`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from fakes.adc import FakeADC
from fakes.lsm6dsox import FakeLSM6DSOX
from rp2040py.clock.clock import IClock
from rp2040py.peripherals.i2c import I2CMode
from rp2040py.rp2040 import RP2040

import pulseblock_tools  # noqa: F401  lets CPython import the firmware's sources
from pulseblock.boards.pico_fsr import Board
from pulseblock.drivers.fsr import FSR_406
from pulseblock.drivers.lsm6dsox import LSM6DSOX

Sample = tuple[int, int, int, int, int]
"""Milliseconds since the wearer began, force in cN, three times Q2.13 g."""

SAMPLE_MS = 10
_BESIDE = [(10, 0, 8192, 0, 0), (20, 0, 8190, 2, 1)]  # nobody has the block: it stands on its side
_LOOK_NS = 250_000  # between looks at whether a sample was taken
_UNITS = {0x3A: 2, 0x28: 6, 0x78: 7}
"""Registers of the LSM6DSOX that belong together: address of the first, how many."""
_FIFO = 0x78


class Part(Protocol):
    def read(self, register: int, buffer: bytearray) -> None: ...
    def write(self, register: int, value: int) -> None: ...


class Bus:
    """Parts on one of the RP2040's I2C controllers, by their addresses, byte by byte as the wires have it.

    A transfer takes no time.
    """

    def __init__(self, i2c: Any, parts: Mapping[int, Part]) -> None:
        self._i2c = i2c
        self._parts = parts
        self._part: Part | None = None
        self._register: int | None = None
        self._unit = bytearray()  # of what belongs together, what the master has not read yet
        i2c.on_start = self._start
        i2c.on_connect = self._connect
        i2c.on_write_byte = self._write
        i2c.on_read_byte = self._read
        i2c.on_stop = self._stop

    def _start(self, _repeated: bool) -> None:
        self._end()
        self._i2c.complete_start()

    def _connect(self, address: int, mode: I2CMode) -> None:
        self._part = self._parts.get(address)
        if mode == I2CMode.WRITE:
            self._register = None
        self._i2c.complete_connect(self._part is not None)

    def _write(self, value: int) -> None:
        assert self._part
        if self._register is None:
            self._register = value
        else:
            self._part.write(self._register, value)
            self._register += 1
        self._i2c.complete_write(True)

    def _read(self, _goes_on: bool) -> None:
        assert self._part
        if not self._unit:
            assert self._register is not None, "read before a register was named"
            self._unit = bytearray(_UNITS.get(self._register, 1))
            self._part.read(self._register, self._unit)
            if self._register != _FIFO:  # which begins anew after each word
                self._register += len(self._unit)
        self._i2c.complete_read(self._unit.pop(0))

    def _stop(self) -> None:
        self._end()
        self._i2c.complete_stop()

    def _end(self) -> None:
        assert not self._unit, f"{len(self._unit)} bytes that belong to the ones before were not read"


class Parts:
    """The parts of the board `pico_fsr`, an `ExternalDevice` of rp2040py; all of it plugged in."""

    def __init__(self) -> None:
        self._samples: Sequence[Sample] = _BESIDE
        self._began_ms = 0

    def attach(self, rp2040: RP2040) -> None:
        self._clock = Clock(rp2040.clock)
        self.accelerometer = FakeLSM6DSOX(self._clock)
        self.accelerometer.signal = lambda _, axis: self.now()[2 + axis]
        self._fsr = FakeADC()
        self._adc = rp2040.adc
        self._convert = rp2040.adc.on_adc_read
        rp2040.adc.on_adc_read = self._measure
        Bus(rp2040.i2c[Board.ACCELEROMETER["i2c"]], {LSM6DSOX.ADDRESS: self.accelerometer})
        self._int1 = rp2040.gpio[Board.ACCELEROMETER["int1"]]
        self._button = rp2040.gpio[Board.BUTTON["pin"]]
        rp2040.gpio[Board.USB["pin"]].set_input_value(True)
        self._level: bool | None = None
        self._look = rp2040.clock.create_alarm(self._watch)
        self._watch()

    def wear(self, samples: Sequence[Sample]) -> None:
        """Somebody does what these samples are of, from now on, and stays as they end."""
        self._samples = samples
        self._began_ms = self._clock.us // 1000

    @property
    def is_worn(self) -> bool:
        """Whether that goes on."""
        return self._at() < len(self._samples)

    def press_button(self, down: bool) -> None:
        """Hold the button, or let go of it."""
        self._button.set_input_value(False) if down else self._button.release_input()

    def now(self) -> Sample:
        """What there is to be sensed now."""
        at = self._at()
        if at >= len(self._samples):
            at = -1 - at % 2  # no sensor rests in its last bit
        return self._samples[at]

    def _at(self) -> int:
        return (self._clock.us // 1000 - self._began_ms) // SAMPLE_MS

    def _watch(self) -> None:
        level = bool(self.accelerometer.int1())
        if level != self._level:  # rp2040py takes every call for an edge
            self._level = level
            self._int1.set_input_value(level)
        self._look.schedule(_LOOK_NS)

    def _measure(self, channel: int) -> None:
        if channel == Board.FORCE["adc"] - 26:
            self._fsr.ratio = ratio(self.now()[1])
            self._adc.channel_values[channel] = self._fsr.read_u16() >> 4
        self._convert(channel)


class Clock:
    """The emulator's clock, as the fakes ask for it."""

    def __init__(self, clock: IClock) -> None:
        self._clock = clock

    @property
    def us(self) -> int:
        """Microseconds of simulated time."""
        return int(self._clock.micros)


def ratio(force_cn: int) -> int:
    """The ADC's input at a force on the block, Q16 of its reference; `pulseblock.drivers.fsr` inverts it."""
    if not force_cn:
        return 0
    conductances, forces = zip(*FSR_406, strict=True)
    siemens = 1e-7 * float(np.interp(force_cn / Board.FORCE["plate"], forces, conductances))
    share = siemens * Board.FORCE["r_ohm"]
    return int(65536 * share / (1 + share))
