"""``pulseblock wearer``: who trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.errors import UserError
from pulseblock_tools.store.options import Db, Json

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from pulseblock_tools.store.people import Wearer

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="Known or new.", show_default=False)]
Nobody = Annotated[bool, typer.Option("--nobody", help="Instead of a name: of no wearer.")]


def register(app: typer.Typer) -> None:
    """Add the command and those under it to the app."""
    wearer = typer.Typer(callback=_overview, invoke_without_command=True, rich_markup_mode="rich")
    wearer.command("list")(_list)
    wearer.command("assign")(_assign)
    wearer.command("default")(_default)
    wearer.command("rename")(_rename)
    wearer.command("remove")(_remove)
    app.add_typer(wearer, name="wearer")


def _overview(ctx: typer.Context) -> None:
    """Say whose sessions are whose.

    [bold]Examples[/]

      pulseblock wearer list
      pulseblock wearer assign 12 Ann           session 12 is Ann's
      pulseblock wearer assign 3-7,9,last Ann   several are
      pulseblock wearer default e661 Ann        so will be what e661... brings
      pulseblock wearer rename Ann Anne
      pulseblock wearer remove Anne             who has no sessions
    """
    if ctx.invoked_subcommand is None:
        ctx.get_help()  # Typer's own help prints itself


def _list(db: Db = None, json: Json = False) -> None:
    """List the wearers, how many sessions are theirs, and their blocks.

    [bold]Examples[/]

      pulseblock wearer list
      pulseblock wearer list --json     one JSON object each
    """
    from pulseblock_tools.store.database import open_database, reading
    from pulseblock_tools.store.people import list_wearers
    from pulseblock_tools.store.plain import plain_wearer

    with reading(open_database(db, terminal.note)) as connection:
        found = list_wearers(connection)
    if json:
        for wearer in found:
            terminal.print_json(plain_wearer(wearer))
        return
    if not found:
        terminal.say("No wearers yet: 'pulseblock wearer assign SESSION NAME' makes one.")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("wearer", overflow="fold")
    table.add_column("sessions", justify="right")
    table.add_column("blocks")
    for wearer in found:
        table.add_row(Text(wearer.name), str(wearer.sessions), ", ".join(wearer.blocks) or "-")
    terminal.say(table)


def _assign(
    sessions: Annotated[str, typer.Argument(metavar="SESSIONS", help="Numbers, ranges, last: 3-7,9,last.")],
    name: Name = None,
    nobody: Nobody = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Make sessions those of a wearer.

    [bold]Examples[/]

      pulseblock wearer assign last Ann
      pulseblock wearer assign 3-7,9 "Ann B."
      pulseblock wearer assign 12 --nobody
    """
    from pulseblock_tools.store.database import open_database, write
    from pulseblock_tools.store.listing import find_sessions
    from pulseblock_tools.store.people import assign

    wearer = _wearer(name, nobody)

    def change(connection: Connection) -> list[int]:
        chosen = [session.session for session in find_sessions(connection, sessions)]
        assign(connection, chosen, wearer)
        return chosen

    chosen = write(open_database(db, terminal.note), change)
    if json:
        terminal.print_json({"wearer": wearer, "sessions": chosen})
        return
    which = f"Session {chosen[0]} is" if len(chosen) == 1 else f"{len(chosen)} sessions are"
    _say(f"{which} {_whose(wearer)} now.")


def _default(
    block: Annotated[str, typer.Argument(metavar="BLOCK", help="Its id, or how that begins.")],
    name: Name = None,
    nobody: Nobody = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Say whose the sessions are that a block will bring; those it brought stay whose they are.

    [bold]Examples[/]

      pulseblock wearer default e661 Ann      a block whose id begins so
      pulseblock wearer default e661 --nobody
    """
    from pulseblock_tools.store.database import open_database, write
    from pulseblock_tools.store.listing import find_block
    from pulseblock_tools.store.people import set_default

    wearer = _wearer(name, nobody)

    def change(connection: Connection) -> str:
        found = find_block(connection, block)
        set_default(connection, found, wearer)
        return found

    found = write(open_database(db, terminal.note), change)
    if json:
        terminal.print_json({"wearer": wearer, "block": found})
        return
    _say(f"New sessions of block {found} will be {_whose(wearer)}.")


def _rename(
    old: Annotated[str, typer.Argument(metavar="OLD")],
    new: Annotated[str, typer.Argument(metavar="NEW")],
    merge: Annotated[
        bool, typer.Option("--merge", help="Where NEW is a wearer already: make the two one.")
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Change a wearer's name, in all sessions at once.

    [bold]Examples[/]

      pulseblock wearer rename Ann Anne
      pulseblock wearer rename ann Ann --merge     two that are one
    """
    from pulseblock_tools.store.database import open_database, write
    from pulseblock_tools.store.people import clean_name, find_wearer, rename
    from pulseblock_tools.store.plain import plain_wearer

    def change(connection: Connection) -> Wearer:
        rename(connection, old, new, merge=merge)
        return find_wearer(connection, new)

    wearer = write(open_database(db, terminal.note), change)
    if json:
        terminal.print_json(plain_wearer(wearer))
        return
    _say(f"{clean_name(old)} is {wearer.name} now.")


def _remove(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    db: Db = None,
    json: Json = False,
) -> None:
    """Forget a wearer who has no sessions, such as one whose name was mistyped.

    [bold]Examples[/]

      pulseblock wearer remove Amn
    """
    from pulseblock_tools.store.database import open_database, write
    from pulseblock_tools.store.people import clean_name, remove

    write(open_database(db, terminal.note), lambda connection: remove(connection, name))
    if json:
        terminal.print_json({"removed": clean_name(name)})
        return
    _say(f"{clean_name(name)} is no wearer any more.")


def _wearer(name: str | None, nobody: bool) -> str | None:
    from pulseblock_tools.store.people import clean_name

    if (name is None) != nobody:
        raise UserError("give a wearer's name, or --nobody")
    return None if name is None else clean_name(name)


def _say(text: str) -> None:
    from rich.text import Text

    terminal.say(Text(text))


def _whose(wearer: str | None) -> str:
    return "nobody's" if wearer is None else f"{wearer}'s"
