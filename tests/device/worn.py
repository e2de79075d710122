"""The app on a board without parts while somebody wears it, and what a listener and the flash know of it."""

import os
import struct

from fakes.board import FakeBoard
from fakes.wearer import Wearer

from pulseblock import app, boards, telemetry
from pulseblock.journal import record
from pulseblock.signals import patterns

GRIP, PELVIS, UNSTABLE = patterns.FAULT, patterns.FAULT + 1, patterns.FAULT + 3
FIRST_NOTE = {
    signal: patterns.STEPS[signal & ~patterns.CUE][2] << (1 if signal & patterns.CUE else 0)
    for signal in (patterns.GOOD, GRIP, PELVIS, UNSTABLE, patterns.CUE | PELVIS, patterns.CUE | UNSTABLE)
}


def ready():
    """A wearer who has just held the block long enough."""
    return Wearer().away(500).hold(1500)


def played(wearer, settings=None, **how):
    """The board and the app after what `wearer` did."""
    board = FakeBoard()
    if settings is not None:
        put(board, "settings.json", settings)
    board.listener = True
    running = app.start(board)
    board.play(running, wearer.samples, **how)
    return board, running


def put(board, name, text):
    with open(board.files + "/" + name, "w") as file:
        file.write(text)


def signals(board):
    """The one-shots that a listener saw, in order."""
    seen = []
    for _, frame in board.frames:
        signal = fields(frame)["signal"]
        if signal >= patterns.READY and (not seen or seen[-1] != signal):
            seen.append(signal)
        elif signal < patterns.READY:
            seen.append(None)
    return [signal for signal in seen if signal]


def fields(frame):
    return dict(zip(telemetry.FIELDS, telemetry.unpack(frame)))


def fields_of(sent):
    return fields(sent[1])


def last(board):
    return fields_of(board.frames[-1])


def notes(board, hz, after_ms=0):
    """When the buzzer began to sound `hz`."""
    return [ms for ms, tone in board.tones if tone == hz and ms >= after_ms]


def journal(board):
    """The records on flash: (kind, ticks, body as a tuple); a rep's kind holds its faults."""
    records = []
    folder = board.files + "/journal"
    for name in sorted(os.listdir(folder)):
        if name[-4:] == ".pbj":
            with open(folder + "/" + name, "rb") as file:
                data = file.read()
            for at in range(record.HEADER_BYTES, len(data), record.RECORD_BYTES):
                kind, _, ticks = struct.unpack_from(record.HEAD, data, at)
                form = record.BODY[record.REP if kind >= record.REP else kind]
                body = struct.unpack_from(form, data, at + record.BODY_AT)
                records.append((kind, ticks & record.TICKS_MASK, body))
    return records


def kinds(board):
    return [kind for kind, _, _ in journal(board)]


class RunBoard(FakeBoard):
    """A board whose `run` takes the app, as the virtual block's does, or fails."""

    app = None
    failure = None

    def run(self, app):
        self.app = app
        if self.failure:
            raise self.failure


def main_on(board):
    """What `app.main` does where the flash names `board`; all that it prints."""
    real = boards.current
    printed = []
    app.print = lambda *words: printed.append(" ".join([str(word) for word in words]))
    boards.current = lambda: board
    try:
        app.main()
    finally:
        boards.current = real
        del app.print
    return printed


def records(board):
    """The records on flash."""
    folder = board.files + "/journal"
    found = []
    for name in sorted(os.listdir(folder)):
        with open(folder + "/" + name, "rb") as file:
            data = file.read()
        for at in range(record.HEADER_BYTES, len(data), record.RECORD_BYTES):
            found.append(data[at : at + record.RECORD_BYTES])
    return found
