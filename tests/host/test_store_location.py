"""Which database is meant, and what is said of one that cannot be used."""

import builtins

import platformdirs
import pytest

from pulseblock_tools.errors import BAD_INPUT, FAILED, UserError
from pulseblock_tools.store.database import open_database
from pulseblock_tools.store.location import describe, require_lasting, resolve


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv("PULSEBLOCK_DB", raising=False)


def test_by_default_a_file_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path)
    assert describe(resolve(None)) == str(tmp_path / "pulseblock.db")


def test_the_option_goes_over_the_variable_and_that_over_the_default(monkeypatch):
    monkeypatch.setenv("PULSEBLOCK_DB", "from-variable.db")
    assert resolve(None).database == "from-variable.db"
    assert resolve("from-option.db").database == "from-option.db"


@pytest.mark.parametrize("given", ["training.db", "sqlite:///training.db"])
def test_a_file_is_named_by_its_path_or_by_a_url(given):
    url = resolve(given)
    assert (url.get_backend_name(), url.database) == ("sqlite", "training.db")


def test_the_home_folder_may_be_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert resolve("~/training.db").database == "/home/somebody/training.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_psycopg_3(scheme):
    assert resolve(f"{scheme}://desk@clinic/training").drivername == "postgresql+psycopg"


def test_no_message_shows_a_password():
    url = resolve("postgresql://desk:s3cret@localhost:1/training")
    assert describe(url) == "postgresql+psycopg://desk:***@localhost:1/training"
    with pytest.raises(UserError) as refusal:
        open_database("postgresql://desk:s3cret@127.0.0.1:1/training")
    assert refusal.value.exit_code == FAILED
    assert "refused" in str(refusal.value)
    assert "s3cret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
    with pytest.raises(UserError) as refusal:
        resolve("postgresql://desk:s3cret@clinic:port/training")
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("given", ["://", "postgresql://clinic:port/training", "://x"])
def test_what_is_no_url_is_refused(given):
    with pytest.raises(UserError, match="the database's URL cannot be read"):
        resolve(given)


def test_an_unknown_kind_of_database_is_refused():
    with pytest.raises(UserError, match="paper: SQLAlchemy knows no such kind of database"):
        open_database("paper://desk/drawer")


def test_a_missing_driver_is_named_with_the_extra_that_brings_it(monkeypatch):
    find = builtins.__import__

    def without_psycopg(name, *rest):
        if name == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return find(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(UserError, match=r"module psycopg: pip install 'pulseblock\[postgres\]'"):
        open_database("postgresql://desk@clinic/training")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"file/training\.db: (Not a directory|File exists)"):
        open_database(str(tmp_path / "file" / "training.db"))


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(UserError, match=r"unable to open database file: is there such a folder") as refusal:
        open_database(str(tmp_path))
    assert refusal.value.exit_code == BAD_INPUT


def test_a_file_of_another_kind_is_refused_and_left_as_it_is(tmp_path):
    trace = tmp_path / "trace.csv"
    trace.write_text("t_ms,force_n\n" * 100)
    with pytest.raises(UserError, match=r"not a database: is --db, or PULSEBLOCK_DB, the file") as no:
        open_database(str(trace))
    assert no.value.exit_code == FAILED
    assert trace.read_text() == "t_ms,force_n\n" * 100


@pytest.mark.parametrize("given", ["", " "])
def test_a_blank_name_is_not_taken_for_the_usual_place(given):
    with pytest.raises(UserError, match="--db is empty: name the database, or leave the option out"):
        resolve(given)


@pytest.mark.parametrize("given", [":memory:", "sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_would_lose_what_the_block_may_then_forget(given):
    with pytest.raises(UserError, match="keeps nothing: name a file"):
        require_lasting(resolve(given))


@pytest.mark.parametrize("given", ["training.db", "sqlite:////tmp/training.db", "postgresql://desk@clinic/x"])
def test_files_and_servers_last(given):
    require_lasting(resolve(given))
