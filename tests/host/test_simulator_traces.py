"""Traces as a whole: what they depend on, what their files look like, how fast they are made."""

import csv
import json
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from pulseblock_tools.simulator import people, plans, simulate, traces
from pulseblock_tools.simulator.cohort import Cohort
from pulseblock_tools.simulator.people import Population
from pulseblock_tools.simulator.plans import ACTIVITIES, HELD_ACTIVITIES, Mix
from pulseblock_tools.simulator.sensing import Link


def example(seed=1, rate=100, **more):
    return simulate.session(people.draw(seed), plans.session(seed), seed, rate, **more)


def written(trace, folder):
    path = folder / "p00-s0.csv"
    traces.write(trace, path)
    return path.read_text(), path.with_suffix(".json").read_text()


# --- what they depend on ---


def test_the_same_seed_gives_the_same_trace_and_another_seed_another():
    assert example(1).rows == example(1).rows
    assert example(1).labels == example(1).labels
    assert example(1).labels != example(2).labels


def test_a_trace_does_not_hang_on_the_run_of_the_interpreter():
    script = (
        "from pulseblock_tools.simulator.cohort import Cohort\n"
        "for _, trace in Cohort(people=1, sessions=1).traces(): print(trace.rows[::50], trace.labels)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


@pytest.mark.parametrize("rate", [50, 104, 200])
def test_the_same_reps_can_be_sensed_at_any_rate(rate):
    usual, other = example(4, 100).labels["reps"], example(4, rate).labels["reps"]
    assert [rep["faults"] for rep in other] == [rep["faults"] for rep in usual]
    for a, b in zip(usual, other, strict=True):
        assert a["peak_ms"] == pytest.approx(b["peak_ms"], abs=20)


def test_sensors_and_link_do_not_change_what_was_done():
    person = people.draw(5)
    worse = replace(person, sensors=replace(person.sensors, noise_mg=2.0, mount_deg=(8.0, 0.0, 0.0)))
    plan = plans.session(5, Mix(kinds=("grip_tonic", "passive", "unstable")))
    link = Link(missing=0.02, late=0.02)
    assert simulate.session(worse, plan, 5, link=link).labels == simulate.session(person, plan, 5).labels


def test_a_stream_yields_the_rows_of_the_session_one_by_one():
    person, plan = people.draw(6), plans.session(6)
    stream = simulate.stream(simulate.rehearse(person, plan, 6), 6, 100)
    first = [next(stream) for _ in range(500)]
    assert first == list(simulate.session(person, plan, 6).rows[:500])


# --- people and plans ---


def test_people_lie_in_their_population():
    population = Population(
        noise_mg=(2.0, 2.0), mount_deg=8.0, exact_mount=True, creep_per_decade=(0.05, 0.05)
    )
    for seed in range(100):
        person = people.draw(seed, population)
        assert 5 <= person.hold_n <= 25
        assert 25 <= person.reference_n <= 160
        assert person.drag_mg <= 40.0 + 1e-9
        assert [abs(angle) for angle in person.sensors.mount_deg] == [8.0] * 3
        assert max(map(abs, person.sensors.offset_mg)) <= 40
        assert (person.sensors.noise_mg, person.sensors.creep_per_decade) == (2.0, 0.05)


def test_people_differ_and_one_in_ten_is_strong():
    drawn = [people.draw(seed) for seed in range(300)]
    assert len({person.reference_n for person in drawn}) == 300
    assert 0.05 < sum(person.reference_n > 90 for person in drawn) / 300 < 0.15
    assert {person.family for person in drawn} == set(people.FAMILIES)


def test_a_mix_is_kept_to():
    mix = Mix(sets=(2, 2), reps=(8, 8), faulty_share=0.5, kinds=("rushed", "passive"), combined_share=0.0)
    plan = plans.session(3, mix)
    assert [len(one.reps) for one in plan.sets] == [8, 8]
    kinds = [rep.kind for seed in range(40) for one in plans.session(seed, mix).sets for rep in one.reps]
    assert set(kinds) == {"good", "rushed", "passive"}
    assert kinds.count("good") / len(kinds) == pytest.approx(0.5, abs=0.06)


def test_a_calibration_is_six_presses_seven_seconds_and_six_grips():
    labels = simulate.calibration(people.draw(1), 1).labels["reps"]
    assert [rep["kind"] for rep in labels] == ["good"] * 6 + ["grip_adduction"] * 6
    assert labels[6]["start_ms"] - labels[5]["end_ms"] > 7000
    assert labels[0]["start_ms"] > 5000


def test_a_calibration_may_leave_the_grips_out():
    labels = simulate.calibration(people.draw(1), 1, grips=0).labels["reps"]
    assert [rep["kind"] for rep in labels] == ["good"] * 6


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_an_activity_by_itself_holds_no_rep_and_moves_as_it_should(activity):
    trace = simulate.session(people.draw(2), plans.only(activity, 2, seconds=12), 2)
    assert trace.labels["reps"] == []
    span = next(span for span in trace.spans if span.what == activity)
    during = [row for row in trace.rows if 1000 * (span.start + 1.5) < row[0] < 1000 * (span.start + 11)]
    level = [row for row in during if row[4] > 0.8]
    if activity in HELD_ACTIVITIES:
        assert len(level) == len(during)
        assert min(row[1] for row in during) > 2
    elif activity == "carrying":
        assert not level
    if activity in ("laughing", "phone", "knocks", "handling", "walking"):
        lengths = [sum(a * a for a in row[2:]) ** 0.5 for row in during]
        assert max(lengths) - min(lengths) > 0.03


def test_laughter_presses_less_than_a_rep_does():
    for seed in range(10):
        person = people.draw(seed, Population(force_noise_n=(0.0, 0.0)))
        trace = simulate.session(person, plans.only("laughing", seed, seconds=15), seed)
        span = next(span for span in trace.spans if span.what == "laughing")
        force = [row[1] for row in trace.rows if 1000 * span.start < row[0] < 1000 * (span.start + 15)]
        assert max(force) - min(force) < 0.15 * person.reference_n * person.sensors.force_gain


def test_the_demo_is_under_a_minute_with_good_reps_and_faults_in_two_sets():
    for seed in range(10):
        demo = simulate.demo_session(seed)
        faults = {fault for rep in demo.labels["reps"] for fault in rep["faults"]}
        good = [rep for rep in demo.labels["reps"] if rep["verdict"] == "good"]
        assert 35_000 < demo.rows[-1][0] < 50_000
        assert [span.what for span in demo.spans].count("set") == 2
        assert len(demo.labels["reps"]) == 12
        assert len(good) == 8
        assert len(faults) == 4


# --- files ---


def test_files_have_the_format_of_the_labelled_traces(tmp_path):
    trace = example()
    table, labels = written(trace, tmp_path)
    header, *rows = table.splitlines()
    assert header == "t_ms,force_n,ax_g,ay_g,az_g"
    assert rows[0].split(",")[0] == "0"
    for row in rows[:: len(rows) // 50]:
        t_ms, force, *accel = row.split(",")
        assert t_ms.isdecimal()
        assert len(force.partition(".")[2]) == 2
        assert all(len(value.partition(".")[2]) == 4 for value in accel)
    assert json.loads(labels) == trace.labels
    assert list(trace.labels) == ["rate_hz", "reps"]
    assert all(
        list(rep) == ["start_ms", "peak_ms", "end_ms", "kind", "verdict", "faults"]
        for rep in trace.labels["reps"]
    )


def test_rows_are_exactly_what_is_written(tmp_path):
    trace = example()
    table, _ = written(trace, tmp_path)
    rows = [tuple(map(float, row)) for row in list(csv.reader(table.splitlines()))[1:]]
    assert rows == [tuple(row) for row in trace.rows]


def test_a_force_only_trace_has_no_acceleration(tmp_path):
    table, _ = written(example(force_only=True), tmp_path)
    assert table.splitlines()[0] == "t_ms,force_n"
    assert all(line.count(",") == 1 for line in table.splitlines())


def test_a_cohort_names_its_traces_and_deals_out_the_rates():
    cohort = Cohort(people=3, sessions=2, seed=9, rates_hz=(50, 104), mix=Mix(sets=(1, 1), reps=(2, 2)))
    made = dict(cohort.traces())
    assert list(made) == [f"p{i:02d}-{kind}" for i in range(3) for kind in ("calibration", "s0", "s1")]
    assert len(made) == cohort.size
    rates = {name: trace.labels["rate_hz"] for name, trace in made.items()}
    assert {rates[f"p{i:02d}-s0"] for i in (0, 2)} == {50}
    assert rates["p01-s0"] == rates["p01-calibration"] == 104


def test_the_people_of_a_cohort_stay_the_same_when_more_come():
    mix = Mix(sets=(1, 1), reps=(2, 2))
    few = dict(Cohort(people=1, sessions=1, seed=3, mix=mix).traces())
    more = dict(Cohort(people=2, sessions=1, seed=3, mix=mix).traces())
    assert few["p00-s0"].rows == more["p00-s0"].rows


def test_two_minutes_at_100_hz_take_well_under_a_second():
    person = people.draw(1)
    plan = plans.only("hold", 1, seconds=30)
    plan = plans.Plan((*plan.phases, *plans.session(2, Mix(sets=(3, 3), reps=(10, 10))).phases))
    performance = simulate.rehearse(person, plan, 1)
    began = time.process_time()
    rows = [row for row, _ in zip(simulate.stream(performance, 1, 100), range(12_000), strict=False)]
    assert len(rows) == 12_000
    assert time.process_time() - began < 1.0
