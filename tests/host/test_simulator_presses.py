"""Presses of every family are one press each, with the height and the times they claim."""

import random
from itertools import pairwise

import pytest

from pulseblock_tools.simulator import people
from pulseblock_tools.simulator.curves import Track
from pulseblock_tools.simulator.people import FAMILIES
from pulseblock_tools.simulator.presses import draw_form, shape_press

LOW, HIGH, END = 2.0, 60.0, 4.0


def sample(press, step=0.002):
    track = Track(LOW)
    track.add(*press.pieces)
    reader = track.reader()
    first, last = press.start - 0.3, press.end + 0.3
    times = [first + i * step for i in range(int((last - first) / step) + 1)]
    return times, [reader.at(t)[0] for t in times]


@pytest.fixture(params=[(family, seed) for family in FAMILIES for seed in range(8)], ids=str)
def press(request):
    family, seed = request.param
    rng = random.Random(seed)
    form = draw_form(family, people.draw(seed), rng)
    return shape_press(form, 1.0, rng.uniform(0.9, 3.5), low=LOW, high=HIGH, end=END)


def test_it_rises_to_its_height_and_returns(press):
    times, values = sample(press)
    assert 0.97 * HIGH <= max(values) <= HIGH + 1e-9
    assert max(values) == pytest.approx(press.height, rel=0.005)
    assert values[0] == LOW
    assert values[-1] == pytest.approx(END, abs=0.01)
    assert press.start < press.peak < press.end
    at_peak = values[min(range(len(times)), key=lambda i: abs(times[i] - press.peak))]
    assert at_peak == pytest.approx(max(values), rel=0.005)


def test_start_and_end_are_where_the_force_begins_and_stops_to_move(press):
    times, values = sample(press)
    rise, fall = HIGH - LOW, HIGH - END
    assert all(v <= LOW + 0.015 * rise for t, v in zip(times, values, strict=True) if t < press.start)
    assert all(v <= END + 0.015 * fall for t, v in zip(times, values, strict=True) if t > press.end + 0.01)


def test_dips_along_the_top_stay_under_twelve_per_cent(press):
    _, values = sample(press)
    first = next(i for i, v in enumerate(values) if v > LOW + 0.95 * (HIGH - LOW))
    last = len(values) - next(i for i, v in enumerate(reversed(values)) if v > LOW + 0.87 * (HIGH - LOW))
    top = values[first:last]
    assert max(top) - min(top) < 0.135 * (HIGH - LOW)  # a dip below whatever the top has sagged to
    # and no way down then up again, from a standing start, is deeper than the words allow
    highest, deepest = top[0], 0.0
    for i, value in enumerate(top):
        highest = max(highest, value)
        deepest = max(deepest, min(highest, max(top[i:])) - value)
    assert deepest < 0.12 * (HIGH - LOW)


def test_outside_its_dips_it_only_rises_then_only_falls(press):
    _, values = sample(press)
    peak = max(range(len(values)), key=values.__getitem__)
    rising = values[: next(i for i, v in enumerate(values) if v > LOW + 0.85 * (HIGH - LOW))]
    falling_from = len(values) - next(i for i, v in enumerate(reversed(values)) if v > 0.8 * HIGH)
    falling = values[max(peak, falling_from) :]
    assert all(b >= a - 1e-9 for a, b in pairwise(rising))
    assert all(b <= a + 1e-9 for a, b in pairwise(falling))


def test_sharpness_is_its_greatest_acceleration(press):
    track = Track(LOW)
    track.add(*press.pieces)
    reader = track.reader()
    sharpest = max(abs(reader.at(i * 0.001)[2]) for i in range(6000))
    assert press.sharpness == pytest.approx(sharpest, rel=0.1)
