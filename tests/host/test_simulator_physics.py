"""What a perfect block feels is what SENSING says each movement does to the signals.

Everything is measured from the samples alone, on wearers whose body is otherwise still.
"""

from dataclasses import replace

import numpy as np
import pytest

from pulseblock_tools.simulator import people, plans, simulate
from pulseblock_tools.simulator.people import Person
from pulseblock_tools.simulator.plans import Phase, Plan, RepPlan, Set
from pulseblock_tools.simulator.sensing import Sensors

RATE = 200
GRAVITY = 9.81
CALM = {
    "natural_sagittal_deg": 0.0,
    "natural_frontal_deg": 0.0,
    "lever_m": 0.0,
    "lag_s": 0.0,
    "lean_spread_deg": 0.0,
    "breathing_deg": 0.0,
    "breathing_force": 0.0,
    "heart_force": 0.0,
    "heart_mg": 0.0,
    "tremor_force": 0.0,
    "tremor_mg": 0.0,
}
FINE = Sensors(accel_step_mg=0.001)


def calm_person(seed, **changes):
    return replace(people.draw(seed), sensors=FINE, **{**CALM, **changes})


def perform(person, *reps, seed=1):
    plan = Plan((Phase("handling", 1.0), Set(tuple(reps)), Phase("hold", 3.0)))
    trace = simulate.session(person, plan, seed, RATE)
    return trace, np.array(trace.rows)


def window(rows, rep, margin_ms=150):
    return rows[(rows[:, 0] >= rep["start_ms"] - margin_ms) & (rows[:, 0] <= rep["end_ms"] + margin_ms)]


def drag_of(rows, rep, person):
    """Displacement (m, on y and z) by the regression of SENSING: a ~ c0 + c1 t + alpha F + beta F''."""
    part = window(rows, rep)
    t = (part[:, 0] - part[0, 0]) / 1000
    press = part[:, 1] / person.reference_n
    # a cubic through 15 samples: the force has a resolution, and its second derivative must not show it
    kernel = second_derivative_kernel(half=12) * RATE**2
    curve = np.convolve(press, kernel, "same")[15:-15]
    terms = np.stack([np.ones_like(t), t, press], axis=1)[15:-15]
    terms = np.column_stack([terms, curve])
    coefficients, *_ = np.linalg.lstsq(terms, part[15:-15, 3:5], rcond=None)
    return coefficients[3] * GRAVITY, np.outer(curve, coefficients[3]) * 1000


def second_derivative_kernel(half):
    """Savitzky and Golay: the second derivative of the parabola that fits best."""
    k = np.arange(-half, half + 1)
    return (2 * np.linalg.pinv(np.stack([np.ones_like(k), k, k**2], axis=1).astype(float))[2])[::-1]


@pytest.fixture(scope="module", params=range(6))
def normal_tempo(request):
    """Reference presses and grips of someone at a normal tempo, on a calm body."""
    population = people.Population(press_s=(1.1, 1.8), drag_mg=(8.0, 35.0), stiffening=(0.0, 0.0))
    person = replace(people.draw(request.param, population), sensors=FINE, **CALM)
    reps = [RepPlan()] * 4 + [RepPlan("grip_adduction")] * 4
    return person, *perform(person, *reps, seed=request.param)


def test_a_still_level_block_reads_one_g_upward():
    _, rows = perform(calm_person(1, sagittal_deg=0.0, frontal_deg=0.0), RepPlan())
    still = rows[-100:]
    assert np.linalg.norm(still[:, 2:5], axis=1) == pytest.approx(1.0, abs=1e-3)
    assert np.abs(still[:, 4]).min() > np.cos(np.radians(5))


@pytest.mark.parametrize(("axis", "tilt"), [(3, {"sagittal_deg": 10.0}), (2, {"frontal_deg": 10.0})])
def test_sagittal_tilt_is_seen_in_y_and_frontal_tilt_in_x(axis, tilt):
    level = {"sagittal_deg": 0.0, "frontal_deg": 0.0}
    _, flat = perform(calm_person(1, **level), RepPlan())
    _, tilted = perform(calm_person(1, **{**level, **tilt}), RepPlan())
    change = np.degrees(np.arcsin(tilted[-100:, 2:4].mean(0)) - np.arcsin(flat[-100:, 2:4].mean(0)))
    assert abs(change[axis - 2]) == pytest.approx(10.0, abs=0.3)
    assert abs(change[3 - axis]) < 0.3


