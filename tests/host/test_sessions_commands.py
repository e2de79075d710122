"""The commands that read and edit the database, as a person and as a program see them."""

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from pyarrow import parquet

from host.block_at_hand import GRIP, PELVIS, RUSHED, Block
from pulseblock_tools.errors import BAD_INPUT, FAILED, OK
from pulseblock_tools.store.database import open_database
from pulseblock_tools.store.ingest import commit_segments

COMMANDS = [
    ["sessions"],
    ["show", "last"],
    ["export"],
    ["void", "1", "1"],
    ["wearer", "list"],
    ["wearer", "assign", "1", "Ann"],
    ["wearer", "default", "e6", "Ann"],
    ["wearer", "rename", "Ann", "Anne"],
]


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "training.db"


@pytest.fixture
def run(command_line, path):
    """Run ``pulseblock`` on the test's database; the exit code, stdout and stderr."""
    return lambda *args: command_line(*args, "--db", path)


@pytest.fixture
def trained(path):
    """Session 1 at an unknown time: two sets, a void rep. Session 2 at 00:18 on New Year's Day: cut off."""
    block = Block().boot().session([0, 0, GRIP], [0, -1])
    block.passes(10**6).boot().session([0, GRIP | PELVIS | RUSHED], ends=False, shapes=True).low_battery()
    engine = open_database(str(path))
    commit_segments(engine, block.id, block.journal, block.pieces(), block.clock())
    engine.dispose()
    return block


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def squeezed(out):
    return [" ".join(line.split()) for line in out.splitlines()]


@pytest.mark.usefixtures("trained")
def test_sessions_are_listed_in_a_table(run):
    code, out, err = run("sessions")
    assert (code, err) == (OK, "")
    assert squeezed(out) == [
        "session started lasted sets reps good void wearer",
        "1 time unknown 1:23 2 4 3 (75 %) 1 -",
        "2 2026-01-01 00:18 0:10 1 2 1 (50 %) - -",
    ]
    header, first, second = out.splitlines()
    assert header.index("started") == first.index("time unknown") == second.index("2026-01-01")
    assert header.index("good") + len("good") == first.index("%)") + 2 == second.index("%)") + 2


@pytest.mark.usefixtures("trained")
def test_sessions_as_json_are_one_object_a_line(run):
    code, out, err = run("sessions", "--json")
    assert (code, err) == (OK, "")
    first, second = lines(out)
    assert first == {
        "session": 1,
        "block": "e66138528350b72a",
        "wearer": None,
        "start": None,
        "end": None,
        "duration_s": 83.5,
        "set_count": 2,
        "rep_count": 4,
        "good_count": 3,
        "void_count": 1,
        "reference_n": 40.0,
        "ended_by": "timeout",
        "firmware": "0.1.0",
    }
    assert (second["start"], second["ended_by"]) == ("2026-01-01T00:18:03.500Z", "power cut")


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (["--since", "2026-01-01"], [2]),
        (["--since", "2026-01-01T00:19"], []),
        (["--since", "2026-01-01T00:18:03.500"], [2]),
        (["--until", "2026-01-01"], [2]),
        (["--until", "2026-01-01 00:18"], [2]),
        (["--until", "2026-01-01T00:17"], []),
        (["--until", "2025-12-31"], []),
        (["--block", "E661"], [1, 2]),
        ([], [1, 2]),
    ],
)
def test_filters(run, filters, left):
    assert [session["session"] for session in lines(run("sessions", "--json", *filters)[1])] == left


