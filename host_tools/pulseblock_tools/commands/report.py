"""``pulseblock report``: the training as one page, to look at, to print, to send."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.store.options import Block, Db, Json, Since, Until, Wearer, wanted

DEFAULT_NAME = "pulseblock-report.html"

Newtons = Annotated[
    bool,
    typer.Option(
        "--newtons", help="Presses in newtons too: for a block with a load cell, an FSR is too vague."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("report")(_command)


def _command(
    wearer: Wearer = None,
    since: Since = None,
    until: Until = None,
    block: Block = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")] = Path(
        DEFAULT_NAME
    ),
    newtons: Newtons = False,
    open_: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Write a report: one HTML file that needs no network.

    Good reps, trend, every session rep by rep, the presses, faults, strength,
    rhythm, fatigue and rest; each chart with its table. It can be sent, printed
    on A4, and read on a phone. Sessions whose time is unknown count, and say so.

    [bold]Examples[/]

      pulseblock report --open                           look at it
      pulseblock report --wearer Ann --output ann.html   one wearer's, to send
      pulseblock report --since 2026-01-01               the training of a year
      pulseblock report --newtons                        a block with a load cell
    """
    from pulseblock_tools.files import write_text
    from pulseblock_tools.report.page import About, render
    from pulseblock_tools.report.training import read_session
    from pulseblock_tools.store.database import open_database, reading
    from pulseblock_tools.store.listing import list_sessions

    asked = wanted(since, until, wearer, block)
    with reading(open_database(db, terminal.note)) as connection:
        sessions = list_sessions(connection, asked)
        trainings = [read_session(connection, one) for one in terminal.track(sessions, "Reading sessions")]
    write_text(output, render(trainings, About(wearer=wearer, newtons=newtons)))
    if not trainings:
        terminal.note("No sessions: the report says so. 'pulseblock sync' fetches what a block has.")
    if json:
        reps = sum(len(one.reps) for one in trainings)
        terminal.print_json({"file": str(output), "sessions": len(trainings), "reps": reps})
    else:
        terminal.say_whole(str(output))
    if open_ and not webbrowser.open(output.resolve().as_uri()):
        terminal.note("No browser could be started: open the file yourself.")
