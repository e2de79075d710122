"""``pulseblock simulate``: what it writes, and how it refuses what makes no sense."""

import json
from functools import partial

import pytest

from pulseblock_tools.traces.reading import read_trace


@pytest.fixture
def run(command_line, tmp_path, monkeypatch):
    """Run ``pulseblock simulate`` in an empty directory; return exit code and output."""
    monkeypatch.chdir(tmp_path)
    return partial(command_line, "simulate")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_writes_a_calibration_and_sessions_for_each_person(run, tmp_path):
    code, out, err = run("--people", 2, "--sessions", 1, "--rate", 50)
    assert (code, err) == (0, "")
    assert out.startswith("4 traces in simulated: ")
    stems = ("p00-calibration", "p00-s0", "p01-calibration", "p01-s0")
    assert names(tmp_path / "simulated") == sorted(f"{s}.{end}" for s in stems for end in ("csv", "json"))


def test_what_it_writes_can_be_read_as_a_trace(run, tmp_path):
    run("--people", 1, "--sessions", 1, "--rate", 50)
    recording = read_trace(tmp_path / "simulated" / "p00-s0.csv")
    assert not recording.force_only


def test_the_same_seed_writes_the_same_files(run, tmp_path):
    for folder in ("a", "b"):
        run("--people", 1, "--sessions", 1, "--seed", 5, "--output", folder)
    run("--people", 1, "--sessions", 1, "--seed", 6, "--output", "c")
    contents = [(tmp_path / folder / "p00-s0.csv").read_bytes() for folder in "abc"]
    assert contents[0] == contents[1] != contents[2]


def test_rates_are_dealt_out_in_turn(run, tmp_path):
    run("--people", 2, "--sessions", 0, "--rate", 50, "--rate", 200)
    labels = [json.loads((tmp_path / f"simulated/p0{i}-calibration.json").read_text()) for i in range(2)]
    assert [one["rate_hz"] for one in labels] == [50, 200]


def test_no_reps_means_none(run, tmp_path):
    run("--people", 1, "--sessions", 1, "--rate", 50, "--activity", "walking", "--no-reps")
    assert json.loads((tmp_path / "simulated/p00-s0.json").read_text())["reps"] == []
    rows = (tmp_path / "simulated/p00-s0.csv").read_text().splitlines()
    assert len(rows) > 500


def test_force_only_leaves_the_accelerations_out(run, tmp_path):
    run("--people", 1, "--sessions", 1, "--rate", 50, "--force-only")
    for name in ("p00-s0", "p00-calibration"):
        assert (tmp_path / f"simulated/{name}.csv").read_text().startswith("t_ms,force_n\n")


def test_a_worse_block_and_a_worse_link_change_the_samples(run, tmp_path):
    common = ("--people", 1, "--sessions", 1, "--rate", 50, "--seed", 3)
    run(*common, "--output", "usual")
    usual = (tmp_path / "usual/p00-s0.csv").read_text()
    for i, option in enumerate(
        (
            ("--noise-mg", 2),
            ("--mount-deg", 8),
            ("--fsr-creep", 5),
            ("--force-bits", 8),
            ("--missing-pct", 2),
            ("--repeated-pct", 2),
            ("--late-pct", 2),
        )
    ):
        code, _, err = run(*common, *option, "--output", f"worse{i}")
        assert (code, err) == (0, "")
        assert (tmp_path / f"worse{i}/p00-s0.csv").read_text() != usual


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--people", 0, "1..1000"),
        ("--sessions", -1, "0..100"),
        ("--rate", 20, "50..200"),
        ("--rate", 1000, "50..200"),
        ("--noise-mg", -1, "0..20"),
        ("--noise-mg", "nan", "0..20"),
        ("--mount-deg", 90, "0..15"),
        ("--fsr-creep", 50, "0..10"),
        ("--force-bits", 1, "5..16"),
        ("--missing-pct", 100, "0..50"),
        ("--repeated-pct", "inf", "0..50"),
        ("--late-pct", -2, "0..50"),
        ("--activity", "flying", "walking"),
    ],
)
def test_values_out_of_range_are_refused_by_name_in_one_line(run, tmp_path, option, value, says):
    code, out, err = run(option, value)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert option in err
    assert str(value) in err
    assert says in err
    assert names(tmp_path) == []


def test_words_for_numbers_are_refused_in_one_line(run):
    code, out, err = run("--people", "many")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_a_directory_that_holds_anything_is_left_alone(run, tmp_path):
    keep = tmp_path / "simulated" / "p00-s0.csv"
    keep.parent.mkdir()
    keep.write_text("mine")
    code, _, err = run()
    assert code == 2
    assert "simulated is not empty" in err
    assert len(err.splitlines()) == 1
    assert keep.read_text() == "mine"
    assert names(keep.parent) == ["p00-s0.csv"]


def test_a_file_is_no_directory(run, tmp_path):
    (tmp_path / "file").write_text("mine")
    for path in ("file", "file/below"):
        code, _, err = run("--output", path)
        assert code == 2
        assert len(err.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_is_told_in_one_line(run, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pulseblock_tools.simulator.traces.write", fail)
    code, out, err = run("--people", 1)
    assert (code, out) == (1, "")
    assert err == "pulseblock: cannot write to simulated: No space left on device\n"


def test_help_teaches_by_example(run):
    code, out, _ = run("--help")
    assert code == 0
    assert "pulseblock simulate --activity walking --no-reps" in out
