"""The drag's fixed-point regression beside the same least squares by NumPy, in float64, over random reps."""

import math

import numpy as np
import pytest

from pulseblock.core.drag import Drag
from pulseblock.core.stream import Stream

HOLD_CN = 1500
ONE_G = 8192
GRAVITY = 9.80665

# what drag.py promises
SHARE = 0.005
UM = 50


def minimum_jerk(u):
    return u**3 * (10 - 15 * u + 6 * u * u)


def random_rep(rng, step_s):
    """Force, y and z of a press of random shape, strength and drag, with sensors' noise, step by step."""
    reference = int(rng.uniform(2500, 16000))
    rise, top, fall = rng.uniform(0.3, 1.1), rng.uniform(0.0, 0.8), rng.uniform(0.3, 1.2)
    before, after = 1.0, 0.5
    t = np.arange(0, before + rise + top + fall + after, step_s) - before
    up = np.clip(t / rise, 0, 1)
    down = np.clip((t - rise - top) / fall, 0, 1)
    share = (minimum_jerk(up) - minimum_jerk(down)) * rng.uniform(0.6, 1.4)
    bend = np.gradient(np.gradient(share, step_s), step_s)
    travel_m = rng.uniform(-0.012, 0.012, 2)
    tilt_g = rng.uniform(-0.01, 0.01, 2)
    breath = rng.uniform(0.002, 0.007) * np.sin(2 * math.pi * rng.uniform(0.15, 0.35) * t + rng.uniform(0, 6))
    force = HOLD_CN + reference * share + rng.normal(0, 25, t.size)
    axes = [
        -travel_m[i] * bend / GRAVITY + tilt_g[i] * share + breath * (i == 0) + rng.normal(0, 0.001, t.size)
        for i in range(2)
    ]
    start = int(before / step_s)
    steps = [np.clip(np.rint(force), 0, 65535), *(np.rint(axis * ONE_G) for axis in axes)]
    return reference, start, np.array(steps).astype(int)


def by_drag(drag, reference, start, steps):
    """The travel (y, z) in um of a rep that is known 100 ms after its start."""
    known = start + max(1, round(0.1 * 50))
    for i, (force, y, z) in enumerate(steps.T.tolist()):
        if i == known:
            drag.begin(HOLD_CN, reference)
        drag.update(force, y, z)
    return drag.solve(reference, 0, ONE_G), drag.y_um, drag.z_um, known


def by_numpy(drag, step_s, reference, known, odd, steps):
    """The same by filters and least squares in float64, from the definition."""
    n = drag._width
    smooth = np.array([np.convolve(row, np.ones(n) / n, "full")[: row.size] for row in steps.astype(float)])
    lag = drag._lag
    length = drag._length
    middles = [i - length + 1 + lag for i in range(known, steps.shape[1]) if (i + odd) % 2][:256]
    middles = np.array(middles)
    force = (smooth[0][middles] - HOLD_CN) / reference
    bend = smooth[0][middles - lag] - 2 * smooth[0][middles] + smooth[0][middles + lag]
    bend = bend / reference / (lag * step_s) ** 2
    t = np.linspace(0, 1, middles.size)
    explains = np.column_stack([np.ones_like(t), t, t * t, force, bend])
    prior = np.array([[0, 0, 0, math.sqrt(((force - force.mean()) ** 2).sum() / 16), 0]])
    design = np.vstack([explains, prior])
    travel = []
    for axis in smooth[1:]:
        observed = np.append(axis[middles] / ONE_G * GRAVITY, 0)
        travel.append(-1e6 * np.linalg.lstsq(design, observed, rcond=None)[0][4])
    return travel


