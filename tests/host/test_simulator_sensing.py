"""What sensors and link do to true signals, one imperfection at a time."""

import math
from itertools import pairwise

import numpy as np
import pytest

from pulseblock_tools.simulator.sensing import Link, SensorFault, Sensors, read, with_force_bits

RATE = 100
LEVEL = (20.0, 0.0, 0.0, 1.0)


def sense(sensors=None, motion=LEVEL, seconds=20.0, seed=1, rate=RATE, **more):
    """Readings, as an array, of a constant motion or of a list of them."""
    motions = [motion] * int(seconds * rate) if isinstance(motion, tuple) else motion
    return np.array(list(read(motions, sensors or Sensors(), rate, seed, **more)))


def test_a_perfect_block_reads_the_truth():
    rows = sense(motion=(12.34, 0.1, -0.2, 0.95), seconds=1)
    assert rows[:, 1] == pytest.approx(12.34)
    assert rows[:, 2:] == pytest.approx(np.tile([0.1, -0.2, 0.95], (100, 1)), abs=1e-4)


@pytest.mark.parametrize("rate", [50, 100, 104, 200])
def test_stamps_are_whole_milliseconds_at_the_rate(rate):
    stamps = sense(seconds=10, rate=rate)[:, 0]
    assert stamps == pytest.approx(np.arange(10 * rate) * 1000 / rate, abs=0.5)


def test_noise_has_the_size_asked_for_on_every_channel():
    rows = sense(Sensors(noise_mg=1.5, force_noise_n=0.4), seconds=100)
    assert rows[:, 2:].std(axis=0) == pytest.approx(0.0015, rel=0.05)
    assert rows[:, 1].std() == pytest.approx(0.4, rel=0.05)


def test_offset_and_sensitivity_come_per_axis():
    sensors = Sensors(offset_mg=(40.0, -30.0, 20.0), accel_gain=(1.0, 1.0, 1.02))
    assert sense(sensors, seconds=0.1)[0, 2:] == pytest.approx([0.04, -0.03, 1.04], abs=1e-3)


@pytest.mark.parametrize(
    ("mount", "reads"),
    [
        ((8.0, 0.0, 0.0), (0.0, math.sin(math.radians(8)), math.cos(math.radians(8)))),
        ((0.0, 8.0, 0.0), (-math.sin(math.radians(8)), 0.0, math.cos(math.radians(8)))),
        ((0.0, 0.0, 8.0), (0.0, 0.0, 1.0)),
    ],
)
def test_a_mounting_error_turns_gravity_but_about_z_it_is_invisible(mount, reads):
    assert sense(Sensors(mount_deg=mount), seconds=0.1)[0, 2:] == pytest.approx(reads, abs=2e-4)


def test_mounting_is_a_rotation():
    sensors = Sensors(mount_deg=(8.0, -5.0, 3.0), accel_step_mg=0.001)
    axes = sense(sensors, [(0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)])[:, 2:]
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=3e-4)
    assert np.linalg.det(axes) == pytest.approx(1.0, abs=3e-4)


def test_accelerations_and_forces_beyond_the_range_read_as_its_end():
    row = sense(Sensors(accel_range_g=2.0, force_limit_n=100.0), (130.0, 5.0, -5.0, 1.0), 0.1)[0]
    assert row[1] == 100.0
    assert row[2:] == pytest.approx([2.0, -2.0, 1.0], abs=1e-3)


def test_force_is_never_negative():
    assert sense(Sensors(force_noise_n=1.0), (0.0, 0.0, 0.0, 1.0))[:, 1].min() == 0.0


def test_eight_bits_give_steps_of_almost_a_newton():
    step = with_force_bits(8)
    assert step == pytest.approx(0.977, abs=0.001)
    forces = sense(Sensors(force_step_n=step), [(n / 10, 0.0, 0.0, 1.0) for n in range(500)])[:, 1]
    steps = np.diff(np.unique(forces))
    assert steps == pytest.approx(step, abs=0.011)
    assert np.abs(forces - np.arange(500) / 10).max() <= step / 2 + 0.01


@pytest.mark.parametrize("creep", [0.02, 0.05])
def test_creep_is_a_share_of_the_force_for_each_decade_of_seconds(creep):
    force = sense(Sensors(creep_per_decade=creep), (50.0, 0.0, 0.0, 1.0), seconds=101)[:, 1]
    at = {seconds: force[int(seconds * RATE)] for seconds in (1, 10, 100)}
    assert (at[10] - at[1]) / 50 == pytest.approx(creep, rel=0.25)
    assert (at[100] - at[10]) / 50 == pytest.approx(creep, rel=0.25)


