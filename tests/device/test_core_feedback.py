"""Feedback is immediate: when, against the movement itself, the counter speaks."""

from math import cos, pi

from wearer import Wearer, bump

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RATES = (50, 100, 104, 200)
PRESS_AT = 2000 + 1100 + 500  # after `ready`, one press and a rest


def play(rate, **act):
    wearer = Wearer(rate_hz=rate).ready().press().rest(500).press(**act).rest(1500)
    return wearer.play(Counter(Settings(rate_hz=rate, reference_cn=5000)))


def first(played, event, cue=None):
    """When the second press brought an event, in ms from that press's start."""
    for t, got, bits, _ in played:
        if t > PRESS_AT and got == event and (cue is None or bits & cue):
            return t - PRESS_AT
    raise AssertionError("no such event")


def crossing(function, limit, whole=1100):
    """When a function of the act's time first exceeds a limit, in ms."""
    for ms in range(whole):
        if function(ms / whole) > limit:
            return ms
    raise AssertionError("never")


def test_a_rep_is_judged_within_100_ms_of_its_return():
    # the return crosses its threshold, a quarter of the reference or half of the rise, at this time
    for height, back in ((5000, 0.25), (1600, 0.5)):
        crossed = 700 + crossing(lambda u: (1 - cos(pi * u)) / 2, back, 400)
        for rate in RATES:
            late = first(play(rate, height_cn=height), events.JUDGED) - crossed
            assert 0 <= late <= 100


def test_a_rushed_rep_is_told_before_it_has_settled():
    for rate in RATES:
        played = play(rate, rise_ms=130, top_ms=30, fall_ms=130)
        assert first(played, events.AMENDED, events.RUSHED) <= 130 + 30 + 130 + 50 + 20


def test_a_tilt_is_cued_within_50_ms_and_the_step_it_falls_into():
    tilt = bump(10)
    for rate in RATES:
        late = first(play(rate, sagittal_deg=tilt), events.CUE, events.PELVIS) - crossing(tilt, 4)
        assert 0 <= late <= 50 + 20


def test_a_jolt_is_cued_within_50_ms_of_its_first_full_swing():
    for rate in RATES:
        played = play(rate, jolt_mg=lambda u: 300 if u > 0.4 else 0)
        swing = 440 + 25  # a quarter of a period of 10 Hz
        assert 0 <= first(played, events.CUE, events.UNSTABLE) - swing <= 50 + 20


def test_lost_contact_is_cued_within_50_ms():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(500)
        wearer.act(400, lambda u: 1500 + 5000 * u).let_go(500).rest(1500)
        played = wearer.play(Counter(Settings(rate_hz=rate, reference_cn=5000)))
        lost = first(played, events.AMENDED, events.CONTACT)  # the press has returned by then, abruptly
        assert 400 <= lost <= 400 + 50 + 20


def test_the_final_verdict_only_adds_to_what_was_said():
    wearer = Wearer().ready().press().rest(300).press(to_cn=0).let_go(500).rest(1200).press(to_cn=4500)
    wearer.act(600, 4500).rest(500).press(sagittal_deg=bump(9), top_ms=6000).rest(800)
    said = 0
    for _, event, cue, rep in wearer.play(Counter(Settings(reference_cn=5000))):
        if event == events.PRESS:
            said = 0
        elif event in (events.CUE, events.AMENDED):
            said |= cue
        elif event == events.JUDGED:
            said |= rep["faults"]
        elif event == events.REP:
            assert rep["faults"] == said
