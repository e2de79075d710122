"""Movements that are easily taken for what they are not: each by a wearer who does just that."""

from math import cos, exp, pi

from wearer import Wearer, bump, named, pulled, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RATES = (50, 104, 200)


def faults(wearer, **settings):
    settings.setdefault("rate_hz", wearer.rate_hz)
    played = wearer.play(Counter(Settings(**settings)))
    return [events.fault_names(rep["faults"]) for rep in reps(played)]


def hurried(wearer, **posture):
    """A press so quick that the drag of it is as great as the pull of gravity under 6 degrees of tilt."""
    return wearer.press(rise_ms=150, top_ms=0, fall_ms=150, drag_mg=pulled(110, 150), **posture)


def test_the_drag_of_a_rushed_press_is_no_tilt():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(500)
        assert faults(hurried(wearer).rest(800), reference_cn=5000) == [[], ["rushed"]], rate


def test_a_rushed_press_in_a_shifted_posture_is_pelvis_as_well():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press(sagittal_deg=lambda u: 8 * min(1, 2 * u))
        hurried(wearer.rest(500, sagittal_deg=8), sagittal_deg=8).rest(800, sagittal_deg=8)
        assert faults(wearer, reference_cn=5000) == [["pelvis"], ["pelvis", "rushed"]], rate


def test_knees_that_slip_off_the_block_say_nothing_of_drag():
    known = {"reference_cn": 5000, "drag_y_um": 7500, "drag_z_um": 3200, "grip_drag_pct": 35}
    wearer = Wearer().ready().press(drag_mg=pulled(19, 400, 300)).rest(500)
    wearer.press(drag_mg=lambda u: pulled(19, 400, 300)(u) if u < 0.6 else 0, to_cn=0)
    wearer.let_go(600).act(200, lambda u: 1500 * u).rest(800)
    assert faults(wearer, **known) == [[], ["contact"]]


def test_a_block_that_turns_by_more_than_three_degrees_hides_its_drag():
    known = {"reference_cn": 5000, "drag_y_um": 7500, "drag_z_um": 3200, "grip_drag_pct": 35}
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press(drag_mg=pulled(19, 400, 300)).rest(500)
        wearer.press(sagittal_deg=bump(2.5)).rest(500).press(sagittal_deg=bump(3.6)).rest(800)
        assert faults(wearer, **known) == [[], ["grip"], []], rate


def test_a_slow_press_without_drag_is_a_grip_where_enough_is_missing():
    # a drag of 7 mm would show some 700 ug
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready()
        for peak_mg in (3.0, 0, 1.7):
            wearer.press(rise_ms=1100, fall_ms=1100, drag_mg=pulled(peak_mg, 1100, 300)).rest(600)
        known = {"rate_hz": rate, "reference_cn": 5000, "drag_y_um": 7500, "drag_evidence_ug": 500}
        drags = [rep["drag_pct"] for rep in reps(wearer.play(Counter(Settings(**known))))]
        assert drags[0] > 80 and drags[1] < 20 and drags[2] == events.UNKNOWN, (rate, drags)
        assert faults(wearer, **known) == [[], ["grip"], []], rate
        known["drag_evidence_ug"] = 1000
        assert faults(wearer, **known) == [[], [], []], rate


def test_a_weak_press_that_fades_away_slowly_is_not_rushed():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(500)
        wearer.act(200, lambda u: 1500 + 1500 * u).act(1000, lambda u: 1500 + 1500 * exp(-5 * u)).rest(500)
        assert faults(wearer, reference_cn=5000) == [[], ["passive"]], rate


def test_a_return_that_halts_for_a_moment_is_no_grip():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(500).press(to_cn=4000)
        wearer.act(260, 4000).act(400, lambda u: 1500 + 2500 * (1 + cos(pi * u)) / 2).rest(800)
        assert faults(wearer, reference_cn=5000) == [[], []], rate


def test_a_firmer_hold_between_sets_is_no_press():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press(3000).rest(1000).act(600, lambda u: 1500 + 600 * u)
        wearer.hold_cn = 2100
        wearer.rest(7000).press(3000).rest(800)
        assert faults(wearer, reference_cn=3000) == [[], []], rate


def rough(force, size):
    """A force that jumps by `size` to either side, as some loggers write it."""
    seed = [1]

    def at(u):
        seed[0] = seed[0] * 75 % 65537
        return force(u) + (size if seed[0] > 32768 else -size)

    return at


def test_the_noise_of_a_force_sensor_is_known_before_anything_counts():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).act(4000, rough(lambda u: 6000 + 800 * u, 900))
        assert faults(wearer, force_only=1) == [], rate


