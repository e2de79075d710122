"""What is a rep, and what makes it good or compensated: the rules, each by a wearer who does just that."""

from wearer import Wearer, bump, named, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings


def play(wearer, **settings):
    settings.setdefault("rate_hz", wearer.rate_hz)
    return wearer.play(Counter(Settings(**settings)))


def faults(played):
    return [events.fault_names(rep["faults"]) for rep in reps(played)]


def three_good():
    wearer = Wearer().ready()
    for _ in range(3):
        wearer.press().rest(500)
    return wearer


def test_good_presses_are_good_reps():
    played = play(three_good())
    assert faults(played) == [[], [], []]
    rep = reps(played)[1]
    assert abs(rep["start_ms"] - 3600) < 150
    assert abs(rep["peak_ms"] - 4150) < 200
    assert abs(rep["end_ms"] - 4700) < 150
    assert abs(rep["peak_cn"] - 6500) < 100
    assert abs(rep["hold_cn"] - 1500) < 30
    assert 95 <= rep["press_pct"] <= 105


def test_the_events_of_a_session_in_order():
    wearer = Wearer().ready().press().rest(6000).press().rest(800)
    wearer.let_go(1000, sagittal_deg=lambda u: 80 * u).let_go(61000, sagittal_deg=80)
    assert named(play(wearer)) == [
        "ready",
        "press",
        "judged",
        "rep",
        "set_end",
        "press",
        "judged",
        "rep",
        "set_end",
        "not_ready",
        "session_end",
    ]


def test_a_set_tells_its_count_and_its_rhythm():
    wearer = Wearer().ready()
    for pause in (500, 500, 500, 1100):
        wearer.press().rest(pause)
    counter = Counter(Settings())
    wearer.rest(6000).play(counter)
    assert (counter.rounds.set_count, counter.rounds.set_good) == (4, 4)
    assert 95 <= counter.rounds.rhythm_pct <= 100


def test_the_same_reps_at_every_rate():
    for rate in (50, 75, 100, 104, 150, 200):
        wearer = Wearer(rate_hz=rate).ready()
        wearer.press().rest(500).press(1500).rest(500)
        wearer.press(rise_ms=120, top_ms=30, fall_ms=120).rest(500)
        wearer.press(sagittal_deg=bump(9)).rest(800)
        assert faults(play(wearer, reference_cn=5000)) == [[], ["passive"], ["rushed"], ["pelvis"]]


def test_a_return_that_stops_short_is_a_grip():
    wearer = Wearer().ready().press().rest(400).press(to_cn=1500 + 3000)
    wearer.act(700, 4500).act(300, 1500).rest(800)
    assert faults(play(wearer, reference_cn=5000)) == [[], ["grip"]]


def test_a_press_held_over_five_seconds_is_a_grip_cued_while_it_lasts():
    wearer = Wearer().ready().press(top_ms=6500).rest(800)
    played = play(wearer)
    assert faults(played) == [["grip"]]
    cued = [t for t, event, cue, _ in played if event == events.CUE and cue == events.GRIP]
    assert abs(cued[0] - 7000) < 150


def test_a_plateau_with_dips_and_bumps_is_one_rep():
    assert len(reps(play(Wearer().ready().press(dip=600, top_ms=1500).rest(800)))) == 1
    wearer = Wearer().ready().press(top_ms=200, dip=-600).rest(800)
    assert len(reps(play(wearer))) == 1


def test_sagittal_tilt_is_pelvis_and_frontal_tilt_is_asymmetry():
    wearer = Wearer().ready()
    wearer.press(sagittal_deg=bump(8)).rest(500)
    wearer.press(frontal_deg=bump(-8)).rest(500)
    wearer.press(sagittal_deg=bump(1.8), frontal_deg=bump(1.8)).rest(800)
    played = play(wearer)
    assert faults(played) == [["pelvis"], ["asymmetry"], []]
    assert 600 < reps(played)[0]["sagittal_cdeg"] < 810
    assert -810 < reps(played)[1]["frontal_cdeg"] < -600


def test_a_posture_that_stays_shifted_is_pelvis_until_the_next_set():
    wearer = Wearer().ready().press(sagittal_deg=lambda u: 8 * min(1, 2 * u))
    wearer.rest(500, sagittal_deg=8).press(sagittal_deg=8).rest(7000, sagittal_deg=8)
    wearer.press(sagittal_deg=8).rest(800, sagittal_deg=8)
    assert faults(play(wearer)) == [["pelvis"], ["pelvis"], []]


def test_a_jolt_is_unstable_and_is_not_read_as_tilt():
    wearer = Wearer().ready().press(jolt_mg=lambda u: 300 if 0.3 < u < 0.5 else 0).rest(800)
    assert faults(play(wearer)) == [["unstable"]]


