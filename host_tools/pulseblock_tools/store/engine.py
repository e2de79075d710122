"""Connections and transactions: a commit is on disk, and two writers do each other no harm."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, OperationalError, SQLAlchemyError

from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.store.location import describe, sqlite_file

BUSY_S = 30  # how long one process waits for another's write to a SQLite file
_ATTEMPTS = 6  # of a transaction that lost a race
_ADVICE = {
    "malformed": "the file is damaged; put a copy of it back, or move it away and run 'pulseblock sync' for "
    "what the block still has",
    "not a database": "is --db, or PULSEBLOCK_DB, the file you meant?",
    "readonly": "may you write to it, and to its folder?",
}
_LOCK = 0x70756C7365  # PostgreSQL's advisory lock: writers share it, whoever changes the schema has it alone
_LOST_RACES = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock

Result = TypeVar("Result")


def make_engine(url: URL) -> Engine:
    """An engine for *url*; connects to nothing yet.

    A SQLite file's folder is made, for this user alone: what it will hold is about a person's health.
    """
    file = sqlite_file(url)
    try:
        if file:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = sa.create_engine(url)
    except OSError as problem:
        raise UserError(f"{describe(url)}: {problem.strerror or problem}") from None
    except ModuleNotFoundError as problem:
        remedy = "pip install 'pulseblock[postgres]'" if problem.name == "psycopg" else "install it"
        raise UserError(f"this database needs the Python module {problem.name}: {remedy}") from None
    except NoSuchModuleError:
        raise UserError(f"{url.drivername}: SQLAlchemy knows no such kind of database") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # the driver's own idea of transactions leaves CREATE TABLE outside them; _begin_sqlite begins them
    # instead
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_S * 1000}",
        # a block erases what was committed here, so a commit must survive a power cut
        "synchronous = FULL",
        "fullfsync = ON",  # else macOS leaves it in the disk's cache
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # a reader that turns writer midway fails where another wrote meanwhile: a writer says so at once
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _mode(connection) else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    mode = _mode(connection)
    if not mode:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    lock = "pg_advisory_xact_lock" if mode == "alone" else "pg_advisory_xact_lock_shared"
    connection.exec_driver_sql(f"SELECT {lock}({_LOCK})")


def _mode(connection: Connection) -> str:
    return str(connection.get_execution_options().get("pulseblock_write", ""))


def transact(engine: Engine, work: Callable[[Connection], Result], *, alone: bool = False) -> Result:
    """Run ``work(connection)`` in one writing transaction, again if it lost a race; its result.

    Writers of different journals go side by side where the database can; with *alone* nobody else writes
    meanwhile. Raises UserError when the database cannot be reached or stays busy.
    """
    options = {"pulseblock_write": "alone" if alone else "beside others"}
    with one_line(engine.url):
        for left in reversed(range(_ATTEMPTS)):
            try:
                with engine.connect().execution_options(**options) as connection, connection.begin():
                    return work(connection)
            except (IntegrityError, OperationalError) as problem:
                if not left or not _lost_race(problem):
                    raise
                time.sleep(0.05 * (_ATTEMPTS - left))
    raise AssertionError("the last attempt returns or raises")


def _lost_race(problem: DBAPIError) -> bool:
    return (
        isinstance(problem, IntegrityError)
        or getattr(problem.orig, "sqlstate", None) in _LOST_RACES
        or "database is locked" in str(problem.orig)
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, for reading only."""
    with one_line(engine.url), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def one_line(url: URL) -> Iterator[None]:
    """Turn the database's own errors into a UserError of one line, without the password in *url*."""
    try:
        yield
    except SQLAlchemyError as problem:
        origin = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
        reason = next(iter(str(origin).strip().splitlines()), type(origin).__name__)
        if "unable to open" in reason:
            reason += ": is there such a folder, and may you write to it?"
            raise UserError(f"{describe(url)}: {reason}") from problem
        advice = [f": {text}" for words, text in _ADVICE.items() if words in reason]
        raise UserError(f"{describe(url)}: {reason}{''.join(advice)}", FAILED) from problem
