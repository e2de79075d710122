"""Options that several commands share.

Every run of every command reads this file, so it imports nothing heavy at its top.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools.errors import UserError

if TYPE_CHECKING:
    from pulseblock_tools.store.listing import Wanted

Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        envvar="PULSEBLOCK_DB",
        metavar="URL",
        help="The database: a SQLite file, or a SQLAlchemy URL. By default a file in your data folder.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
Since = Annotated[
    str | None, typer.Option(metavar="DATE", help="Begun then or later: 2026-01-31 or 2026-01-31T18:30.")
]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Begun then or earlier; a day counts whole.")]
Wearer = Annotated[str | None, typer.Option(metavar="NAME", help="Of this wearer.")]
Block = Annotated[str | None, typer.Option(metavar="ID", help="Of this block; its id's beginning will do.")]
SessionName = Annotated[
    str,
    typer.Argument(metavar="SESSION", help="Its number, as [bold]pulseblock sessions[/] lists it; or last."),
]


def wanted(since: str | None, until: str | None, wearer: str | None, block: str | None) -> Wanted:
    """Return what the filters ask for; raises UserError for what is no date."""
    from pulseblock_tools.store.listing import Wanted

    return Wanted(
        wearer=wearer,
        block=block,
        since_utc_ms=None if since is None else _utc_ms("--since", since, timedelta(0)),
        # until the 31st means until its end; a minute, too, counts whole
        until_utc_ms=None if until is None else _utc_ms("--until", until, _unit(until)),
    )


def _unit(text: str) -> timedelta:
    return timedelta(minutes=1) if ":" in text else timedelta(days=1)


def _utc_ms(option: str, text: str, later: timedelta) -> int:
    try:
        return round((datetime.fromisoformat(text.strip()) + later).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise UserError(f"{option} {text!r} is no date such as 2026-01-31 or 2026-01-31T18:30") from None