@pytest.mark.parametrize("rate_hz", [50, 64, 99, 100, 104, 200])
def test_fixed_point_agrees_with_floating_point(rate_hz):
    rng = np.random.default_rng(rate_hz)
    stream = Stream(rate_hz)
    step_s = stream.step_ms_q8 / 256000
    worst = 0.0
    for _ in range(100):
        reference, start, steps = random_rep(rng, step_s)
        drag = Drag(stream.steps, stream.step_ms_q8)
        solved, y_um, z_um, known = by_drag(drag, reference, start, steps)
        assert solved
        for fixed, exact in zip(
            (y_um, z_um), by_numpy(drag, step_s, reference, known, 0, steps), strict=True
        ):
            worst = max(worst, abs(fixed - exact) / (SHARE * abs(exact) + UM))
    assert worst <= 1
    assert worst > 0.1  # a bound that nothing comes near would say nothing


def test_the_fit_finds_the_travel_that_was_put_in():
    rng = np.random.default_rng(7)
    stream = Stream(100)
    step_s = stream.step_ms_q8 / 256000
    t = np.arange(0, 3.0, step_s) - 1
    for _ in range(20):
        seconds = rng.uniform(1.0, 1.5)
        share = np.where((t > 0) & (t < seconds), (1 - np.cos(2 * math.pi * t / seconds)) / 2, 0)
        bend = np.gradient(np.gradient(share, step_s), step_s)
        travel_m = rng.uniform(0.003, 0.012)
        y = np.rint(-travel_m * bend / GRAVITY * ONE_G).astype(int)
        force = np.rint(HOLD_CN + 6000 * share).astype(int)
        drag = Drag(stream.steps, stream.step_ms_q8)
        solved, y_um, z_um, _ = by_drag(drag, 6000, int(1 / step_s), np.array([force, y, 0 * y]))
        assert solved
        assert 0.95 < y_um / (travel_m * 1e6) < 1.15
        assert abs(z_um) < 50


def test_gravity_says_where_cranial_and_up_are():
    rng = np.random.default_rng(3)
    stream = Stream(100)
    reference, start, steps = random_rep(rng, stream.step_ms_q8 / 256000)
    drag = Drag(stream.steps, stream.step_ms_q8)
    _, y_um, z_um, _ = by_drag(drag, reference, start, steps)
    for degrees in (-30, -8, 8, 30):
        turn = math.radians(degrees)
        drag.solve(reference, round(ONE_G * math.sin(turn)), round(ONE_G * math.cos(turn)))
        assert abs(drag.y_um - (y_um * math.cos(turn) - z_um * math.sin(turn))) < 5
        assert abs(drag.z_um - (y_um * math.sin(turn) + z_um * math.cos(turn))) < 5


def test_the_travel_of_another_reference_is_in_proportion():
    rng = np.random.default_rng(4)
    stream = Stream(100)
    reference, start, steps = random_rep(rng, stream.step_ms_q8 / 256000)
    drag = Drag(stream.steps, stream.step_ms_q8)
    _, y_um, _, _ = by_drag(drag, reference, start, steps)
    per_mm = drag.ug_per_mm
    drag.solve(2 * reference, 0, ONE_G)
    assert abs(drag.y_um - 2 * y_um) <= 2
    assert abs(2 * drag.ug_per_mm - per_mm) <= 0.1 * per_mm


def test_a_press_too_slow_to_drag_is_unknown():
    stream = Stream(100)
    step_s = stream.step_ms_q8 / 256000
    t = np.arange(0, 12.0, step_s) - 1
    share = np.where((t > 0) & (t < 10), (1 - np.cos(2 * math.pi * t / 10)) / 2, 0)
    force = np.rint(HOLD_CN + 6000 * share).astype(int)
    solved, *_ = by_drag(
        Drag(stream.steps, stream.step_ms_q8), 6000, 50, np.array([force, 0 * force, 0 * force])
    )
    assert not solved


def test_forces_beyond_the_sums_are_unknown_too():
    rng = np.random.default_rng(5)
    stream = Stream(100)
    reference, start, steps = random_rep(rng, stream.step_ms_q8 / 256000)
    solved, *_ = by_drag(Drag(stream.steps, stream.step_ms_q8), reference // 8, start, steps)
    assert not solved
