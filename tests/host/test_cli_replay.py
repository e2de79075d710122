"""``pulseblock replay``: what it prints, for people and for programs."""

import io
import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from pulseblock_tools.traces import reading, resampling

TRACE = Path(__file__).parents[1] / "fixtures" / "three-presses.csv"
SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture
def run(command_line):
    """Run ``pulseblock replay``; return the exit code, stdout and stderr."""
    return partial(command_line, "replay")


def test_json_is_one_object_a_rep_and_nothing_else(run):
    code, out, err = run(TRACE, "--json")
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == 3
    for rep in lines:
        assert list(rep) == ["start_ms", "peak_ms", "end_ms", "peak_n", "verdict", "faults"]
        assert all(isinstance(rep[name], int) for name in ("start_ms", "peak_ms", "end_ms"))
        assert rep["start_ms"] < rep["peak_ms"] < rep["end_ms"]
        assert rep["peak_n"] == round(rep["peak_n"], 2)
    assert [rep["verdict"] for rep in lines] == ["good", "good", "compensated"]
    assert [rep["faults"] for rep in lines] == [[], [], ["pelvis"]]


def test_people_get_a_table_and_how_the_sets_went(run):
    code, out, err = run(TRACE)
    assert (code, err) == (0, "")
    header, first, second, third, *summary = out.splitlines()
    assert header.split() == ["rep", "start", "s", "peak", "s", "end", "s", "peak", "N", "verdict", "faults"]
    assert [line.split()[5:] for line in (first, second, third)] == [
        ["good"],
        ["good"],
        ["compensated", "pelvis"],
    ]
    assert header.index("verdict") == first.index("good") == third.index("compensated")
    assert "1     3  2 (67 %)   100 %" in "\n".join(summary)
    assert summary[-1].strip() == "3 reps, 2 (67 %) good"


def test_a_trace_without_reps_says_so(run, tmp_path):
    path = tmp_path / "still.csv"
    path.write_text("t_ms,force_n\n" + "".join(f"{t},10\n" for t in range(0, 3000, 10)))
    assert run(path) == (0, "No reps.\n", "No acceleration in the trace: only the force is judged.\n")
    assert run(path, "--json") == (0, "", "")


def test_a_sensor_that_fails_is_told_on_stderr(run, tmp_path):
    header, *rows = TRACE.read_text().splitlines()
    stuck = [",".join([*row.split(",")[:2], "0.01,0,1"]) for row in rows]
    path = tmp_path / "stuck.csv"
    path.write_text("\n".join([header, *stuck]))
    code, out, err = run(path, "--json")
    assert code == 0
    assert len(out.splitlines()) == 3  # what does not move may still be the truth: the reps count
    assert re.fullmatch(r"At 1\.\d\d s: accelerometer stuck\.\n", err)


def test_a_bad_row_leaves_stdout_empty(run, tmp_path):
    path = tmp_path / "cut.csv"
    path.write_text(TRACE.read_text() + "10000,1")
    assert run(path, "--json") == (
        2,
        "",
        f"pulseblock: {path}, row 502: 2 values, where the header names 5 columns\n",
    )


def test_settings_come_from_a_file(run, tmp_path):
    config = tmp_path / "wide.json"
    config.write_text('{"pelvis_limit_cdeg": 1000}')
    assert '"compensated"' not in run(TRACE, "--json", "--config", config)[1]
    config.write_text('{"pelvis_limit_cdeg": 1}')
    assert run(TRACE, "--json", "--config", config) == (
        2,
        "",
        f"pulseblock: {config}: pelvis_limit_cdeg: 1 is not a whole number from 100 to 4500\n",
    )


def test_a_trace_may_come_from_stdin(run, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TRACE.read_bytes())))
    assert run("-", "--json") == run(TRACE, "--json")


def scored(script: str) -> str:
    """Return what a shared scoring script prints of this command."""
    if not (SHARED / script).exists():
        pytest.skip(f"no {script}: this checkout stands without ../shared")
    command = [sys.executable, SHARED / script, "--", Path(sys.executable).with_name("pulseblock"), "replay"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def figure(table: str, name: str) -> float:
    line = next(line for line in table.splitlines() if line.startswith(name))
    return float(line.removeprefix(name).split()[0])


def test_simulated_sessions_are_counted_and_judged_as_labelled():
    table = scored("score.py")
    assert figure(table, "exact count") >= 95
    assert figure(table, "balanced verdict accuracy") >= 90


def test_real_recordings_are_counted_as_by_eye():
    last = scored("score_recordings.py").splitlines()[-1]
    assert float(last.split("(")[1].split("%")[0]) < 1


def test_readme_states_the_limits_of_a_trace():
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text().split())
    assert f"{resampling.LOWEST_HZ} to {resampling.HIGHEST_HZ} rows a second" in readme
    assert f"{reading.MAX_ROWS:,} rows or {reading.MAX_BYTES // 10**6} MB" in readme
    assert f"above {resampling.FULL_SCALE_CN / 100} N" in readme
