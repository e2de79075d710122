"""Labels say what the signals show, and never of anything that is open to doubt.

The bands are those of SENSING's table of faults, each in the person's own reference press.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from pulseblock_tools.simulator import people, plans, simulate
from pulseblock_tools.simulator.plans import FAULT_OF, KINDS, Mix
from pulseblock_tools.simulator.sensing import SensorFault, Sensors

RATE = 100
PEOPLE = 14


class Session:
    """One session of one person on a block that is badly mounted but otherwise perfect."""

    def __init__(self, seed):
        drawn = people.draw(seed, people.Population(mount_deg=8.0))
        mount = Sensors(mount_deg=drawn.sensors.mount_deg)
        self.person = replace(drawn, sensors=mount)
        self.plan = plans.session(seed, Mix(faulty_share=0.5))
        self.trace = simulate.session(self.person, self.plan, seed, RATE)
        self.rows = np.array(self.trace.rows)
        # the same movement without what is no tilt: apparent tilt is not the labels' business
        stiff = replace(self.person, rotation_deg=0.0, heart_mg=0.0, tremor_mg=0.0, lever_m=0.0)
        self.tilts = np.array(simulate.session(stiff, self.plan, seed, RATE).rows)

    def reps(self):
        """Each rep's label, its making, its set's span and the label of the next in the set."""
        labels, made = self.trace.labels["reps"], self.trace.reps
        for span in self.trace.spans:
            if span.what == "set":
                own = [i for i, rep in enumerate(made) if span.start <= rep.start <= span.end]
                for i in own:
                    yield labels[i], made[i], span, labels[i + 1] if i + 1 in own else None

    def between(self, start_ms, end_ms, rows=None):
        rows = self.rows if rows is None else rows
        return rows[(rows[:, 0] >= start_ms) & (rows[:, 0] <= end_ms)]

    def hold(self, span):
        return np.median(self.between(1000 * span.start - 1000, 1000 * span.start - 50)[:, 1])

    def tilt(self, span, label):
        """Greatest sagittal and frontal tilt (degrees) from the set's reference posture."""

        def angles(part):
            smooth = np.stack([np.convolve(part[:, i], np.ones(9) / 9, "valid") for i in (2, 3, 4)])
            return np.degrees(np.arctan2(smooth[1], smooth[2])), np.degrees(np.arcsin(smooth[0]))

        before = angles(self.between(1000 * span.start - 1000, 1000 * span.start - 50, self.tilts))
        during = angles(self.between(label["start_ms"], label["end_ms"], self.tilts))
        return [np.abs(d - np.median(b)).max() for d, b in zip(during, before, strict=True)]

    def jolt(self, label):
        part = self.between(label["start_ms"], label["end_ms"])[:, 2:5]
        kernel = np.ones(25) / 25
        slow = np.stack([np.convolve(np.pad(axis, 12, "edge"), kernel, "valid") for axis in part.T], axis=1)
        return np.linalg.norm(part - slow, axis=1).max()


@pytest.fixture(scope="module")
def sessions():
    return [Session(seed) for seed in range(PEOPLE)]


@pytest.fixture(scope="module")
def reps(sessions):
    """Every rep of every session: (session, label, how it was made, span of its set, next label)."""
    return [(session, *rep) for session in sessions for rep in session.reps()]


def test_every_kind_of_movement_is_there(reps):
    assert {label["kind"] for _, label, *_ in reps} == set(KINDS)
    assert any(len(label["faults"]) > 1 for _, label, *_ in reps)


def test_verdict_kind_and_faults_agree(reps):
    for _, label, _, _, _ in reps:
        assert label["verdict"] == ("compensated" if label["faults"] else "good")
        assert label["faults"] == sorted(set(label["faults"]))
        if label["kind"] != "good":
            assert FAULT_OF[label["kind"]] in label["faults"]
        elif label["faults"]:
            assert label["faults"] == ["pelvis"]  # of a shift that stayed


