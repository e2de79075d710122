"""``pulseblock live``: what the block senses and thinks, while somebody trains with it."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pulseblock_tools.live.frame import Frame


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("live")(_command)


def _command(
    port: PortName = None,
    seconds: Annotated[
        float | None, typer.Option(metavar="S", min=0.0, help="Stop after so long; else with Ctrl-C.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object a frame.")] = False,
) -> None:
    """Watch the block count: press, tilt, verdicts and cues, 25 times a second.

    In a terminal there is a picture; in a pipe a line for each cue, rep and set.
    The block is not interrupted: it goes on counting, during and after.

    [bold]Examples[/]

      pulseblock live                     until Ctrl-C
      pulseblock live | tee log.txt       what happens, as lines
      pulseblock live --json --seconds 10 all of it, for other programs
    """
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.live.feed import listen
    from pulseblock_tools.live.show import show

    feed = listen(chosen(port))
    ends = None if seconds is None else time.monotonic() + seconds
    with contextlib.closing(feed):
        if json:
            for frame in _frames(feed, ends):
                terminal.print_json(asdict(frame))
                sys.stdout.flush()  # whoever reads a pipe wants it now
            return
        with show(terminal.console(), "pulseblock live") as screen:
            for frame in _frames(feed, ends):
                screen.update(frame)


def _frames(feed: Generator[list[Frame], None, None], ends: float | None) -> Iterator[Frame]:
    for frames in feed:
        if ends is not None and time.monotonic() >= ends:
            return
        yield from frames