def test_a_rough_force_sensor_is_held_still_all_the_same():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).act(3000, rough(lambda u: 1500, 400))
        wearer.act(1500, rough(lambda u: 1500 + bump(5000)(u), 400)).act(1500, rough(lambda u: 1500, 400))
        assert faults(wearer) == [[]], rate


def rougher(wearer, duration_ms, force):
    """An act felt through a sensor whose noise, in the mean of a step of 20 ms, is 2.8 N at every rate."""
    size = 280 if wearer.rate_hz < 100 else 400 if wearer.rate_hz < 150 else 560
    return wearer.act(duration_ms, rough(force, size))


def test_a_weak_press_stands_out_of_what_a_rough_sensor_leaves_of_it():
    for rate in RATES:
        wearer = rougher(Wearer(rate_hz=rate), 3000, lambda u: 3000)
        for height in (4500, 1700, 4500):
            rougher(wearer, 1500, lambda u, height=height: 3000 + bump(height)(u))
            rougher(wearer, 1500, lambda u: 3000)
        assert len(faults(wearer, force_only=1, reference_cn=4500)) == 3, rate


def test_a_rough_sensor_makes_no_return_out_of_a_plateau_that_sags():
    for rate in RATES:
        wearer = rougher(Wearer(rate_hz=rate), 3000, lambda u: 3000)
        rougher(wearer, 500, lambda u: 3000 + 2600 * u)
        rougher(wearer, 1500, lambda u: 5600 - 850 * u)
        rougher(wearer, 2000, lambda u: 4750)
        rougher(wearer, 500, lambda u: 4750 - 1750 * u)
        rougher(wearer, 1500, lambda u: 3000)
        (rep,) = reps(wearer.play(Counter(Settings(rate_hz=rate, force_only=1, reference_cn=4000))))
        assert abs(rep["end_ms"] - 7500) < 300, rate


def test_a_recording_that_begins_in_a_press_knows_the_hold_from_its_return():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate, hold_cn=100).act(900, lambda u: 3000 + 4000 * u)
        wearer.act(400, lambda u: 7000 - 6900 * u).rest(500)
        for _ in range(3):
            wearer.press().rest(500)
        assert faults(wearer, force_only=1)[1:] == [[], [], []], rate


def test_a_press_from_nothing_that_ends_with_the_recording_is_a_rep():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate, hold_cn=100).rest(1000).press(to_cn=0).let_go(500)
        wearer.act(800, bump(5000)).let_go(50)
        assert len(faults(wearer, force_only=1)) == 2, rate


def test_a_return_in_which_contact_comes_back_is_no_second_press():
    # as of a wire that is loose for a moment, or of knees that are off in the rise of a press
    for rate in RATES:
        wearer = (
            Wearer(rate_hz=rate).ready().press().rest(500).act(400, lambda u: 1500 + 5000 * u).let_go(1800)
        )
        wearer.act(450, lambda u: 6500 - 5000 * u).rest(1000)
        assert len(faults(wearer, reference_cn=5000)) == 3, rate


def test_a_press_that_the_end_cuts_off_has_no_fault_that_its_return_would_have_shown():
    for rate in RATES:
        for top_ms, fall_ms in ((200, 0), (800, 0), (100, 60), (300, 100), (300, 200)):
            wearer = Wearer(rate_hz=rate).ready().press().rest(500).act(300, lambda u: 1500 + 5000 * u)
            wearer.act(top_ms, 6500).act(fall_ms, lambda u, ms=fall_ms: 6500 - 5000 * u * ms / 400)
            assert faults(wearer, reference_cn=5000) == [[], []], (rate, top_ms, fall_ms)


def test_a_fault_that_showed_before_the_end_cut_the_press_off_stays():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(500).act(300, lambda u: 1500 + 5000 * u)
        wearer.act(6000, 6500, sagittal_deg=bump(9))
        assert faults(wearer, reference_cn=5000) == [[], ["grip", "pelvis"]], rate
        wearer = Wearer(rate_hz=rate).ready().press().rest(500).press(to_cn=4500).act(600, 4500)
        assert faults(wearer, reference_cn=5000) == [[], ["grip"]], rate
        wearer = Wearer(rate_hz=rate).ready().press().rest(500).press(1500).act(20, 1500)
        assert faults(wearer, reference_cn=5000) == [[], ["passive"]], rate


def test_force_alone_tells_sessions_apart_and_takes_the_reference_afresh():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).rest(1000)
        for height, hold in ((5000, 1500), (2500, 1200)):
            wearer.hold_cn = hold
            for _ in range(3):
                wearer.press(height).rest(700)
            wearer.let_go(66000)
        counter = Counter(Settings(rate_hz=rate, force_only=1))
        played = wearer.play(counter)
        assert named(played).count("session_end") == 2, rate
        assert [rep["press_pct"] // 10 for rep in reps(played)][4:] == [9, 9], rate
        assert counter.rounds.session_count == 3, rate
