"""Schema versions: every earlier one comes forward with a backup, a newer one is refused, nothing is lost."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from host.block_at_hand import GRIP, SHAPE_CN, Block
from pulseblock_tools.errors import BAD_INPUT, FAILED, UserError
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.store import migrations, schema
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.details import list_reps
from pulseblock_tools.store.ingest import commit_segments
from pulseblock_tools.store.listing import find_session, list_sessions
from pulseblock_tools.store.people import assign
from pulseblock_tools.store.voiding import set_void

FIXTURES = Path(__file__).parents[1] / "fixtures" / "store"


def typical(path):
    """A database with every kind of row: what the fixture of a schema version is made from."""
    engine = open_database(str(path))
    block = Block(segment_bytes=400).boot().session([0, 0, GRIP], [0, -1])
    block.passes(10**6).boot().session([0] * 8, ends=False, shapes=True).low_battery()
    commit_segments(
        engine,
        block.id,
        block.journal,
        block.pieces(),
        ClockPair(2, block.ticks, block.utc_ms, block.last_seq),
        host="desk",
        now_utc_ms=1_767_226_700_000,
    )
    block.decay(0, 100)
    commit_segments(
        engine, block.id, block.journal, block.pieces(), host="desk", now_utc_ms=1_767_226_800_000
    )

    def edit(connection):
        assign(connection, [1], "Zoë")
        set_void(connection, find_session(connection, "2"), 3, void=True, now_utc_ms=1_767_226_900_000)

    write(engine, edit)
    engine.dispose()


def dump(path):
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def load(version, path):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FIXTURES / f"schema{version}.sql").read_text("utf-8"))
    return path


def tables(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def backups(folder):
    return sorted(folder.glob("*.backup.db"))


def set_versions(path, schema_version, decoder_version):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE pulseblock_about SET schema_version = ?, decoder_version = ?",
            (schema_version, decoder_version),
        )


def versions(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT schema_version, decoder_version FROM pulseblock_about").fetchone()


def test_there_is_a_step_from_every_earlier_version():
    assert set(migrations.STEPS) == set(range(1, schema.SCHEMA_VERSION))


def test_the_tables_are_those_of_this_version(tmp_path):
    """Fails when a table changes and SCHEMA_VERSION does not; the fixtures' README says what to do."""
    open_database(str(tmp_path / "new.db")).dispose()
    recorded = load(schema.SCHEMA_VERSION, tmp_path / "recorded.db")
    assert tables(tmp_path / "new.db") == tables(recorded)


@pytest.mark.parametrize("version", range(1, schema.SCHEMA_VERSION + 1))
def test_every_version_since_the_first_opens_with_all_it_holds(version, tmp_path):
    engine = open_database(str(load(version, tmp_path / "old.db")))
    with reading(engine) as connection:
        first, second = list_sessions(connection)
        assert (first.wearer, first.reps, first.good, first.void) == ("Zoë", 4, 3, 1)
        assert (second.wearer, second.reps, second.void) == (None, 7, 1)
        assert first.start_utc_ms is None
        assert second.start_utc_ms == 1_767_226_683_500
        assert [rep.void for rep in list_reps(connection, second)] == [False, False, True] + 5 * [False]
        assert len(connection.execute(sa.select(schema.segments)).all()) == 3
        shapes = [rep.shape_cn for one in (first, second) for rep in list_reps(connection, one)]
        assert shapes == [None] * 5 + ([SHAPE_CN] * 8 if version > 1 else [None] * 8)
    assert versions(tmp_path / "old.db") == (schema.SCHEMA_VERSION, migrations.DECODER_VERSION)
    assert len(backups(tmp_path)) == (version < schema.SCHEMA_VERSION)


@pytest.fixture
def next_version(monkeypatch):
    """The next version of the schema, which gives wearers a colour and renames nothing else."""

    def step(connection):
        connection.execute(sa.text("ALTER TABLE pulseblock_wearers ADD COLUMN colour VARCHAR(20)"))
        connection.execute(sa.text("UPDATE pulseblock_wearers SET colour = 'blue'"))

    steps = {**migrations.STEPS, schema.SCHEMA_VERSION: step}
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", schema.SCHEMA_VERSION + 1)
    return steps


