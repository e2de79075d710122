"""The guide through a program, and through a calibration, whatever a wearer does and whenever."""

from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from pulseblock.core import calibration
from pulseblock.core.events import (
    AMENDED,
    CUE,
    JUDGED,
    NOT_READY,
    PRESS,
    READY,
    REP,
    SESSION_END,
    SET_END,
)
from pulseblock.core.rep import Rep
from pulseblock.core.settings import Settings
from pulseblock.guide.calibrating import GRIPS_PATIENCE_MS, PATIENCE_MS, Calibrating
from pulseblock.guide.program import Program
from pulseblock.guide.training import DONE, RESTING, Guide
from pulseblock.signals import patterns

STEP_MS = 100
MASK = (1 << 30) - 1

# the counter gives no other order: a rep is a press that closes, and a set has an end if it had a rep
deeds = st.one_of(
    st.tuples(st.just("rep"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 200)),
    st.tuples(st.sampled_from(["set end", "void", "leave"]), st.none()),
)


@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(10, 40),
    st.integers(0, MASK),
    st.lists(deeds, max_size=60),
)
def test_every_set_of_a_program_has_its_end_told_once_and_in_order(reps, sets, rest_s, start, done):
    guide = Guide(Program(reps=reps, sets=sets, rest_s=rest_s), start)
    now = start
    told = []
    in_set = False

    def hear(signal):
        if signal:
            told.append((now, signal))

    for deed, how in done:
        sets_before = guide.sets
        if deed == "rep":
            in_set = True
            hear(guide.take(PRESS, 0, now))
            now = now + 1000 & MASK
            hear(guide.take(REP, 0 if how else 1, now))
        elif deed == "wait":
            for _ in range(how):
                now = now + STEP_MS & MASK
                before = guide.phase
                hear(guide.tick(True, now))
                if told and told[-1] == (now, patterns.GO):
                    assert before == RESTING
        elif deed == "void":
            guide.void()
        else:
            if in_set:
                hear(guide.take(SET_END, 0, now))
                in_set = False
            if deed == "leave":
                hear(guide.take(SESSION_END, 0, now))
        assert guide.good <= reps
        assert guide.sets <= sets
        assert (guide.phase == DONE) == (guide.sets == sets)
        if guide.sets > sets_before:
            assert told[-1][1] == (patterns.ALL_DONE if guide.sets == sets else patterns.SET_END)
    rests = [(ms, signal) for ms, signal in told if signal in (patterns.SET_END, patterns.GO)]
    for (began, first), (ended, second) in pairwise(rests):
        if (first, second) == (patterns.SET_END, patterns.GO):
            assert rest_s * 1000 <= (ended - began & MASK) <= rest_s * 1000 + 1000 + STEP_MS


events = st.sampled_from([READY, NOT_READY, PRESS, CUE, JUDGED, AMENDED, REP, SET_END, SESSION_END])


@given(st.integers(0, MASK), st.lists(st.tuples(events, st.integers(0, 127), st.integers(0, 30_000))))
def test_a_calibration_tells_one_outcome_and_does_not_wait_for_ever(start, happened):
    calibrating = Calibrating(Settings(), lambda values: True, start)
    rep = Rep()
    rep.peak_cn, rep.hold_cn, rep.trough_cn = 5000, 1000, 1000
    calibrating.counter = SimpleNamespace(rep=rep, cue=1, pitch_cdeg=0, roll_cdeg=0, error=0)
    now = start
    told = []
    for event, faults, ms in happened:
        if calibrating.calibration.is_over:
            break
        rep.faults = faults
        told += [calibrating.take(event, now), calibrating.tick(now)]
        now = now + ms & MASK
    for _ in range((PATIENCE_MS + GRIPS_PATIENCE_MS) // STEP_MS + 2):
        if not calibrating.calibration.is_over:
            told.append(calibrating.tick(now))
        now = now + STEP_MS & MASK
    assert calibrating.calibration.phase in {calibration.DONE, calibration.REFUSED}
    outcomes = [signal for signal in told if signal in {patterns.CALIBRATED, patterns.REFUSED}]
    (outcome,) = outcomes
    assert (outcome == patterns.CALIBRATED) == (calibrating.calibration.phase == calibration.DONE)
    assert outcome == [signal for signal in told if signal][-1]