def test_a_jolt_as_the_force_begins_to_rise_belongs_to_the_press():
    # a weak press has risen far before it is sure to be one
    wearer = Wearer().ready().press().rest(800)
    wearer.press(1500, rise_ms=900, jolt_mg=lambda u: 400 if 0.2 < u < 0.3 else 0).rest(800)
    assert faults(play(wearer)) == [[], ["unstable", "passive"]]


def test_a_jolt_at_rest_belongs_to_no_press():
    wearer = Wearer().ready().press().rest(400).rest(400, jolt_mg=400).rest(800).press().rest(800)
    assert faults(play(wearer)) == [[], []]


def test_drag_is_not_read_as_tilt():
    wearer = Wearer().ready().press(drag_mg=lambda u: 40 if u < 0.15 or u > 0.85 else 0).rest(800)
    assert faults(play(wearer)) == [[]]


def test_knees_that_leave_the_block_are_contact_and_coming_back_is_no_rep():
    wearer = Wearer().ready().press().rest(400)
    wearer.press(to_cn=0, fall_ms=400).let_go(600).act(200, lambda u: 1500 * u).rest(600).press().rest(800)
    assert faults(play(wearer)) == [[], ["contact"], []]


def test_a_first_press_too_weak_for_anyone_is_passive_without_calibration():
    assert faults(play(Wearer().ready().press(850).rest(800))) == [["passive"]]


def test_the_reference_adapts_to_the_first_presses_and_then_stays():
    wearer = Wearer().ready()
    for _ in range(8):
        wearer.press(5000).rest(500)
    for _ in range(8):
        wearer.press(2500).rest(500)
    wearer.press(1500).rest(800)
    got = reps(play(wearer))
    assert all(abs(rep["reference_cn"] - 5000) < 100 for rep in got)
    assert [rep["faults"] for rep in got] == [0] * 16 + [events.PASSIVE]


def test_handling_and_taking_out_are_never_reps():
    wearer = Wearer()
    wearer.act(3000, lambda u: 3000 * bump(1)((3 * u) % 1), sagittal_deg=60, jolt_mg=150)
    wearer.ready().press().rest(600).take_out()
    wearer.act(4000, lambda u: 3000 * bump(1)((4 * u) % 1), frontal_deg=70, jolt_mg=150)
    assert len(reps(play(wearer))) == 1


def test_a_block_pulled_away_at_supine_tilt_leaves_no_rep_behind():
    wearer = Wearer().ready().press().rest(600).act(300, lambda u: 1500 * (1 - u))
    wearer.act(3000, lambda u: 2500 * bump(1)(u), sagittal_deg=20, jolt_mg=150)
    assert len(reps(play(wearer))) == 1


def test_nothing_counts_before_the_block_is_ready():
    wearer = Wearer().act(900, 1500).press().rest(300, sagittal_deg=45).press(sagittal_deg=45)
    assert named(play(wearer)) == []


def test_force_only_counts_at_once_and_fires_no_rule_that_needs_acceleration():
    wearer = Wearer().rest(1000).press(sagittal_deg=bump(20), jolt_mg=400).rest(500).press(1200).rest(800)
    assert faults(play(wearer, force_only=1)) == [[], ["passive"]]


def test_a_press_cut_off_by_the_end_is_a_rep():
    wearer = Wearer().ready().press().rest(500).act(600, lambda u: 1500 + 5000 * min(1, 2 * u))
    assert len(reps(play(wearer))) == 2


def test_ticks_may_wrap_in_mid_press():
    here = three_good()
    there = Wearer(start_ms=(1 << 30) - 2500)
    there.ready()
    for _ in range(3):
        there.press().rest(500)
    moved = [(rep["start_ms"] - 2500) % (1 << 30) for rep in reps(play(here))]
    assert [rep["start_ms"] for rep in reps(play(there))] == moved
    assert faults(play(there)) == [[], [], []]


def test_a_mounting_eight_degrees_off_changes_no_verdict():
    wearer = Wearer()
    off = {"sagittal_deg": 8, "frontal_deg": -8}
    wearer.rest(2000, **off).press(**off).rest(500, **off)
    wearer.press(sagittal_deg=lambda u: 8 + bump(8)(u), frontal_deg=-8).rest(800, **off)
    assert faults(play(wearer)) == [[], ["pelvis"]]


def test_a_press_never_begins_before_the_one_before_it_has_returned():
    for notch_ms in (20, 40, 60, 80):
        for spike_cn in (6500, 9500):
            wearer = Wearer().ready().press().rest(500)
            wearer.act(400, lambda u: 1500 + 5000 * u).act(300, 6500)
            wearer.act(notch_ms, 3500).act(20, spike_cn).act(300, 6500).act(400, 1500).rest(800)
            found = reps(play(wearer, reference_cn=5000))
            for before, rep in zip(found, found[1:]):
                assert before["end_ms"] <= rep["start_ms"]
