"""``pulseblock tune``: limits that people held out gain by, and only those."""

import json
from functools import partial

import pytest

from host.people_at_hand import people
from pulseblock_tools.evaluation import tuning
from pulseblock_tools.evaluation.labelled import find_people, read_labels
from pulseblock_tools.evaluation.running import judge
from pulseblock_tools.evaluation.score import Score
from pulseblock_tools.traces.reading import read_trace


@pytest.fixture
def run(command_line, tmp_path, monkeypatch):
    """Run ``pulseblock tune`` in an empty directory; return exit code and output."""
    monkeypatch.chdir(tmp_path)
    return partial(command_line, "tune")


@pytest.fixture(scope="module")
def measured():
    """Everybody, counted once by the defaults."""
    return list(tuning.measure_people(find_people(people()), None, calibrating=False, jobs=1))


def spoil_a_default(monkeypatch):
    """Let the default of one limit be far off, so that there is something to gain."""
    describe = tuning.Settings.describe
    wrong = {"rushed_ms": (1500, 200, 3000)}
    monkeypatch.setattr(
        tuning.Settings, "describe", staticmethod(lambda name: wrong.get(name) or describe(name))
    )
    monkeypatch.setattr(tuning, "GRID_PCT", (40, 100, 160))


def counted_anew(limits):
    score = Score()
    for person in find_people(people()):
        for path in person.sessions:
            score += judge(read_trace(path), read_labels(path), limits)[0]
    return score.as_dict()


@pytest.mark.parametrize("limits", [{}, {"rushed_ms": 1500}, {"passive_pct": 80}, {"pelvis_limit_cdeg": 120}])
def test_judging_what_was_measured_is_as_good_as_counting_anew(measured, limits):
    assert tuning.rejudged(measured, limits).as_dict() == counted_anew(limits)


def test_a_default_that_is_wrong_is_found_out(measured, monkeypatch):
    describe = tuning.Settings.describe
    wrong = {"rushed_ms": (1500, 200, 3000)}
    monkeypatch.setattr(
        tuning.Settings, "describe", staticmethod(lambda name: wrong.get(name) or describe(name))
    )
    monkeypatch.setattr(tuning, "GRID_PCT", (40, 100, 160))
    assert tuning.search(measured, ("rushed_ms",)) == {"rushed_ms": 600}


def test_of_equals_the_nearest_to_the_default_wins(measured):
    assert tuning.search(measured, ("grip_hold_ms", "contact_pct")) == {}


def test_no_person_is_on_both_sides_of_a_fold(measured):
    groups = tuning.split(measured, 2)
    names = [[one.person.name for one in group] for group in groups]
    assert sorted(name for group in names for name in group) == ["p00", "p01", "p02"]
    assert tuning.split(list(reversed(measured)), 2) == groups


def test_only_limits_of_a_verdict_are_searched():
    assert "rushed_ms" in tuning.LIMITS
    assert "grip_drag_pct" not in tuning.LIMITS
    assert len(set(tuning.LIMITS)) == len(tuning.LIMITS) == 8


def test_it_tells_the_figures_of_people_held_out(run):
    code, out, err = run(
        people(), "--folds", 3, "--limit", "rushed_ms", "--limit", "passive_pct", "--json", "--jobs", 1
    )
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["held_out"]["defaults"]["sessions"] == found["held_out"]["tuned"]["sessions"] == 3
    assert len(found["folds"]) == 3
    assert set(found["limits"]) <= {"rushed_ms", "passive_pct"}


def test_where_nothing_is_gained_it_says_so_and_writes_nothing(run, tmp_path):
    code, out, err = run(
        people(), "--folds", 3, "--limit", "grip_hold_ms", "--output", "limits.json", "--jobs", 1
    )
    assert (code, err) == (0, "limits.json was not written.\n")
    assert "People held out" in out
    assert "Nothing gained on people held out: keep the defaults." in out
    assert not (tmp_path / "limits.json").exists()


def test_what_helps_people_held_out_is_kept(run, tmp_path, monkeypatch):
    # defaults that spoil every verdict, so that there is something to gain
    describe = tuning.Settings.describe
    table = {"rushed_ms": (1500, 200, 3000)}
    monkeypatch.setattr(
        tuning.Settings, "describe", staticmethod(lambda name: table.get(name) or describe(name))
    )
    monkeypatch.setattr(tuning, "GRID_PCT", (40, 100))
    for name in ("p00", "p01", "p02"):
        (tmp_path / f"{name}.json").write_text('{"rushed_ms": 1500}')
    args = (people(), "--config-dir", tmp_path, "--folds", 3, "--limit", "rushed_ms", "--jobs", 1)
    code, out, err = run(*args, "--output", "limits.json")
    assert (code, err) == (0, "Kept in limits.json.\n")
    assert "Found on all people: rushed_ms 600" in out
    assert json.loads((tmp_path / "limits.json").read_text()) == {"rushed_ms": 600}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--limit", "rate_hz"], "--limit rate_hz: must be one of pelvis_limit_cdeg, "),
        (["--folds", 4], "--folds 4: must lie in 2..3, the number of people"),
        (["--folds", 1], "--folds 1: must lie in 2..3, the number of people"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(run, args, said):
    code, out, err = run(people(), *args)
    assert (code, out) == (2, "")
    assert err.startswith(f"pulseblock: {said}")
    assert err.count("\n") == 1


def test_a_folder_with_nobodys_settings_is_not_taken_for_the_defaults(run, tmp_path):
    assert run(people(), "--folds", 2, "--config-dir", tmp_path) == (
        2,
        "",
        f"pulseblock: {tmp_path}: no settings of these people, such as p00.json\n",
    )
