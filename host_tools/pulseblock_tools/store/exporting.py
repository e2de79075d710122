"""Reps for other programs: CSV, JSON lines, Parquet; a row a rep, with what is known of its session."""

import csv
import io
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy.engine import Connection

from pulseblock_tools.errors import UserError
from pulseblock_tools.files import replacing
from pulseblock_tools.store.details import list_reps
from pulseblock_tools.store.listing import Session
from pulseblock_tools.store.plain import Plain, iso, plain_rep

# every column, and its Arrow type
COLUMNS = {
    "session": "int64",
    "block": "string",
    "wearer": "string",
    "session_start": "moment",
    "set": "int64",
    "rep": "int64",
    "start": "moment",
    "after_s": "double",
    "duration_ms": "int64",
    "rise_ms": "int64",
    "peak_n": "double",
    "press_n": "double",
    "hold_n": "double",
    "trough_n": "double",
    "reference_n": "double",
    "sagittal_deg": "double",
    "frontal_deg": "double",
    "jolt_g": "double",
    "drag_pct": "int64",
    "shape_n": "doubles",
    "verdict": "string",
    "faults": "strings",
    "void": "bool",
}

# what makes a spreadsheet take text for a formula; their full-width forms do so too
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_ROWS_AT_ONCE = 10_000


def rows(connection: Connection, chosen: Iterable[Session]) -> Iterator[Plain]:
    """Yield the reps of the sessions *chosen* as rows of COLUMNS."""
    for session in chosen:
        of_session = {
            "session": session.session,
            "block": session.block,
            "wearer": session.wearer,
            "session_start": iso(session.start_utc_ms),
        }
        for rep in list_reps(connection, session):
            row = {**of_session, **plain_rep(rep)}
            yield {name: row[name] for name in COLUMNS}


def write_csv(found: Iterable[Plain], file: IO[str]) -> None:
    """Write *found* as CSV with a header: text defused, lists apart by spaces, unknown values empty."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow(_cell(value) for value in row.values())


def write_json_lines(found: Iterable[Plain], file: IO[str]) -> None:
    """Write *found* as one JSON object a line."""
    for row in found:
        file.write(json.dumps(row) + "\n")


def write_parquet(found: Iterable[Plain], file: IO[bytes]) -> None:
    """Write *found* as a Parquet file; raises UserError where the extra is not installed."""
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise UserError("Parquet needs an extra: pip install 'pulseblock[parquet]'") from None
    types = {
        "moment": arrow.timestamp("ms", tz="UTC"),
        "strings": arrow.list_(arrow.string()),
        "doubles": arrow.list_(arrow.float64()),
    }
    schema = arrow.schema(
        [(name, types.get(kind) or arrow.type_for_alias(kind)) for name, kind in COLUMNS.items()]
    )
    every = (_with_moments(row) for row in found)
    with parquet.ParquetWriter(file, schema) as writer:
        while part := list(itertools.islice(every, _ROWS_AT_ONCE)):
            writer.write_table(arrow.Table.from_pylist(part, schema))


def defuse(text: str) -> str:
    """Return *text* so that no spreadsheet runs it: an apostrophe goes before what could begin a formula."""
    return "'" + text if _FORMULA.match(text) else text


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # the writer leaves a lone carriage return unquoted, and readers take it for a line's end
            return defuse(value.replace("\r", " "))
        case list():
            return defuse(" ".join(map(str, value)))
        case _:
            return value


def _with_moments(row: Plain) -> Plain:
    moments = {name: row[name] for name, kind in COLUMNS.items() if kind == "moment" and row[name]}
    return {**row, **{name: datetime.fromisoformat(text) for name, text in moments.items()}}


TEXT_FORMATS: dict[str, Callable[[Iterable[Plain], IO[str]], None]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
}


def export(found: Iterable[Plain], kind: str, path: Path | None) -> None:
    """Write *found* as csv, jsonl or parquet to the file *path*, whole or not at all; None: to stdout.

    Raises UserError when the file cannot be written.
    """
    if path is None:
        if kind not in TEXT_FORMATS:
            raise UserError("Parquet is no text for the terminal: give --output FILE")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as in a file: a name is whole, whatever the locale
        TEXT_FORMATS[kind](found, sys.stdout)
    elif kind in TEXT_FORMATS:
        with replacing(path, "w", encoding="utf-8", newline="") as file:
            TEXT_FORMATS[kind](found, file)
    else:
        with replacing(path, "wb") as file:
            write_parquet(found, file)