def test_dates_are_local(run, path, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    block = Block().boot().session([0])
    commit_segments(open_database(str(path)), block.id, block.journal, block.pieces(), block.clock())
    assert "2025-12-31 19:00" in run("sessions")[1]
    assert "19:00:01" in run("show")[1]
    assert (
        lines(run("sessions", "--until", "2025-12-31", "--json")[1])[0]["start"] == "2026-01-01T00:00:00.000Z"
    )


@pytest.mark.usefixtures("trained")
def test_an_empty_list_says_so(run):
    assert run("sessions", "--since", "2030-01-01") == (OK, "No such sessions.\n", "")
    assert run("sessions", "--since", "2030-01-01", "--json") == (OK, "", "")


def test_before_the_first_sync_everything_says_where_it_looked_and_what_to_do(run, path):
    what_to_do = "plug the block in and run 'pulseblock sync'"
    assert run("sessions")[:2] == (OK, f"No sessions in {path} yet: {what_to_do}.\n")
    for command in (["show"], ["void", "last", "1"], ["wearer", "assign", "1", "Ann"]):
        assert run(*command) == (
            BAD_INPUT,
            "",
            f"pulseblock: there are no sessions in {path} yet: {what_to_do}\n",
        )


@pytest.mark.usefixtures("trained")
def test_a_session_is_shown_rep_by_rep(run):
    code, out, err = run("show", "2")
    assert (code, err) == (OK, "")
    found = squeezed(out)
    assert found[0] == "Session 2, 2026-01-01 00:18"
    assert found[1] == "0:10 long, ended by power cut; block e66138528350b72a, firmware 0.1.0"
    assert "1 1 00:18:05 38.0 0.48 1.20 -1.2 0.6 0.030 - good" in found
    assert any(line.endswith("compensated: grip,") for line in found)
    assert "1 2 1 (50 %) - 40.0 12.0" in found
    assert "00:18:13 battery low: 3300 mV, 4 %" in found
    assert found[-1] == "2 reps, 1 (50 %) good"


@pytest.mark.usefixtures("trained")
def test_where_the_time_is_unknown_reps_tell_how_long_after_the_start(run):
    code, out, _ = run("show", "1")
    assert code == OK
    assert out.startswith("Session 1, time unknown\n")
    assert "1 1 +0:01 38.0 0.48 1.20 -1.2 0.6 0.030 - good" in squeezed(out)
    assert "5 2 +0:17 38.0 0.48 1.20 -1.2 0.6 0.030 - void (good)" in squeezed(out)
    assert "2026" not in out
    shown = json.loads(run("show", "1", "--json")[1])
    assert (shown["start"], shown["reps"][0]["start"], shown["reps"][0]["after_s"]) == (None, None, 1.5)


@pytest.mark.usefixtures("trained")
def test_the_tables_fit_80_columns(run):
    for command in (["sessions"], ["show", "1"], ["show", "2"]):
        out = run(*command)[1]
        assert max(map(len, out.splitlines())) <= 80
        assert "…" not in out


@pytest.mark.usefixtures("trained")
def test_a_session_as_json_holds_its_sets_reps_and_notes(run):
    shown = json.loads(run("show", "--json")[1])
    assert shown["session"] == 2
    assert [one["complete"] for one in shown["sets"]] == [True]
    assert shown["notes"] == [{"after_s": 10.4, "kind": "LowBattery", "millivolts": 3300, "percent": 4}]
    assert shown["reps"][1] == {
        "rep": 2,
        "set": 1,
        "start": "2026-01-01T00:18:07.700Z",
        "after_s": 4.2,
        "duration_ms": 1200,
        "rise_ms": 480,
        "peak_n": 50.0,
        "press_n": 38.0,
        "hold_n": 12.0,
        "trough_n": 12.5,
        "reference_n": 40.0,
        "sagittal_deg": -1.2,
        "frontal_deg": 0.6,
        "jolt_g": 0.03,
        "drag_pct": None,
        "shape_n": [12.5, 20.0, 30.0, 45.0, 50.0, 48.0, 40.0, 25.0, 15.0, 12.0],
        "verdict": "compensated",
        "faults": ["grip", "pelvis", "rushed"],
        "void": False,
    }


def test_damage_is_told_beside_what_lies_around_it(run, path):
    block = Block().boot().session([0, 0, 0], [0])
    block.decay(0, 90)
    commit_segments(open_database(str(path)), block.id, block.journal, block.pieces())
    code, out, err = run("sessions")
    assert code == OK
    assert squeezed(out)[1] == "1 time unknown 1:20 2 3 3 (100 %) -"
    assert squeezed(err) == [
        "Journals are damaged or incomplete (20 unreadable bytes); what lies around the",
        "damage is here.",
    ]
    assert "1 2 2 (100 %) 90 % 40.0 12.0 1 more lost to damage" in squeezed(run("show")[1])


@pytest.mark.usefixtures("trained")
def test_a_rep_is_void_and_counts_again(run):
    assert run("void", "last", "1") == (OK, "Rep 1 of session 2 is void now: 1 rep, 0 (0 %) good.\n", "")
    assert run("void", "2", "1")[1] == "Rep 1 of session 2 is void already: 1 rep, 0 (0 %) good.\n"
    assert "void (good)" in run("show", "2")[1]
    assert run("void", "2", "1", "--undo")[1] == "Rep 1 of session 2 counts again: 2 reps, 1 (50 %) good.\n"
    assert run("void", "2", "1", "--undo")[1] == "Rep 1 of session 2 counts already: 2 reps, 1 (50 %) good.\n"
    outcome = json.loads(run("void", "1", "5", "--undo", "--json")[1])
    assert (outcome["rep"], outcome["void"], outcome["changed"], outcome["rep_count"]) == (5, False, True, 5)


@pytest.mark.usefixtures("trained")
def test_wearers(run):
    assert run("wearer", "list")[1].startswith("No wearers yet")
    assert run("wearer", "assign", "1-2", "Ann  Lee")[1] == "2 sessions are Ann Lee's now.\n"
    assert run("wearer", "assign", "last", "Bo")[1] == "Session 2 is Bo's now.\n"
    assert [session["session"] for session in lines(run("sessions", "--wearer", "Bo", "--json")[1])] == [2]
    assert run("show", "2")[1].startswith("Session 2, Bo, 2026-01-01 00:18\n")
    assert (
        run("wearer", "default", "e661", "Bo")[1] == "New sessions of block e66138528350b72a will be Bo's.\n"
    )
    assert run("wearer", "rename", "Bo", "Boris")[1] == "Bo is Boris now.\n"
    assert lines(run("wearer", "list", "--json")[1]) == [
        {"wearer": "Ann Lee", "sessions": 1, "blocks": []},
        {"wearer": "Boris", "sessions": 1, "blocks": ["e66138528350b72a"]},
    ]
    assert squeezed(run("wearer", "list")[1])[1:] == [
        "Ann Lee 1 -",
        "Boris 1 e66138528350b72a",
    ]
    assert json.loads(run("wearer", "rename", "Boris", "Ann Lee", "--merge", "--json")[1]) == {
        "wearer": "Ann Lee",
        "sessions": 2,
        "blocks": ["e66138528350b72a"],
    }
    assert json.loads(run("wearer", "default", "e6", "--nobody", "--json")[1]) == {
        "wearer": None,
        "block": "e66138528350b72a",
    }
    assert json.loads(run("wearer", "assign", "1", "--nobody", "--json")[1]) == {
        "wearer": None,
        "sessions": [1],
    }
    assert run("wearer", "assign", "2", "--nobody")[1] == "Session 2 is nobody's now.\n"
    assert run("wearer", "remove", "Ann  Lee")[1] == "Ann Lee is no wearer any more.\n"
    assert run("wearer", "list")[1].startswith("No wearers yet")
    run("wearer", "assign", "2", "Bo")
    run("wearer", "assign", "2", "--nobody")
    assert json.loads(run("wearer", "remove", "Bo", "--json")[1]) == {"removed": "Bo"}


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(
    "name", ["[bold]Ann[/]", "[/]", "Ann [link=file:///etc/passwd]x[/link]", ":warning:"]
)
def test_a_name_is_text_and_no_markup(run, name):
    assert name in run("wearer", "assign", "2", name)[1]
    for command in (["sessions"], ["show", "2"], ["wearer", "list"], ["wearer", "default", "e6", name]):
        code, out, err = run(*command)
        assert (code, err) == (OK, "")
        assert "".join(name.split()) in "".join(out.split())


@pytest.mark.usefixtures("trained")
def test_export_to_stdout_is_utf_8_whatever_the_locale(run, path):
    run("wearer", "assign", "1", "Łucja Ñandú")
    exported = subprocess.run(
        [sys.executable, "-m", "pulseblock_tools", "export", "--db", path],
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )
    assert "Łucja Ñandú" in exported.stdout.decode()


@pytest.mark.usefixtures("trained")
def test_export_writes_csv_to_stdout(run):
    code, out, err = run("export")
    assert (code, err) == (OK, "")
    assert [row["rep"] for row in csv.DictReader(io.StringIO(out))] == list("1234512")
    only = run("export", "--session", "last")[1]
    assert [row["session"] for row in csv.DictReader(io.StringIO(only))] == ["2", "2"]
    assert len(lines(run("export", "--since", "2026-01-01", "--json")[1])) == 2


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "PARQUET"])
def test_export_goes_by_the_files_ending(run, tmp_path, ending):
    file = tmp_path / f"reps.{ending}"
    code, out, err = run("export", "--output", str(file))
    assert (code, out) == (OK, "")
    assert err.endswith("of 2 sessions\n")
    match ending.lower():
        case "csv":
            assert len(list(csv.DictReader(file.open()))) == 7
        case "jsonl":
            assert len(lines(file.read_text())) == 7
        case "parquet":
            assert parquet.read_table(file).num_rows == 7


