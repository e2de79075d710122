"""Sets and sessions: how many, how many good, how even, and when they end."""

from micropython import const

from pulseblock.core.fixed import clamp, ticks_diff
from pulseblock.core.median import median

_INTERVALS = const(63)


class Rounds:
    """`set_count`, `set_good` and `rhythm_pct` are of the set going on or, between sets, of the last.

    `out_ms` is to be kept at the time when the block was last between the knees.
    """

    def __init__(self, settings):
        """Start outside of any session."""
        self._set_end_ms = settings.set_end_ms
        self._session_end_ms = settings.session_end_ms
        self.in_set = False
        self.in_session = False
        self.set_count = self.set_good = self.rhythm_pct = 0
        self.session_count = self.session_good = self.session_sets = 0
        self._intervals = [0] * _INTERVALS
        self._known = 0
        self._peak_ms = 0
        self._last_ms = 0
        self.out_ms = 0

    def press(self, t_ms):
        """A press goes on at `t_ms`: the set goes on with it."""
        if not self.in_set:
            self.in_set = True
            self.set_count = self.set_good = self.rhythm_pct = self._known = 0
        self._last_ms = t_ms

    def rep(self, peak_ms, good):
        """A rep was closed; its peak was at `peak_ms`."""
        if self.set_count and self._known < _INTERVALS:
            self._intervals[self._known] = ticks_diff(peak_ms, self._peak_ms)
            self._known += 1
        self._peak_ms = peak_ms
        self.set_count += 1
        self.session_count += 1
        if good:
            self.set_good += 1
            self.session_good += 1

    def set_is_over(self, t_ms):
        """Say whether the set has waited too long for its next press."""
        return self.in_set and ticks_diff(t_ms, self._last_ms) >= self._set_end_ms

    def end_set(self):
        """End the set; return True if one went on and had a rep."""
        if not self.in_set:
            return False
        self.in_set = False
        if not self.set_count:
            return False
        self.session_sets += 1
        self.rhythm_pct = self._rhythm()
        return True

    def begin_session(self, t_ms):
        """Begin a session."""
        self.in_session = True
        self.session_count = self.session_good = self.session_sets = 0
        self.out_ms = t_ms

    def session_is_over(self, t_ms):
        """Say whether the block has been out for too long."""
        return self.in_session and ticks_diff(t_ms, self.out_ms) >= self._session_end_ms

    def end_session(self):
        """End the session."""
        self.in_session = False

    def _rhythm(self):
        # 100 x (1 - median absolute deviation / median) of the intervals between peaks; 0 for fewer than two
        if self._known < 2:
            return 0
        intervals = self._intervals
        middle = median(intervals, self._known)
        for i in range(self._known):
            intervals[i] = abs(intervals[i] - middle)
        return clamp(100 - median(intervals, self._known) * 100 // max(1, middle), 0, 100)
