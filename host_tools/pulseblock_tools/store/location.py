"""Which database is meant: ``--db``, else ``PULSEBLOCK_DB``, else a file in the user's data folder."""

import os
from pathlib import Path

import platformdirs
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from pulseblock_tools.errors import UserError

ENVIRONMENT_VARIABLE = "PULSEBLOCK_DB"

# SQLAlchemy's own default driver differs between its versions; the extra [postgres] brings psycopg 3
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def default_file() -> Path:
    """The database that is used when nobody names one."""
    return platformdirs.user_data_path("pulseblock", appauthor=False) / "pulseblock.db"


def resolve(location: str | None) -> URL:
    """The SQLAlchemy URL of *location*: a URL, the path of a SQLite file, or None for the usual place.

    Raises UserError when it is blank, or looks like a URL and is none.
    """
    if location is not None and not location.strip():
        raise UserError("--db is empty: name the database, or leave the option out")
    text = location or os.environ.get(ENVIRONMENT_VARIABLE) or ""
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser() if text else default_file()))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # the text itself may hold a password, so it is not repeated
        raise UserError(
            "the database's URL cannot be read: give sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from None
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite *url*; None for a server or for a database in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def require_lasting(url: URL) -> None:
    """Raise UserError for a database in memory: what a block is let forget for it would be gone with it."""
    if url.get_backend_name() == "sqlite" and sqlite_file(url) is None:
        raise UserError("a database in memory keeps nothing: name a file, such as --db training.db")


def describe(url: URL) -> str:
    """*url* for a message: the path of a file, or the URL without its password."""
    file = sqlite_file(url)
    return str(file) if file else url.render_as_string(hide_password=True)
