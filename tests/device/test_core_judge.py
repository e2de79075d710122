"""The judge: each rule at its limit, and the dead band around it."""

from pulseblock.core import events
from pulseblock.core.judge import ENDED, LIVE, RETURNED, WHOLE, Judge
from pulseblock.core.rep import Rep
from pulseblock.core.settings import Settings

NAMES = {
    "sagittal_cdeg": ("pelvis", 380, 430),
    "frontal_cdeg": ("asymmetry", 380, 430),
    "jolt_mg": ("unstable", 114, 130),
    "held_ms": ("grip", 5000, 5001),
    "grasp_pct": ("contact", 15, 14),
    "duration_ms": ("rushed", 640, 560),
    "press_pct": ("passive", 43, 37),
    "residual_pct": ("grip", 33, 37),
    "drag_pct": ("grip", 37, 33),
}


def good_rep():
    rep = Rep()
    rep.duration_ms = 1200
    rep.held_ms = 700
    rep.press_pct = 100
    rep.residual_pct = 0
    rep.grasp_pct = 95
    return rep


def faults(judge, rep):
    return judge.live(rep) | judge.returned(rep) | judge.ended(rep) | judge.whole(rep)


def test_every_rule_has_its_case_here():
    assert sorted(rule[1] for rule in LIVE + RETURNED + ENDED + WHOLE) == sorted(NAMES)


def test_each_rule_gives_its_fault_past_its_limit_and_none_before():
    for quantity, (fault, well, ill) in NAMES.items():
        judge = Judge(Settings())
        rep = good_rep()
        setattr(rep, quantity, well)
        assert faults(judge, rep) == 0
        setattr(rep, quantity, ill)
        assert events.fault_names(faults(judge, rep)) == [fault]


def test_tilts_count_to_either_side():
    rep = good_rep()
    rep.sagittal_cdeg = -600
    rep.frontal_cdeg = -600
    assert events.fault_names(faults(Judge(Settings()), rep)) == ["pelvis", "asymmetry"]


def test_what_is_unknown_is_no_fault():
    rep = good_rep()
    rep.grasp_pct = rep.residual_pct = rep.drag_pct = events.UNKNOWN
    assert faults(Judge(Settings()), rep) == 0


def test_in_the_dead_band_the_last_verdict_stands():
    judge = Judge(Settings(hysteresis_pct=10))
    verdicts = []
    for tilt in (410, 450, 410, 370, 350, 410, 450):
        rep = good_rep()
        rep.sagittal_cdeg = tilt
        verdicts.append(faults(judge, rep))
        judge.remember(rep)
    assert [bool(verdict) for verdict in verdicts] == [False, True, True, True, False, False, True]


def test_without_hysteresis_the_limit_is_the_limit():
    judge = Judge(Settings(hysteresis_pct=0))
    rep = good_rep()
    rep.sagittal_cdeg = 400
    assert faults(judge, rep) == 0
    rep.sagittal_cdeg = 401
    assert faults(judge, rep) == events.PELVIS
