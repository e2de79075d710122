"""Which MicroPython the emulated Pico runs: a file that whoever runs the tests has, and names."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

VARIABLE = "PULSEBLOCK_RP2_UF2"
_WHERE = "the UF2 of MicroPython 1.29 for the Raspberry Pi Pico, from micropython.org/download/RPI_PICO"

# UF2 specification, "File format" and "Families"
_HEAD = struct.Struct("<8I")
_MAGIC = 0x0A324655, 0x9E5D5157
_HAS_FAMILY = 0x2000
_RP2040 = 0xE48BFF56


def chosen_uf2(name: str | None) -> Path:
    """The file that the variable names; without a name the test skips, with that of another file it fails."""
    if not name:
        pytest.skip(f"set {VARIABLE} to the path of {_WHERE}")
    path = Path(name)
    if not path.is_file():
        pytest.fail(f"{VARIABLE}: there is no file {path}; it must be {_WHERE}", pytrace=False)
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    if not _is_for_rp2040(head):
        pytest.fail(f"{VARIABLE}: {path} is no UF2 for an RP2040; it must be {_WHERE}", pytrace=False)
    return path.resolve()


def _is_for_rp2040(head: bytes) -> bool:
    if len(head) < _HEAD.size:
        return False
    first, second, flags, *_, family = _HEAD.unpack(head)
    return (first, second) == _MAGIC and bool(flags & _HAS_FAMILY) and family == _RP2040
