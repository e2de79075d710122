"""The app guides: through a program from flash, and through a calibration that it writes there."""

import json
import os

from fakes.board import FakeBoard
from fakes.expect import without_heap
from fakes.wearer import HOLD_CN, PRESS_CN, Wearer
from worn import fields, journal, put, ready

from pulseblock import app
from pulseblock.core import calibration
from pulseblock.journal import record
from pulseblock.signals import patterns

SHORT_MS, LONG_MS = 200, 1200


def started(**files):
    """A board with these JSON objects on its flash, and its app."""
    board = FakeBoard()
    board.listener = True
    for name, values in files.items():
        put(board, name + ".json", json.dumps(values))
    return board, app.start(board)


def on_flash(board, name):
    with open(board.files + "/" + name) as file:
        return json.load(file)


def do(board, running, wearer):
    board.play(running, wearer.samples)


def button(board, running, ms, wearer=None):
    """The wearer holds the button that long, doing nothing else."""
    board.down = True
    do(board, running, (wearer or Wearer()).hold(ms))
    board.down = False
    do(board, running, Wearer().hold(100))


def signals(board):
    """What a listener saw, each signal once for every time it was given."""
    seen = [0]
    for _, frame in board.frames:
        signal = fields(frame)["signal"]
        if signal != seen[-1]:
            seen.append(signal)
    return [signal for signal in seen if signal >= patterns.READY]


def kinds(board):
    """The kinds of the records on flash, REP for all reps."""
    return [min(kind, record.REP) for kind, _, _ in journal(board)]


# Programs


def test_a_program_on_flash_guides_the_wearer():
    board, running = started(program={"reps": 3, "sets": 2, "rest_s": 10})
    do(board, running, ready().presses(3).hold(10000).presses(3).hold(500))
    good, last = patterns.GOOD, patterns.LAST_REP
    expected = [patterns.READY, good, good, last, good, patterns.SET_END]
    expected += [patterns.COUNTDOWN] * 3 + [patterns.GO, good, good, last, good, patterns.ALL_DONE]
    assert signals(board) == expected


def test_the_metronome_gives_way_to_verdicts():
    board, running = started(program={"reps": 9, "tempo_ms": 1000, "metronome": 1})
    do(board, running, ready().presses(4))
    heard = signals(board)
    assert heard.count(patterns.GOOD) == 4
    assert patterns.TICK in heard


def test_a_void_rep_is_one_more_to_do():
    board, running = started(program={"reps": 2, "sets": 1})
    do(board, running, ready().presses(1))
    button(board, running, LONG_MS)
    assert running.guide.good == 0
    do(board, running, Wearer().hold(300).presses(2).hold(500))
    assert signals(board)[-1] == patterns.ALL_DONE


def test_a_short_press_of_the_button_ends_the_program_too():
    board, running = started(program={"reps": 2, "sets": 2})
    do(board, running, ready().presses(2))
    button(board, running, SHORT_MS)
    assert running.guide.sets == 0


def test_a_program_that_cannot_be_is_an_error_and_training_goes_on_without():
    for values in ({"reps": 0}, {"laps": 3}, {"reps": "3"}, []):
        board, running = started(program=values)
        do(board, running, ready().presses(2).hold(5500))
        assert running.error == record.SETTINGS_REFUSED
        assert patterns.SET_END in signals(board)
        assert running.count == 2


def test_an_empty_program_is_none():
    board, running = started(program={})
    do(board, running, ready().presses(2).hold(5500))
    assert running.error == 0
    assert signals(board) == [patterns.READY, patterns.GOOD, patterns.GOOD, patterns.SET_END]


def test_a_block_whose_wearer_rests_does_not_go_to_sleep():
    board, running = started(program={"reps": 1, "sets": 2, "rest_s": 300})
    do(board, running, ready().presses(1))
    do(board, running, Wearer().away(200000))
    assert not running.may_rest


def test_guidance_allocates_nothing():
    board, running = started(program={"reps": 2, "sets": 2, "metronome": 1, "tempo_ms": 1000})
    do(board, running, ready().presses(1))
    guide, state = running.guide, running.counter.state
    now = board.now

    def ticks():
        for t in range(3000):
            guide.tick(state != 0, now + t)
            guide.take(3, 0, now + t)

    without_heap(ticks)


# Calibration


def calibrated(board, running):
    do(board, running, ready())
    button(board, running, LONG_MS)
    do(board, running, Wearer().hold(1500).presses(6).hold(6000))


