"""The core over recorded traces: small ones made for the tests, and the shared ones where they are."""

import csv
import math
from array import array
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pulseblock_tools.errors import UserError
from pulseblock_tools.replaying.replay import Rep, SetEnd, replay
from pulseblock_tools.traces.reading import read_trace
from pulseblock_tools.traces.trace import Trace

THREE_PRESSES = Path(__file__).parents[1] / "fixtures" / "three-presses.csv"
TOPS_MS = (2800, 5000, 7200)
PRESS_MS = 1600


def raised_cosine(t_ms: float, top_ms: float) -> float:
    """Return 0 outside of a press around *top_ms*, and up to 1 inside."""
    phase = (t_ms - top_ms) / PRESS_MS
    return (1 + math.cos(2 * math.pi * phase)) / 2 if abs(phase) < 0.5 else 0.0


def three_presses(t_ms: float) -> tuple[float, float, float, float]:
    """Return force (N) and acceleration (g) of the fixture at a time."""
    force_n = 10 + 40 * sum(raised_cosine(t_ms, top) for top in TOPS_MS)
    pitch = math.radians(8) * raised_cosine(t_ms, TOPS_MS[-1])
    return force_n, 0.002 * math.sin(t_ms / 20), math.sin(pitch), math.cos(pitch)


def recorded(hz: float, origin_ms: float = 0, axes: int = 3, hole: range = range(0)) -> Trace:
    """Return the trace that a logger of a given rate makes of the same presses."""
    moments = [i * 1000 / hz for i in range(int(10 * hz)) if i * 1000 / hz not in hole]
    force_n, *acceleration_g = zip(*map(three_presses, moments), strict=True)
    return Trace(
        f"{hz} Hz",
        array("d", (origin_ms + t for t in moments)),
        array("d", force_n),
        tuple(array("d", axis) for axis in acceleration_g[:axes]),
    )


def reps(trace: Trace, **settings: int) -> list[Rep]:
    return [result for result in replay(trace, settings) if isinstance(result, Rep)]


def test_the_fixture_is_what_it_says():
    with THREE_PRESSES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["t_ms"]) for row in rows] == list(range(0, 10000, 20))
    for row in rows:
        force_n, *acceleration_g = three_presses(int(row["t_ms"]))
        assert float(row["force_n"]) == pytest.approx(force_n, abs=0.006)
        for name, expected in zip(("ax_g", "ay_g", "az_g"), acceleration_g, strict=True):
            assert float(row[name]) == pytest.approx(expected, abs=0.00006)


def test_presses_are_counted_and_judged():
    *found, end = replay(read_trace(THREE_PRESSES), {})
    assert end == SetEnd(reps=3, good=2, rhythm_pct=100)
    assert [rep.faults for rep in found] == [[], [], ["pelvis"]]
    assert [rep.verdict for rep in found] == ["good", "good", "compensated"]
    for rep, top in zip(found, TOPS_MS, strict=True):
        assert rep.peak_ms == pytest.approx(top, abs=60)
        assert rep.start_ms == pytest.approx(top - PRESS_MS / 2, abs=250)
        assert rep.end_ms == pytest.approx(top + PRESS_MS / 2, abs=250)
        assert rep.peak_n == pytest.approx(50, abs=1.5)


@pytest.mark.parametrize("hz", [10, 11, 25, 50, 80, 104, 150, 200, 250, 1000])
def test_the_rate_of_the_recording_makes_no_difference(hz):
    found = reps(recorded(hz))
    assert [rep.faults for rep in found] == [[], [], ["pelvis"]]
    for rep, top in zip(found, TOPS_MS, strict=True):
        assert rep.peak_ms == pytest.approx(top, abs=80)


@pytest.mark.parametrize("origin_ms", [0, -5000, 0.25, 2**30 - 5000, 1.7e12])
def test_times_are_in_the_clock_of_the_trace_wherever_it_starts(origin_ms):
    from_nothing = reps(recorded(100))
    shifted = reps(recorded(100, origin_ms))
    assert [rep.peak_n for rep in shifted] == [rep.peak_n for rep in from_nothing]
    for rep, other in zip(shifted, from_nothing, strict=True):
        for time, from_zero in ((rep.start_ms, other.start_ms), (rep.peak_ms, other.peak_ms)):
            assert time == pytest.approx(from_zero + origin_ms, abs=1)
            assert isinstance(time, int)