def test_creep_is_the_same_at_any_rate():
    slow, fast = (
        sense(Sensors(creep_per_decade=0.05), (50.0, 0.0, 0.0, 1.0), 30, rate=rate)[-1, 1]
        for rate in (50, 200)
    )
    assert slow == pytest.approx(fast, abs=0.05)


def test_a_sensor_that_crept_reads_nothing_once_nothing_presses_it():
    motions = [(50.0, 0.0, 0.0, 1.0)] * 3000 + [(0.0, 0.0, 0.0, 1.0)] * 10
    assert sense(Sensors(creep_per_decade=0.05), motions)[-5:, 1].max() == 0.0


def test_creep_raises_the_trough_after_a_long_press():
    motions = [(10.0, 0.0, 0.0, 1.0)] * 300 + [(80.0, 0.0, 0.0, 1.0)] * 500 + [(10.0, 0.0, 0.0, 1.0)] * 50
    force = sense(Sensors(creep_per_decade=0.05), motions)[:, 1]
    assert force[-1] > force[299] + 1.0


def test_missing_samples_are_missing_and_the_others_are_as_they_were():
    clean, lossy = sense(seconds=100), sense(seconds=100, link=Link(missing=0.02))
    assert len(lossy) / len(clean) == pytest.approx(0.98, abs=0.006)
    assert {tuple(row) for row in lossy} <= {tuple(row) for row in clean}


def test_repeated_samples_carry_the_values_of_the_one_before():
    sensors = Sensors(noise_mg=1.0, force_noise_n=1.0)
    rows = sense(sensors, seconds=50, link=Link(repeated=0.05))
    same = (np.diff(rows[:, 1:], axis=0) == 0).all(axis=1).mean()
    assert same == pytest.approx(0.05, abs=0.015)
    assert list(rows[:, 0]) == list(sense(sensors, seconds=50)[:, 0])


@pytest.mark.parametrize("rate", [50, 100, 200])
def test_late_samples_are_stamped_up_to_30_ms_late_and_time_never_goes_back(rate):
    ramp = [(i / 100, 0.0, 0.0, 1.0) for i in range(60 * rate)]
    rows = sense(motion=ramp, rate=rate, link=Link(late=0.02, late_ms=30))
    assert len(rows) == len(ramp)
    delay = rows[:, 0] - np.arange(len(ramp)) * 1000 / rate
    assert 25 < delay.max() < 31
    assert (delay > 5).mean() > 0.01
    assert all(later > earlier for earlier, later in pairwise(rows[:, 0]))
    assert list(rows[:, 1]) == pytest.approx([force for force, *_ in ramp], abs=0.01)


def ramp_and_tilt(seconds=3):
    return [(10 + i / 100, i / 1000, 0.0, 1.0) for i in range(seconds * RATE)]


@pytest.mark.parametrize("channel", ["force", "accel", "block"])
@pytest.mark.parametrize("kind", ["stuck", "saturated", "unplugged"])
def test_a_failing_sensor_fails_for_its_time_and_on_its_channel(kind, channel):
    clean = sense(motion=ramp_and_tilt())
    rows = sense(motion=ramp_and_tilt(), faults=(SensorFault(1.0, 2.0, kind, channel),))
    if (kind, channel) == ("unplugged", "block"):
        assert list(rows[:, 0]) == [t for t in clean[:, 0] if not 1000 <= t < 2000]
        return
    failing = (clean[:, 0] >= 1000) & (clean[:, 0] < 2000)
    assert (rows[~failing] == clean[~failing]).all()
    force = {"stuck": clean[99, 1], "saturated": 655.0, "unplugged": 0.0}[kind]
    accel = {"stuck": clean[99, 2:], "saturated": [4.0] * 3, "unplugged": [0.0] * 3}[kind]
    expected = clean[failing]
    if channel != "accel":
        expected[:, 1] = force
    if channel != "force":
        expected[:, 2:] = accel
    assert (rows[failing] == expected).all()


def test_noise_and_link_hang_on_the_seed_alone():
    sensors, link = Sensors(noise_mg=1.0, force_noise_n=0.3), Link(0.05, 0.05, 0.05)
    once, again = (sense(sensors, link=link, seed=7) for _ in range(2))
    assert once.tolist() == again.tolist()
    assert once.tolist() != sense(sensors, link=link, seed=8).tolist()
