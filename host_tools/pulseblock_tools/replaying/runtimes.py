"""The feeder on each runtime: batches of samples go in, its reports come out, the same from both."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import pulseblock
from pulseblock_tools.errors import LOST_CONNECTION, UserError
from pulseblock_tools.replaying import Runtime, feeder

Report = tuple[int, ...]
Batch: TypeAlias = "array[int]"  # 32-bit, ROW numbers a sample

# What MicroPython runs around the feeder: a batch comes as a file, reports leave as printed numbers.
_DRIVER = """
from array import array
from os import stat
from feeder import Feeder

def show(reports):
    for report in reports:
        print(*report)

def feed():
    rows = array("i", bytes(stat("/rows")[6]))
    with open("/rows", "rb") as file:
        file.readinto(rows)
    show(feeder.feed(rows))
"""


def run(runtime: Runtime, values: dict[str, int], batches: Iterable[Batch]) -> Iterator[Report]:
    """Yield the feeder's reports of a recording, with *values* as the settings.

    Raises UserError where the virtual block's MicroPython is missing or dies.
    """
    return _on_micropython(values, batches) if runtime == "micropython" else _on_cpython(values, batches)


def _on_cpython(values: dict[str, int], batches: Iterable[Batch]) -> Iterator[Report]:
    fed = feeder.Feeder(values)
    for batch in batches:
        yield from fed.feed(batch)
    yield from fed.finish()


def _on_micropython(values: dict[str, int], batches: Iterable[Batch]) -> Iterator[Report]:
    from pulseblock_tools.virtual.computer import Computer
    from pulseblock_tools.virtual.flash import Flash
    from pulseblock_tools.virtual.interpreter import ComputerDied

    flash = Flash()
    core = Path(pulseblock.__file__).parent / "core"
    flash.write("/lib/pulseblock/__init__.py", b"")
    flash.copy_tree(core, "/lib/pulseblock/core")
    flash.write("/lib/feeder.py", Path(feeder.__file__).read_bytes())
    try:
        with Computer(flash) as computer:
            computer.exec(f"{_DRIVER}\nfeeder = Feeder({values})")
            for batch in batches:
                computer.write("/rows", batch.tobytes())
                yield from _printed(computer.exec("feed()"))
            yield from _printed(computer.exec("show(feeder.finish())"))
    except ComputerDied as error:
        raise UserError(f"the virtual block's MicroPython ended: {error}", LOST_CONNECTION) from None


def _printed(text: str) -> Iterator[Report]:
    return (tuple(map(int, line.split())) for line in text.splitlines())
