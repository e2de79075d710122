"""Through a program, set by set: last rep, set done, the rest counted down, all done.

Good reps count towards the target of a set, and only they: who compensates does a few more.  A set that its
wearer ends early counts as well, if one rep of it was good: they know when they have had enough.
"""

from micropython import const

from pulseblock.core import events
from pulseblock.core.fixed import ticks_add, ticks_diff
from pulseblock.signals import patterns

# `Guide.phase`
WAITING = const(0)  # for the first rep of a set
TRAINING = const(1)
RESTING = const(2)
DONE = const(3)

_COUNTDOWN = const(3)  # ticks, a second apart, before the rest is over
_ABANDON_MS = const(300000)  # after a rest: whoever comes back later begins afresh


def of_press(event, counter):
    """Return the signal of a cue or a verdict, or `patterns.NONE` where ``event`` is none."""
    if event == events.CUE:
        return patterns.cue(counter.cue)
    if event == events.JUDGED:
        return patterns.verdict(counter.rep.faults)
    if event == events.AMENDED:
        return patterns.verdict(counter.cue)
    return patterns.NONE


class Guide:
    """Give `take` each event of the counter and call `tick` at each step; both say which signal is due.

    Without a program (None) there is nothing to say but that a set has ended.
    ``program`` is the one to go through; ``sets`` are those done, ``good`` the good reps of the one that goes
    on, the last or the next.
    """

    def __init__(self, program, now):
        """Begin at ``now`` (ms ticks)."""
        self.program = program
        self.restart(now)

    def restart(self, now):
        """Begin the program afresh."""
        self.phase = WAITING
        self.sets = self.good = 0
        self._counted = False  # whether the last rep did
        self._open = False  # whether the counter's set goes on
        self._told = False  # whether it has been told that the set is done
        self._left = 0  # ticks of the countdown
        self._since = self._beat_ms = now

    def take(self, event, faults, now):
        """Take an event and, of a REP, its faults.  Returns a signal, or `patterns.NONE`."""
        if event == events.SET_END:
            return self._end_of_presses(now)
        if not self.program:
            return patterns.NONE
        if event == events.READY and self.phase == WAITING:
            self._beat_ms = now
        elif event == events.REP:
            if self.phase == WAITING or (self.phase == RESTING and not self._open):
                self.phase = TRAINING
                self.good = 0
            self._open = True
            if self.phase == TRAINING:
                return self._rep(not faults, now)
        elif event == events.SESSION_END and self.phase != RESTING:  # a long rest may be spent elsewhere
            self.restart(now)
        return patterns.NONE

    def void(self):
        """The last rep does not count after all."""
        if self.phase == TRAINING and self._counted:
            self.good -= 1
        self._counted = False

    def tick(self, is_ready, now):
        """What is due at ``now``; ``is_ready``: the block is between the knees."""
        if not self.program:
            return patterns.NONE
        if self.phase == RESTING:
            return self._rest(now)
        if self.phase == WAITING and self.sets and ticks_diff(now, self._since) >= _ABANDON_MS:
            self.restart(now)
        if self.phase != DONE and is_ready and self.program.metronome:
            return self._beat(now)
        return patterns.NONE

    def _rep(self, is_good, now):
        self._counted = is_good
        if is_good:
            self.good += 1
            if self.good == self.program.reps:
                self._told = True
                return self._end_set(now)
            if self.good == self.program.reps - 1:
                return patterns.LAST_REP
        return patterns.NONE

    def _end_of_presses(self, now):
        told = self._told
        self._open = self._told = False
        if told:
            return patterns.NONE
        if self.program and self.phase == TRAINING:
            if self.good:
                return self._end_set(now)
            self.phase = WAITING
        return patterns.SET_END

    def _end_set(self, now):
        self.sets += 1
        self._counted = False
        if self.sets == self.program.sets:
            self.phase = DONE
            return patterns.ALL_DONE
        self.phase = RESTING
        self._since = now
        self._left = _COUNTDOWN
        return patterns.SET_END

    def _rest(self, now):
        left_ms = self.program.rest_s * 1000 - ticks_diff(now, self._since)
        if left_ms <= 0:
            self.phase = WAITING
            self.good = 0
            self._since = self._beat_ms = now
            return patterns.GO
        if left_ms <= self._left * 1000:
            self._left -= 1
            return patterns.COUNTDOWN
        return patterns.NONE

    def _beat(self, now):
        late_ms = ticks_diff(now, self._beat_ms)
        if late_ms < 0:
            return patterns.NONE
        tempo_ms = self.program.tempo_ms
        self._beat_ms = ticks_add(now if late_ms >= tempo_ms else self._beat_ms, tempo_ms)
        return patterns.TICK
