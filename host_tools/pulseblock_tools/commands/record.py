"""``pulseblock record``: raw traces from a block, to be replayed or sent."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.plurals import counted
from pulseblock_tools.store.options import Json

if TYPE_CHECKING:
    from pulseblock_tools.sync.recordings import Recorded, State


class _What(StrEnum):
    ON = "on"
    OFF = "off"
    FETCH = "fetch"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("record")(_command)


def _command(
    what: Annotated[
        _What | None, typer.Argument(help="Switch recording on or off, or fetch; else say how it stands.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where fetched traces go.")
    ] = Path(),
    keep: Annotated[bool, typer.Option("--keep", help="Leave fetched traces on the block.")] = False,
    port: PortName = None,
    json: Json = False,
) -> None:
    """Have the block record what its sensors measure, and fetch that.

    While recording is on, the block keeps force and acceleration of all that
    is trained, eighteen minutes of it, beside the sessions it counts anyway.
    Fetched traces are CSV files that [bold]pulseblock replay[/] counts again; then
    they leave the block, so that there is room for more.

    [bold]Examples[/]

      pulseblock record on
      pulseblock record fetch --output traces
      pulseblock record off
    """
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.sync import recordings

    place = chosen(port)
    fetched = []
    try:
        with connect(place) as block:
            block.about.require_firmware(place.device)
            if what == _What.FETCH:
                with terminal.transfer("Fetching") as progress:
                    for recorded in recordings.fetch(block, output, keep=keep, progress=progress):
                        fetched.append(recorded)
            elif what:
                recordings.set_recording(block, what == _What.ON)
            state = recordings.state(block)
            if what == _What.ON:
                block.about.tell_risk(terminal.note)
    finally:
        if not json:
            for recorded in fetched:
                print(_line(recorded))
    if json:
        terminal.print_json(_plain(state, fetched))
    elif what != _What.FETCH:
        terminal.say(_standing(state))
    elif not fetched:
        terminal.say("The block has recorded no traces: 'pulseblock record on' has it do so.")


def _line(recorded: Recorded) -> str:
    from pulseblock_tools.store.wording import duration

    damaged = f", {recorded.damaged} stretches damaged" if recorded.damaged else ""
    return f"{recorded.file}: {duration(round(recorded.seconds * 1000))}{damaged}"


def _standing(state: State) -> str:
    return (
        f"Recording is {'on' if state.recording else 'off'}; "
        f"the block has {counted(len(state.traces), 'trace')}, {state.size / 1000:.0f} KB"
        f"{', and room for no more: fetch them' if state.full else ''}."
    )


def _plain(state: State, fetched: list[Recorded]) -> dict[str, Any]:
    return {
        "recording": state.recording,
        "full": state.full,
        "traces": [{"name": name, "bytes": size} for name, size in state.traces],
        "fetched": [{**asdict(recorded), "file": str(recorded.file)} for recorded in fetched],
    }
