"""``pulseblock void``: a rep that does not count."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.store.options import Db, Json, SessionName

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from pulseblock_tools.store.listing import Session


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("void")(_command)


def _command(
    session: SessionName,
    rep: Annotated[
        int, typer.Argument(metavar="REP", help="Its number, as [bold]pulseblock show[/] lists it.")
    ],
    undo: Annotated[bool, typer.Option("--undo", help="Let it count again.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Take a rep out of the count, or back into it.

    What was recorded stays; what you say here goes over a void from the block's button.

    [bold]Examples[/]

      pulseblock void last 7           rep 7 of the latest session does not count
      pulseblock void 12 7 --undo      it counts after all
    """
    from pulseblock_tools.plurals import counted
    from pulseblock_tools.store.database import open_database, write
    from pulseblock_tools.store.listing import find_session
    from pulseblock_tools.store.plain import plain_session
    from pulseblock_tools.store.voiding import set_void
    from pulseblock_tools.store.wording import share

    now_utc_ms = time.time_ns() // 1_000_000

    def change(connection: Connection) -> tuple[Session, bool]:
        found = find_session(connection, session)
        changed = set_void(connection, found, rep, void=not undo, now_utc_ms=now_utc_ms)
        return find_session(connection, str(found.session)), changed

    found, changed = write(open_database(db, terminal.note), change)
    if json:
        terminal.print_json({**plain_session(found), "rep": rep, "void": not undo, "changed": changed})
        return
    outcome = (
        ("counts again" if undo else "is void now")
        if changed
        else ("counts" if undo else "is void") + " already"
    )
    counts = f"{counted(found.reps, 'rep')}, {share(found.good, found.reps)} good"
    terminal.say(f"Rep {rep} of session {found.session} {outcome}: {counts}.")
