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


SETTINGS = {
    "sagittal_cdeg": "pelvis_limit_cdeg",
    "frontal_cdeg": "asymmetry_limit_cdeg",
    "jolt_mg": "jolt_limit_mg",
    "held_ms": "grip_hold_ms",
    "grasp_pct": "contact_pct",
    "duration_ms": "rushed_ms",
    "press_pct": "passive_pct",
    "residual_pct": "grip_residual_pct",
    "drag_pct": "grip_drag_pct",
}
SHARP = ("held_ms", "grasp_pct")  # what can happen once only, and what is a fault always


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


def test_every_limit_is_a_setting_of_its_own():
    for quantity, (fault, well, ill) in NAMES.items():
        limit = Settings.describe(SETTINGS[quantity])[0]
        wider = limit // 2 if ill < well else limit * 2
        for name in SETTINGS.values():
            rep = good_rep()
            setattr(rep, quantity, ill)
            is_own = name == SETTINGS[quantity]
            value = wider if is_own else Settings.describe(name)[0] * 9 // 8
            found = events.fault_names(faults(Judge(Settings(**{name: value})), rep))
            assert found == ([] if is_own else [fault]), (quantity, name)


def test_all_limits_have_a_dead_band_but_the_two_that_are_sharp():
    for quantity, (_, well, ill) in NAMES.items():
        limit = Settings.describe(SETTINGS[quantity])[0]
        for before in (well, ill):
            judge = Judge(Settings())
            rep = good_rep()
            setattr(rep, quantity, before)
            judge.remember(rep)
            rep = good_rep()
            setattr(rep, quantity, limit)
            assert bool(faults(judge, rep)) == (before == ill and quantity not in SHARP), (quantity, before)


def test_in_the_dead_band_what_was_unknown_in_between_changes_nothing():
    for quantity in ("residual_pct", "drag_pct"):
        judge = Judge(Settings())
        for value in (NAMES[quantity][2], events.UNKNOWN):
            rep = good_rep()
            setattr(rep, quantity, value)
            judge.remember(rep)
        setattr(rep, quantity, Settings.describe(SETTINGS[quantity])[0])
        assert events.fault_names(faults(judge, rep)) == ["grip"]
