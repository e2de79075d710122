"""``pulseblock sessions``: the list of what was synced."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import typer

from pulseblock_tools import terminal
from pulseblock_tools.store.options import Block, Db, Json, Since, Until, Wearer, wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulseblock_tools.store.listing import Session

_SHORT_ID = 6


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("sessions")(_command)


def _command(
    since: Since = None,
    until: Until = None,
    wearer: Wearer = None,
    block: Block = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """List the sessions that were synced, the latest last.

    Where nobody can know when a session was, it stands where its block's journal
    puts it, and is left out where dates are asked for.

    [bold]Examples[/]

      pulseblock sessions                                    all of them
      pulseblock sessions --wearer Ann --since 2026-01-01    some
      pulseblock sessions --json                             one JSON object each
    """
    from pulseblock_tools.plurals import counted
    from pulseblock_tools.store.database import open_database, reading
    from pulseblock_tools.store.details import list_damage
    from pulseblock_tools.store.listing import Wanted, list_sessions
    from pulseblock_tools.store.location import describe
    from pulseblock_tools.store.plain import plain_session

    asked = wanted(since, until, wearer, block)
    engine = open_database(db, terminal.note)
    with reading(engine) as connection:
        found = list_sessions(connection, asked)
        damaged = list_damage(connection)
    if json:
        for session in found:
            terminal.print_json(plain_session(session))
        return
    if damaged:
        unreadable = sum(stretch.length for stretch in damaged)
        lost = counted(unreadable, "unreadable byte") if unreadable else damaged[-1].reason
        terminal.note(f"Journals are damaged or incomplete ({lost}); what lies around the damage is here.")
    if found:
        _show(found)
    elif asked == Wanted():
        where = describe(engine.url)
        terminal.say_whole(f"No sessions in {where} yet: plug the block in and run 'pulseblock sync'.")
    else:
        terminal.say("No such sessions.")


def _show(found: Sequence[Session]) -> None:
    from rich.table import Table
    from rich.text import Text

    from pulseblock_tools.store.wording import duration, local, share

    any_void = any(session.void for session in found)
    blocks = {session.block for session in found}
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("session", "started", "lasted", "sets", "reps", "good"):
        table.add_column(heading, justify="left" if heading == "started" else "right", no_wrap=True)
    if any_void:
        table.add_column("void", justify="right", no_wrap=True)
    if len(blocks) > 1:
        table.add_column("block", no_wrap=True)
    table.add_column("wearer", overflow="fold")
    for session in found:
        row = [
            str(session.session),
            local(session.start_utc_ms),
            duration(session.duration_ms),
            str(session.sets),
            str(session.reps),
            share(session.good, session.reps),
        ]
        if any_void:
            row.append(str(session.void or "-"))
        if len(blocks) > 1:
            row.append(session.block[: _telling_length(blocks)])
        table.add_row(*row, Text(session.wearer or "-"))
    terminal.say(table)


def _telling_length(blocks: set[str]) -> int:
    """Return how much of the blocks' ids tells them apart, and so does for ``--block``."""
    lengths = itertools.count(_SHORT_ID)
    return next(length for length in lengths if len({block[:length] for block in blocks}) == len(blocks))
