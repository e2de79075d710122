"""``pulseblock sync``: what the block has recorded, into the database."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.store.options import Db, Json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.engine import Engine

    from pulseblock_tools.store.details import DamagedStretch
    from pulseblock_tools.store.listing import Session
    from pulseblock_tools.sync.syncing import Outcome


_STRETCHES_TOLD = 5


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("sync")(_command)


def _command(port: PortName = None, db: Db = None, json: Json = False) -> None:
    """Fetch what the block has recorded, and set its clock.

    Only what is new is fetched. Once it is safe in the database, the block may
    use its space again; then it goes back to counting. If the cable is pulled,
    what came is kept, and the next sync goes on from there.

    [bold]Examples[/]

      pulseblock sync                          the block that is plugged in
      pulseblock sync --port /dev/ttyACM1      one of several
      pulseblock sync --db postgresql://desk@server/clinic
    """
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.store.database import open_database, reading
    from pulseblock_tools.store.details import list_damage
    from pulseblock_tools.store.location import require_lasting
    from pulseblock_tools.sync.syncing import require_clock, sync

    require_clock(time.time())
    engine = open_database(db, terminal.note)
    require_lasting(engine.url)
    with reading(engine) as connection:
        damaged = list_damage(connection)
    place = chosen(port)
    outcome = None
    try:
        with connect(place) as block, terminal.transfer("Fetching") as progress:
            about = block.about
            outcome = sync(block, engine, progress)
    finally:
        if outcome:  # safe, even where the app then fails to start
            _tell(outcome, engine, damaged, json)
    about.tell_risk(terminal.note)


def _tell(outcome: Outcome, engine: Engine, damaged_before: Collection[DamagedStretch], json: bool) -> None:
    from pulseblock_tools.store.database import reading
    from pulseblock_tools.store.details import list_damage
    from pulseblock_tools.store.listing import Wanted, list_sessions
    from pulseblock_tools.store.plain import plain_session

    new = set(outcome.new_sessions)
    with reading(engine) as connection:
        sessions = [one for one in list_sessions(connection, Wanted()) if one.session in new]
        damaged = [one for one in list_damage(connection) if one not in damaged_before]
    if json:
        told = {
            **asdict(outcome),
            "new_sessions": [plain_session(one) for one in sessions],
            "damaged": [asdict(one) for one in damaged],
        }
        terminal.print_json(told)
        return
    for session in sessions:
        terminal.say(_line(session))
    if not sessions:
        terminal.say("No new sessions.")
    for warning in (*_warnings(outcome), *_damage(damaged)):
        terminal.note(warning)


def _line(session: Session) -> str:
    from pulseblock_tools.plurals import counted
    from pulseblock_tools.store.wording import duration, local, share

    return (
        f"Session {session.session}: {local(session.start_utc_ms)}, {duration(session.duration_ms)} long, "
        f"{counted(session.reps, 'rep')}, {share(session.good, session.reps)} good"
    )


def _warnings(outcome: Outcome) -> Iterator[str]:
    if outcome.contradicted:
        yield "Flash that was synced before reads differently now; both readings are kept."
    if outcome.unreadable:
        yield "Some of the block's flash cannot be read: 'pulseblock doctor' says how bad that is."
    if outcome.waiting:
        yield "The block's flash takes no more records: 'pulseblock doctor' says why."


def _damage(damaged: Sequence[DamagedStretch]) -> Iterator[str]:
    if damaged:
        yield "Of the block's journal this is damaged, missing or with another computer; all else is here:"
    for at in damaged[:_STRETCHES_TOLD]:
        length = f", {at.length} bytes" if at.length else ""
        yield f"  segment {at.segment} at byte {at.offset}{length}: {at.reason}"
    if len(damaged) > _STRETCHES_TOLD:
        yield f"  and {len(damaged) - _STRETCHES_TOLD} more"
