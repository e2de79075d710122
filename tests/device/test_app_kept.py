"""What the app keeps of a session, and that an interruption leaves it kept."""

import os

from fakes.board import FakeBoard
from fakes.expect import raises
from fakes.wearer import HOLD_CN, Wearer
from worn import (
    journal,
    kinds,
    last,
    played,
    ready,
    signals,
)

from pulseblock import app
from pulseblock.core import events
from pulseblock.core.counter import PRESSING
from pulseblock.journal import record
from pulseblock.journal.journal import FULL
from pulseblock.signals import patterns

RUNTIMES = ("cpython", "micropython", "installed")


def diagnosed(board):
    """The fields of the first diagnostics in the journal."""
    return next(body for kind, _, body in journal(board) if kind == record.DIAGNOSTICS)


def test_the_journal_tells_the_session():
    wearer = ready().presses(1).presses(1, pelvis_deg=9, stay_ms=400).hold(6000).away(61000)
    board, _ = played(wearer)
    told = journal(board)
    assert [kind for kind, _, _ in told] == [
        record.BOOT,
        record.SESSION_START,
        record.REP,
        record.SHAPE,
        record.REP | events.PELVIS,
        record.SHAPE,
        record.SET,
        record.DIAGNOSTICS,
        record.SESSION_END,
    ]
    ticks = [ticks for _, ticks, _ in told]
    assert ticks == sorted(ticks)
    assert told[6][2][:2] == (2, 1)  # reps, good ones among them
    assert told[8][2] == (1, 2, 1, record.SESSION_CAUSES.index("timeout"))


def test_handling_the_block_leaves_no_session():
    board, running = played(ready().away(62000))
    running.interrupted()
    assert kinds(board) == [record.BOOT]
    assert patterns.SESSION_END not in signals(board)


def test_a_firmer_hold_leaves_no_session():
    board, running = played(ready().hold(10000, HOLD_CN + 900))
    assert running.counter.hold_cn > HOLD_CN + 800  # it looked like a press, and was none
    running.interrupted()
    assert kinds(board) == [record.BOOT]


def test_a_rep_is_on_flash_before_the_next_press_and_nothing_is_written_in_a_press():
    board = FakeBoard()
    running = app.start(board)
    at_press = []

    def size():
        folder = board.files + "/journal/"
        return sum(os.stat(folder + name)[6] for name in os.listdir(folder))

    for sample in ready().presses(3).samples:
        was_pressing = running.counter.state == PRESSING
        before = size()
        board.now = 0
        board.play(running, [sample])
        if running.counter.state == PRESSING:
            assert size() == before
            if not was_pressing:
                at_press.append(before)
    header, first, second = at_press
    assert first - header == 3 * record.RECORD_BYTES  # the session's start, a rep and its shape
    assert second - first == 2 * record.RECORD_BYTES


def test_a_full_journal_is_signalled_and_counting_goes_on():
    board, running = played(ready().presses(1))
    running._journal.status = FULL
    board.play(running, Wearer().hold(500).presses(2).samples)
    assert last(board)["error"] == record.JOURNAL_FULL
    assert patterns.ERROR in signals(board)
    assert running.logbook.reps == 3


def test_the_worst_lateness_is_kept_with_the_session():
    board, running = played(ready().presses(1))
    for late_ms in (3, 120, 4):
        board.late_ms = late_ms
        running.step()
    board.late_ms = 0
    board.play(running, Wearer().presses(1).samples)
    running.interrupted()
    (lateness_ms, _, lost, _, _, _) = diagnosed(board)
    assert (lateness_ms, lost) == (120, 0)


def test_what_is_left_in_the_battery_is_kept_with_the_session():
    for percent, kept in ((62, 63), (0, 1), (-1, 0)):
        board, running = played(ready().presses(1))
        board.percent = percent
        running.interrupted()
        assert diagnosed(board)[-1] == kept


def test_diagnostics_are_kept_at_least_once_a_day():
    board, running = played(Wearer().away(200))
    for _ in range(48):
        board.now += 3600000
        board.play(running, Wearer().away(20).samples)
    diagnostics = [ticks for kind, ticks, _ in journal(board) if kind == record.DIAGNOSTICS]
    assert 2 <= len(diagnostics) <= 4
    assert max(later - earlier for earlier, later in zip(diagnostics, diagnostics[1:])) < 86400000


# Interruption


def test_an_interruption_leaves_outputs_quiet_and_everything_on_flash():
    board, running = played(ready().presses(2).press(return_ms=150).hold(60))
    running.interrupted()
    assert board.lights[-1][1] == 0
    assert not board.tones or board.tones[-1][1] == 0
    told = journal(board)
    assert [kind for kind, _, _ in told][-5:] == [
        record.REP,
        record.SHAPE,
        record.SET,
        record.DIAGNOSTICS,
        record.SESSION_END,
    ]
    assert told[-1][2] == (1, 3, 3, record.SESSION_CAUSES.index("interrupted"))


def test_a_ctrl_c_goes_through_wherever_it_hits():
    board, running = played(ready().presses(1))

    def interrupt(*_):
        raise KeyboardInterrupt

    for part in ("read", "light", "ticks_ms", "button", "telemetry"):
        whole = getattr(board, part)
        setattr(board, part, interrupt)
        raises(KeyboardInterrupt, board.play, running, Wearer().press().samples)
        setattr(board, part, whole)
        board._waiting.clear()
    running.interrupted()
    assert kinds(board)[-1] == record.SESSION_END