@pytest.mark.usefixtures("next_version")
def test_an_older_schema_comes_forward_with_a_backup_first(tmp_path):
    path = tmp_path / "training.db"
    typical_before(path)
    before = dump(path)
    told = []
    engine = open_database(str(path), told.append)
    with reading(engine) as connection:
        colours = connection.execute(sa.text("SELECT name, colour FROM pulseblock_wearers")).all()
        assert colours == [("Zoë", "blue")]
        assert [session.reps for session in list_sessions(connection)] == [4, 7]
    (backup,) = backups(tmp_path)
    assert dump(backup) == before
    assert backup.name.startswith(f"training.schema{schema.SCHEMA_VERSION}.")
    assert str(backup) in told[0]
    engine.dispose()

    open_database(str(path)).dispose()
    assert backups(tmp_path) == [backup]


def typical_before(path):
    """A database of the version before, whatever version a test pretends is this one."""
    load(schema.SCHEMA_VERSION, path)
    set_versions(path, schema.SCHEMA_VERSION, migrations.DECODER_VERSION)


def test_a_step_that_fails_changes_nothing(next_version, tmp_path):
    path = tmp_path / "training.db"
    typical_before(path)
    before = dump(path)

    def fail(connection):
        connection.execute(sa.text("DROP TABLE pulseblock_voids"))
        connection.execute(sa.text("SELECT * FROM missing"))

    next_version[schema.SCHEMA_VERSION] = fail
    with pytest.raises(UserError, match=r"training\.db: no such table: missing"):
        open_database(str(path))
    assert dump(path) == before


@pytest.mark.usefixtures("next_version")
def test_without_a_backup_nothing_is_changed(tmp_path, monkeypatch):
    path = tmp_path / "training.db"
    typical_before(path)
    before = dump(path)

    def disk_full(_source, file):
        file.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pulseblock_tools.store.backup._copy_sqlite", disk_full)
    with pytest.raises(
        UserError, match=r"no backup \(.*No space left.*\), so the database was left"
    ) as refusal:
        open_database(str(path))
    assert refusal.value.exit_code == FAILED
    assert dump(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["training.db"]


@pytest.mark.parametrize("ahead", [(1, 0), (0, 1)])
def test_a_newer_database_is_refused_in_one_line_and_left_alone(ahead, tmp_path):
    path = tmp_path / "training.db"
    typical(path)
    newer = (schema.SCHEMA_VERSION + ahead[0], migrations.DECODER_VERSION + ahead[1])
    set_versions(path, *newer)
    before = dump(path)
    with pytest.raises(UserError) as refusal:
        open_database(str(path))
    line = str(refusal.value)
    assert line.startswith(f"{path}: a newer pulseblock made it (schema {newer[0]}, decoder {newer[1]}; ")
    assert "pip install --upgrade pulseblock" in line
    assert "\n" not in line
    assert refusal.value.exit_code == BAD_INPUT
    assert dump(path) == before
    assert backups(tmp_path) == []


def test_a_newer_decoder_decodes_everything_again_and_keeps_edits_and_numbers(tmp_path):
    path = tmp_path / "training.db"
    typical(path)
    before = dump(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE pulseblock_reps SET faults = 127")
        connection.execute("DELETE FROM pulseblock_notes")
    set_versions(path, schema.SCHEMA_VERSION, 0)
    told = []
    open_database(str(path), told.append).dispose()
    assert dump(path) == before
    assert told == [f"{path}: decoding all journals again"]


def test_a_schema_changed_by_another_program_stops_a_writer(tmp_path):
    path = tmp_path / "training.db"
    engine = open_database(str(path))
    set_versions(path, schema.SCHEMA_VERSION + 1, migrations.DECODER_VERSION)
    block = Block().boot().session([0])
    with pytest.raises(UserError, match="its schema was changed meanwhile; run the command again"):
        commit_segments(engine, block.id, block.journal, block.pieces())


def test_another_programs_file_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "bookmarks.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE places (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(
        UserError, match=r"bookmarks\.db: is another program's database \(it has a table 'places'\)"
    ):
        open_database(str(path))
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no database at all, but text that is long enough to have been one" * 20)
    with pytest.raises(UserError, match=r"notes\.txt: file is not a database") as refusal:
        open_database(str(path))
    assert refusal.value.exit_code == FAILED


def test_of_a_damaged_database_it_says_what_to_do(tmp_path):
    path = tmp_path / "training.db"
    open_database(str(path)).dispose()
    path.write_bytes(path.read_bytes()[:8192])
    with pytest.raises(UserError, match=r"malformed: the file is damaged; .* 'pulseblock sync'") as refusal:
        open_database(str(path))
    assert refusal.value.exit_code == FAILED


def test_a_new_database_is_durable_and_lets_readers_and_a_writer_be(tmp_path):
    engine = open_database(str(tmp_path / "new" / "training.db"))
    with reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "fullfsync", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "fullfsync": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
