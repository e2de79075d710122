"""What the app does where a sensor fails, settings are wrong, or the battery is low."""

import os

from fakes.board import FakeBoard, fresh_folder
from fakes.wearer import Wearer
from worn import (
    journal,
    last,
    played,
    put,
    ready,
    signals,
)

from pulseblock import app
from pulseblock.core import events
from pulseblock.core.settings import Settings
from pulseblock.journal import record
from pulseblock.signals import patterns

RUNTIMES = ("cpython", "micropython", "installed")


def test_a_sensor_that_fails_in_a_press_is_signalled_recorded_and_survived():
    board, running = played(ready().presses(2).press(return_ms=10))
    board.broken = OSError(5, "sensor")
    board.idle(running, 1000)
    assert signals(board)[-1] == patterns.ERROR
    assert last(board)["error"] == events.SAMPLES_MISSING
    board.broken = None
    board.play(running, Wearer().hold(2500).presses(3).samples)
    assert last(board)["error"] == 0
    running.interrupted()
    errors = [body for kind, _, body in journal(board) if kind == record.ERROR]
    assert errors == [(events.SAMPLES_MISSING, 5), (0, 0)]
    assert running.logbook.reps == 5


def test_a_sensor_that_misses_a_moment_is_an_error_for_a_moment():
    board, running = played(ready().presses(1))
    board.broken = OSError(5, "sensor")
    board.idle(running, 100)
    board.broken = None
    board.play(running, Wearer().hold(700).presses(2).samples)
    running.interrupted()
    errors = [body for kind, _, body in journal(board) if kind == record.ERROR]
    assert errors == [(events.SAMPLES_MISSING, 5), (0, 0)]
    assert running.logbook.reps == 3


def test_a_sensor_that_falls_silent_is_an_error_too():
    board, running = played(ready().presses(1))
    board.idle(running, 400)
    assert last(board)["error"] == 0
    board.idle(running, 200)
    assert last(board)["error"] == events.SAMPLES_MISSING
    assert patterns.ERROR in signals(board)
    running.interrupted()
    assert (record.ERROR, (events.SAMPLES_MISSING, 0)) in [(kind, body) for kind, _, body in journal(board)]


def test_a_failed_sensor_is_not_asked_at_every_step():
    board, running = played(ready())
    asked = []
    board.broken = OSError(110, "sensor")
    answer = board.read
    board.read = lambda sample: asked.append(board.now) or answer(sample)
    board.idle(running, 2000)
    assert 8 <= len(asked) <= 11


def test_an_error_that_lasts_is_told_again_once_a_minute():
    board, running = played(ready())
    board.broken = OSError(5, "sensor")
    board.idle(running, 150000)
    assert signals(board).count(patterns.ERROR) == 3


def test_no_settings_are_the_defaults():
    settings = Settings()
    assert app.read_settings(settings, fresh_folder() + "/settings.json")
    assert settings.as_dict() == Settings().as_dict()


def test_settings_of_the_wearer_are_used():
    board = FakeBoard()
    put(board, "settings.json", '{"set_end_ms": 2000, "light_pct": 30}')
    running = app.start(board)
    board.listener = True
    board.play(running, ready().presses(1).hold(2500).samples)
    assert patterns.SET_END in signals(board)
    assert running.player.light_pct == 30


def test_bad_settings_are_an_error_signal_a_record_and_the_defaults():
    for text in (
        "",
        "{",
        "[1, 2]",
        "3",
        '{"set_end_ms": "soon"}',
        '{"set_end_ms": 2000, "no_such_setting": 1}',
        '{"rate_hz": 1000000000000}',
        '{"set_end_ms": 2000.5}',
        "[" * 4000,
        '{"set_end_ms": 2000}' + " " * 5000,
    ):
        board, running = played(ready().presses(2).hold(3000), text)
        assert signals(board)[0] == patterns.ERROR, text
        assert patterns.SET_END not in signals(board), text
        assert last(board)["error"] == record.SETTINGS_REFUSED, text
        assert running.logbook.reps == 2, text
        assert (record.ERROR, (record.SETTINGS_REFUSED, 0)) in [
            (kind, body) for kind, _, body in journal(board)
        ]


def test_settings_that_are_no_text_are_refused():
    board = FakeBoard()
    with open(board.files + "/settings.json", "wb") as file:
        file.write(b"\xff\xfe\x00{}")
    assert not app.read_settings(Settings(), board.files + "/settings.json")
    os.mkdir(board.files + "/folder.json")
    assert not app.read_settings(Settings(), board.files + "/folder.json")


def test_the_rate_is_the_boards_own():
    board = FakeBoard()
    board.rate_hz = 50
    put(board, "settings.json", '{"rate_hz": 200}')
    running = app.start(board)
    board.play(running, ready().presses(2).hold(500).samples[::2])
    assert running.logbook.reps == 2


def test_a_low_battery_is_told_once_and_again_every_minute():
    board, running = played(ready())
    board.percent, board.millivolts = 12, 3650
    board.play(running, Wearer().hold(150000).samples)
    assert signals(board).count(patterns.LOW_BATTERY) == 3
    running.interrupted()
    lows = [body for kind, _, body in journal(board) if kind == record.LOW_BATTERY]
    assert lows == [(3650, 12)]


def test_a_battery_that_is_not_measured_is_not_low():
    board, running = played(ready())
    board.percent, board.millivolts = -1, 0
    board.play(running, Wearer().hold(30000).samples)
    assert patterns.LOW_BATTERY not in signals(board)


def test_a_rep_is_judged_and_counted_while_an_error_lasts():
    board, running = played(ready().presses(3), '{"oops": 1}')
    assert running.logbook.reps == 3
    assert signals(board).count(patterns.GOOD) == 3
