"""``pulseblock calibrate``: a wearer's settings from a trace, what it says, and what it refuses."""

import json
import math
from functools import partial

import pytest

from host.people_at_hand import people
from pulseblock.core.settings import CALIBRATED
from pulseblock_tools import cli
from pulseblock_tools.settings_file import read_settings

REFERENCE_N = 50.0
HOLD_N = 15.0


@pytest.fixture
def run(command_line, tmp_path, monkeypatch):
    """Run ``pulseblock calibrate`` in an empty directory; return exit code and output."""
    monkeypatch.chdir(tmp_path)
    return partial(command_line, "calibrate")


def recording(path, sets, *, tilt_deg=0.0, full_n=None, axes=True):
    """Write a trace: ready, then sets of presses, each a list of heights in shares of the reference."""
    rows, t = [], 0

    def still(ms):
        nonlocal t
        for _ in range(0, ms, 10):
            rows.append((t, HOLD_N, 0.0))
            t += 10

    still(3000)
    for heights in sets:
        for height in heights:
            for i in range(100):
                share = (1 - math.cos(2 * math.pi * i / 100)) / 2
                force = HOLD_N + height * REFERENCE_N * share
                rows.append((t, force if full_n is None else min(force, full_n), tilt_deg * share))
                t += 10
            still(500)
        still(6500)
    with path.open("w") as file:
        file.write("t_ms,force_n,ax_g,ay_g,az_g\n" if axes else "t_ms,force_n\n")
        for i, (ms, force, tilt) in enumerate(rows):
            noise = (i * 7 % 5 - 2) / 1000
            angle = math.radians(tilt)
            accel = f",{noise:.4f},{math.sin(angle) + noise:.4f},{math.cos(angle):.4f}" if axes else ""
            file.write(f"{ms},{force + 60 * noise:.2f}{accel}\n")
    return path


PRESSES = (1.0, 1.04, 0.96, 1.02, 0.98, 1.0)


def test_it_finds_a_simulated_wearer_and_keeps_their_settings(run, tmp_path):
    trace = people() / "p00-calibration.csv"
    code, out, err = run("--trace", trace, "--output", "p00.json")
    assert code == 0
    assert err == "Kept in p00.json.\n"
    assert "Calibrated from 6 presses and 6 grips" in out
    assert "Presses and grips can be told apart" in out
    values = read_settings(tmp_path / "p00.json")
    assert sorted(values) == sorted(CALIBRATED)
    assert values["drag_separation_pct"] > 250


def test_json_is_one_object_and_its_settings_are_the_files(run, tmp_path):
    trace = people() / "p01-calibration.csv"
    code, out, err = run("--trace", trace, "-o", "p01.json", "--json")
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    found = json.loads(line)
    assert (found["presses"], found["grips"]) == (6, 6)
    assert found["settings"] == json.loads((tmp_path / "p01.json").read_text())
    assert found["separation"] == found["settings"]["drag_separation_pct"] / 100


def test_the_settings_find_the_grips_of_the_calibration_itself(run, capsys, tmp_path):
    trace = people() / "p00-calibration.csv"
    run("--trace", trace, "-o", "p00.json")
    assert cli.main(["replay", str(trace), "--config", str(tmp_path / "p00.json"), "--json"]) == 0
    verdicts = [json.loads(line)["faults"] for line in capsys.readouterr().out.splitlines()]
    assert verdicts == [[]] * 6 + [["grip"]] * 6


def test_settings_of_the_file_that_are_nobodys_calibration_stay(run, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"rushed_ms": 700, "reference_cn": 123}')
    trace = recording(tmp_path / "c.csv", [PRESSES])
    assert run("--trace", trace, "--output", path)[0] == 0
    kept = read_settings(path)
    assert kept["rushed_ms"] == 700
    assert 4700 < kept["reference_cn"] < 5300


