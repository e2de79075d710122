"""Schema versions: made, checked, and brought forward with a backup first.

A step changes only the tables that hold raw bytes and edits.  The decoded tables are dropped and made again
from those by every migration, so most of what a migration tool would be needed for never comes up.
"""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from pulseblock_tools.errors import UserError
from pulseblock_tools.journal.decode import DECODER_VERSION
from pulseblock_tools.store import derive, location
from pulseblock_tools.store.backup import backup
from pulseblock_tools.store.engine import reading, transact
from pulseblock_tools.store.schema import DECODED, SCHEMA_VERSION, about, metadata

Step = Callable[[Connection], None]


def _nothing(_connection: Connection) -> None:
    """Raw bytes and edits stay as they are."""


# STEPS[n] turns the raw and edited tables of version n into those of version n + 1
STEPS: Mapping[int, Step] = {
    1: _nothing,  # reps have shapes since
}


def bring_forward(engine: Engine, tell: Callable[[str], None]) -> None:
    """Make the tables of a new database, or bring an older one's to this version.

    *tell* is called with a line for people before anything that takes long.  Raises UserError, with nothing
    changed, when the database is of a newer version, is none of ours, or cannot be backed up.
    """
    with reading(engine) as connection:
        if _versions(connection) == (SCHEMA_VERSION, DECODER_VERSION):
            return
    transact(engine, lambda connection: _bring_forward(connection, tell), alone=True)
    if engine.dialect.name == "sqlite":
        _use_wal(engine)


def require_current(connection: Connection) -> None:
    """Raise UserError when another program changed the schema since this one opened the database."""
    if _versions(connection) != (SCHEMA_VERSION, DECODER_VERSION):
        raise UserError(f"{_name(connection)}: its schema was changed meanwhile; run the command again")


def _versions(connection: Connection) -> tuple[int, int] | None:
    if not sa.inspect(connection).has_table(about.name):
        return None
    # not through the table object: only these two columns are the same in every version
    row = connection.execute(sa.text(f"SELECT schema_version, decoder_version FROM {about.name}")).one()
    return row[0], row[1]


def _bring_forward(connection: Connection, tell: Callable[[str], None]) -> None:
    versions = _versions(connection)
    if versions == (SCHEMA_VERSION, DECODER_VERSION):
        return  # another process has just done it
    if versions is None:
        _refuse_strangers(connection)
        metadata.create_all(connection)
        connection.execute(sa.insert(about).values(only=1, schema_version=0, decoder_version=0))
    else:
        schema, decoder = versions
        if schema > SCHEMA_VERSION or decoder > DECODER_VERSION:
            raise UserError(
                f"{_name(connection)}: a newer pulseblock made it (schema {schema}, decoder {decoder}; "
                f"this one knows {SCHEMA_VERSION} and {DECODER_VERSION}): pip install --upgrade pulseblock"
            )
        if schema < SCHEMA_VERSION:
            copy = backup(connection, schema)
            tell(f"{_name(connection)}: bringing schema {schema} to {SCHEMA_VERSION}; a backup is in {copy}")
            metadata.drop_all(connection, tables=DECODED)
            for step in range(schema, SCHEMA_VERSION):
                STEPS[step](connection)
            metadata.create_all(connection)
        tell(f"{_name(connection)}: decoding all journals again")
        derive.decode_all(connection, time.time_ns() // 1_000_000)
    now = {"schema_version": SCHEMA_VERSION, "decoder_version": DECODER_VERSION}
    connection.execute(sa.update(about).values(**now))


def _refuse_strangers(connection: Connection) -> None:
    # a file belongs to one program; a server's database may well be shared
    if connection.dialect.name == "sqlite" and (tables := sa.inspect(connection).get_table_names()):
        raise UserError(f"{_name(connection)}: is another program's database (it has a table {tables[0]!r})")


def _use_wal(engine: Engine) -> None:
    # readers and a writer then do not wait for each other; a property of the file, not set in a transaction
    with closing(engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
        # busy: another process has it open, and has set this or will
        connection.cursor().execute("PRAGMA journal_mode = WAL")


def _name(connection: Connection) -> str:
    return location.describe(connection.engine.url)
