"""The flash of the emulated Pico: kept in a file while it is off, and cut from power within a write.

rp2040py applies a page program or an erase in one go, when the chip select rises.  A real chip takes its time
over it, and what it has done when power fails stays.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rp2040py.gpio_pin import GPIOPinState
from rp2040py.rp2040 import RP2040

FLASH_BYTES = 2 << 20  # a Pico's W25Q16JV

_SSI = 0x18000  # of `RP2040.peripherals`
_SS = 1  # of `RP2040.qspi`
_DR0 = 0x60  # RP2040 data sheet, section 4.10.13

# W25Q16JV data sheet, "Instruction Set"; the boot ROM uses these
_PAGE_PROGRAM = 0x02
_ERASES = {0x20: 4096, 0x52: 32768, 0xD8: 65536}
_HEAD_BYTES = 4  # instruction and address
_HALF_PAGE = 128


class FlashBus:
    """The SSI, as the processor sees it: passes everything on, and may cut power in the middle of it.

    ``writes`` counts page programs and erases.  ``on_cut`` is called when power fails, and must not return.
    """

    def __init__(self, mcu: RP2040, on_cut: Callable[[], None]) -> None:
        self.writes = 0
        self._last = 0  # the write that is cut short; 0: none
        self._flash = mcu.flash
        self._on_cut = on_cut
        self._ssi = mcu.peripherals[_SSI]
        self._command = bytearray()
        mcu.peripherals[_SSI] = self
        mcu.qspi[_SS].add_listener(self._selected)

    def cut_in(self, writes: int) -> None:
        """Have power fail halfway through a write: 1 is the next one."""
        self._last = self.writes + writes

    # what `RP2040` asks of its peripherals

    def read_uint32(self, offset: int) -> int:
        return self._ssi.read_uint32(offset)

    def write_uint32(self, offset: int, value: int) -> None:
        self.write_uint32_atomic(offset, value, 0)

    def write_uint32_atomic(self, offset: int, value: int, atomic_type: int) -> None:
        self._ssi.write_uint32_atomic(offset, value, atomic_type)
        if offset == _DR0:
            self._command.append(value & 0xFF)
            self._heed(self._command)

    def reset(self) -> None:
        self._ssi.reset()

    # inside

    def _selected(self, level: GPIOPinState, _before: GPIOPinState) -> None:
        if level == GPIOPinState.LOW:
            self._command.clear()

    def _heed(self, command: bytearray) -> None:
        instruction, length = command[0], len(command)
        if length == _HEAD_BYTES and (instruction == _PAGE_PROGRAM or instruction in _ERASES):
            self.writes += 1
        if self.writes != self._last or not self._last:
            return
        at = int.from_bytes(command[1:_HEAD_BYTES])
        if instruction == _PAGE_PROGRAM and length == _HEAD_BYTES + _HALF_PAGE:
            for i, byte in enumerate(command[_HEAD_BYTES:]):
                self._flash[at + i] &= byte
            self._on_cut()
        elif instruction in _ERASES and length == _HEAD_BYTES:
            half = _ERASES[instruction] // 2
            at &= -2 * half
            self._flash[at : at + half] = b"\xff" * half
            self._on_cut()


def save(mcu: RP2040, path: Path) -> None:
    """Keep what is in flash in a file."""
    beside = path.with_suffix(".new")
    beside.write_bytes(mcu.flash[:FLASH_BYTES])
    os.replace(beside, path)


def load(mcu: RP2040, path: Path) -> None:
    """Put back into flash what `save` has kept."""
    image = path.read_bytes()
    assert len(image) == FLASH_BYTES, f"{path}: {len(image)} bytes"
    mcu.flash[:FLASH_BYTES] = image
