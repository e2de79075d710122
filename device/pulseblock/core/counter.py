"""The counter: one sample in, at most one event out."""

from micropython import const

from pulseblock.core import events
from pulseblock.core.contact import Contact
from pulseblock.core.drag import Drag
from pulseblock.core.fixed import muldiv, share, ticks_add, ticks_diff
from pulseblock.core.force import Force
from pulseblock.core.judge import Judge
from pulseblock.core.posture import Posture
from pulseblock.core.press import CLOSED, JUDGE, PRESS, REST, RETURN, RETURNED, STARTED, Press
from pulseblock.core.ready import Ready
from pulseblock.core.rep import Rep
from pulseblock.core.rounds import Rounds
from pulseblock.core.stream import Stream

_QUEUE = const(16)
_ABANDON_MS = const(1000)
_HOLD_LEAST_CN = const(200)
_HOLD_BAND_PCT = const(15)
_POSTURE_LATE_MS = const(80)
_LEAVE_MS = const(150)
_SETTLE_MS = const(500)  # until a sensor's noise is known
_LEAVE_PEAK_MS = const(300)
_DRAG_TRUST_CDEG = const(300)
_HIDES_DRAG = const(2 | 8 | 16 | 32)  # pelvis, unstable, rushed, passive

# `Counter.state`
AWAY = const(0)  # not ready: nothing counts
WAITING = const(1)  # ready, at the hold
PRESSING = const(2)
RETURNING = const(3)


