"""Calibration: what a set of presses, and one of grips, say of a wearer, and what is refused."""

from math import pi

from wearer import Wearer, bump, pulled

from pulseblock.core import calibration as c
from pulseblock.core.calibration import Calibration
from pulseblock.core.counter import Counter
from pulseblock.core.settings import CALIBRATED, Settings

HEIGHTS_CN = (5000, 5300, 4800, 5150, 4900, 5050)
RISE_MS = 450
TOP_MS = 300


def travelled(travel_mm, rise_ms=RISE_MS):
    """The acceleration, mg over the time of a press, of a block that travels with it."""
    # p = (1 - cos(pi t / T)) / 2, and the same down, so that p'' = pi^2 / (2 T^2) cos(pi t / T)
    return pulled(travel_mm * pi * pi / 2 / (rise_ms / 1000) ** 2 / 9.81, rise_ms, TOP_MS)


def presses(
    wearer,
    travel_mm=7,
    lift_mm=3,
    heights=HEIGHTS_CN,
    shares=(100, 92, 108, 97, 103, 100),
    rise_ms=RISE_MS,
    **posture,
):
    """A set of presses that drag the block, each a little more or less."""
    for height, share in zip(heights, shares):
        wearer.press(
            height,
            rise_ms,
            TOP_MS,
            rise_ms,
            drag_mg=travelled(travel_mm * share * height / 500000, rise_ms),
            lift_mg=travelled(lift_mm * share * height / 500000, rise_ms),
            **posture,
        ).rest(400)
    return wearer.rest(6500)


def grips(wearer, heights=HEIGHTS_CN):
    """The same forces, and no drag but for a little."""
    return presses(wearer, 0.4, 0.1, heights)


def calibrate(wearer, **settings):
    """Run a calibration over what a wearer does."""
    calibration = Calibration(Settings(**settings))
    counter = Counter(calibration.settings)
    samples = wearer.samples
    for i in range(0, len(samples), 5):
        event = counter.sample(samples[i], samples[i + 1], samples[i + 2], samples[i + 3], samples[i + 4])
        if event:
            calibration.take(event, counter)
    event = counter.finish()
    while event:
        calibration.take(event, counter)
        event = counter.finish()
    calibration.finish()
    return calibration


def near(value, expected, tolerance):
    assert abs(value - expected) <= tolerance, (value, expected)


def test_presses_and_grips_are_told_apart():
    for rate in (50, 104, 200):
        found = calibrate(grips(presses(Wearer(rate_hz=rate).ready())), rate_hz=rate)
        assert (found.phase, found.drag) == (c.DONE, c.TOLD_APART), rate
        assert (found.presses.count, found.grips.count) == (6, 6)
        near(found.reference_cn, 5025, 60)
        near(found.hold_cn, 1500, 50)
        near(found.tempo_ms, 1600, 100)
        near(found.drag_y_um, 7500, 1000)
        near(found.drag_z_um, 3200, 500)
        assert found.separation_pct > 600
        assert 20 < found.limit_pct < 60


def test_abrupt_presses_and_grips_are_told_apart():
    wearer = presses(Wearer().ready(), 2, 1, rise_ms=120)
    found = calibrate(presses(wearer, 0.2, 0.1, rise_ms=120), rushed_ms=300)
    assert (found.phase, found.drag) == (c.DONE, c.TOLD_APART)


def test_its_result_is_settings_that_find_the_grips_and_nothing_else():
    wearer = grips(presses(Wearer().ready()))
    values = calibrate(wearer).result()
    assert sorted(values) == sorted(CALIBRATED)
    counter = Counter(Settings(**values))
    verdicts = [rep["faults"] for _, event, _, rep in wearer.play(counter) if event == 7]
    assert verdicts == [0] * 6 + [1] * 6


def test_an_old_calibration_has_no_say_in_a_new_one():
    wearer = grips(presses(Wearer().ready()))
    old = {"reference_cn": 20000, "mount_pitch_cdeg": 3000, "drag_y_um": -9000, "grip_drag_pct": 90}
    assert calibrate(wearer, **old).result() == calibrate(wearer).result()


def test_other_settings_count_in_it():
    found = calibrate(presses(Wearer().ready()), rushed_ms=1500)
    assert (found.phase, found.reason) == (c.REFUSED, c.TOO_FEW)
    assert found.faults == 16


def test_a_strong_wearers_first_press_is_beyond_what_drag_is_measured_in():
    strong = tuple(3 * height for height in HEIGHTS_CN)
    found = calibrate(grips(presses(Wearer().ready(), 2.5, 1, strong), strong))
    assert found.drag == c.TOLD_APART
    assert found.presses.drags == 5
    near(found.drag_y_um, 8000, 1000)


