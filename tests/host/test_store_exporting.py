"""Exported reps: numbers stay numbers, text stays text, unknown stays unknown."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from host.block_at_hand import GRIP, PELVIS, SHAPE_CN, Block
from pulseblock_tools.errors import UserError
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.exporting import (
    COLUMNS,
    defuse,
    export,
    rows,
    write_csv,
    write_json_lines,
    write_parquet,
)
from pulseblock_tools.store.ingest import commit_segments
from pulseblock_tools.store.listing import list_sessions
from pulseblock_tools.store.people import assign
from pulseblock_tools.store.plain import iso

HOSTILE = '=HYPERLINK("http://127.0.0.1/";"Ann")'


@pytest.fixture
def found():
    """Two sessions: one at an unknown time, one of a wearer whose name is a formula, and with shapes."""
    engine = open_database("sqlite://")
    block = Block().boot().session([0, GRIP | PELVIS])
    block.passes(10**6).boot().session([-1], shapes=True)
    commit_segments(engine, block.id, block.journal, block.pieces(), block.clock())
    write(engine, lambda connection: assign(connection, [2], HOSTILE))
    with reading(engine) as connection:
        every = list(rows(connection, list_sessions(connection)))
    engine.dispose()
    return every


def as_csv(found):
    file = io.StringIO()
    write_csv(found, file)
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_csv_has_a_row_a_rep(found):
    first, second, third = as_csv(found)
    assert list(first) == list(COLUMNS)
    assert [row["session"] for row in (first, second, third)] == ["1", "1", "2"]
    assert [row["faults"] for row in (first, second, third)] == ["", "grip pelvis", ""]
    assert [row["verdict"] for row in (first, second, third)] == ["good", "compensated", "good"]
    assert [row["void"] for row in (first, second, third)] == ["false", "false", "true"]
    assert first["block"] == "e66138528350b72a"
    assert (first["shape_n"], third["shape_n"]) == ("", "12.5 20.0 30.0 45.0 50.0 48.0 40.0 25.0 15.0 12.0")


def test_in_csv_numbers_stay_numbers_and_formulas_do_not_run(found):
    row = as_csv(found)[-1]
    assert row["sagittal_deg"] == "-1.2"
    assert float(row["peak_n"]) == 50.0
    assert row["wearer"] == "'" + HOSTILE


def test_an_unknown_time_is_empty_in_csv_and_null_in_json(found):
    assert (as_csv(found)[0]["start"], as_csv(found)[0]["session_start"]) == ("", "")
    assert as_csv(found)[-1]["start"] == "2026-01-01T00:17:51.900Z"
    file = io.StringIO()
    write_json_lines(found, file)
    lines = [json.loads(line) for line in file.getvalue().splitlines()]
    assert lines == found
    assert lines[0]["start"] is None
    assert lines[1]["faults"] == ["grip", "pelvis"]
    assert lines[-1]["wearer"] == HOSTILE
    assert lines[0]["shape_n"] is None
    assert lines[-1]["shape_n"] == [force / 100 for force in SHAPE_CN]


def test_parquet_keeps_types(found, tmp_path):
    with (tmp_path / "reps.parquet").open("wb") as file:
        write_parquet(found, file)
    table = parquet.read_table(tmp_path / "reps.parquet")
    assert table.column_names == list(COLUMNS)
    assert str(table.schema.field("start").type) == "timestamp[ms, tz=UTC]"
    first, second, third = table.to_pylist()
    assert (first["start"], first["wearer"], first["drag_pct"]) == (None, None, None)
    assert second["faults"] == ["grip", "pelvis"]
    assert third["start"] == datetime(2026, 1, 1, 0, 17, 51, 900_000, tzinfo=UTC)
    assert (third["wearer"], third["void"], third["peak_n"]) == (HOSTILE, True, 50.0)
    assert (first["shape_n"], third["shape_n"]) == (None, [force / 100 for force in SHAPE_CN])


def test_parquet_of_nothing_has_its_columns(tmp_path):
    with (tmp_path / "none.parquet").open("wb") as file:
        write_parquet([], file)
    assert parquet.read_table(tmp_path / "none.parquet").column_names == list(COLUMNS)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\N{FULLWIDTH EQUALS SIGN}1",
        "\N{FULLWIDTH COMMERCIAL AT}A1",
        "\N{NO-BREAK SPACE}=1",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Ann", "Ann-Lee", "1+1", "'=1", "a@b", "good"])
def test_other_text_stays_as_it_is(text):
    assert defuse(text) == text


@given(st.text())
def test_no_cell_begins_a_formula(text):
    assert not re.match(r"\s*[=+\-@]|[\t\r\n]", defuse(text))
    assert defuse(text).endswith(text)


@given(st.text().filter(lambda text: "\x00" not in text))
def test_any_name_survives_csv(name):
    file = io.StringIO(newline="")
    write_csv([{**dict.fromkeys(COLUMNS), "wearer": name}], file)
    (row,) = csv.DictReader(io.StringIO(file.getvalue(), newline=""))
    assert row["wearer"] == defuse(name.replace("\r", " "))


def test_a_file_is_replaced_whole_or_not_at_all(found, tmp_path):
    path = tmp_path / "reps.csv"
    path.write_text("before")

    def breaks_off():
        yield found[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(breaks_off(), "csv", path)
    assert [file.name for file in tmp_path.iterdir()] == ["reps.csv"]
    assert path.read_text() == "before"
    export(found, "csv", path)
    assert len(path.read_text().splitlines()) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["reps.csv"]


def test_parquet_without_its_extra_says_how_to_get_it(found, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(UserError, match=r"pip install 'pulseblock\[parquet\]'"):
        export(found, "parquet", tmp_path / "reps.parquet")
    assert list(tmp_path.iterdir()) == []


def test_parquet_does_not_go_to_the_terminal(found):
    with pytest.raises(UserError, match="give --output FILE"):
        export(found, "parquet", None)


@given(st.integers(-(10**12), 10**13))
def test_times_are_exact_to_the_millisecond(utc_ms):
    assert round(datetime.fromisoformat(iso(utc_ms)).timestamp() * 1000) == utc_ms
