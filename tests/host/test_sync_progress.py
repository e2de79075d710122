"""The bar of a transfer: bytes and time left, for those who wait more than a second in a terminal."""

import io
import sys

import pytest
from rich.console import Console

from pulseblock_tools import terminal


@pytest.fixture
def shown(monkeypatch):
    """What a terminal is shown."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr(terminal, "console", lambda **_: console)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(terminal, "_SLOW_S", 0.0)
    yield screen
    terminal.set_quiet(False)


def transfer():
    with terminal.transfer("Fetching") as progress:
        for done in range(0, 600_001, 100_000):
            progress(done, 600_000)


def test_bytes_and_the_time_left_are_told(shown):
    transfer()
    assert "Fetching" in shown.getvalue()
    assert "600.0/600.0 kB" in shown.getvalue()
    assert "0:00:00" in shown.getvalue()


def test_what_is_over_in_a_second_shows_nothing(shown, monkeypatch):
    monkeypatch.setattr(terminal, "_SLOW_S", 60.0)
    transfer()
    assert "Fetching" not in shown.getvalue()


def test_quiet_shows_nothing(shown):
    terminal.set_quiet(True)
    transfer()
    assert shown.getvalue() == ""


def test_elsewhere_than_in_a_terminal_nothing_is_shown(shown, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    transfer()
    assert shown.getvalue() == ""