def test_reps_follow_one_another_and_lie_in_their_sets(sessions):
    for session in sessions:
        labels = session.trace.labels["reps"]
        assert len(labels) == sum(len(one.reps) for one in session.plan.sets)
        assert all(label["start_ms"] < label["peak_ms"] < label["end_ms"] for label in labels)
        assert all(earlier["end_ms"] < later["start_ms"] for earlier, later in pairwise(labels))
        assert len(list(session.reps())) == len(labels)
        stamps = {row[0] for row in session.trace.rows}
        assert {label[key] for label in labels for key in ("start_ms", "peak_ms", "end_ms")} <= stamps


def test_a_set_has_no_gap_of_five_seconds_and_is_followed_by_a_longer_one(sessions):
    for session in sessions:
        spans = [span for span in session.trace.spans if span.what == "set"]
        for label, _, _, following in session.reps():
            if following:
                assert following["start_ms"] - label["end_ms"] < 4600
        assert all(later.start - earlier.end > 7 for earlier, later in pairwise(spans))


def test_the_block_is_ready_for_a_second_before_every_set(sessions):
    for session in sessions:
        for span in session.trace.spans:
            if span.what != "set":
                continue
            part = session.between(1000 * span.start - 1600, 1000 * span.start - 50)
            assert np.ptp(part[:, 1]) < 0.12 * session.hold(span)
            assert np.abs(part[:, 2:5] - part[:, 2:5].mean(0)).max() < 0.02
            level = np.degrees(np.arccos(part[:, 4].mean() / np.linalg.norm(part[:, 2:5].mean(0))))
            assert level < 30
            assert 4 < session.hold(span) < 31


def test_nothing_but_reps_rises_like_a_press_while_the_block_is_held(sessions):
    for session in sessions:
        reps, spans = session.trace.labels["reps"], session.trace.spans
        for span in spans:
            if span.what != "hold":
                continue
            last = max((rep["end_ms"] for rep in reps if rep["end_ms"] < 1000 * span.end), default=0)
            if any(rep["kind"] in ("grip_tonic", "contact") and rep["end_ms"] == last for rep in reps):
                continue  # lets go, or regains contact, after it
            force = session.between(max(last, 1000 * span.start - 2000), 1000 * span.end)[:, 1]
            rise = (force - np.minimum.accumulate(force)).max()
            assert rise < 0.15 * session.person.reference_n


def test_the_peak_is_the_highest_force_of_the_press(reps):
    for session, label, _, _, _ in reps:
        part = session.between(label["start_ms"], label["end_ms"])
        at_peak = session.between(label["peak_ms"], label["peak_ms"])[0, 1]
        assert at_peak > 0.95 * part[:, 1].max()


def test_passive_presses_are_weak_and_all_others_are_not(reps):
    for session, label, _, span, _ in reps:
        part = session.between(label["start_ms"], label["end_ms"])
        share = (part[:, 1].max() - session.hold(span)) / session.person.reference_n
        if "passive" in label["faults"]:
            assert 0.17 < share < 0.33
        else:
            assert 0.65 < share < 1.5


def test_tonic_grips_stay_over_half_and_others_return(reps):
    for session, label, _, span, following in reps:
        until = min(label["end_ms"] + 400, following["start_ms"] if following else np.inf)
        after = np.median(session.between(label["end_ms"], until)[:, 1]) - session.hold(span)
        share = after / session.person.reference_n
        if label["kind"] == "grip_tonic":
            assert share > 0.5
        else:
            assert share < 0.15


def test_a_tonic_grip_still_falls_by_a_quarter_so_that_it_is_a_rep(reps):
    for _, label, made, _, _ in reps:
        if label["kind"] == "grip_tonic":
            assert made.press_share - made.residual_share > 0.27


def test_held_grips_last_over_five_seconds_and_good_presses_do_not(reps):
    for session, label, _, span, _ in reps:
        part = session.between(label["start_ms"], label["end_ms"])
        high = part[part[:, 1] - session.hold(span) > 0.5 * session.person.reference_n]
        if label["kind"] == "grip_held":
            assert high[-1, 0] - high[0, 0] > 6000
        else:
            assert label["end_ms"] - label["start_ms"] < 4800


