"""What goes to the terminal: results on stdout, notes, progress and errors on stderr.

There is no colour where the stream is no terminal or ``NO_COLOR`` is set.  Rich is loaded at its first use,
so that a command that prints JSON starts without it.
"""

from __future__ import annotations

import functools
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

T = TypeVar("T")

_ANY_WIDTH = 10_000
_LONG_WORD = 20
_SLOW_S = 1.0  # work that takes longer than this shows its progress
_REFRESH_S = 0.1

_quiet = False


def set_quiet(quiet: bool) -> None:
    """Leave out notes and progress from now on; results and errors stay."""
    global _quiet  # noqa: PLW0603  one terminal, one mode
    _quiet = quiet


def is_quiet() -> bool:
    """Whether only results and errors are wanted."""
    return _quiet


def write_what_can_be_shown() -> None:
    """Let stdout write ``?`` for a character that its encoding does not have, rather than fail."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


@functools.cache
def console(*, stderr: bool = False) -> Console:
    """Return the Rich console of stdout, or of stderr."""
    from rich.console import Console

    # Rich itself would only turn the colours of NO_COLOR into bold and dim
    return Console(
        stderr=stderr, highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto"
    )


def say(*results: RenderableType) -> None:
    """Print results for people, each on lines of its own; text may carry Rich markup.

    A table that a narrow terminal has no room for is printed wider: no figure of it is cut.
    """
    from rich.table import Table

    for result in results:
        if isinstance(result, Table):
            _make_room(result)
        console().print(result, crop=False)


def _make_room(table: Table) -> None:
    """Let only texts of a table be wrapped, and make it wider than the terminal where that is not enough."""
    from rich.measure import Measurement

    options = console().options.update(width=_ANY_WIDTH)
    for column in table.columns:
        column.no_wrap |= column.justify == "right"
        cells = [Measurement.get(console(), options, cell) for cell in (column.header, *column.cells)]
        whole, longest_word = max(cell.maximum for cell in cells), max(cell.minimum for cell in cells)
        column.min_width = whole if column.no_wrap else min(longest_word, _LONG_WORD)
    needed = Measurement.get(console(), options, table).minimum
    if needed > console().width:
        table.width = needed


def say_whole(text: str) -> None:
    """Print a line that somebody may copy, such as a path: not broken, however narrow the terminal."""
    console().print(text, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Tell how the work goes, on stderr; nothing under ``--quiet``."""
    if not _quiet:
        console(stderr=True).print(text, style="dim", markup=False)


def print_json(value: Any) -> None:
    """Print one value as one line of JSON on stdout."""
    sys.stdout.write(json.dumps(value, separators=(", ", ": ")) + "\n")


def complain(message: str) -> None:
    """Print one line on stderr, whatever odd characters a file's name or contents put into it."""
    line = " ".join(message.split())
    print("pulseblock:", "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line), file=sys.stderr)


def track(items: Iterable[T], label: str, total: int | None = None) -> Iterable[T]:
    """Pass the items on; a bar on stderr shows how far along they are once that takes over a second.

    *total* is how many there are, where *items* itself does not know.
    """
    if _quiet or not sys.stderr.isatty():
        return items
    return _tracked(items, label, len(items) if isinstance(items, Sized) else total)


def _tracked(items: Iterable[T], label: str, total: int | None) -> Iterator[T]:
    from rich.progress import Progress

    bar = Progress(console=console(stderr=True), transient=True)
    task = bar.add_task(label, total=total)
    shown = time.monotonic() + _SLOW_S - _REFRESH_S
    try:
        for done, item in enumerate(items):
            yield item
            now = time.monotonic()
            if now - shown > _REFRESH_S:
                bar.start()
                bar.update(task, completed=done)
                shown = now
    finally:
        bar.stop()


@contextmanager
def transfer(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes how many bytes have come, and of how many; shows a bar for them on stderr.

    The bar tells bytes and time left, and appears once the transfer takes over a second.
    """
    if _quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)
    shown = time.monotonic() + _SLOW_S

    def show(done: int, total: int) -> None:
        if time.monotonic() > shown:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()