def test_the_mounting_is_how_the_block_lies_when_ready():
    def askew(wearer):
        return presses(wearer, sagittal_deg=11, frontal_deg=-6)

    found = calibrate(askew(Wearer().rest(2000, sagittal_deg=11, frontal_deg=-6)))
    near(found.pitch_cdeg, 1100, 40)
    near(found.roll_cdeg, -600, 40)


def test_natural_tilt_is_that_of_the_presses():
    found = calibrate(presses(Wearer().ready(), 0, 0, sagittal_deg=bump(1.5), frontal_deg=bump(-1)))
    near(found.sagittal_cdeg, 150, 15)
    near(found.frontal_cdeg, -100, 15)


def test_without_grips_the_drag_is_known_but_no_rule():
    found = calibrate(presses(Wearer().ready()))
    assert (found.phase, found.drag) == (c.DONE, c.NO_GRIPS)
    near(found.drag_y_um, 7500, 1000)
    values = found.result()
    near(values["reference_cn"], 5025, 60)
    assert values["drag_y_um"] == values["drag_z_um"] == 0


def test_too_few_grips_are_as_good_as_none():
    found = calibrate(grips(presses(Wearer().ready()), HEIGHTS_CN[:3]))
    assert (found.phase, found.drag) == (c.DONE, c.FEW_GRIPS)


def test_presses_like_grips_are_not_told_apart():
    found = calibrate(presses(presses(Wearer().ready())))
    assert (found.phase, found.drag) == (c.DONE, c.ALIKE)
    assert found.separation_pct < 250
    assert found.result()["drag_y_um"] == 0


def test_a_faint_drag_is_no_evidence():
    found = calibrate(grips(presses(Wearer().ready(), 0.5, 0.3)))
    assert (found.phase, found.drag) == (c.DONE, c.FAINT)


def test_without_an_accelerometer_force_alone_is_calibrated():
    found = calibrate(grips(presses(Wearer().ready())), force_only=1)
    assert (found.phase, found.drag) == (c.DONE, c.NO_POSTURE)
    near(found.reference_cn, 5025, 60)
    assert found.result()["mount_pitch_cdeg"] == 0


def test_a_block_never_held_still_is_refused():
    shaken = Wearer().rest(4000, jolt_mg=300)
    assert calibrate(shaken).reason == c.NOT_READY


def test_too_few_presses_are_refused():
    found = calibrate(grips(presses(Wearer().ready(), heights=HEIGHTS_CN[:3])))
    assert (found.phase, found.reason) == (c.REFUSED, c.TOO_FEW)


def test_presses_that_tilt_the_block_are_refused_as_not_still():
    found = calibrate(presses(Wearer().ready(), sagittal_deg=bump(9)))
    assert (found.phase, found.reason, found.faults) == (c.REFUSED, c.NOT_STILL, 2)


