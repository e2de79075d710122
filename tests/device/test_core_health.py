"""Sensors that fail in mid-set: an error is told, counting goes on by what is left, and resumes by itself."""

from wearer import Wearer, bump, named, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RATES = (50, 100, 104, 200)


def four_presses(rate):
    wearer = Wearer(rate_hz=rate).ready()
    for _ in range(4):
        wearer.press().rest(600)
    return wearer.rest(400)


def spoilt(wearer, start_ms, end_ms, change):
    """The wearer's samples, those of a time changed by `change`, or left out where that gives None."""
    samples = wearer.samples
    kept = type(samples)("i")
    for i in range(0, len(samples), 5):
        sample = tuple(samples[i : i + 5])
        if start_ms <= sample[0] < end_ms:
            sample = change(*sample)
        for value in sample or ():
            kept.append(value)
    wearer.samples = kept
    return wearer


def played(wearer, **settings):
    """The named events, with the error that each error tells; the time of each; the faults of the reps."""
    counter = Counter(Settings(rate_hz=wearer.rate_hz, reference_cn=5000, **settings))
    told = []
    s = wearer.samples
    faults = []
    for i in range(0, len(s), 5):
        event = counter.sample(s[i], s[i + 1], s[i + 2], s[i + 3], s[i + 4])
        if event == events.ERROR:
            told.append((s[i], events.ERRORS[counter.error]))
        elif event == events.RECOVERED:
            told.append((s[i], "recovered"))
        elif event == events.REP:
            faults.append(events.fault_names(counter.rep.faults))
    return told, faults


def check(wearer, error, at_ms, well_ms, late_ms=70, **settings):
    """The error is told once, then that it is over; every press is counted, and is good."""
    told, faults = played(wearer, **settings)
    assert [what for _, what in told] == [error, "recovered"], (wearer.rate_hz, told)
    assert 0 <= told[0][0] - at_ms <= late_ms, (wearer.rate_hz, told)
    assert 0 <= told[1][0] - well_ms <= late_ms, (wearer.rate_hz, told)
    assert faults == [[]] * 4, (wearer.rate_hz, faults)


def reading(x, y, z):
    return lambda t_ms, force_cn, *_: (t_ms, force_cn, x, y, z)


def test_an_accelerometer_that_shows_no_gravity_for_half_a_second_is_absent():
    for rate in RATES:
        for nothing in ((0, 0, 0), (-1, -1, -1), (1900, -1900, 1900)):
            wearer = spoilt(four_presses(rate), 4000, 6000, reading(*nothing))
            check(wearer, "accelerometer absent", 4500, 6500)


def test_one_at_its_end_for_300_ms_is_saturated():
    for rate in RATES:
        for end in ((32767, 0, 8192), (0, -32768, 8192), (0, 0, 32767), (-32768, -32768, -32768)):
            wearer = spoilt(four_presses(rate), 4000, 6000, reading(*end))
            check(wearer, "accelerometer saturated", 4300, 6500)


def test_one_whose_last_bit_rests_for_a_second_is_stuck():
    for rate in RATES:
        wearer = spoilt(four_presses(rate), 4000, 7000, reading(10, -10, 8192))
        check(wearer, "accelerometer stuck", 5000, 7500)


def test_a_force_sensor_at_its_end_for_half_a_second_is_saturated():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(600).press(top_ms=2000).rest(600)
        wearer.press().rest(600).press().rest(1000)
        spoilt(wearer, 3700, 7000, lambda t_ms, force_cn, x, y, z: (t_ms, min(force_cn, 6300), x, y, z))
        check(wearer, "force sensor saturated", 4540, 6640, force_full_cn=6300)


def test_samples_missing_for_a_second_are_told_as_they_are_back():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(600).press().rest(2600).press().rest(600)
        wearer.press().rest(1000)
        check(spoilt(wearer, 5700, 6750, lambda *_: None), "samples missing", 6750, 7250)


