"""Whose work a course is, by bytecodes counted on CPython, whose bytecode is much like MicroPython's."""

import importlib
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean
from types import CodeType, FrameType
from typing import Any

from timing import HERE, TESTS

from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import EMIT


@dataclass(frozen=True)
class Shares:
    """Of a course's work: what is compiled to what, by `compiling.EMIT`, and what stand-ins do.

    ``longest`` is how many times the work of a mean step the longest one has, the first left out, in which
    all begins.
    """

    emitted: dict[str, float]
    stand_ins: float
    longest: float


def of(course: str, steps: int) -> Shares:
    """Count the bytecodes of a module of `on_block`."""
    sys.path[:0] = [str(HERE / "on_block"), str(TESTS)]
    module = importlib.import_module(course)
    module.begin()
    total: Counter[CodeType] = Counter()
    in_steps = []
    for _ in range(steps):
        counted: Counter[CodeType] = Counter()
        tracing = sys.gettrace()
        sys.settrace(lambda frame, *_: _counting(frame, counted))  # noqa: B023  until the next line but two
        try:
            module.go(1)
        finally:
            sys.settrace(tracing)
        total += counted
        in_steps.append(sum(number for code, number in counted.items() if _module(code)))
    everything = total.total()
    emitted: Counter[str] = Counter()
    for code, number in total.items():
        emitted[EMIT.get(_module(code), "bytecode")] += number
    longest = max(in_steps[1:]) / mean(in_steps)
    shares = {emit: number / everything for emit, number in emitted.items()}
    return Shares(shares, 1 - sum(in_steps) / everything, longest)


def _counting(frame: FrameType, counted: Counter[CodeType]) -> Any:
    frame.f_trace_opcodes = True
    frame.f_trace_lines = False
    code = frame.f_code

    def count(_frame: FrameType, event: str, _arg: object) -> Any:
        if event == "opcode":
            counted[code] += 1
        return count

    return count


@cache
def _module(code: CodeType) -> str:
    """The firmware's module that the code is of; empty if it is of none."""
    path = Path(code.co_filename).resolve()
    if not path.is_relative_to(firmware.SOURCE.resolve()):
        return ""
    return ".".join(path.relative_to(firmware.SOURCE.resolve().parent).with_suffix("").parts)
