"""``pulseblock export``: reps for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.errors import UserError
from pulseblock_tools.store.options import Block, Db, Json, Since, Until, Wearer, wanted


class Format(StrEnum):
    """What a file is written as; the names are the files' endings."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("export")(_command)


def _command(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there instead of to stdout.")
    ] = None,
    kind: Annotated[
        Format | None, typer.Option("--format", help="By default what FILE's ending says, or CSV.")
    ] = None,
    session: Annotated[
        str | None, typer.Option(metavar="SESSION", help="One session only: its number, or last.")
    ] = None,
    since: Since = None,
    until: Until = None,
    wearer: Wearer = None,
    block: Block = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Write reps for other programs: one row a rep, with its session and wearer.

    Times are UTC in ISO 8601, empty where nobody can know them; forces are in
    newtons, tilts in degrees, jolts in g; shape_n is the force at even times from
    a rep's start to its end. Void reps are there and marked. In CSV, lists are
    apart by spaces, and text that a spreadsheet would run as a formula gets an
    apostrophe before it.

    [bold]Examples[/]

      pulseblock export > reps.csv
      pulseblock export --wearer Ann -o ann.parquet    needs the extra \\[parquet]
      pulseblock export --session last --json          one JSON object a rep
    """
    from pulseblock_tools.plurals import counted
    from pulseblock_tools.store.database import open_database, reading
    from pulseblock_tools.store.exporting import export, rows
    from pulseblock_tools.store.listing import find_session, list_sessions

    chosen_kind = Format.JSON_LINES if json else kind or _by_ending(output)
    asked = wanted(since, until, wearer, block)
    with reading(open_database(db, terminal.note)) as connection:
        found = [find_session(connection, session)] if session else list_sessions(connection, asked)
        export(rows(connection, terminal.track(found, "Exporting")), chosen_kind, output)
    if output:
        terminal.note(f"{output}: the reps of {counted(len(found), 'session')}")


def _by_ending(output: Path | None) -> Format:
    if output is None:
        return Format.CSV
    try:
        return Format(output.suffix.lower().removeprefix("."))
    except ValueError:
        endings = ", ".join(f".{one}" for one in Format)
        raise UserError(f"{output}: end its name in one of {endings}, or give --format") from None
