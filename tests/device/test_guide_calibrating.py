"""A calibration without a screen: what the wearer hears, and what comes of it."""

from test_core_calibration import grips, presses
from wearer import Wearer

from pulseblock.core import calibration as c
from pulseblock.core.settings import Settings
from pulseblock.guide.calibrating import Calibrating
from pulseblock.signals import patterns


def begun(start_ms=0, keep=lambda values: True):
    return Calibrating(Settings(), keep, start_ms)


def told(calibrating, wearer):
    """The signals, while the wearer does all that; time passes with the samples."""
    s = wearer.samples
    heard = []
    for i in range(0, len(s), 5):
        signal = patterns.NONE
        if not calibrating.calibration.is_over:
            event = calibrating.counter.sample(s[i], s[i + 1], s[i + 2], s[i + 3], s[i + 4])
            if event:
                signal = calibrating.take(event, s[i])
            signal = signal or calibrating.tick(s[i])
        if signal:
            heard.append(signal)
    return heard


def test_six_presses_and_six_grips():
    calibrating = begun()
    heard = told(calibrating, grips(presses(Wearer().ready())))
    assert heard == (
        [patterns.READY]
        + [patterns.GOOD] * 6
        + [patterns.SET_END, patterns.GRIP_NOW]
        + [patterns.TICK] * 6
        + [patterns.CALIBRATED]
    )
    assert calibrating.calibration.drag == c.TOLD_APART


def test_grips_may_be_left_out_by_waiting():
    calibrating = begun()
    heard = told(calibrating, presses(Wearer().ready()).rest(21000))
    assert heard[-2:] == [patterns.GRIP_NOW, patterns.CALIBRATED]
    assert (calibrating.calibration.phase, calibrating.calibration.drag) == (c.DONE, c.NO_GRIPS)


def test_grips_may_be_left_out_by_the_button():
    calibrating = begun()
    wearer = presses(Wearer().ready())
    told(calibrating, wearer)
    assert calibrating.calibration.phase == c.GRIPS
    assert calibrating.proceed(wearer.now_ms()) == patterns.CALIBRATED


def test_the_button_ends_the_presses_before_the_rest_does():
    calibrating = begun()
    wearer = Wearer().ready()
    for _ in range(5):
        wearer.press().rest(500)
    told(calibrating, wearer.rest(500))
    assert calibrating.proceed(wearer.now_ms()) == patterns.GRIP_NOW


def test_a_seventh_press_is_no_grip():
    calibrating = begun()
    wearer = presses(Wearer().ready(), heights=(5000,) * 8, shares=(100,) * 8)
    heard = told(calibrating, wearer)
    assert heard.count(patterns.GOOD) == 8
    assert (heard.count(patterns.SET_END), heard[-1]) == (1, patterns.GRIP_NOW)
    assert calibrating.calibration.grips.seen == 0


def test_a_compensated_press_is_told_and_another_is_to_be_done():
    calibrating = begun()
    wearer = Wearer().ready().press(rise_ms=120, top_ms=40, fall_ms=120).rest(800)
    heard = told(calibrating, presses(wearer))
    assert patterns.FAULT + 4 in heard
    found = calibrating.calibration.presses
    assert (found.count, found.seen, heard[-1]) == (6, 7, patterns.GRIP_NOW)


def test_what_was_found_is_kept_once_before_the_outcome_is_told():
    kept = []
    calibrating = begun(keep=lambda values: kept.append(values) or True)
    assert told(calibrating, presses(Wearer().ready()).rest(21000))[-1] == patterns.CALIBRATED
    assert kept == [calibrating.calibration.result()]


def test_an_outcome_that_cannot_be_kept_is_refused():
    heard = told(begun(keep=lambda values: False), presses(Wearer().ready()).rest(21000))
    assert heard[-1] == patterns.REFUSED


def test_too_few_presses_are_refused_and_nothing_is_kept():
    calibrating = begun(keep=None)
    heard = told(calibrating, Wearer().ready().press().rest(600).press().rest(7000))
    assert heard[-1] == patterns.REFUSED
    assert calibrating.calibration.reason == c.TOO_FEW


def test_it_does_not_wait_for_ever_for_a_block_to_be_held():
    calibrating = begun()
    heard = told(calibrating, Wearer().let_go(61000))
    assert heard == [patterns.REFUSED]
    assert calibrating.calibration.reason == c.NOT_READY


def test_nor_for_presses_or_the_rest_of_the_grips():
    assert told(begun(), Wearer().ready().rest(61000)) == [patterns.READY, patterns.REFUSED]
    heard = told(begun(), presses(Wearer().ready()).press().rest(61000))
    assert heard[-1] == patterns.CALIBRATED


def test_who_gives_up_before_it_began_is_told_so():
    assert begun().proceed(100) == patterns.REFUSED


def test_the_count_is_of_presses_and_then_of_grips():
    calibrating = begun()
    wearer = presses(Wearer().ready())
    told(calibrating, wearer)
    assert (calibrating.calibration.presses.count, calibrating.count) == (6, 0)


def test_patience_lasts_across_the_wrap_of_the_ticks():
    start = (1 << 30) - 5000
    calibrating = begun(start)
    wearer = presses(Wearer(start_ms=start).ready()).rest(21000)
    assert told(calibrating, wearer)[-1] == patterns.CALIBRATED
