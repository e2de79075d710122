"""What is a rep and what is none, near the rules: rises, plateaus, holds that sag or come back."""

from wearer import Wearer, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RATES = (50, 100, 104, 200)


def found(wearer, **settings):
    settings.setdefault("reference_cn", 5000)
    return reps(wearer.play(Counter(Settings(rate_hz=wearer.rate_hz, **settings))))


def faults(wearer, **settings):
    return [events.fault_names(rep["faults"]) for rep in found(wearer, **settings)]


def begin(rate, **wearer):
    return Wearer(rate_hz=rate, **wearer).ready().press().rest(800)


def test_a_press_rises_by_15_per_cent_of_the_reference():
    for rate in RATES:
        wearer = begin(rate)
        for height in (725, 725, 780, 725):
            wearer.press(height, top_ms=400).rest(800)
        assert faults(wearer) == [[], ["passive"]], rate


def test_it_rises_so_far_over_its_trough():
    # a press on top of a force that is still above the hold is one of its own
    for rate in RATES:
        wearer = begin(rate).press(to_cn=3500)
        for height in (725, 780):
            wearer.act(400, lambda u, height=height: 3500 + height * u).act(300, 3500 + height).act(500, 3500)
        assert len(found(wearer.rest(900))) == 3, rate


def test_it_has_returned_after_half_of_its_rise_or_a_quarter_of_the_reference():
    for rate in RATES:
        for height, least in ((2000, 1000), (5000, 1250), (8000, 1440)):  # of 8000 a quarter would be a dip
            for back, count in ((least * 94 // 100, 1), (least * 106 // 100, 2)):
                wearer = begin(rate).act(400, lambda u, height=height: 1500 + height * u)
                wearer.act(400, 1500 + height).act(800, 1500 + height - back).act(400, 1500 + height)
                wearer.act(400, 1500).rest(900)
                assert len(found(wearer)) == 1 + count, (rate, height, back)


def test_a_plateau_dips_by_12_per_cent_of_the_strongest_press_and_is_one_rep():
    for rate in RATES:
        for height in (2500, 5000, 15000):
            for top_ms in (400, 1200, 4000):
                wearer = begin(rate).press(height, top_ms=top_ms, dip=height * 12 // 100).rest(900)
                assert len(found(wearer)) == 2, (rate, height, top_ms)


def test_back_up_to_the_hold_is_no_press_wherever_it_comes_from():
    for rate in RATES:
        for low_cn in (0, 300, 1200, 1600):
            wearer = begin(rate, hold_cn=2500).act(300, lambda u, low=low_cn: 2500 - (2500 - low) * u)
            wearer.act(500, low_cn).act(200, lambda u, low=low_cn: low + (2500 - low) * u).rest(900)
            _, rep = found(wearer.press().rest(900))
            assert rep["faults"] == 0 and rep["duration_ms"] < 1200, (rate, low_cn, rep["duration_ms"])


def test_nor_is_a_little_more_than_the_hold():
    for rate in RATES:
        wearer = begin(rate).let_go(500).act(200, lambda u: 2100 * u).act(1500, 2100)
        wearer.act(300, 1500).act(400, lambda u: 1500 + 600 * u).act(500, 2100).act(400, 1500)
        assert faults(wearer.press().rest(900)) == [[], []], rate


def test_a_grip_that_stays_ends_with_its_set():
    for rate in RATES:
        wearer = begin(rate).press(to_cn=3500).act(7000, 3500)
        counter = Counter(Settings(rate_hz=rate, reference_cn=5000))
        ends = [t for t, event, _, _ in wearer.play(counter) if event == events.SET_END]
        assert 9700 <= ends[0] <= 10600, (rate, ends)  # five seconds after it fell at 4700 and a halt


def test_one_that_does_not_come_half_back_goes_on_until_it_does():
    for rate in RATES:
        wearer = begin(rate).press(to_cn=4300).act(4000, 4300).act(300, lambda u: 4300 - 2800 * u).rest(900)
        _, rep = found(wearer)
        assert events.fault_names(rep["faults"]) == ["grip"] and abs(rep["end_ms"] - 9300) < 150, rate


def test_a_weak_press_held_for_long_is_a_rep_of_force_alone_and_a_firmer_hold_of_a_set():
    for rate in RATES:
        wearer = begin(rate).press(1500, top_ms=6000).rest(900)
        assert faults(wearer, force_only=1) == [[], ["grip", "passive"]], rate
        wearer = begin(rate).act(400, lambda u: 1500 + 1500 * u)
        wearer.hold_cn = 3000
        second = found(wearer.rest(5400).press().rest(900))[1]
        assert abs(second["hold_cn"] - 3000) < 60 and second["faults"] == 0, rate


def test_the_smallest_press_grows_with_the_reference_that_the_first_presses_make():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press(6000).rest(800).press(6000).rest(800)
        wearer.press(850, top_ms=400).rest(800).press(980, top_ms=400).rest(800)
        assert faults(wearer, reference_cn=0) == [[], [], ["passive"]], rate


def test_a_jolt_before_a_weak_press_is_sure_to_be_one_belongs_to_it():
    for rate in RATES:
        wearer = begin(rate).press(1500, rise_ms=1500, jolt_mg=lambda u: 400 if 0.205 < u < 0.25 else 0)
        assert faults(wearer.rest(900)) == [[], ["unstable", "passive"]], rate


def test_a_jolt_as_the_return_ends_belongs_to_it():
    for rate in RATES:
        wearer = begin(rate).press(jolt_mg=lambda u: 400 if u > 0.93 else 0).rest(900)
        assert faults(wearer) == [[], ["unstable"]], rate


def test_what_is_felt_well_after_the_return_is_no_part_of_the_rep():
    for rate in RATES:
        wearer = begin(rate).press().rest(150).rest(200, jolt_mg=300, sagittal_deg=8).rest(900)
        assert faults(wearer) == [[], []], rate


# the reference press, where calibration does not say it


def references(*heights_cn):
    wearer = Wearer().ready()
    for height_cn in heights_cn:
        wearer.press(height_cn).rest(500)
    return [rep["reference_cn"] for rep in found(wearer.rest(400), reference_cn=0)]


def test_a_third_of_the_first_seven_presses_reach_the_reference_and_then_it_stays():
    heights = (4000, 6000, 5000, 3000, 7000, 8000, 4500, 9000, 9000, 9000)
    expected = (4000, 6000, 6000, 5000, 6000, 7000, 6000, 6000, 6000, 6000)
    for got, reference_cn in zip(references(*heights), expected):
        assert abs(got - reference_cn) < 80, (got, reference_cn)


def test_nobodys_reference_is_less_than_25_newtons():
    assert references(900, 900) == [2500, 2500]
    # nor is a first press under a quarter of that told from a fidget
    assert len(references(550, 2600, 550)) == 2


def test_a_calibrated_reference_stays():
    wearer = Wearer().ready().press(9000).rest(500).press(9000).rest(900)
    assert [rep["reference_cn"] for rep in found(wearer)] == [5000, 5000]


def test_the_hold_drifts_with_a_creeping_sensor_and_not_with_a_grip():
    for rate in RATES:
        for drift_cn, hold_cn in ((700, 2200), (-700, 800)):
            wearer = begin(rate).act(4500, lambda u, drift=drift_cn: 1500 + drift * u)
            wearer.hold_cn = hold_cn
            got = found(wearer.press().rest(900))[1]
            assert abs(got["hold_cn"] - hold_cn) < 450, (rate, got["hold_cn"])
        wearer = begin(rate).press(to_cn=2700).act(3000, 2700)
        got = found(wearer.act(400, lambda u: 2700 + 3800 * u).act(500, 6500).act(400, 1500).rest(900))[2]
        assert abs(got["hold_cn"] - 1500) < 60, (rate, got["hold_cn"])


def test_how_far_a_press_has_come_is_told_above_the_hold():
    wearer = begin(100).act(400, lambda u: 1500 + 2500 * u).act(300, 4000)
    counter = Counter(Settings(reference_cn=5000))
    s = wearer.samples
    for i in range(0, len(s), 5):
        counter.sample(*s[i : i + 5])
    assert 48 <= counter.press_pct <= 51