def test_a_trace_without_acceleration_is_force_only():
    assert [rep.faults for rep in reps(recorded(100, axes=0))] == [[], [], []]
    assert [rep.faults for rep in reps(recorded(100), force_only=1)] == [[], [], []]


def test_nothing_is_wrong_with_an_accelerometer_that_is_not_there():
    results = list(replay(recorded(100, axes=0), {}))
    assert [type(result) for result in results] == [Rep, Rep, Rep, SetEnd]


def test_settings_reach_the_core():
    assert [rep.faults for rep in reps(recorded(100), pelvis_limit_cdeg=1000)] == [[], [], []]
    assert len(reps(recorded(100), rate_hz=50)) == 3


def test_no_press_is_made_up_across_a_gap():
    found = reps(recorded(100, hole=range(4300, 5700)))
    assert [top for top in TOPS_MS for rep in found if rep.start_ms < top < rep.end_ms] == [2800, 7200]


def twice(pause_ms: int) -> Trace:
    """Return the three presses, a pause, and the three presses again."""
    once = recorded(100)
    return Trace(
        "twice",
        array("d", [*once.t_ms, *(10_000 + pause_ms + t for t in once.t_ms)]),
        once.force_n * 2,
        tuple(axis * 2 for axis in once.acceleration_g),
    )


@pytest.mark.parametrize("pause_ms", [0, 10_000, 40 * 24 * 3600 * 1000])
def test_sets_are_told_apart_and_times_kept_over_pauses_of_seconds_and_of_days(pause_ms):
    results = list(replay(twice(pause_ms), {}))
    peaks = [result.peak_ms for result in results if isinstance(result, Rep)]
    assert peaks == pytest.approx([*TOPS_MS, *(10_000 + pause_ms + top for top in TOPS_MS)], abs=60)
    ends = [result for result in results if isinstance(result, SetEnd)]
    if pause_ms:
        assert ends == [SetEnd(reps=3, good=2, rhythm_pct=100)] * 2


forces = st.one_of(st.floats(-100, 10_000), st.sampled_from([0, 5, 10, 30, 60, 655.35]))
axes = st.floats(-100, 100)
rows = st.tuples(st.sampled_from([1, 5, 10, 20, 90, 400, 3000]), st.integers(1, 40), forces, axes, axes, axes)


# a press that begins in the very step in which the return of the one before comes to its end
ON_THE_HEELS = [(1, 1, 0, 0, 0, 0), (90, 5, 0, 0, 0, 0), (1, 1, 45, 0, 0, 0), (20, 18, 10, 0, 0, 0)]


@example(0, [*ON_THE_HEELS, (1, 9, 30, 0, 0, 0)], True)
@given(st.integers(-(10**12), 10**12), st.lists(rows, min_size=2, max_size=20), st.booleans())
def test_any_trace_gives_reps_in_order_and_within_its_time(start, stretches, force_only):
    # stretches of unchanging force and posture, as coarse as can be
    t_ms, force_n, *acceleration_g = (array("d") for _ in range(5))
    t = start
    for step, count, force, *axes_g in stretches:
        for _ in range(count):
            t_ms.append(t := t + step)
            force_n.append(force)
            for axis, value in zip(acceleration_g, axes_g, strict=True):
                axis.append(value)
    trace = Trace("any", t_ms, force_n, () if force_only else tuple(acceleration_g))
    try:
        results = list(replay(trace, {}))
    except UserError:
        return  # too few or too many rows a second
    found = [result for result in results if isinstance(result, Rep)]
    for rep in found:
        assert t_ms[0] - 100 <= rep.start_ms <= rep.peak_ms <= rep.end_ms <= t_ms[-1] + 100
        assert 0 <= rep.peak_n <= 655.35
        assert rep.verdict == ("compensated" if rep.faults else "good")
    assert [rep.peak_ms for rep in found] == sorted(rep.peak_ms for rep in found)
    ends = [result for result in results if isinstance(result, SetEnd)]
    assert sum(end.reps for end in ends) == len(found)
    assert sum(end.good for end in ends) == sum(not rep.faults for rep in found)
