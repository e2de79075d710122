"""What the doctor shows and sounds before it asks whether it was seen and heard."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from pulseblock import boards
from pulseblock_tools import blocks

SNIPPET = Path(blocks.__file__).parent / "snippets" / "doctor_signals.py"


def test_red_green_and_blue_then_low_and_high_and_nothing_is_left_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    board = SimpleNamespace(
        light=lambda *colour: told.append(colour),
        tone=lambda hz: told.append(f"{hz} Hz"),
        time=SimpleNamespace(sleep_ms=lambda ms: told.append(f"{ms} ms")),
    )
    monkeypatch.setattr(boards, "current", lambda: board)
    assert list(runpy.run_path(str(SNIPPET))["run"](700)) == []
    colours = [(255, 0, 0), "700 ms", (0, 255, 0), "700 ms", (0, 0, 255), "700 ms", (0, 0, 0)]
    assert told == [*colours, "880 Hz", "350 ms", "1320 Hz", "350 ms", (0, 0, 0), "0 Hz"]
