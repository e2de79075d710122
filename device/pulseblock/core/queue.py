"""A short queue of events, since a sample can bring more than the one that may come out for it."""

from micropython import const

from pulseblock.core.events import NONE

_LENGTH = const(16)  # far more than one step of the stream can bring


class Queue:
    """`count` events wait; after `take`, `cue` and `rep` belong to the event taken."""

    def __init__(self, rep):
        """Start empty; `rep` is any rep."""
        self._events = [NONE] * _LENGTH
        self._cues = [0] * _LENGTH
        self._reps = [rep] * _LENGTH
        self._first = 0
        self.count = 0
        self.cue = 0
        self.rep = rep

    def put(self, event, cue, rep):
        """Add an event; where the queue is full, the last one gives way."""
        if self.count < _LENGTH:
            self.count += 1
        i = (self._first + self.count - 1) % _LENGTH
        self._events[i] = event
        self._cues[i] = cue
        self._reps[i] = rep

    def take(self):
        """Return the oldest event, NONE when there is none."""
        if not self.count:
            return NONE
        i = self._first
        self._first = (i + 1) % _LENGTH
        self.count -= 1
        self.cue = self._cues[i]
        self.rep = self._reps[i]
        return self._events[i]
