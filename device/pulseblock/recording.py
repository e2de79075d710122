"""Raw traces of what a wearer does, while they want them recorded: a file on the flash says so.

A trace begins when the block is taken up, and ends when it has been put down for a while.
"""

import os

from micropython import const

from pulseblock.journal.files import Files
from pulseblock.ticks import ticks_diff

RECORD = "/record"  # the file; what is in it does not matter
TRACES = "/traces"

_DOWN_MS = const(10000)


def wanted(board):
    """Whether traces are to be recorded on ``board``."""
    try:
        os.stat(board.files + RECORD)
    except OSError:
        return False
    return True


class Recording:
    """Records traces of ``board`` beside ``journal``, which says how much flash it needs itself."""

    def __init__(self, board, journal):
        from pulseblock.journal.trace_recorder import TraceRecorder  # memory that few need

        self._journal = journal
        self._recorder = TraceRecorder(Files(board.files + TRACES), board.rate_hz)
        self._used_ms = board.ticks_ms()

    def sample(self, sample):
        """Take a sample, as the board reads it."""
        self._recorder.sample(sample[0], sample[1], sample[2], sample[3], sample[4])

    def service(self, now, is_in_use, in_trough):
        """Begin and end traces by whether the block ``is_in_use``; write when ``in_trough``."""
        recorder = self._recorder
        if not in_trough:
            return
        if is_in_use:
            self._used_ms = now
            if not recorder.status:
                recorder.start(self._journal.boot, self._journal.growth_bytes())
        elif ticks_diff(now, self._used_ms) >= _DOWN_MS:
            recorder.stop()
        recorder.service(in_trough)

    def stop(self):
        """End the trace that goes on, its last samples written."""
        self._recorder.stop()


def start(board, journal):
    """Return the `Recording` that is wanted on ``board``; None if none is, or flash fails."""
    try:
        return Recording(board, journal) if wanted(board) else None
    except OSError:
        return None
