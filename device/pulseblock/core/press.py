"""The press state machine: from filtered force to presses, in ratios of the reference press.

    REST --rises--> PRESS --returns--> RETURN --settles--> REST
                      ^------------------/  rises again

A press starts when the force rises `min_rise_pct` of the reference over the trough.  It has returned
when the force falls from its peak by the lesser of `return_rise_pct` of the rise and
`return_reference_pct` of the reference, though never by less than `plateau_pct` of the rise, since a
plateau is never flat.  To both parts of the reference comes the `slack` of a noisy sensor.  The return
then runs to its end: the force settles, or the next press starts.
"""

from micropython import const

from pulseblock.core.fixed import ticks_diff

REST = const(0)
PRESS = const(1)
RETURN = const(2)

# Flags of `Press.update`.
STARTED = const(1)
RETURNED = const(2)
ENDING = const(4)  # the force is as good as back, or stays where it is: nothing more will come
CLOSED = const(8)

_SETTLE_MS = const(300)
_HALT_MS = const(400)  # of a force that is not back at the hold: the return may yet go on
_LOADED_PCT = const(25)
_ONSET_PCT = const(5)
_DESCENT_PCT = const(3)
_UNLOADED_PCT = const(50)
_SAG_PCT = const(5)
_BACK_PCT = const(10)  # of a press left, it is as good as back, and nearly as long as it will be


class Press:
    """One press at a time; forces in cN, times in ticks of the filtered force.

    `start_ms`, `peak_ms`, `end_ms`, `peak`, `trough` (before the press) and `floor` (lowest after it)
    hold from CLOSED until the next press returns.  `rises` says whether the force, between presses, is above
    the hold by as much as may become one.
    """

    def __init__(self, settings):
        """Start at rest."""
        self._return_rise_pct = settings.return_rise_pct
        self._return_reference_pct = settings.return_reference_pct
        self._plateau_pct = settings.plateau_pct
        self._passive_pct = settings.passive_pct
        self.phase = REST
        self.rises = False
        self.start_ms = self.peak_ms = self.end_ms = 0
        self.peak = self.trough = self.floor = 0
        self._low = 0  # lowest since the last press returned
        self._onset_ms = 0
        self._mark = 0  # force at the last clear step of the descent
        self._line = 0
        self._ending = False
        self._settle_ms = _SETTLE_MS

    def rest(self, t_ms, force):
        """Begin afresh at rest, at `force` cN."""
        self.phase = REST
        self._low = force
        self._onset_ms = t_ms

    def update(self, t_ms, force, lost):
        """Take a step of `force`, a `force.Force`; return flags.

        `lost` is True once contact was lost and not yet regained.
        """
        value = force.value
        phase = self.phase
        if phase == PRESS:
            return self._in_press(t_ms, value, force)
        flags = 0
        if phase == RETURN:
            flags = self._in_return(t_ms, value, force.hold, force.reference)
        base = self._base(force, lost)
        above = base if base > force.hold else force.hold
        self.rises = (value - above) * 100 > _ONSET_PCT * force.reference
        if not self.rises:
            self._onset_ms = t_ms
        if value - base >= force.least_rise:
            return flags | (CLOSED | STARTED if self.phase == RETURN else STARTED)
        return flags

    def _base(self, force, lost):
        low = self._low
        if force.value < low:
            self._low = low = force.value
        # up to the hold is contact regained, not a press, whether the force fell to nothing or sagged
        least = force.hold if lost else force.hold - force.reference * _SAG_PCT // 100
        return low if low > least else least

    def begin(self, t_ms, force, lost):
        """Enter the press that STARTED announced, once the rep before it is done with."""
        self.phase = PRESS
        self.rises = False
        self.trough = self._base(force, lost)
        self.start_ms = self._onset_ms
        self.peak = force.value
        self.peak_ms = t_ms

    def stop(self, t_ms):
        """End the press where it stands: the set is over."""
        self.end_ms = t_ms

    def regain(self, hold):
        """Contact is back at `hold` cN: the next press rises from there, or from higher up in a return."""
        self._low = max(self._low, hold)

    def is_settled(self, t_ms):
        """Say whether the force has stopped falling after the press."""
        return ticks_diff(t_ms, self.end_ms) >= self._settle_ms

    def is_faint(self, force):
        """Say whether the press goes on and has been too weak for a good one all the while."""
        return self.phase == PRESS and (self.peak - force.hold) * 100 < force.reference * self._passive_pct

    def _in_press(self, t_ms, value, force):
        if value > self.peak:
            self.peak = value
            self.peak_ms = t_ms
            return 0
        rise = self.peak - self.trough
        quarter = force.reference * self._return_reference_pct + force.slack * 100
        back = min(rise * self._return_rise_pct, quarter)
        back = max(back, rise * self._plateau_pct) // 100
        if self.peak - value < back:
            return 0
        self.phase = RETURN
        self.end_ms = t_ms
        self.floor = self._low = self._mark = value
        self._ending = False
        hold = force.hold
        self._line = min(self.peak - back, hold + max(0, self.peak - hold) * _BACK_PCT // 100)
        self._onset_ms = t_ms
        return RETURNED

    def _in_return(self, t_ms, force, hold, reference):
        flags = 0
        if force < self.floor:
            self.floor = force
            if (self._mark - force) * 100 >= _DESCENT_PCT * reference:
                self._mark = force
                self.end_ms = t_ms
        loaded = (self.floor - hold) * 100 > _LOADED_PCT * reference
        self._settle_ms = _HALT_MS if loaded else _SETTLE_MS
        settled = self.is_settled(t_ms)
        if not self._ending and (force <= self._line or settled):
            self._ending = True
            flags = ENDING
        if settled and (self.floor - hold) * 100 <= _UNLOADED_PCT * reference:
            self.phase = REST
            flags |= CLOSED
        return flags
