"""The simulator beside labelled traces made elsewhere: other code, the same exercise.

Neither copies the other's habits; people of both must still be able to meet in one gym.
"""

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pulseblock_tools.simulator import people, plans, simulate

SHARED = Path(__file__).parents[3] / "shared" / "traces"
PEOPLE = 40

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="this checkout stands without ../shared")


def wearer(rows, reps):
    """Hold, reference press, tempo and the like of one calibration; rows as an array, labels as a list."""
    good = [rep for rep in reps if rep["kind"] == "good"]
    before = rows[(rows[:, 0] > good[0]["start_ms"] - 1200) & (rows[:, 0] < good[0]["start_ms"] - 50)]
    hold = np.median(before[:, 1])
    tops = [
        rows[(rows[:, 0] >= rep["start_ms"]) & (rows[:, 0] <= rep["end_ms"])][:, 1].max() - hold
        for rep in good
    ]
    posture = before[:, 2:5].mean(axis=0)
    return {
        "hold_n": hold,
        "reference_n": np.median(tops),
        "spread": np.std(tops) / np.median(tops),
        "duration_ms": np.median([rep["end_ms"] - rep["start_ms"] for rep in good]),
        "rise_share": np.median(
            [(rep["peak_ms"] - rep["start_ms"]) / (rep["end_ms"] - rep["start_ms"]) for rep in good]
        ),
        "gap_ms": np.median([b["start_ms"] - a["end_ms"] for a, b in pairwise(good)]),
        "noise_mg": 1000 * np.diff(before[:, 2:5], axis=0).std() / np.sqrt(2),
        "force_noise_n": np.diff(before[:, 1]).std() / np.sqrt(2),
        "tilt_deg": np.degrees(np.arccos(posture[2] / np.linalg.norm(posture))),
        "one_g": np.linalg.norm(posture),
        "grips_after_ms": reps[6]["start_ms"] - reps[5]["end_ms"],
    }


@pytest.fixture(scope="module")
def theirs():
    found = []
    for path in sorted(SHARED.glob("*-calibration.csv")):
        labels = json.loads(path.with_suffix(".json").read_text())
        found.append(wearer(np.loadtxt(path, delimiter=",", skiprows=1), labels["reps"]))
    return found


@pytest.fixture(scope="module")
def ours():
    traces = (simulate.calibration(people.draw(seed), seed, 50) for seed in range(PEOPLE))
    return [wearer(np.array(trace.rows), trace.labels["reps"]) for trace in traces]


@pytest.mark.parametrize(
    "figure",
    [
        "hold_n",
        "reference_n",
        "spread",
        "duration_ms",
        "rise_share",
        "gap_ms",
        "noise_mg",
        "force_noise_n",
        "tilt_deg",
        "one_g",
    ],
)
def test_nine_in_ten_of_their_wearers_lie_among_ours(ours, theirs, figure):
    values = [person[figure] for person in ours]
    low, high = min(values), max(values)
    margin = 0.1 * (high - low)
    inside = [low - margin <= person[figure] <= high + margin for person in theirs]
    assert sum(inside) >= 0.9 * len(inside), (low, high, [person[figure] for person in theirs])


@pytest.mark.parametrize("figure", ["hold_n", "reference_n", "duration_ms", "noise_mg", "one_g"])
def test_their_typical_wearer_is_no_rarity_among_ours(ours, theirs, figure):
    low, high = np.percentile([person[figure] for person in ours], [10, 90])
    assert low <= np.median([person[figure] for person in theirs]) <= high


def test_grips_follow_the_presses_after_a_little_over_seven_seconds(ours, theirs):
    assert all(7000 < person["grips_after_ms"] < 8500 for person in (*ours, *theirs))


def test_files_look_alike(tmp_path):
    from pulseblock_tools.simulator import traces

    ours = tmp_path / "p00-s0.csv"
    traces.write(simulate.session(people.draw(1), plans.session(1), 1), ours)
    theirs = SHARED / "p00-s0.csv"
    our_rows, their_rows = (list(csv.reader(path.open())) for path in (ours, theirs))
    assert our_rows[0] == their_rows[0]
    for column in range(5):
        decimals = {len(rows[1000][column].partition(".")[2]) for rows in (our_rows, their_rows)}
        assert len(decimals) == 1
    our_labels, their_labels = (json.loads(path.with_suffix(".json").read_text()) for path in (ours, theirs))
    assert list(our_labels) == list(their_labels)
    assert list(our_labels["reps"][0]) == list(their_labels["reps"][0])
    assert [type(v) for v in our_labels["reps"][0].values()] == [
        type(v) for v in their_labels["reps"][0].values()
    ]


def test_every_movement_of_theirs_is_one_of_ours():
    kinds = {
        rep["kind"]: set(rep["faults"])
        for path in SHARED.glob("*.json")
        for rep in json.loads(path.read_text())["reps"]
    }
    assert set(kinds) <= set(plans.KINDS)
