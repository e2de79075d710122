"""Times on the virtual block's MicroPython, on a machine that does other things as well."""

import contextlib
import math
import time
from collections.abc import Iterator
from pathlib import Path

import floats

from pulseblock_tools.install import firmware
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import Flash

HERE = Path(__file__).parent
TESTS = HERE.parents[1] / "device"
_ROOM = 1000  # blocks: more than a Pico's flash has, since sources lie beside what they are compiled to
PART = 8  # steps, so few that most parts are not interrupted
_REPEATS = 30


@contextlib.contextmanager
def computer() -> Iterator[Computer]:
    """MicroPython with the firmware, its core in floats, the tests' wearer, and what `on_block` holds."""
    flash = Flash(_ROOM)
    flash.copy_tree(firmware.SOURCE, "/lib/pulseblock")
    flash.copy_tree(HERE / "on_block", "/lib")
    flash.copy_tree(TESTS, "/lib")
    for name, source in floats.sources(firmware.SOURCE / "core").items():
        flash.write(f"/lib/{floats.PACKAGE}/{name}", source)
    with Computer(flash) as machine:
        yield machine


class Course:
    """A module of `on_block` that goes a number of steps again and again: ``begin()``, then ``go(steps)``."""

    def __init__(self, machine: Computer, module: str, steps: int) -> None:
        machine.exec(f"import {module}")
        self._machine = machine
        self._module = module
        self._parts = [min(PART, steps - first) for first in range(0, steps, PART)]
        self._best = [math.inf] * len(self._parts)
        self.steps = steps

    def run(self) -> None:
        """Go the course once; of each part of it, only its fastest time counts."""
        self._machine.exec(f"{self._module}.begin()")
        for i, steps in enumerate(self._parts):
            self._best[i] = min(self._best[i], timed(self._machine, f"{self._module}.go({steps})"))

    def deduct(self, seconds: float) -> None:
        """Take off what it takes to run any part."""
        self._best = [max(0.0, best - seconds) for best in self._best]

    @property
    def seconds_a_step(self) -> float:
        """How long a step takes undisturbed, on average over the course."""
        return sum(self._best) / self.steps


def race(machine: Computer, courses: list[Course]) -> None:
    """Run them in turn, so that what slows the machine slows all of them."""
    for _ in range(_REPEATS):
        for course in courses:
            course.run()
    empty = min(timed(machine, "pass") for _ in range(4 * _REPEATS))
    for course in courses:
        course.deduct(empty)


def timed(machine: Computer, source: str) -> float:
    """Seconds that the source takes, the way to the virtual block and back included."""
    began = time.perf_counter()
    machine.exec(source)
    return time.perf_counter() - began
