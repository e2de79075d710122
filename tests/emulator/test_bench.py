"""The emulated Pico as a program, running a few instructions of ours in place of MicroPython."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.bench import Bench
from emulator.chip import CONNECT_FLASH, ERASE, EXIT_XIP, PROGRAM, XIP, bare_chip, rom_function, uf2

AT = 0x100000
PAGE = 256


class Code:
    """Thumb instructions, at the beginning of flash."""

    def __init__(self) -> None:
        self._words: list[int | tuple[int, int]] = []
        self._chip = bare_chip()

    def call(self, name: bytes, *arguments: int) -> None:
        """Call a function of the ROM."""
        for register, value in enumerate((*arguments, rom_function(self._chip, name) | 1)):
            target = 4 if register == len(arguments) else register
            self._words.append((target, value))  # ldr r, =value
        self._words.append(0x47A0)  # blx r4

    def forever(self, start: int = 0) -> None:
        """Go back to instruction number *start*."""
        self._words.append(0xE000 | (start - len(self._words) - 2) & 0x7FF)  # b

    @property
    def length(self) -> int:
        return len(self._words)

    def wait(self) -> None:
        """Sleep until an interrupt."""
        self._words.append(0xBF30)  # wfi

    def assembled(self) -> bytes:
        words = [*self._words, 0xBF00] if len(self._words) % 2 else self._words
        code, pool = b"", b""
        for at, word in enumerate(words):
            instruction = word
            if isinstance(word, tuple):
                register, value = word
                pool_at = 2 * len(words) + len(pool)
                pool += value.to_bytes(4, "little")
                instruction = 0x4800 | register << 8 | (pool_at - (2 * at + 4 & ~3)) // 4
            code += instruction.to_bytes(2, "little")
        return code + pool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def bench_with(code: Code, folder: Path) -> Bench:
    file = folder / "firmware.uf2"
    file.write_bytes(b"".join(uf2(code.assembled())))
    return Bench(folder, file)


@pytest.fixture
def sleeper(folder: Path) -> Iterator[Bench]:
    """A Pico that does nothing."""
    code = Code()
    code.wait()
    code.forever()
    with bench_with(code, folder) as bench:
        yield bench


@pytest.fixture
def writer(folder: Path) -> Iterator[Bench]:
    """A Pico that erases and programs a page of flash, with its own code, for ever."""
    code = Code()
    code.call(CONNECT_FLASH)
    code.call(EXIT_XIP)
    start = code.length
    code.call(ERASE, AT, 4096, 65536, 0xD8)
    code.call(PROGRAM, AT, XIP, PAGE)
    code.forever(start)
    with bench_with(code, folder) as bench:
        yield bench


def test_simulated_time_does_not_run_ahead(sleeper: Bench) -> None:
    sleeper.power_on()
    began, (before, *_) = time.monotonic(), sleeper.do("tell")
    time.sleep(0.3)
    after = sleeper.do("tell")[0]
    assert 0 < after - before <= 1000 * (time.monotonic() - began) + 60


def test_it_tells_when_the_wearer_has_done(sleeper: Bench) -> None:
    sleeper.power_on()
    sleeper.wear([(10, 0, 0, 0, 8192)] * 5)
    sleeper.wait("worn", patience_s=60)


def test_flash_outlives_power(sleeper: Bench) -> None:
    sleeper.power_on()
    port = sleeper.port.resolve()
    sleeper.power_off()
    assert not sleeper.is_on
    assert not port.exists()
    image = sleeper.image.read_bytes()
    assert image[:2] == b"\x30\xbf"
    sleeper.power_on()
    assert sleeper.do("tell")[1] == 0
    sleeper.power_off()
    assert sleeper.image.read_bytes() == image


def test_power_fails_in_the_middle_of_a_write(writer: Bench) -> None:
    erased = b"\xff" * PAGE
    seen = set()
    for writes in (1, 2) * 8:  # an erase or a program, as it happens
        writer.power_on()
        writer.do("cut", writes)
        writer.wait_lost()
        image = writer.image.read_bytes()
        half = image[:128] + erased[128:]
        assert image[AT : AT + PAGE] in {erased, half}
        seen.add(image[AT : AT + PAGE] == half)
        if len(seen) == 2:
            break
    assert seen == {True, False}


def test_a_program_that_fails_says_why(folder: Path) -> None:
    with Bench(folder, folder / "missing.uf2") as bench:
        bench.power_on()
        with pytest.raises(AssertionError, match=r"No such file.*missing\.uf2"):
            bench.do("tell")
