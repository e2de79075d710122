"""The emulated flash, written by the RP2040's own boot ROM, and cut from power meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import flash
from emulator.chip import CONNECT_FLASH, ERASE, EXIT_XIP, PROGRAM, RAM, bare_chip, call
from emulator.flash import FLASH_BYTES, FlashBus

AT = 0x100000
PAGES = bytes(range(256)) * 2
ERASED = b"\xff"
OLD = b"\x5a"


class PowerFailed(Exception):
    """Instead of the end of the program."""


class Chip:
    """An RP2040 that is about to write 4 KiB of old flash."""

    def __init__(self) -> None:
        self.mcu = bare_chip()
        self.bus = FlashBus(self.mcu, self._fail)
        call(self.mcu, CONNECT_FLASH)
        call(self.mcu, EXIT_XIP)
        self.mcu.flash[AT : AT + 8192] = OLD * 8192

    @staticmethod
    def _fail() -> None:
        raise PowerFailed

    def erase(self, size: int = 4096) -> None:
        call(self.mcu, ERASE, AT, size, 65536, 0xD8)

    def program(self, data: bytes = PAGES) -> None:
        for i, byte in enumerate(data):
            self.mcu.write_uint8(RAM + 0x2000 + i, byte)
        call(self.mcu, PROGRAM, AT, RAM + 0x2000, len(data))

    def read(self, size: int) -> bytes:
        return bytes(self.mcu.flash[AT : AT + size])


@pytest.fixture
def chip() -> Iterator[Chip]:
    return Chip()


def test_what_is_written_is_there(chip: Chip) -> None:
    chip.erase()
    assert chip.read(8192) == ERASED * 4096 + OLD * 4096
    chip.program()
    assert chip.read(1024) == PAGES + ERASED * 512
    assert chip.bus.writes == 3  # a sector, two pages


def test_each_write_can_be_the_last(chip: Chip) -> None:
    chip.bus.cut_in(1)
    with pytest.raises(PowerFailed):
        chip.erase()
    assert chip.read(4096) == ERASED * 2048 + OLD * 2048


def test_a_page_can_be_half_programmed(chip: Chip) -> None:
    chip.erase()
    chip.bus.cut_in(2)
    with pytest.raises(PowerFailed):
        chip.program()
    assert chip.read(1024) == PAGES[:384] + ERASED * 640


def test_programming_clears_bits_and_sets_none(chip: Chip) -> None:
    chip.bus.cut_in(1)
    with pytest.raises(PowerFailed):
        chip.program()
    assert chip.read(256) == bytes(byte & OLD[0] for byte in PAGES[:128]) + OLD * 128


def test_nothing_is_cut_short_unless_told(chip: Chip) -> None:
    for _ in range(20):
        chip.erase()
        chip.program()
    assert chip.bus.writes == 60


def test_flash_is_kept_in_a_file(chip: Chip, tmp_path: Path) -> None:
    chip.erase()
    chip.program()
    flash.save(chip.mcu, tmp_path / "flash")
    again = bare_chip()
    flash.load(again, tmp_path / "flash")
    assert bytes(again.flash[:FLASH_BYTES]) == bytes(chip.mcu.flash[:FLASH_BYTES])
    assert bytes(again.flash[AT : AT + 512]) == PAGES