def test_a_press_drags_the_block_against_the_second_derivative_of_the_force(normal_tempo):
    person, trace, rows = normal_tempo
    for rep, made in zip(trace.labels["reps"][:4], trace.reps, strict=False):
        drag_m, _ = drag_of(rows, rep, person)
        lean = np.radians(person.lean_deg)
        along = -(drag_m[0] * np.cos(lean) + drag_m[1] * np.sin(lean))
        assert drag_m[0] < 0
        assert along == pytest.approx(made.drag_share * person.drag_m, rel=0.3)


def test_the_drag_is_about_5_to_45_mg_at_normal_tempo(normal_tempo):
    person, trace, rows = normal_tempo
    for rep in trace.labels["reps"][:4]:
        _, drag_mg = drag_of(rows, rep, person)
        assert 4 < np.linalg.norm(drag_mg, axis=1).max() < 51


def test_an_adduction_grip_has_the_force_but_not_the_drag(normal_tempo):
    person, trace, rows = normal_tempo
    for rep in trace.labels["reps"][4:]:
        assert np.ptp(window(rows, rep)[:, 1]) > 0.7 * person.reference_n
    # the sway of each press scatters its drag; it does not add up over presses
    drags_m = [drag_of(rows, rep, person)[0] for rep in trace.labels["reps"][4:]]
    assert np.linalg.norm(np.mean(drags_m, axis=0)) < 0.15 * person.drag_m
    assert max(map(np.linalg.norm, drags_m)) < 0.3 * person.drag_m


def test_seven_millimetres_in_0_4_s_are_about_25_mg():
    person = Person(half_thigh_width_m=0.1, rotation_deg=np.degrees(0.07), press_s=1.0, rise_share=0.4)
    assert person.drag_m == pytest.approx(0.007)
    assert person.drag_mg == pytest.approx(25.0, abs=1.0)


def test_a_slow_press_makes_too_little_drag_to_tell():
    slow = people.draw(3, people.Population(press_s=(3.4, 3.4), rise_share=(0.4, 0.4)))
    assert slow.drag_mg < 4


@pytest.mark.parametrize("seed", range(5))
def test_a_lost_base_is_a_jolt_that_rings_at_8_to_14_hz(seed):
    person = calm_person(seed, rotation_deg=0.0)
    _, still = perform(person, RepPlan(), seed=seed)
    trace, rows = perform(person, RepPlan("unstable"), seed=seed)
    part = window(rows, trace.labels["reps"][0])[:, 2:5]
    calm = window(still, trace.labels["reps"][0])[:, 2:5]
    jolt = part - calm[: len(part)]
    assert np.linalg.norm(jolt, axis=1).max() > 0.2
    spectrum = (np.abs(np.fft.rfft(jolt, 8192, axis=0)) ** 2).sum(1)
    hertz = np.fft.rfftfreq(8192, 1 / RATE)
    assert 7 < hertz[spectrum.argmax()] < 15


@pytest.mark.parametrize("seed", range(4))
def test_a_leading_hip_tilts_the_block_and_carries_it_sideways(seed):
    person = calm_person(seed, rotation_deg=0.0)
    _, straight = perform(person, RepPlan(), seed=seed)
    trace, rows = perform(person, RepPlan("asymmetry"), seed=seed)
    part = window(rows, trace.labels["reps"][0])
    assert np.ptp(np.degrees(np.arcsin(part[:, 2]))) > 6
    assert np.ptp(np.degrees(np.arctan2(part[:, 3], part[:, 4]))) < 1.5
    assert np.abs(np.linalg.norm(part[:, 2:5], axis=1) - 1).max() > 5e-4  # more than gravity alone
    assert np.abs(np.linalg.norm(straight[-1000:, 2:5], axis=1) - 1).max() < 2e-4


def test_breathing_is_a_slow_pitch_of_a_few_tenths_of_a_degree():
    person = replace(calm_person(1), breathing_deg=0.3, breathing_hz=0.25, sagittal_deg=0.0)
    trace = simulate.session(person, plans.only("hold", 1, seconds=40), 1, RATE)
    rows = np.array(trace.rows)
    hold = next(span for span in trace.spans if span.what == "hold")
    part = rows[(rows[:, 0] > 1000 * hold.start + 3000) & (rows[:, 0] < 1000 * hold.end)]
    pitch = np.degrees(np.arctan2(part[:, 3], part[:, 4]))
    assert np.ptp(pitch) == pytest.approx(0.6, abs=0.1)
    spectrum = np.abs(np.fft.rfft(pitch - pitch.mean(), 65536))
    assert 0.15 < np.fft.rfftfreq(65536, 1 / RATE)[spectrum.argmax()] < 0.4


def test_tremor_and_heartbeat_stay_within_a_few_per_cent_of_the_force():
    for seed in range(20):
        person = people.draw(seed)
        assert person.breathing_force + person.heart_force + person.tremor_force < 0.05
