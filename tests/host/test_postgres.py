"""A clinic's desks on one PostgreSQL, against a server that these tests start themselves."""

import itertools
import os
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from host.block_at_hand import GRIP, Block
from host.committing import assert_desks_lose_and_double_nothing
from host.postgres_server import ServerMissing, running_server
from host.syncing import decoded, raw
from host.test_store_migrations import typical
from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.store import ingest, location, migrations, schema
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.details import list_reps
from pulseblock_tools.store.engine import transact
from pulseblock_tools.store.exporting import rows
from pulseblock_tools.store.ingest import Committed, commit_segments
from pulseblock_tools.store.listing import list_sessions
from pulseblock_tools.store.people import list_wearers

_names = (f"clinic{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def server():
    """The folder of the server's socket."""
    try:
        running = running_server()
        folder = running.__enter__()
    except ServerMissing as missing:
        if os.environ.get("PULSEBLOCK_REQUIRE_POSTGRES"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    yield folder
    running.__exit__(None, None, None)


@pytest.fixture
def url(server):
    """A fresh, empty database."""
    name = next(_names)
    engine = sa.create_engine(f"postgresql+psycopg://postgres@/postgres?host={server}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return f"postgresql://postgres@/{name}?host={server}"


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(location, "default_file", lambda: tmp_path / "data" / "pulseblock.db")
    return tmp_path / "data"


def run_sql(url, *statements):
    engine = sa.create_engine(location.resolve(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_sync_gives_what_it_gives_in_sqlite(url):
    block = Block(segment_bytes=400).boot().session([0, 0, GRIP], [0, -1]).low_battery()
    block.passes(10**6).boot().session([0] * 8, ends=False)
    block.decay(0, 90)
    engines = [open_database(url), open_database("sqlite://")]
    for engine in engines:
        outcome = commit_segments(engine, block.id, block.journal, block.pieces(), block.clock())
        assert outcome.new_sessions == (1, 2)
        assert commit_segments(engine, block.id, block.journal, block.pieces(), block.clock()) == Committed(
            0, (), ()
        )
    server, file = engines
    assert decoded(server) == decoded(file)
    assert raw(server) == raw(file)
    exported = []
    for engine in engines:
        with reading(engine) as connection:
            exported.append(list(rows(connection, list_sessions(connection))))
        engine.dispose()
    assert exported[0] == exported[1]


def test_edits(url, tmp_path):
    """The same database, made there and in a file, by everything that edits."""
    typical(url)
    typical(tmp_path / "training.db")
    found = []
    for where in (url, str(tmp_path / "training.db")):
        engine = open_database(where)
        with reading(engine) as connection:
            sessions = list_sessions(connection)
            found.append(
                (sessions, [list_reps(connection, one) for one in sessions], list_wearers(connection))
            )
        engine.dispose()
    assert found[0] == found[1]


def test_desks_that_commit_at_once_lose_and_double_nothing(url):
    """They find an empty database at first, and so make the schema at once, too."""
    assert_desks_lose_and_double_nothing(url)


def test_a_commit_is_on_disk_even_where_the_server_would_put_that_off(url):
    database = location.resolve(url).database
    run_sql(url, f"ALTER DATABASE {database} SET synchronous_commit = off")
    engine = open_database(url)
    assert write(engine, lambda connection: connection.scalar(sa.text("SHOW synchronous_commit"))) == "on"
    engine.dispose()


def test_a_reader_cannot_write(url):
    engine = open_database(url)
    with pytest.raises(UserError, match="read-only transaction"), reading(engine) as connection:
        connection.execute(sa.delete(schema.reps))
    engine.dispose()


def test_other_tables_in_the_database_are_left_alone(url):
    run_sql(url, "CREATE TABLE sessions (patient TEXT)", "INSERT INTO sessions VALUES ('one')")
    engine = open_database(url)
    with reading(engine) as connection:
        assert connection.execute(sa.text("SELECT patient FROM sessions")).all() == [("one",)]
        assert list_sessions(connection) == []
    engine.dispose()


def test_a_server_that_is_gone_is_one_line(server):
    gone = f"postgresql://desk:s3cret@/training?host={server}/gone"
    with pytest.raises(UserError) as refusal:
        open_database(gone)
    assert refusal.value.exit_code == FAILED
    assert "\n" not in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_a_newer_schema_is_refused(url):
    open_database(url).dispose()
    run_sql(url, "UPDATE pulseblock_about SET schema_version = schema_version + 1")
    with pytest.raises(UserError, match="a newer pulseblock made it"):
        open_database(url)


def pretend_a_next_version(monkeypatch, *statements):
    """The schema moves on by *statements*."""

    def step(connection):
        for statement in statements:
            connection.execute(sa.text(statement))

    monkeypatch.setattr(migrations, "STEPS", {**migrations.STEPS, schema.SCHEMA_VERSION: step})
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)


def content(engine):
    """Every row of every table of ours."""
    with reading(engine) as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in schema.metadata.sorted_tables
            if table is not schema.about
        }


def test_an_older_schema_comes_forward_and_its_backup_is_a_sqlite_file(url, data_folder):
    typical(url)
    run_sql(url, "CREATE TABLE sessions (patient TEXT)")
    engine = open_database(url)
    before = content(engine)
    engine.dispose()

    told = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        pretend_a_next_version(monkeypatch, "ALTER TABLE pulseblock_wearers ADD COLUMN colour VARCHAR(20)")
        engine = open_database(url, told.append)
    assert content(engine) == before
    with reading(engine) as connection:
        colours = connection.execute(sa.text("SELECT name, colour FROM pulseblock_wearers")).all()
    assert colours == [("Zoë", None)]
    engine.dispose()

    (file,) = data_folder.iterdir()
    assert str(file) in told[0]
    assert file.name.startswith(f"{location.resolve(url).database}.schema{schema.SCHEMA_VERSION}.")
    with closing(sqlite3.connect(file)) as connection:
        assert ("sessions",) not in connection.execute("SELECT name FROM sqlite_master").fetchall()
    backup = open_database(str(file))
    assert content(backup) == before
    # and goes on as a database
    block = Block(segment_bytes=400, journal=99).boot().session([0])
    assert commit_segments(backup, block.id, block.journal, block.pieces()).new_sessions == (3,)
    backup.dispose()


def test_a_step_that_fails_changes_nothing(url):
    typical(url)
    engine = open_database(url)
    before = content(engine)
    with pytest.MonkeyPatch.context() as monkeypatch:
        pretend_a_next_version(monkeypatch, "DROP TABLE pulseblock_voids", "SELECT * FROM missing")
        with pytest.raises(UserError, match='relation "missing" does not exist'):
            open_database(url)
    assert content(engine) == before
    engine.dispose()


def test_writers_go_side_by_side_and_the_schema_changes_with_nobody_else_there(url):
    engine = open_database(url)
    impatient = open_database(f"{url}&options=-clock_timeout%3D100ms")

    def work(_connection):
        assert write(impatient, lambda connection: connection.scalar(sa.text("SELECT 1"))) == 1
        with pytest.raises(UserError, match="canceling statement due to lock timeout"):
            transact(impatient, lambda _connection: None, alone=True)

    write(engine, work)
    transact(impatient, lambda _connection: None, alone=True)
    engine.dispose()
    impatient.dispose()


def test_of_one_journal_there_is_one_writer(url):
    """Else who began earlier and commits later would put a shorter reading over a longer one."""
    engine = open_database(url)
    impatient = open_database(f"{url}&options=-clock_timeout%3D100ms")
    block, other = Block("aa" * 8).boot().session([0]), Block("bb" * 8).boot().session([0])
    commit_segments(engine, block.id, block.journal, block.pieces())
    block.session([0])

    def work(connection):
        ingest._lock(connection, block.id, block.journal)
        commit_segments(impatient, other.id, other.journal, other.pieces())
        with pytest.raises(UserError, match="canceling statement due to lock timeout"):
            commit_segments(impatient, block.id, block.journal, block.pieces())

    write(engine, work)
    assert commit_segments(impatient, block.id, block.journal, block.pieces()).new_sessions == (3,)
    engine.dispose()
    impatient.dispose()
