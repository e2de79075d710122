"""What the doctor runs on a block, where no virtual block can show it: outputs, bad flash, a slow reader."""

import io
import runpy
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes.bench import Bench, board_class

from pulseblock import boards
from pulseblock_tools import blocks

SNIPPETS = Path(blocks.__file__).parent / "snippets"


def snippet(name: str, **names: object) -> dict[str, Any]:
    """The globals of a snippet that finds these names among them."""
    return runpy.run_path(str(SNIPPETS / f"{name}.py"), init_globals=names)


def test_red_green_and_blue_then_low_and_high_and_nothing_is_left_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    board = SimpleNamespace(
        light=lambda *colour: told.append(colour),
        tone=lambda hz: told.append(f"{hz} Hz"),
        time=SimpleNamespace(sleep_ms=lambda ms: told.append(f"{ms} ms")),
    )
    monkeypatch.setattr(boards, "current", lambda: board)
    assert list(snippet("doctor_signals")["run"](700)) == []
    colours = [(255, 0, 0), "700 ms", (0, 255, 0), "700 ms", (0, 0, 255), "700 ms", (0, 0, 0)]
    assert told == [*colours, "880 Hz", "350 ms", "1320 Hz", "350 ms", (0, 0, 0), "0 Hz"]


class Worn(io.BytesIO):
    """A file in flash that keeps all but its last byte."""

    def close(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        self.seek(0)


@pytest.mark.parametrize("kept", [0, 1])
def test_flash_that_forgets_is_found_out(kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "ticks_ms", lambda: 0, raising=False)
    monkeypatch.setattr(time, "ticks_diff", lambda end, start: end - start, raising=False)
    file = Worn()

    def opened(_path: str, mode: str) -> Worn:
        if mode == "rb" and not kept:
            file.getbuffer()[-1] ^= 1
        return file

    (said,) = snippet("doctor_flash", open=opened)["run"](1024)
    assert (b'"good": true' in said) == bool(kept)


def test_an_accelerometer_that_overran_is_told_and_off_afterwards() -> None:
    bench = Bench(board_class("pico_fsr"))
    sleep_ms = bench.clock.sleep_ms
    waits: list[int] = []

    def held_up(ms: int) -> None:
        if ms == 5:
            waits.append(ms)
        sleep_ms(6000 if waits == [5] else ms)

    bench.clock.sleep_ms = held_up
    found = snippet("doctor_accelerometer")["measure"](bench.board, bench.clock)
    assert found["overruns"] == 1
    assert bench.imu.current() == "off"
