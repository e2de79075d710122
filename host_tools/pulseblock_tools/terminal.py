"""What goes to the terminal: results on stdout, notes, progress and errors on stderr.

Rich decides about colour: none when the stream is no terminal or ``NO_COLOR`` is set.  Rich is loaded
at the first use, so that a command that prints JSON starts without it.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

T = TypeVar("T")

_SLOW_S = 1.0  # work that takes longer than this shows its progress

_quiet = False


def set_quiet(quiet: bool) -> None:
    """Leave out notes and progress from now on; results and errors stay."""
    global _quiet  # noqa: PLW0603  one terminal, one mode
    _quiet = quiet


@functools.cache
def console(*, stderr: bool = False) -> Console:
    """Return the Rich console of stdout, or of stderr."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def say(*results: RenderableType) -> None:
    """Print results for people, each on lines of its own; text may carry Rich markup."""
    for result in results:
        console().print(result)


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


def track(items: Sequence[T], label: str) -> Iterator[T]:
    """Yield the items; a bar on stderr shows how far along they are once that takes over a second."""
    stderr = console(stderr=True) if sys.stderr.isatty() and not _quiet else None
    return iter(items) if stderr is None else _tracked(items, label, stderr)


def _tracked(items: Sequence[T], label: str, stderr: Console) -> Iterator[T]:
    from rich.progress import Progress

    begun = time.monotonic()
    left: Iterable[T] = iter(items)
    for done, item in enumerate(left, 1):
        yield item
        if time.monotonic() - begun > _SLOW_S:
            with Progress(console=stderr, transient=True) as bar:
                task = bar.add_task(label, total=len(items), completed=done)
                for later in left:
                    yield later
                    bar.advance(task)