def test_rushed_presses_are_short_and_all_others_are_not(reps):
    for _, label, _, _, _ in reps:
        duration = label["end_ms"] - label["start_ms"]
        assert duration < 450 if "rushed" in label["faults"] else duration > 800


def test_only_a_lost_contact_lets_the_force_fall_to_nothing(reps):
    for session, label, _, _, following in reps:
        until = following["start_ms"] if following else label["end_ms"] + 300
        least = session.between(label["start_ms"], until)[:, 1].min()
        assert least < 0.02 if "contact" in label["faults"] else least > 1.0


def test_contact_is_regained_before_the_next_press(reps):
    for session, label, _, span, following in reps:
        if "contact" in label["faults"] and following:
            before = session.between(following["start_ms"] - 150, following["start_ms"] - 20)
            assert np.median(before[:, 1]) == pytest.approx(session.hold(span), rel=0.15)


def test_tilts_are_certain_faults_on_their_own_axis_and_nothing_on_the_other(reps):
    for session, label, _, span, _ in reps:
        if "unstable" in label["faults"]:
            continue  # ringing would read as tilt
        sagittal, frontal = session.tilt(span, label)
        assert sagittal > 6 if "pelvis" in label["faults"] else sagittal < 2.6
        assert frontal > 6 if "asymmetry" in label["faults"] else frontal < 2.6


def test_good_reps_tilt_less_than_two_degrees(reps):
    tilts = [session.tilt(span, label) for session, label, _, span, _ in reps if label["verdict"] == "good"]
    assert np.max(tilts) < 2


def test_jolts_are_certain_and_nothing_else_comes_near(reps):
    for session, label, _, _, _ in reps:
        jolt = session.jolt(label)
        assert jolt > 0.18 if "unstable" in label["faults"] else jolt < 0.09
        if label["verdict"] == "good":
            assert jolt < 0.06


def test_adduction_is_certainly_without_drag_and_rotation_certainly_with_it(reps):
    for _, label, made, _, _ in reps:
        if label["kind"] == "grip_adduction":
            assert abs(made.drag_share) < 0.1
        elif label["verdict"] == "good":
            assert made.drag_share > 0.35


def test_a_shifted_pelvis_stays_for_the_planned_reps_and_goes_back():
    plan = plans.Plan(
        (
            plans.Phase("handling", 1.0),
            plans.Set((plans.RepPlan(), plans.RepPlan("pelvis", stays=2), *[plans.RepPlan()] * 4)),
        )
    )
    faults = [rep["faults"] for rep in simulate.session(people.draw(5), plan, 5).labels["reps"]]
    assert faults == [[], ["pelvis"], ["pelvis"], ["pelvis"], [], []]


def test_force_alone_cannot_show_what_the_accelerometer_shows():
    mix = Mix(faulty_share=1.0, sets=(3, 3))
    for seed in range(5):
        person, plan = people.draw(seed), plans.session(seed, mix)
        known = simulate.rehearse(person, plan, seed).reps
        seen = simulate.rehearse(person, plan, seed, force_only=True).reps
        assert [rep.kind for rep in seen] == [rep.kind for rep in known]
        for all_faults, by_force in zip(known, seen, strict=True):
            hidden = {"pelvis", "asymmetry", "unstable"}
            hidden |= {"grip"} if all_faults.kind == "grip_adduction" else set()
            assert by_force.faults == tuple(fault for fault in all_faults.faults if fault not in hidden)


def test_hands_leave_the_force_alone_where_nothing_else_could_tell_them_from_knees():
    trace = simulate.session(people.draw(1), plans.only("handling", 1, seconds=20), 1, force_only=True)
    assert max(row[1] for row in trace.rows) < 3


def test_reps_that_overlap_a_sensor_fault_are_not_labelled():
    person, plan = people.draw(2), plans.session(2)
    whole = simulate.session(person, plan, 2).labels["reps"]
    third = whole[2]
    fault = SensorFault(third["peak_ms"] / 1000, third["peak_ms"] / 1000 + 0.2, "stuck")
    rest = simulate.session(person, plan, 2, sensor_faults=(fault,)).labels["reps"]
    assert rest == [rep for rep in whole if rep != third]