def test_a_sensor_at_its_end_is_refused():
    wearer = presses(Wearer().ready())
    for i in range(0, len(wearer.samples), 5):
        swing = 120 * (i // 5 % 170 > 85)  # no two troughs alike
        wearer.samples[i + 1] = min(wearer.samples[i + 1] + swing, 5000)
    assert calibrate(wearer).reason == c.SATURATED
    assert calibrate(presses(Wearer().ready()), force_full_cn=5500).reason == c.SATURATED
    assert calibrate(presses(Wearer().ready()), force_full_cn=6790).reason == c.SATURATED
    assert calibrate(presses(Wearer().ready()), force_full_cn=7200).reason == 0


def test_so_are_those_that_turn_it_or_shake_it_once_there_are_enough_of_them():
    for fault, posture in (
        (4, {"frontal_deg": bump(9)}),
        (8, {"jolt_mg": lambda u: 400 if 0.4 < u < 0.6 else 0}),
    ):
        found = calibrate(presses(Wearer().ready(), **posture))
        assert (found.phase, found.reason, found.faults) == (c.REFUSED, c.NOT_STILL, fault)
        found = calibrate(presses(Wearer().ready(), heights=HEIGHTS_CN[:3], **posture))
        assert (found.phase, found.reason) == (c.REFUSED, c.TOO_FEW)


def test_presses_somewhat_unlike_each_other_will_do():
    found = calibrate(presses(Wearer().ready(), heights=(5000, 6200, 4100, 5900, 4300, 5200)))
    assert found.phase == c.DONE
    near(found.reference_cn, 5100, 100)


def test_the_hold_is_what_the_presses_stand_on_not_how_far_they_return():
    wearer = Wearer().ready()
    for height in HEIGHTS_CN:
        wearer.press(height, to_cn=2300).rest(0)
    found = calibrate(wearer.rest(6500))
    assert found.phase == c.DONE
    near(found.hold_cn, 1500, 60)
    near(found.reference_cn, 5025, 60)


def test_a_block_made_ready_again_for_the_grips_goes_on_with_them():
    wearer = presses(Wearer().ready()).let_go(6000).rest(2000)
    found = calibrate(grips(wearer))
    assert (found.phase, found.drag, found.grips.count) == (c.DONE, c.TOLD_APART, 6)


def test_one_taken_away_for_a_minute_instead_does_without_grips():
    calibration = Calibration(Settings())
    wearer = presses(Wearer().ready()).take_out().let_go(61000, sagittal_deg=80)
    counter = Counter(calibration.settings)
    for i in range(0, len(wearer.samples), 5):
        event = counter.sample(*wearer.samples[i : i + 5])
        if event:
            calibration.take(event, counter)
    assert (calibration.phase, calibration.drag) == (c.DONE, c.NO_GRIPS)


def test_grips_may_be_called_grips_but_must_not_turn_the_block():
    wearer = presses(Wearer().ready())
    for height in HEIGHTS_CN:
        wearer.press(height, to_cn=4200).act(600, 4200).act(300, lambda u: 4200 - 2700 * u).rest(500)
    found = calibrate(wearer.rest(6500))
    assert (found.grips.seen, found.grips.count) == (6, 6)
    found = calibrate(presses(presses(Wearer().ready()), 0.4, 0.1, sagittal_deg=bump(9)))
    assert (found.drag, found.grips.seen, found.grips.count) == (c.FEW_GRIPS, 6, 0)


def test_samples_that_go_missing_are_no_reason_to_refuse():
    wearer = grips(presses(Wearer().ready()))
    s = wearer.samples
    kept = [i for i in range(0, len(s), 5) if not 12500 < s[i] < 14000]
    wearer.samples = type(s)("i", [s[i + k] for i in kept for k in range(5)])
    assert calibrate(wearer).phase == c.DONE


def test_a_sensor_that_fails_once_all_is_known_changes_nothing():
    wearer = grips(presses(Wearer().ready()))
    done = len(wearer.samples)
    wearer.rest(3000)
    for i in range(done, len(wearer.samples), 5):
        for axis in (2, 3, 4):
            wearer.samples[i + axis] = 0
    assert calibrate(wearer).phase == c.DONE


def test_a_mounting_beyond_what_the_settings_hold_is_held_within_it():
    lying = {"sagittal_deg": 50}
    wearer = Wearer().rest(2000, **lying)
    for height in HEIGHTS_CN:
        wearer.press(height, **lying).rest(400, **lying)
    found = calibrate(wearer.rest(6500, **lying), ready_tilt_deg=60)
    assert found.phase == c.DONE
    assert found.result()["mount_pitch_cdeg"] == 4500
    Settings(**found.result())


def test_presses_too_unlike_each_other_are_refused():
    found = calibrate(presses(Wearer().ready(), heights=(3000, 9000, 4000, 10000, 5000, 12000)))
    assert (found.phase, found.reason) == (c.REFUSED, c.UNLIKE)


def test_a_dead_accelerometer_is_refused():
    wearer = presses(Wearer().ready())
    for i in range(len(wearer.samples) // 2 // 5 * 5, len(wearer.samples), 5):
        for axis in (2, 3, 4):
            wearer.samples[i + axis] = 0
    assert calibrate(wearer).reason == c.BROKEN


def test_the_button_ends_a_set_before_its_five_seconds():
    calibration = Calibration(Settings())
    counter = Counter(calibration.settings)
    calibration.proceed()
    assert calibration.phase == c.WAITING
    phases = []
    for act in (Wearer().ready().samples, None):
        for i in range(0, len(act or ()), 5):
            event = counter.sample(act[i], act[i + 1], act[i + 2], act[i + 3], act[i + 4])
            if event:
                calibration.take(event, counter)
        phases.append(calibration.phase)
        calibration.proceed()
    assert phases == [c.PRESSES, c.REFUSED]
    assert calibration.reason == c.TOO_FEW


def test_after_the_button_the_rest_does_not_end_the_grips_before_they_begin():
    calibration = Calibration(Settings())
    counter = Counter(calibration.settings)
    wearer = Wearer().ready()
    for height in HEIGHTS_CN:
        wearer.press(height).rest(400)
    pressed = len(wearer.samples)
    grips(wearer.rest(7000))
    for i in range(0, len(wearer.samples), 5):
        if i == pressed:
            calibration.proceed()
            assert calibration.phase == c.GRIPS
        event = counter.sample(*wearer.samples[i : i + 5])
        if event:
            calibration.take(event, counter)
    assert calibration.phase == c.DONE
    assert calibration.grips.count == 6


def test_a_thirteenth_press_is_too_many_to_keep_and_no_harm():
    found = calibrate(presses(Wearer().ready(), heights=HEIGHTS_CN * 3, shares=(100,) * 18))
    assert found.phase == c.DONE
    assert (found.presses.seen, found.presses.count) == (18, 12)
