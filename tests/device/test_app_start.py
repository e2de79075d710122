"""How the app starts and stops where somebody restarts it at the USB port, or has set the clock."""

import struct

from fakes.board import FakeBoard
from fakes.clock import SPRING_2026
from fakes.expect import raises
from fakes.wearer import Wearer
from worn import RunBoard, main_on, records

from pulseblock import app, wall_clock
from pulseblock.journal import record
from pulseblock.journal.journal import FULL, OK
from pulseblock.journal.segments import SEGMENT_BYTES


def boots(board):
    """The wall clocks of the boots in the journal."""
    form = record.BODY[record.BOOT]
    return [
        struct.unpack_from(form, one, record.BODY_AT)[1] for one in records(board) if one[0] == record.BOOT
    ]


def reps(board):
    """How many reps the journal holds."""
    return len([one for one in records(board) if one[0] >= record.REP])


def test_it_says_that_it_runs_once_after_its_first_step():
    board = RunBoard()
    stepped = []
    board.battery_pct = lambda: stepped.append(1) or 50
    (line,) = main_on(board)
    words = line.split()
    assert (words[0], words[2]) == ("pulseblock", "runs")
    assert len(words[1].split(".")) == 3
    assert len(stepped) == 1
    assert app.running is board.app


def test_an_app_whose_first_step_fails_does_not_say_so():
    board = RunBoard()
    said = []

    def fails():
        raise ValueError

    board.battery_pct = fails
    raises(ValueError, lambda: said.append(main_on(board)))
    assert said == []


def test_a_boot_is_recorded_with_the_time_that_a_sync_has_set():
    board = FakeBoard()
    app.start(board).interrupted()
    board.wall_s = SPRING_2026
    app.start(board).interrupted()
    assert boots(board) == [0, SPRING_2026]


def test_a_clock_that_nobody_set_is_not_believed():
    for seconds in (0, 1609459200, 1609459200 + 3 * 365 * 86400):
        assert wall_clock.unix_s(seconds) == 0
    assert wall_clock.unix_s(SPRING_2026) == SPRING_2026


def test_what_waits_for_room_in_a_full_journal_is_written_once_there_is_some():
    board = FakeBoard()
    running = app.start(board)
    segments = running._journal._segments
    segments._segment_bytes = segments._size + 2 * record.RECORD_BYTES
    segments._files.free = lambda: 0
    board.play(running, Wearer().away(500).hold(1500).presses(2).hold(500).samples)
    running.interrupted()
    assert running.settle() == FULL
    assert reps(board) == 0
    del segments._files.free
    segments._segment_bytes = SEGMENT_BYTES
    assert running.settle() == OK
    assert reps(board) == 2
