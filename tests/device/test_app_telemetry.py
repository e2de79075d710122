"""What the app tells a listener."""

import struct

from fakes.expect import raises
from fakes.wearer import HOLD_CN, PRESS_CN, Wearer
from worn import PELVIS, fields, fields_of, played, ready

from pulseblock import telemetry
from pulseblock.core import events
from pulseblock.core.counter import PRESSING
from pulseblock.signals import patterns

RUNTIMES = ("cpython", "micropython", "installed")


def test_telemetry_goes_out_25_times_a_second_and_only_to_a_listener():
    board, running = played(Wearer().away(1000))
    board.frames.clear()
    board.play(running, Wearer().away(4000).samples)
    assert 98 <= len(board.frames) <= 101
    board.listener = False
    board.frames.clear()
    board.play(running, Wearer().away(1000).samples)
    assert board.frames == []
    board.listener = True
    board.play(running, Wearer().away(40).samples)
    assert len(board.frames) == 1  # and no burst for the time nobody listened


def test_a_frame_says_what_is_going_on():
    board, _ = played(ready().presses(2).press(rise_ms=400, stay_ms=300, return_ms=10, pelvis_deg=9))
    frame = next(fields(frame) for ms, frame in board.frames if ms >= 5200 and fields(frame)["cues"])
    assert frame["cues"] == events.PELVIS
    assert frame["state"] == PRESSING
    assert frame["count"] == frame["verdicts"] == frame["reps"] == 2
    assert frame["faults"] == 0
    assert frame["press_pct"] > 80
    assert abs(frame["force_cn"] - HOLD_CN - PRESS_CN) < 100
    assert frame["sagittal_cdeg"] > 400
    assert frame["signal"] == patterns.CUE | PELVIS
    assert (frame["red"] << 16 | frame["green"] << 8 | frame["blue"]) in (patterns.ORANGE, 0)
    assert frame["error"] == 0


def test_a_rep_counts_from_its_verdict_on():
    board, _ = played(ready().presses(2))
    for number in (1, 2):
        assert next(f for f in map(fields_of, board.frames) if f["verdicts"] == number)["count"] == number
        assert next(f for f in map(fields_of, board.frames) if f["reps"] == number)["count"] == number


def test_cues_are_those_of_the_press_that_goes_on():
    board, _ = played(ready().presses(1, pelvis_deg=9, stay_ms=400).presses(1))
    told = [f for f in map(fields_of, board.frames) if f["state"] == PRESSING]
    assert [f for f in told if f["reps"] == 0 and f["cues"] == events.PELVIS]
    assert {f["cues"] for f in told if f["reps"] == 1} == {0}


def test_a_frame_has_its_documented_size_and_another_is_refused():
    board, _ = played(Wearer().away(100))
    assert len(board.frames[0][1]) == telemetry.SIZE == struct.calcsize(telemetry.LAYOUT)
    assert len(telemetry.FIELDS) == len(telemetry.unpack(bytes(telemetry.SIZE)))
    raises(ValueError, telemetry.unpack, b"")
    raises(ValueError, telemetry.unpack, bytes(telemetry.SIZE + 1))