@pytest.mark.usefixtures("trained")
def test_export_of_nothing_is_a_header(run):
    out = run("export", "--since", "2030-01-01")[1]
    assert out.startswith("session,block,wearer,")
    assert len(out.splitlines()) == 1


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["sessions", "--since", "yesterday"], "--since 'yesterday' is no date such as 2026-01-31"),
        (["sessions", "--until", "9999-12-31"], "--until '9999-12-31' is no date"),
        (["sessions", "--since", "0001-01-01"], "--since '0001-01-01' is no date"),
        (["sessions", "--wearer", "Ann"], "there is no wearer 'Ann'"),
        (["sessions", "--wearer", "\udc80"], "cannot hold the character U+DC80"),
        (["sessions", "--block", "ff"], "'ff' begins the id of 0 blocks; known: e66138528350b72a"),
        (["show", "3"], "there is no session '3': give a number from 'pulseblock sessions', or 'last'"),
        (["void", "1", "6"], "session 1 has reps 1 to 5, none of number 6"),
        (["wearer", "assign", "1"], "give a wearer's name, or --nobody"),
        (["wearer", "assign", "1", "Ann", "--nobody"], "give a wearer's name, or --nobody"),
        (["wearer", "assign", "1,9", "Ann"], "there is no session '9'"),
        (["wearer", "assign", "1", "A\x07nn"], "cannot hold the character U+0007"),
        (["wearer", "rename", "Ann", "Bo"], "there is no wearer 'Ann'"),
        (["wearer", "remove", "Ann"], "there is no wearer 'Ann'"),
        (
            ["export", "--output", "reps.xlsx"],
            "end its name in one of .csv, .jsonl, .parquet, or give --format",
        ),
        (["export", "--format", "parquet"], "give --output FILE"),
        (
            ["export", "--output", "/missing/reps.csv"],
            "/missing/reps.csv: cannot be written: no such file or directory",
        ),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(run, path, command, message):
    def content():
        with closing(sqlite3.connect(path)) as connection:
            return list(connection.iterdump())

    before = content()
    code, out, err = run(*command)
    assert (code, out) == (BAD_INPUT, "")
    assert message in err
    assert err.count("\n") == 1
    assert content() == before


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("as_json", [[], ["--json"]], ids=["table", "json"])
def test_a_database_that_cannot_be_used_is_one_line(run, path, command, as_json):
    path.write_bytes(b"no database, but long enough for one" * 100)
    code, out, err = run(*command, *as_json)
    assert (code, out) == (FAILED, "")
    assert (
        err == f"pulseblock: {path}: file is not a database: is --db, or PULSEBLOCK_DB, the file you meant?\n"
    )


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("command", COMMANDS[:7], ids=" ".join)
def test_every_command_speaks_json_and_nothing_else(run, command):
    code, out, err = run(*command, "--json")
    assert (code, err) == (OK, "")
    assert all(isinstance(value, dict) for value in lines(out))


@pytest.mark.usefixtures("trained")
def test_the_database_may_be_named_by_the_environment(command_line, path, monkeypatch):
    monkeypatch.setenv("PULSEBLOCK_DB", f"sqlite:///{path}")
    code, out, _ = command_line("sessions", "--json")
    assert code == OK
    assert len(out.splitlines()) == 2
