"""How long a sample takes: in integers, in floats, on CPython; and what the whole loop would take an RP2040.

Measured are times on the virtual block, which has no drivers for real parts and no machine code, and on
CPython.  Nothing here has run on an RP2040.  What it would take is reckoned: by how much longer a piece takes
on the virtual block than forty integer operations on attributes, of which an emulated RP2040 is known to take
`UNIT_US`; by the share of the work that is in modules installed as native code; by the bits on the I2C bus;
and by the ADC's conversions.
"""

import importlib
import sys
import time
from dataclasses import dataclass

import shares
from shares import Shares
from timing import HERE, PART, TESTS, Course, computer, race

from pulseblock.hardware import STEP_US

UNIT_US = {"bytecode": 180.0, "native": 85.0, "viper": 5.0}
AIM_US = 480.0

_BITS_A_BYTE = 9
_I2C_HZ = 400_000
_I2C_CALL_US = 65.0  # of the 267 us that a read of 6 bytes takes, what the bits do not
_ADC_US = 16 * 2.0  # RP2040 data sheet, section 4.9: 96 cycles of 48 MHz
_CPYTHON_REPEATS = 25


@dataclass(frozen=True)
class Speed:
    """Seconds a sample, but for ``unit_s``, the forty operations, and ``step_s``, a step of the loop.

    ``integers_bytes`` and ``floats_bytes`` are heap a sample.
    """

    unit_s: float
    integers_s: float
    floats_s: float
    cpython_s: float
    loop_s: float
    step_s: float
    integers_bytes: float
    floats_bytes: float
    rate_hz: int
    counting: Shares
    loop: Shares

    def reckoned_us(self, seconds: float, shares: Shares, installed: bool) -> float:
        """What an RP2040 would take for what takes the virtual block so long."""
        units = seconds / self.unit_s
        saved_us = sum(
            share * (UNIT_US["bytecode"] - UNIT_US[emit]) for emit, share in shares.emitted.items()
        )
        return units * (UNIT_US["bytecode"] * (1 - shares.stand_ins) - (saved_us if installed else 0))

    def counting_us(self, installed: bool = True) -> float:
        """What an RP2040 would take to count and judge a sample."""
        return self.reckoned_us(self.integers_s, self.counting, installed)

    def software_us(self, installed: bool = True) -> float:
        """What it would take for all that the firmware does with a sample."""
        return self.reckoned_us(self.loop_s, self.loop, installed)

    @property
    def sensors_us(self) -> float:
        """What the I2C bus and the ADC take for a sample, at 4 samples a batch."""
        bytes_a_batch = 3 + 2 + 3 + 4 * 7
        bus = bytes_a_batch * _BITS_A_BYTE * 1e6 / _I2C_HZ + 2 * _I2C_CALL_US
        return bus / 4 + _ADC_US

    def all_us(self, installed: bool = True) -> float:
        """What an RP2040 would take for a sample, all included."""
        return self.software_us(installed) + self.sensors_us

    def longest_step_us(self, installed: bool = True) -> float:
        """What the longest step would take, with a batch of four samples on the bus."""
        return self.reckoned_us(self.step_s * self.loop.longest, self.loop, installed) + 4 * self.sensors_us

    @property
    def busy(self) -> float:
        """Which share of a core the firmware takes, as it is installed."""
        return self.all_us() * self.rate_hz / 1e6


def measure() -> Speed:
    """Measure everything in one run."""
    with computer() as machine:
        rate_hz, count = map(
            int, machine.exec("import session\nprint(session.RATE_HZ, session.count)").split()
        )
        steps = count * 1_000_000 // rate_hz // STEP_US - 1
        unit = Course(machine, "unit", 8 * PART)
        units_a_step = int(machine.exec("print(unit.TIMES)"))
        integers, floats = (Course(machine, name, count) for name in ("counting", "counting_floats"))
        loop = Course(machine, "loop", steps)
        race(machine, [unit, integers, floats, loop])
        reps = machine.exec(
            "print(counting.course.reps, counting_floats.course.reps, loop.course.app.logbook.reps)"
        ).split()
        if len(set(reps)) != 1:
            raise SystemExit(f"integers, floats and the loop counted {', '.join(reps)} reps")
        allocated = [
            float(machine.exec(f"import allocation\nprint(allocation.a_sample({course}))"))
            for course in ("counting", "counting_floats")
        ]
        return Speed(
            unit.seconds_a_step / units_a_step,
            integers.seconds_a_step,
            floats.seconds_a_step,
            _cpython(count),
            loop.seconds_a_step * steps / count,
            loop.seconds_a_step,
            *allocated,
            rate_hz,
            shares.of("counting", count),
            shares.of("loop", steps),
        )


def _cpython(count: int) -> float:
    """Seconds a sample of the same course, in this process."""
    sys.path[:0] = [str(HERE / "on_block"), str(TESTS)]
    counting = importlib.import_module("counting")
    parts = [min(PART, count - first) for first in range(0, count, PART)]
    best = [1.0] * len(parts)
    for _ in range(_CPYTHON_REPEATS):
        counting.begin()
        for i, steps in enumerate(parts):
            began = time.perf_counter()
            counting.go(steps)
            best[i] = min(best[i], time.perf_counter() - began)
    return sum(best) / count
