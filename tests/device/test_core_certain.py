"""What is certainly good and what is certainly a fault, and the defaults that lie between, at every rate."""

from math import asin, pi, sin

from wearer import Wearer, bump, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RATES = (50, 100, 104, 200)
REFERENCE_CN = 5000


def found(wearer, **settings):
    settings.setdefault("reference_cn", REFERENCE_CN)
    return reps(wearer.play(Counter(Settings(rate_hz=wearer.rate_hz, **settings))))


def faults(wearer, **settings):
    return [events.fault_names(rep["faults"]) for rep in found(wearer, **settings)]


def begin(rate, **posture):
    return Wearer(rate_hz=rate).rest(2000, **posture).press(**posture).rest(800, **posture)


def check(act, expected, **settings):
    """A press of this kind between two good ones has these faults, and they have none."""
    for rate in RATES:
        wearer = begin(rate)
        act(wearer)
        wearer.rest(900).press().rest(900)
        assert faults(wearer, **settings) == [[], expected, []], (rate, faults(wearer, **settings))


def returning_to(share_pct):
    low = 1500 + REFERENCE_CN * share_pct // 100
    return lambda wearer: wearer.press(to_cn=low).act(900, low).act(400, lambda u: low + (1500 - low) * u)


def ringing(size_g, hz):
    def act(wearer):
        def tilt(u):
            t = u * 1500
            return asin(size_g * sin(2 * pi * hz * (t - 400) / 1000)) * 180 / pi if 400 < t < 800 else 0

        wearer.press(top_ms=700, frontal_deg=tilt)

    return act


def lasting(whole_ms):
    edge = whole_ms * 2 // 5
    return lambda wearer: wearer.press(rise_ms=edge, top_ms=whole_ms - 2 * edge, fall_ms=edge)


def test_grip_is_a_return_that_stays_above_the_hold():
    check(returning_to(15), [])
    check(returning_to(30), [])
    check(returning_to(40), ["grip"])
    check(returning_to(50), ["grip"])


def test_grip_is_a_press_held_over_five_seconds():
    check(lambda wearer: wearer.press(rise_ms=300, top_ms=4400, fall_ms=300), [])
    check(lambda wearer: wearer.press(rise_ms=300, top_ms=5000, fall_ms=300), ["grip"])


def test_pelvis_and_asymmetry_are_tilts_over_four_degrees_either_way():
    for sign in (1, -1):
        for degrees, is_fault in ((2, False), (3.6, False), (4.5, True), (6, True)):
            tilt = bump(sign * degrees)
            check(lambda wearer, tilt=tilt: wearer.press(sagittal_deg=tilt), ["pelvis"] if is_fault else [])
            check(lambda wearer, tilt=tilt: wearer.press(frontal_deg=tilt), ["asymmetry"] if is_fault else [])


def test_tilt_is_meant_from_the_posture_of_the_set():
    for rate in RATES:
        for lying in (30, -20):
            wearer = begin(rate, sagittal_deg=lying, frontal_deg=lying // 2)
            for degrees in (3.6, 4.5):
                tilt = bump(degrees)
                wearer.press(
                    sagittal_deg=lambda u, lying=lying, tilt=tilt: lying + tilt(u), frontal_deg=lying // 2
                ).rest(800, sagittal_deg=lying, frontal_deg=lying // 2)
            got = found(wearer)
            assert [events.fault_names(rep["faults"]) for rep in got] == [[], [], ["pelvis"]], (rate, lying)
            assert 330 <= got[1]["sagittal_cdeg"] <= 390, (rate, lying, got[1]["sagittal_cdeg"])
            wearer = begin(rate, frontal_deg=lying)
            for degrees in (3.6, 4.5):
                tilt = bump(degrees)
                wearer.press(frontal_deg=lambda u, lying=lying, tilt=tilt: lying + tilt(u))
                wearer.rest(800, frontal_deg=lying)
            got = found(wearer)
            assert [events.fault_names(rep["faults"]) for rep in got] == [[], [], ["asymmetry"]], (
                rate,
                lying,
            )
            assert 330 <= got[1]["frontal_cdeg"] <= 390, (rate, lying, got[1]["frontal_cdeg"])


def test_unstable_is_a_jolt_that_rings_at_8_to_14_hz():
    for hz in (8, 10, 12, 14):
        check(ringing(0.06, hz), [])
        check(ringing(0.2, hz), ["unstable"])
        check(ringing(0.5, hz), ["unstable"])


def test_a_jolt_is_as_large_as_it_was():
    for rate in RATES:
        for size_g in (0.1, 0.2, 0.4):
            wearer = begin(rate)
            ringing(size_g, 10)(wearer)
            jolt_mg = found(wearer.rest(900))[1]["jolt_mg"]
            assert 920 * size_g - 10 <= jolt_mg <= 1080 * size_g + 10, (rate, size_g, jolt_mg)


def test_rushed_is_a_press_and_return_of_under_600_ms():
    check(lasting(800), [])
    check(lasting(700), [])
    check(lasting(450), ["rushed"])


def test_passive_is_a_press_under_40_per_cent_of_the_reference():
    for share_pct, expected in ((65, []), (45, []), (35, ["passive"]), (33, ["passive"])):
        check(lambda wearer, height=REFERENCE_CN * share_pct // 100: wearer.press(height), expected)


def test_contact_is_a_force_that_falls_to_nothing():
    def off(wearer):
        wearer.press(to_cn=0).let_go(300).act(200, lambda u: 1500 * u)

    check(off, ["contact"])
    check(lambda wearer: wearer.press(to_cn=450).act(200, 450).act(200, lambda u: 450 + 1050 * u), [])


def test_without_a_hold_worth_the_name_there_is_no_contact_to_lose():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate, hold_cn=120).rest(1000).press().rest(500).press(to_cn=0)
        assert faults(wearer.let_go(600), force_only=1) == [[], []], rate


def test_times_are_those_of_the_movement_not_of_its_being_noticed():
    # the press has risen by the 5 % of an onset at 2057, is at its peak at 2400, and all but back at 2780
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press(top_ms=0).rest(800)
        (rep,) = found(wearer)
        assert abs(rep["start_ms"] - 2040) <= 17, (rate, rep["start_ms"])
        assert abs(rep["peak_ms"] - 2400) <= 15, (rate, rep["peak_ms"])
        assert abs(rep["end_ms"] - 2780) <= 32, (rate, rep["end_ms"])
        assert rep["duration_ms"] == rep["end_ms"] - rep["start_ms"]
