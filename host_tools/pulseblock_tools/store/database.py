"""A database, opened: its schema is this version's, and stays so for as long as it is written to."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.engine import Connection, Engine

from pulseblock_tools.store import engine as connections
from pulseblock_tools.store import location, migrations
from pulseblock_tools.store.engine import reading

__all__ = ["open_database", "reading", "write"]

Result = TypeVar("Result")


def open_database(where: str | None = None, tell: Callable[[str], None] = lambda _line: None) -> Engine:
    """Open the database at *where*, made or brought to this version if need be.

    *where* is a SQLAlchemy URL or a SQLite file, None for the usual place.  *tell* gets a line for people
    before anything that takes long.  Raises UserError when it cannot be used.
    """
    engine = connections.make_engine(location.resolve(where))
    migrations.bring_forward(engine, tell)
    return engine


def write(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run ``work(connection)`` in one transaction, all of it or nothing; its result.

    May run it again after losing a race, so it must have no other effects.  Raises UserError when the
    database fails, or when another program changed its schema since it was opened.
    """

    def checked(connection: Connection) -> Result:
        migrations.require_current(connection)
        return work(connection)

    return connections.transact(engine, checked)
