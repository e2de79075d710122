"""What the live page shows, from the frames that a block sends."""

import dataclasses

import pytest

from pulseblock.core.counter import AWAY, PRESSING, WAITING
from pulseblock.core.events import FAULTS
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.serve.view import Scene

READY = dataclasses.replace(Frame(*[0] * 20), state=WAITING)
PELVIS = 1 << FAULTS.index("pelvis")


def shown(*frames: Frame):
    """The view after these frames, the first of which finds the block ready."""
    scene = Scene()
    scene.update(READY)
    for frame in frames:
        view = scene.update(frame)
    return view


def frame(**values: int) -> Frame:
    return dataclasses.replace(READY, **values)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_cue_says_what_to_do_while_there_is_time(fault):
    view = shown(frame(state=PRESSING, cues=1 << FAULTS.index(fault), count=2))
    assert view["kind"] == "cue"
    assert view["say"]
    assert fault not in view["say"].lower().split()[:1]
    assert view["why"]


def test_a_verdict_names_the_faults_and_what_was_wrong():
    view = shown(frame(reps=1, count=1, faults=PELVIS | 1))
    assert (view["kind"], view["say"]) == ("bad", "Pelvis + grip")
    assert view["why"] == "the pelvis tilted; the force did not return to the hold, or the knees gripped"
    assert view["strip"] == ["pelvis + grip"]


def test_a_good_rep_needs_no_reason():
    view = shown(frame(reps=1, count=1))
    assert (view["kind"], view["say"], view["why"], view["strip"]) == ("good", "Good", "", ["good"])


def test_at_rest_the_set_is_summed_up_until_the_next_press():
    rep = frame(reps=1, count=1)
    rest = dataclasses.replace(rep, sets=1, count=0, t_ms=5000)
    view = shown(rep, rest, dataclasses.replace(rest, t_ms=12_000, state=AWAY))
    assert (view["kind"], view["say"], view["count"]) == ("rest", "Set 1: 1 of 1 good", 1)
    assert view["doing"] == "Rest 0:07"
    assert view["sagittal"] is None
    assert shown(rep, rest, dataclasses.replace(rest, state=PRESSING))["kind"] == ""


def test_a_set_begins_at_none_though_the_block_tells_the_one_before_until_its_first_verdict():
    rep = frame(reps=1, count=1, verdicts=1)
    rest = dataclasses.replace(rep, sets=1)
    press = dataclasses.replace(rest, state=PRESSING)
    view = shown(rep, rest, press)
    assert (view["count"], view["set"], view["kind"], view["say"]) == (0, 2, "", "")
    judged = dataclasses.replace(press, verdicts=2, faults=PELVIS)
    view = shown(rep, rest, press, judged)
    assert (view["count"], view["set"], view["say"]) == (1, 2, "Pelvis")
    assert shown(rep, rest, judged)["count"] == 1  # a frame was lost


def test_an_error_is_told_and_counting_goes_on():
    view = shown(frame(error=1, reps=1, count=1))
    assert view["trouble"]
    assert view["doing"].startswith("Error: ")
    assert view["count"] == 1
