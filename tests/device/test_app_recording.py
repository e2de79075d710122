"""Raw traces of the app on a board: recorded while the file is there, of what is trained."""

import os

from fakes.board import FakeBoard
from fakes.wearer import Wearer

from pulseblock import app, recording


def trained(wanted=True, wearer=None):
    """A board after a wearer trained on it."""
    board = FakeBoard()
    if wanted:
        open(board.files + recording.RECORD, "w").close()
    running = app.start(board)
    running._journal._segments._max_segments = 2  # leaves space for traces beside all these tests
    board.play(running, (wearer or Wearer().away(500).hold(1500).presses(3).hold(500)).samples)
    return board, running


def traces(board):
    """Sizes of the traces on flash, in their order."""
    folder = board.files + recording.TRACES
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return None
    return [os.stat(folder + "/" + name)[6] for name in names]


def test_without_the_file_nothing_is_recorded():
    board, running = trained(wanted=False)
    running.interrupted()
    assert traces(board) is None


def test_with_the_file_what_is_trained_is_recorded():
    board, running = trained()
    running.interrupted()
    (size,) = traces(board)
    assert size > 1000


def test_while_the_block_lies_about_nothing_is_recorded():
    board, running = trained(wearer=Wearer().away(30000))
    running.interrupted()
    assert traces(board) == []


def test_putting_the_block_down_ends_a_trace_and_taking_it_up_begins_another():
    session = Wearer().away(500).hold(1500).presses(2).hold(500).away(75000)
    board, running = trained(wearer=session)
    first = traces(board)
    assert len(first) == 1
    board.play(running, Wearer().hold(1500).presses(2).hold(500).samples)
    running.interrupted()
    assert traces(board)[0] == first[0]
    assert len(traces(board)) == 2


def test_nothing_is_written_in_a_press():
    board, running = trained()
    before = traces(board)
    board.play(running, Wearer().press(stay_ms=4000).samples[:-50])
    assert traces(board) == before


def test_a_rest_of_the_board_ends_a_trace():
    board, running = trained()
    running.rest()
    size = traces(board)
    running.interrupted()
    assert traces(board) == size


def test_flash_that_refuses_the_folder_stops_nothing_else():
    board = FakeBoard()
    for name in (recording.RECORD, recording.TRACES):
        open(board.files + name, "w").close()
    running = app.start(board)
    board.play(running, Wearer().away(500).hold(1500).presses(3).hold(500).samples)
    assert running.logbook.reps == 3


def test_what_is_counted_is_the_same_as_without():
    counted = []
    for wanted in (False, True):
        running = trained(wanted)[1]
        running.interrupted()
        counted.append((running.logbook.reps, running.logbook.sets, running.logbook.verdicts))
    assert counted[0] == counted[1] == (3, 1, 3)