def test_a_file_that_holds_no_settings_is_left_alone(run, tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ann")
    trace = recording(tmp_path / "c.csv", [PRESSES])
    code, out, err = run("--trace", trace, "--output", path)
    assert (code, out) == (2, "")
    assert "letter.txt" in err
    assert path.read_text() == "Dear Ann"


def test_without_grips_it_says_that_the_drag_is_no_rule(run, tmp_path):
    code, out, _ = run("--trace", recording(tmp_path / "c.csv", [PRESSES]))
    assert code == 0
    assert "from 6 presses\n" in out
    assert "cannot be told apart: no set of grips" in out


def test_a_wearer_who_cannot_be_told_apart_is_told_so(run, tmp_path):
    code, out, _ = run("--trace", recording(tmp_path / "c.csv", [PRESSES, PRESSES]))
    assert code == 0
    assert "cannot be told apart: drag too faint to see" in out


def test_force_alone_gives_a_reference_press(run, tmp_path):
    code, out, _ = run("--trace", recording(tmp_path / "c.csv", [PRESSES, PRESSES], axes=False))
    assert code == 0
    assert "reference press    50." in out or "reference press    49." in out
    assert "no acceleration" in out


@pytest.mark.parametrize(
    ("sets", "options", "said"),
    [
        ([], {}, "0 good presses in the first set"),
        ([PRESSES[:3], PRESSES], {}, "3 good presses in the first set, where calibration takes 4"),
        ([PRESSES], {"tilt_deg": 9.0}, "6 of 6 presses moved the block (pelvis)"),
        ([PRESSES], {"tilt_deg": 50.0}, "good presses"),
        ([(0.6, 1.6, 0.7, 1.8, 0.8, 2.4)], {}, "too unlike each other"),
    ],
)
def test_a_bad_calibration_is_refused_in_one_line_with_what_to_do(run, tmp_path, sets, options, said):
    trace = recording(tmp_path / "c.csv", sets, **options)
    code, out, err = run("--trace", trace, "--output", "never.json")
    assert (code, out) == (2, "")
    assert err.startswith(f"pulseblock: {trace}: ")
    assert err.count("\n") == 1
    assert said in err
    assert ": " in err.removeprefix(f"pulseblock: {trace}: ")  # the advice
    assert not (tmp_path / "never.json").exists()


def test_a_saturated_sensor_is_refused(run, tmp_path):
    (tmp_path / "block.json").write_text('{"force_full_cn": 6000}')
    trace = recording(tmp_path / "c.csv", [PRESSES], full_n=60.0)
    code, out, err = run("--trace", trace, "--config", tmp_path / "block.json")
    assert (code, out) == (2, "")
    assert "the force sensor is at its end: press less hard" in err


def test_a_block_that_is_never_ready_is_refused(run, tmp_path):
    path = tmp_path / "c.csv"
    rows = (f"{t},15,{t // 10 % 7 / 1000},0.9,0.44" for t in range(0, 20_000, 10))
    path.write_text("\n".join(["t_ms,force_n,ax_g,ay_g,az_g", *rows]))
    code, out, err = run("--trace", path)
    assert (code, out) == (2, "")
    assert "was never ready: lie down" in err


def test_a_dead_accelerometer_is_refused(run, tmp_path):
    trace = recording(tmp_path / "c.csv", [PRESSES])
    header, *rows = trace.read_text().splitlines()
    dead = [",".join([*row.split(",")[:2], "0,0,0"]) for row in rows[600:]]
    trace.write_text("\n".join([header, *rows[:600], *dead]))
    code, out, err = run("--trace", trace)
    assert (code, out) == (2, "")
    assert "accelerometer absent at 6." in err


def test_a_folder_that_is_not_there_is_one_line(run, tmp_path):
    trace = recording(tmp_path / "c.csv", [PRESSES])
    code, _, err = run("--trace", trace, "--output", "nowhere/p.json")
    assert code == 2
    assert err == "pulseblock: nowhere/p.json: cannot be written: no such file or directory\n"
    code, _, err = run("--trace", trace, "--output", f"{trace}/p.json")
    assert (code, err) == (2, f"pulseblock: {trace}/p.json: cannot be written: not a directory\n")
