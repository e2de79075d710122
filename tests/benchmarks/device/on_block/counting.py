"""Counting a session: what a sample costs."""

import session

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings


def settings():
    """Those of a calibrated wearer."""
    return Settings(rate_hz=session.RATE_HZ, reference_cn=5000, drag_y_um=-7000)


class Course:
    """Counters of a kind, each given the session's samples."""

    def __init__(self, counter, samples):
        self._make = counter
        self._samples = samples

    def begin(self):
        self.reps = 0
        self._next = 0
        self._counter = None  # its memory is that of the next one
        self._counter = self._make(settings())

    def go(self, steps):
        samples, counter = self._samples, self._counter
        for i in range(self._next, self._next + 5 * steps, 5):
            if (
                counter.sample(samples[i], samples[i + 1], samples[i + 2], samples[i + 3], samples[i + 4])
                == events.REP
            ):
                self.reps += 1
        self._next += 5 * steps


course = Course(Counter, session.samples)
begin = course.begin
go = course.go
