"""What the device's benchmark compares must do the same: a float core that counts, and a session to count."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulseblock_tools.install import firmware

HERE = Path(__file__).parent / "device"


@pytest.fixture(autouse=True)
def _paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(HERE.parents[1] / "device"))
    monkeypatch.syspath_prepend(str(HERE))
    sources = importlib.import_module("floats").sources(firmware.SOURCE / "core")
    del sys.modules["floats"]
    monkeypatch.syspath_prepend(str(HERE / "on_block"))
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "floats").mkdir()
    for name, source in sources.items():
        (tmp_path / "floats" / name).write_bytes(source)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("course", ["counting", "counting_floats"])
def test_integers_and_floats_count_the_same_session(course: str) -> None:
    session = importlib.import_module("session")
    counting = importlib.import_module(course)
    counting.begin()
    counting.go(session.count)
    assert counting.course.reps == session.PRESSES


def test_the_float_core_computes_in_floats() -> None:
    counting = importlib.import_module("counting_floats")
    counting.begin()
    counting.go(500)
    posture = counting.course._counter._posture
    assert isinstance(posture.x, float)
    assert isinstance(counting.course._counter._force.value, float)


def test_the_loop_counts_the_session_too() -> None:
    session = importlib.import_module("session")
    loop = importlib.import_module("loop")
    loop.begin()
    loop.go(session.count - 2)
    assert loop.course.app.logbook.reps == session.PRESSES
    assert loop.course.app.error == 0
