"""Where the picture goes: a live one in a terminal, lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live

from .frame import Frame
from .lines import line
from .picture import picture
from .watch import Watch


class Show(Protocol):
    """Takes one frame after another."""

    def update(self, frame: Frame) -> None:
        """Show what the frame says."""


class _Picture:
    def __init__(self, live: Live, title: str) -> None:
        self._live = live
        self._title = title
        self._watch = Watch()

    def update(self, frame: Frame) -> None:
        self._watch.update(frame)
        self._live.update(picture(self._watch, self._title), refresh=True)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._watch = Watch()

    def update(self, frame: Frame) -> None:
        for happening in self._watch.update(frame):
            self._console.print(line(happening), markup=False, soft_wrap=True)


def can_draw(console: Console) -> bool:
    """Whether a picture can be drawn over and over: the cursor moves, and the characters exist."""
    return console.is_terminal and not console.is_dumb_terminal and console.encoding.startswith("utf")


@contextmanager
def show(console: Console, title: str) -> Iterator[Show]:
    """Show frames on ``console`` as well as it can; leaves a terminal as it was, whatever happens."""
    if not can_draw(console):
        yield _Lines(console)
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield _Picture(live, title)
