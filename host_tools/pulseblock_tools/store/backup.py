"""A copy of a database, made before its schema is changed.

A backup is always a SQLite file, whatever it is a copy of.  So it needs no tool of the server's and no
right on it, the version of pulseblock that knew its schema opens it with ``--db``, and it can be sent away
like any file.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.store import location

_ROWS_AT_ONCE = 500


def backup(connection: Connection, schema_version: int) -> Path:
    """Copy the database behind *connection*, of *schema_version*, to a new file; its path.

    A SQLite file's backup lies beside it, a server's in the user's data folder.  The caller holds the lock
    that keeps others from writing meanwhile.  Raises UserError when it cannot be written.
    """
    source = location.sqlite_file(connection.engine.url)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    database = source.stem if source else connection.engine.url.database
    name = f"{database}.schema{schema_version}.{stamp}.backup.db"
    file = (source.parent if source else location.default_file().parent) / name
    part = file.with_name(f"{name}.part")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.touch(mode=0o600, exist_ok=False)
        if source:
            _copy_sqlite(source, part)
        else:
            _copy_tables(connection, part)
        part.rename(file)
    except (OSError, sqlite3.Error, sa.exc.SQLAlchemyError) as problem:
        reason = str(problem).splitlines()[0]
        raise UserError(f"{file}: no backup ({reason}), so the database was left as it was", FAILED) from None
    finally:
        part.unlink(missing_ok=True)
    return file


def _copy_sqlite(source: Path, file: Path) -> None:
    # a connection of its own: SQLite's backup waits for ever on a connection that has begun a transaction
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(file)) as copy:
        origin.backup(copy)


def _copy_tables(connection: Connection, file: Path) -> None:
    tables = sa.MetaData()
    # only ours: a server's database may hold others' tables as well
    names = [name for name in sa.inspect(connection).get_table_names() if name.startswith("pulseblock_")]
    tables.reflect(connection, only=names)
    for table in tables.tables.values():
        for column in table.columns:
            column.type = column.type.as_generic()
            column.server_default = None
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(file)))
    with engine.begin() as copy:
        tables.create_all(copy)
        for table in tables.sorted_tables:
            rows = connection.execute(sa.select(table), execution_options={"yield_per": _ROWS_AT_ONCE})
            for part in rows.mappings().partitions():
                copy.execute(sa.insert(table), [dict(row) for row in part])
    engine.dispose()