def test_what_lasts_less_is_no_error():
    for rate in RATES:
        for duration_ms, change in (
            (400, reading(0, 0, 0)),
            (200, reading(0, 0, 32767)),
            (900, reading(0, 0, 8192)),
            (900, lambda *_: None),
            (400, lambda t_ms, _, x, y, z: (t_ms, 65535, x, y, z)),
        ):
            wearer = spoilt(four_presses(rate), 4400, 4400 + duration_ms, change)
            assert played(wearer)[0] == [], (rate, duration_ms)


def test_a_tilt_that_cannot_be_gravity_is_none_and_what_comes_after_it_is():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(600).press().rest(600)
        wearer.press(sagittal_deg=bump(8)).rest(600).press(frontal_deg=bump(8)).rest(1000)
        faults = played(spoilt(wearer, 3500, 4500, reading(0, 32767, 0)))[1]
        assert faults == [[], [], ["pelvis"], ["asymmetry"]], rate


def test_nor_is_a_tilt_of_the_next_press_what_was_last_seen_of_the_one_before():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press(sagittal_deg=bump(8)).rest(600).press().rest(600)
        wearer.press().rest(1000)
        faults = played(spoilt(wearer, 2550, 5100, reading(0, 0, 0)))[1]
        assert faults == [["pelvis"], [], []], rate


def test_a_posture_that_shifts_unseen_is_no_jolt():
    for rate in RATES:
        wearer = (
            Wearer(rate_hz=rate).ready().press().rest(1200).press(sagittal_deg=20).rest(600, sagittal_deg=20)
        )
        faults = played(spoilt(wearer, 3500, 4800, reading(0, 0, 0)))[1]
        assert faults == [[], ["pelvis"]], rate


def test_a_stuck_reading_may_be_the_truth_of_a_block_that_nobody_moves():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).ready().press().rest(1200)
        wearer.press(top_ms=1500, sagittal_deg=lambda u: 8 * min(1, 4 * u)).rest(600, sagittal_deg=8)
        wearer.press(sagittal_deg=8).rest(600, sagittal_deg=8)
        told, faults = played(spoilt(wearer, 5500, 9000, reading(0, 1140, 8112)))
        assert [what for _, what in told] == ["accelerometer stuck"], rate
        assert faults == [[], ["pelvis"], ["pelvis"]], rate


def test_a_block_on_its_side_or_end_has_no_error():
    for posture in ({"sagittal_deg": 90}, {"frontal_deg": -90}, {"sagittal_deg": 180}):
        assert played(Wearer().rest(2000, **posture))[0] == []


def test_two_holes_close_together_are_one_error_until_half_a_second_after_the_last():
    for rate in RATES:
        wearer = spoilt(Wearer(rate_hz=rate).rest(8000), 2000, 3500, lambda *_: None)
        told = played(spoilt(wearer, 3900, 6000, lambda *_: None))[0]
        assert [what for _, what in told] == ["samples missing", "recovered"], rate
        assert 3500 <= told[0][0] <= 3550 and 6500 <= told[1][0] <= 6550, (rate, told)


def test_the_block_is_not_ready_while_its_accelerometer_fails():
    for rate in RATES:
        wearer = spoilt(Wearer(rate_hz=rate).rest(2400), 500, 900, reading(0, 0, 0))
        ready_ms = wearer.play(Counter(Settings(rate_hz=rate)))[0][0]
        assert 1900 <= ready_ms <= 2000, rate


def test_a_wire_that_is_loose_in_a_set_costs_the_presses_it_hides_and_no_more():
    for rate in RATES:
        wearer = spoilt(four_presses(rate), 4450, 5300, lambda t_ms, _, x, y, z: (t_ms, 0, x, y, z))
        counter = Counter(Settings(rate_hz=rate, reference_cn=5000))
        found = wearer.play(counter)
        assert [events.fault_names(rep["faults"]) for rep in reps(found)] == [[], ["contact"], [], []], rate
        assert named(found).count("ready") == 1, rate