class Counter:
    """Counts and judges the reps of one wearer; see the package for units.

    After an event: `rep` (JUDGED, AMENDED, REP), `cue` (CUE, AMENDED), `rounds` (SET_END,
    SESSION_END) and `error` (ERROR) tell what belongs to it.  At any time: `state`, `press_pct` of the
    reference, `sagittal_cdeg`, `frontal_cdeg`, `jolt_mg`, `force_cn`.
    """

    def __init__(self, settings):
        """`settings` is a `settings.Settings`; later changes to it have no effect."""
        self._stream = Stream(settings.rate_hz)
        steps = self._stream.steps
        self._has_posture = not settings.force_only
        self.force = Force(settings, steps)
        self.posture = Posture(settings, steps)
        self._press = Press(settings)
        self._drag = Drag(steps, self._stream.step_ms_q8)
        self._drag_y = settings.drag_y_um
        self._drag_z = settings.drag_z_um
        self._drag_evidence_ug = settings.drag_evidence_ug
        self._drag_norm = (self._drag_y >> 2) ** 2 + (self._drag_z >> 2) ** 2
        self._drag_size = max(abs(self._drag_y), abs(self._drag_z))
        self._judge = Judge(settings)
        self._ready = Ready(settings)
        self.rounds = Rounds(settings)
        self.rep = self._open = Rep()  # the record that the last event speaks of; the one being filled
        self._spare = Rep()
        self.cue = 0
        self.error = events.OK
        self.t_ms = 0
        self._armed = False
        self._settle_steps = self._settle_left = steps(_SETTLE_MS)
        self._lowest = 0
        self._leaning = False
        self._lean_ms = 0
        self._set_end_ms = settings.set_end_ms
        self._contact = Contact()
        self._started_lost = False
        self._judged = False
        self._events = [0] * _QUEUE
        self._cues = [0] * _QUEUE
        self._reps = [self.rep] * _QUEUE
        self._event_in = self._event_out = 0

    @property
    def press_pct(self):
        """Force above the hold now, in per cent of the reference press, 0 .. 1000."""
        return self.force.press_pct

    @property
    def state(self):
        """AWAY, WAITING, PRESSING or RETURNING."""
        return WAITING + self._press.phase if self._armed else AWAY

    def sample(self, t_ms, force_cn, x, y, z):
        """Take a sample (ticks, cN, three times Q2.13 g); return the next event, or NONE."""
        stream = self._stream
        stream.put(t_ms, force_cn, x, y, z)
        while stream.next():
            self._step(stream)
        return self._take()

    def finish(self):
        """End the set and the session, as the button or the end of a recording does.

        Return the next event; call until it is NONE.
        """
        if self._armed:
            self._leave(self.t_ms)
        if self.rounds.in_session:
            self._end_session()
        return self._take()

    def _emit(self, event, cue=0):
        self._events[self._event_in] = event
        self._cues[self._event_in] = cue
        self._reps[self._event_in] = self._open
        self._event_in = (self._event_in + 1) % _QUEUE

    def _take(self):
        out = self._event_out
        if out == self._event_in:
            return events.NONE
        self._event_out = (out + 1) % _QUEUE
        self.cue = self._cues[out]
        self.rep = self._reps[out]
        return self._events[out]

    def _step(self, stream):
        t_ms = self.t_ms = stream.t_ms
        force = self.force
        if stream.gap_ms:
            self._bridge(stream)
        force.update(stream.force)
        if self._has_posture:
            self._feel(t_ms, stream)
        elif not self._armed:
            self._settle(t_ms)
        if self._armed:
            self._count(t_ms)
            if self.rounds.set_is_over(t_ms) and self._press.phase == REST:
                self._end_set()
        if self.rounds.session_is_over(t_ms):
            self._end_session()

    def _bridge(self, stream):
        self.force.restart(stream.force)
        self.posture.restart(stream.x, stream.y, stream.z)
        self._drag.restart(stream.force, 0, 0)
        self._ready.restart()
        if stream.gap_ms >= _ABANDON_MS:
            self._press.rest(stream.t_ms, stream.force)
        stream.gap_ms = 0

    def _settle(self, t_ms):
        # without posture counting begins as soon as the sensor's noise is known, from the lowest force then
        force = self.force
        force.rest()
        self._settle_left -= 1
        if self._settle_left == self._settle_steps // 2:
            self._lowest = force.calm
        self._lowest = min(self._lowest, force.calm)
        if not self._settle_left:
            self._settle_left = self._settle_steps
            self._arm(t_ms, self._lowest)

    def _feel(self, t_ms, stream):
        force = self.force
        posture = self.posture
        posture.update(t_ms, stream.x, stream.y, stream.z)
        self._drag.update(force.smooth, posture.y - posture.reference_y, posture.z - posture.reference_z)
        if self._armed and self._is_leaving(t_ms):
            self._leave(t_ms)
        if self._armed and (self.rounds.in_set or self._press.phase != REST):
            self._ready.restart()
        elif self._ready.update(t_ms, force.value, posture):
            posture.set_reference(self._ready.x, self._ready.y, self._ready.z)
            if self._armed:
                force.set_hold(self._ready.hold)
            else:
                self._arm(t_ms, self._ready.hold)

    def _is_leaving(self, t_ms):
        contact = self._contact
        if contact.is_carried(t_ms, self.posture):
            return True
        if contact.lost and ticks_diff(t_ms, contact.lost_ms) >= self._set_end_ms:
            return True
        if not self.posture.has_left():
            self._leaning = False
        elif not self._leaning:
            self._leaning = True
            self._lean_ms = t_ms
        return self._leaning and ticks_diff(t_ms, self._lean_ms) >= _LEAVE_MS

    def _arm(self, t_ms, hold):
        self._armed = True
        self._leaning = False
        self._contact.restart()
        self.force.set_hold(hold)
        self._press.rest(t_ms, min(hold, self.force.value))
        self.rounds.begin_session()
        self._emit(events.READY)

    def _leave(self, t_ms):
        press = self._press
        if self._started_lost or self._is_squeezed_away(t_ms):
            pass  # what goes with the block's being taken away is not a press
        elif press.phase == RETURN:
            self._close(t_ms)
        elif press.phase == PRESS:
            press.stop(t_ms, self.force.value)
            self._returned()
            self._close(t_ms)
        press.rest(t_ms, self.force.value)
        self._end_set()
        self._armed = False
        self._emit(events.NOT_READY)

    def _is_squeezed_away(self, t_ms):
        return self._leaning and ticks_diff(t_ms, self._press.peak_ms) < _LEAVE_MS + _LEAVE_PEAK_MS

    def _end_set(self):
        if self.rounds.end_set():
            self._emit(events.SET_END)

    def _end_session(self):
        self.rounds.end_session()
        self._emit(events.SESSION_END)

    def _count(self, t_ms):
        force = self.force
        press = self._press
        contact = self._contact
        if contact.update(t_ms, force, self.posture):
            press.regain(force.hold)
        if not contact.lost or not self._has_posture:
            self.rounds.stay(t_ms)
        flags = press.update(
            t_ms, force.value, force.hold, force.reference, force.least_rise, contact.lost
        )
        if flags & CLOSED:
            self._close(t_ms)
        if flags & STARTED:
            self._start(t_ms)
        if press.phase == REST:
            force.rest()
            self._track_hold()
            return
        self.rounds.press(t_ms)
        self._measure(t_ms)
        if flags & RETURNED:
            self._returned()
        if flags & JUDGE:
            self._give_verdict(t_ms)
        else:
            self._cue(self._judge.live(self._open))

    def _track_hold(self):
        force = self.force
        band = force.reference * _HOLD_BAND_PCT // 100
        if not self._has_posture and not self.rounds.session_count:
            # nobody said when the block was ready: the lowest force so far is the best guess
            force.set_hold(min(force.hold, force.value))
        elif not self._contact.lost and force.value - force.hold <= band:
            force.follow_hold()

    def _swap(self):
        # the rep before may still wait in the queue of events, to be read
        self._open, self._spare = self._spare, self._open

    def _start(self, t_ms):
        force = self.force
        self._press.begin(t_ms, force.value, force.hold, force.reference, self._contact.lost)
        self._judged = False
        self._started_lost = self._contact.lost
        self._swap()
        rep = self._open
        rep.clear()
        rep.start_ms = ticks_add(self._press.start_ms, -self.force.late_ms)
        rep.trough_cn = self._press.trough
        self._drag.begin(force.hold, force.reference)
        self._emit(events.PRESS)

    def _measure(self, t_ms):
        rep = self._open
        force = self.force
        press = self._press
        if press.phase == PRESS:
            rep.held_ms = ticks_diff(t_ms, press.start_ms)
        if force.hold >= _HOLD_LEAST_CN:
            grasp = share(force.value, force.hold)
            if rep.grasp_pct == events.UNKNOWN or grasp < rep.grasp_pct:
                rep.grasp_pct = grasp
        if self._has_posture and (press.phase == PRESS or ticks_diff(t_ms, press.end_ms) <= _POSTURE_LATE_MS):
            posture = self.posture
            if abs(posture.sagittal) > abs(rep.sagittal_cdeg):
                rep.sagittal_cdeg = posture.sagittal
            if abs(posture.frontal) > abs(rep.frontal_cdeg):
                rep.frontal_cdeg = posture.frontal
            if posture.jolt > rep.jolt_mg:
                rep.jolt_mg = posture.jolt

    def _cue(self, faults):
        new = faults & ~self._open.faults
        if new:
            self._open.faults |= new
            self._emit(events.AMENDED if self._judged else events.CUE, new)

    def _returned(self):
        rep = self._open
        press = self._press
        force = self.force
        above = max(0, press.peak - force.hold)
        force.learn(max(above, press.peak - press.trough) if not self._has_posture else above)
        rep.peak_ms = ticks_add(press.peak_ms, -self.force.late_ms)
        rep.rise_ms = ticks_diff(rep.peak_ms, rep.start_ms)
        rep.peak_cn = press.peak
        rep.hold_cn = force.hold
        rep.reference_cn = force.reference
        rep.press_pct = share(above, force.reference)
        rep.rise_pct = share(press.peak - press.trough, force.reference)

    def _give_verdict(self, t_ms):
        rep = self._open
        rep.duration_ms = ticks_diff(t_ms, self._press.start_ms)
        rep.faults |= self._judge.live(rep) | self._judge.returned(rep)
        if self._press.is_settled(t_ms):
            self._weigh_residual()
            rep.faults |= self._judge.whole(rep)
        self._judged = True
        self._emit(events.JUDGED)

    def _close(self, t_ms):
        rep = self._open
        press = self._press
        rep.end_ms = ticks_add(press.end_ms, -self.force.late_ms)
        rep.duration_ms = ticks_diff(rep.end_ms, rep.start_ms)
        self._weigh_residual()
        faults = self._judge.live(rep) | self._judge.returned(rep)
        if self._has_posture:
            self._weigh_drag(faults)
        faults |= self._judge.whole(rep)
        if self._judged:
            self._cue(faults)
        else:
            rep.faults |= faults
            self._emit(events.JUDGED)
        self.rounds.rep(t_ms, rep.peak_ms, not rep.faults)
        if not self._has_posture and press.floor < self.force.hold and not self._contact.lost:
            self.force.set_hold(press.floor)
        self._emit(events.REP)

    def _weigh_residual(self):
        rep = self._open
        if rep.residual_pct == events.UNKNOWN:
            rep.residual_pct = share(max(0, self._press.floor - rep.hold_cn), rep.reference_cn)

    def _weigh_drag(self, faults):
        rep = self._open
        drag = self._drag
        if not drag.solve():
            return
        rep.drag_y_um = drag.y_um
        rep.drag_z_um = drag.z_um
        if not self._drag_norm or drag.expected_ug(self._drag_size) < self._drag_evidence_ug:
            return
        if faults & _HIDES_DRAG or abs(rep.sagittal_cdeg) > _DRAG_TRUST_CDEG:
            return  # a block that turns, shakes or hardly moves by itself hides the drag
        along = (drag.y_um >> 2) * (self._drag_y >> 2) + (drag.z_um >> 2) * (self._drag_z >> 2)
        rep.drag_pct = max(-999, min(999, muldiv(along, 100, self._drag_norm)))