def test_a_long_press_outside_a_session_begins_a_calibration():
    board, running = started()
    calibrated(board, running)
    assert signals(board)[:2] == [patterns.READY, patterns.CALIBRATE]
    assert signals(board).count(patterns.GOOD) == 6
    assert signals(board)[-1] == patterns.GRIP_NOW
    assert running.calibration.phase == calibration.GRIPS


def test_its_result_is_on_flash_and_in_force_beside_what_was_there():
    board, running = started(settings={"light_pct": 40, "reference_cn": 9000})
    calibrated(board, running)
    button(board, running, SHORT_MS)
    assert signals(board)[-1] == patterns.CALIBRATED
    kept = on_flash(board, "settings.json")
    assert kept["light_pct"] == 40
    assert abs(kept["reference_cn"] - PRESS_CN) < PRESS_CN // 10
    assert abs(kept["hold_cn"] - HOLD_CN) < 50
    assert "settings.json.new" not in os.listdir(board.files)
    do(board, running, Wearer().hold(1500).presses(1))
    assert running.counter.rep.reference_cn == kept["reference_cn"]
    again_board = FakeBoard(board.files)
    again = app.start(again_board)
    assert again.error == 0
    do(again_board, again, ready().presses(1))
    assert again.counter.rep.reference_cn == kept["reference_cn"]


def test_calibration_is_no_session():
    board, running = started()
    calibrated(board, running)
    button(board, running, SHORT_MS)
    running.interrupted()
    assert kinds(board) == [record.BOOT]
    assert running.logbook.reps == 0


def test_sessions_after_it_tell_that_the_calibration_is_another():
    board, running = started()
    before = running.logbook._calibration
    calibrated(board, running)
    button(board, running, SHORT_MS)
    assert running.logbook._calibration != before
    assert running.logbook._reference_cn == on_flash(board, "settings.json")["reference_cn"]


def test_a_refused_calibration_changes_nothing():
    board, running = started(settings={"reference_cn": 4321})
    do(board, running, ready())
    button(board, running, LONG_MS)
    do(board, running, Wearer().hold(1500).presses(2).hold(6000))
    assert signals(board)[-1] == patterns.REFUSED
    assert on_flash(board, "settings.json") == {"reference_cn": 4321}
    do(board, running, Wearer().hold(1500).presses(2).hold(500))
    assert running.counter.rep.reference_cn == 4321
    assert running.logbook.reps == 2


def test_another_long_press_leaves_it():
    board, running = started()
    do(board, running, ready())
    button(board, running, LONG_MS)
    button(board, running, LONG_MS)
    assert signals(board)[-1] == patterns.VOID
    do(board, running, Wearer().hold(1500).presses(2))
    assert running.logbook.in_session


def test_a_long_press_in_a_session_voids_and_does_not_calibrate():
    board, running = started()
    do(board, running, ready().presses(2))
    button(board, running, LONG_MS)
    assert patterns.CALIBRATE not in signals(board)
    assert running.calibration is None


def test_a_program_begins_afresh_after_a_calibration():
    board, running = started(program={"reps": 2, "sets": 2, "rest_s": 10})
    do(board, running, ready().presses(2).hold(5500))
    button(board, running, SHORT_MS)
    button(board, running, LONG_MS)
    assert (running.guide.sets, running.calibration.phase) == (0, calibration.WAITING)


def test_settings_that_could_not_be_read_are_not_written_over():
    board, _ = started()
    put(board, "settings.json", '{"light_pct": ')
    running = app.start(board)
    calibrated(board, running)
    button(board, running, SHORT_MS)
    do(board, running, Wearer().hold(2000))
    assert patterns.CALIBRATED not in signals(board)
    assert patterns.REFUSED in signals(board)
    with open(board.files + "/settings.json") as file:
        assert file.read() == '{"light_pct": '


def test_a_computer_may_ask_for_a_calibration_once():
    board, _ = started()
    put(board, "calibrate", "")
    running = app.start(board)
    do(board, running, Wearer().hold(2000))
    assert signals(board)[0] == patterns.CALIBRATE
    assert running.calibration.phase == calibration.PRESSES
    assert app.start(FakeBoard(board.files)).calibration is None


def test_the_count_a_listener_sees_is_of_the_calibration():
    board, running = started()
    do(board, running, ready())
    button(board, running, LONG_MS)
    do(board, running, Wearer().hold(1500).presses(3))
    assert running.count == 3
    assert running.logbook.verdicts == 3


def test_who_stops_the_app_in_a_calibration_leaves_it_safe():
    board, running = started()
    do(board, running, ready())
    button(board, running, LONG_MS)
    do(board, running, Wearer().hold(1500).presses(6))
    running.interrupted()
    assert (board.lights[-1][1], board.tones[-1][1]) == (0, 0)
    assert "settings.json" not in os.listdir(board.files)
