"""What the wearer means by the button."""

from pulseblock.button import BOUNCE_MS, LONG, LONG_MS, NONE, SHORT, Button

WRAP = 1 << 30


def answers(*spans, start=0, button=None):
    """(ms, answer) to levels held for spans of (level, ms), looked at every 10 ms; NONE left out."""
    button = button or Button()
    now = start
    told = []
    for level, ms in spans:
        for _ in range(0, ms, 10):
            answer = button.update(level, now % WRAP)
            if answer != NONE:
                told.append((now - start, answer))
            now += 10
    return told


def test_a_short_press_is_told_once_it_is_over():
    told = answers((False, 100), (True, 200), (False, 1000))
    assert told == [(300 + BOUNCE_MS, SHORT)]


def test_a_long_press_is_told_while_it_lasts_and_only_once():
    told = answers((False, 100), (True, 5000), (False, 1000))
    assert told == [(100 + LONG_MS, LONG)]


def test_just_short_of_long_is_short():
    (told,) = answers((False, 100), (True, LONG_MS - 10), (False, 1000))
    assert told[1] == SHORT


def test_bouncing_contacts_are_one_press():
    bounce = ((True, 10), (False, 10), (True, 20), (False, 10))
    told = answers((False, 100), *bounce, (True, 200), *bounce, (False, 500))
    assert [answer for _, answer in told] == [SHORT]


def test_a_spark_is_no_press():
    assert answers((False, 100), (True, BOUNCE_MS), (False, 500)) == []


def test_two_presses_are_two_answers():
    told = answers(
        (False, 100), (True, 200), (False, 200), (True, 1500), (False, 200), (True, 200), (False, 200)
    )
    assert [answer for _, answer in told] == [SHORT, LONG, SHORT]


def test_a_button_held_since_power_on_means_nothing_until_released():
    button = Button()
    assert answers((True, 3000), (False, 500), button=button) == []
    told = answers((True, 200), (False, 200), start=3500, button=button)
    assert [answer for _, answer in told] == [SHORT]


def test_a_press_across_the_wrap_of_the_ticks_is_as_long_as_any():
    for before in (0, 50, 500, 990):
        told = answers((False, 100), (True, 3000), (False, 100), start=WRAP - 100 - before)
        assert told == [(100 + LONG_MS, LONG)]
