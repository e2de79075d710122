"""Records that wait for a trough: a ring of slots made once, into which events pack without allocating."""

from micropython import const

from pulseblock.core.fixed import ticks_diff
from pulseblock.journal import record

_SLOTS = const(20)
_SLACK = const(8)  # at most four of these are shapes, so that 16 slots are left to all other records


class Queue:
    """First in, first out.  A record counts from `put` on, so that an interrupt leaves none half packed.

    Attributes: `first` and `end`, numbers since the start of the oldest record that waits and of the next one
    to come; `peak`, the most that ever waited; `lost_records`, `lost_reps` and `lost_since` (ticks), what
    found no slot.
    """

    def __init__(self):
        ring = memoryview(bytearray(_SLOTS * record.RECORD_BYTES))
        size = record.RECORD_BYTES
        self._slots = [ring[i * size : (i + 1) * size] for i in range(_SLOTS)]
        self.spill = memoryview(bytearray(size))  # what is packed into it goes nowhere
        self.first = 0
        self.end = 0
        self.peak = 0
        self.lost_records = 0
        self.lost_reps = 0
        self.lost_since = 0
        self._lost_until = 0
        self._lost_wraps = 0

    def slot(self, number):
        """Return the record `number`, `first` .. `end` - 1."""
        return self._slots[number % _SLOTS]

    def is_slack(self):
        """Whether so little waits that the next record may be one that can be done without."""
        return self.end - self.first < _SLACK

    def is_full(self):
        """Whether the next record would be lost."""
        return self.end - self.first == _SLOTS

    def new(self, kind, ticks):
        """Return the slot for the next record, or the spill if there is none, with the record begun in it."""
        slot = self._slots[self.end % _SLOTS]
        if self.is_full():
            slot = self.spill
            if not self.lost_records:
                self.lost_since = self._lost_until = ticks
                self._lost_wraps = 0
            self.lost_wraps(ticks)
        record.begin(slot, kind, ticks)
        return slot

    def lost_wraps(self, ticks):
        """Return how often the clock has wrapped from `lost_since` to `ticks`, at most 255 times."""
        if ticks_diff(ticks, self._lost_until) > 0:
            if ticks < self._lost_until:
                self._lost_wraps = min(self._lost_wraps + 1, 255)
            self._lost_until = ticks
        return self._lost_wraps

    def put(self, slot):
        """Queue the record packed into `slot`; returns False, and counts it as lost, if that is the spill."""
        if slot is self.spill:
            self.lost_records = min(self.lost_records + 1, 65535)
            if slot[0] >= record.REP:
                self.lost_reps = min(self.lost_reps + 1, 65535)
            return False
        self.end += 1
        self.peak = max(self.peak, self.end - self.first)
        return True
