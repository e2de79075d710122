"""The counter: one sample in, at most one event out."""

from micropython import const

from pulseblock.core import events
from pulseblock.core.contact import Contact
from pulseblock.core.drag import Drag
from pulseblock.core.fixed import ticks_diff
from pulseblock.core.force import Force
from pulseblock.core.health import Health
from pulseblock.core.jolt import in_mg
from pulseblock.core.judge import Judge
from pulseblock.core.measure import Measure
from pulseblock.core.posture import Posture
from pulseblock.core.press import CLOSED, ENDING, PRESS, REST, RETURN, RETURNED, STARTED, Press
from pulseblock.core.queue import Queue
from pulseblock.core.ready import Ready
from pulseblock.core.rounds import Rounds
from pulseblock.core.shape import Shape
from pulseblock.core.stream import Stream

_ABANDON_MS = const(1000)
_SETTLE_MS = const(500)  # until a sensor's noise is known
_LEAVE_MS = const(150)
_LEAVE_PEAK_MS = const(300)

# `Counter.state`
AWAY = const(0)  # not ready: nothing counts
WAITING = const(1)  # ready, at the hold
PRESSING = const(2)
RETURNING = const(3)


class Counter:
    """Counts and judges the reps of one wearer; see the package for units.

    What belongs to an event: `rep` (CUE, JUDGED, AMENDED, REP), `cue`, the fault bits (CUE, AMENDED),
    `rounds` (SET_END, SESSION_END), `error` (ERROR).  At any time: `state`, `press_pct`,
    `sagittal_cdeg`, `frontal_cdeg`.
    """

    def __init__(self, settings):
        """`settings` is a `settings.Settings`; later changes to it have no effect."""
        self._stream = Stream(settings.rate_hz)
        steps = self._stream.steps
        self._has_posture = not settings.force_only
        self._set_end_ms = settings.set_end_ms
        self._health = Health(settings)
        self._force = Force(settings, steps, self._stream.step_ms_q8)
        self._posture = Posture(settings, steps)
        self._posture_lost = False
        self._contact = Contact(settings)
        self._press = Press(settings)
        self._drag = Drag(steps, self._stream.step_ms_q8)
        self._measure = Measure(settings, Judge(settings))
        self._shape = Shape(steps, self._stream.step_ms_q8)
        self._ready = Ready(settings)
        self.rounds = Rounds(settings)
        self._queue = Queue(self._measure.rep)
        self.rep = self._measure.rep
        self.cue = 0
        self._armed = False
        self._settle_steps = self._settle_left = steps(_SETTLE_MS)
        self._lowest = 0
        self._leaning = False
        self._lean_ms = 0
        self._started_lost = False

    @property
    def state(self):
        """AWAY, WAITING, PRESSING or RETURNING."""
        return WAITING + self._press.phase if self._armed else AWAY

    @property
    def press_pct(self):
        """Force above the hold now, in per cent of the reference press, 0 .. 1000."""
        return self._force.press_pct

    @property
    def hold_cn(self):
        """The hold, cN."""
        return self._force.hold

    @property
    def reference_cn(self):
        """The reference press, cN above the hold."""
        return self._force.reference

    @property
    def jolt_mg(self):
        """Size of the jolt now, mg; none without an accelerometer."""
        return in_mg(self._posture.jolt.size)

    @property
    def sagittal_cdeg(self):
        """Sagittal tilt from the reference posture now, cdeg."""
        return self._posture.sagittal()

    @property
    def frontal_cdeg(self):
        """Frontal tilt from the reference posture now, cdeg."""
        return self._posture.frontal()

    @property
    def pitch_cdeg(self):
        """Sagittal tilt of the set's reference posture from the accelerometer's own level, cdeg."""
        return self._posture.pitch

    @property
    def roll_cdeg(self):
        """Frontal tilt of the set's reference posture from the accelerometer's own level, cdeg."""
        return self._posture.roll

    @property
    def error(self):
        """The error that goes on, `events.OK` for none."""
        return self._health.error

    def sample(self, t_ms, force_cn, x, y, z):
        """Take a sample (ticks, cN, three times Q2.13 g); return the next event, or NONE."""
        stream = self._stream
        if stream.put(t_ms, force_cn, x, y, z):
            while stream.next():
                self._step(stream)
        return self._take() if self._queue.count else events.NONE

    def finish(self):
        """End the set and the session, as the button or the end of a recording does.

        Return the next event; call until it is NONE.
        """
        if self._armed:
            self._leave(self._stream.t_ms)
        if self.rounds.in_session:
            self._end_session()
        return self._take()

    def _take(self):
        queue = self._queue
        event = queue.take()
        if event:
            self.cue = queue.cue
            self.rep = queue.rep
        return event

    def _emit(self, event, cue=0):
        self._queue.put(event, cue, self._measure.rep)

    def _step(self, stream):
        t_ms = stream.t_ms
        if stream.gap_ms:
            self._bridge(stream)
        if self._health.update(t_ms, stream):
            self._emit(events.ERROR if self._health.error else events.RECOVERED)
        self._force.update(stream.force)
        self._shape.put(self._force.value)
        if self._has_posture:
            self._feel(t_ms, stream)
        elif not self._armed:
            self._settle(t_ms)
        if self._armed:
            self._count(t_ms)
        is_out = self._contact.lost or not self._armed
        if is_out and self.rounds.session_is_over(t_ms):
            self._end_session()

    def _bridge(self, stream):
        self._force.restart(stream.force)
        self._posture.restart(stream.x, stream.y, stream.z)
        self._drag.restart(stream.force, 0, 0)
        self._ready.restart()
        self._shape.restart()
        if self._health.miss(stream.gap_ms):
            self._emit(events.ERROR)
        if stream.gap_ms >= _ABANDON_MS:
            if self._press.phase == RETURN:
                self._cut_off(stream.t_ms)
            self._press.rest(stream.t_ms, stream.force)
        stream.gap_ms = 0

    def _settle(self, t_ms):
        # without posture counting begins as soon as the sensor's noise is known, from the lowest force then
        force = self._force
        force.rest()
        self._settle_left -= 1
        if self._settle_left == self._settle_steps // 2:
            self._lowest = force.calm
        self._lowest = min(self._lowest, force.calm)
        if not self._settle_left:
            self._settle_left = self._settle_steps
            self._arm(t_ms, self._lowest)

    def _feel(self, t_ms, stream):
        posture = self._posture
        if not self._health.trusts_posture:
            self._posture_lost = True
            self._ready.restart()
            return  # what counts already goes on counting, by force alone
        if self._posture_lost:
            self._posture_lost = False
            posture.restart(stream.x, stream.y, stream.z)
        posture.update(t_ms, stream.x, stream.y, stream.z)
        self._drag.update(
            self._force.smooth, posture.y - posture.reference_y, posture.z - posture.reference_z
        )
        if self._armed and self._is_leaving(t_ms):
            self._leave(t_ms)
        if self._armed and self.rounds.in_set:
            self._ready.restart()
            return
        if not self._armed:
            self._force.rest()  # a rough sensor must be smoothed before it can be seen to be still
        if self._ready.update(t_ms, self._force.value, posture):
            self._take_posture(t_ms)

    def _take_posture(self, t_ms):
        ready = self._ready
        self._posture.set_reference(ready.x, ready.y, ready.z)
        if self._armed:
            self._force.set_hold(ready.hold)
        else:
            self._arm(t_ms, ready.hold)

    def _is_leaving(self, t_ms):
        contact = self._contact
        if contact.lost:
            if contact.is_carried(t_ms, self._posture):
                return True
            if ticks_diff(t_ms, contact.lost_ms) >= self._set_end_ms:
                return True
        if not self._posture.has_left():
            self._leaning = False
        elif not self._leaning:
            self._leaning = True
            self._lean_ms = t_ms
        return self._leaning and ticks_diff(t_ms, self._lean_ms) >= _LEAVE_MS

    def _arm(self, t_ms, hold):
        self._armed = True
        self._contact.restart()
        if not self.rounds.in_session:
            self._begin_session(t_ms)
        self._force.set_hold(hold)
        self._press.rest(t_ms, hold)
        self._emit(events.READY)

    def _begin_session(self, t_ms):
        self.rounds.begin_session(t_ms)
        self._force.forget_presses()

    def _leave(self, t_ms):
        press = self._press
        if self._has_posture and (self._started_lost or self._is_squeezed_away(t_ms)):
            pass  # what goes with the block's being taken away is not a press
        elif press.phase == RETURN:
            self._cut_off(t_ms)
        elif press.phase == PRESS:
            press.stop(t_ms)
            self._returned()
            self._cut_off(t_ms)
        press.rest(t_ms, self._force.value)
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
        force = self._force
        press = self._press
        contact = self._contact
        if contact.update(t_ms, force, self._posture):
            press.regain(force.hold)
        if not contact.lost:
            self.rounds.out_ms = t_ms
        flags = press.update(t_ms, force, contact.lost)
        measure = self._measure
        feels = self._has_posture and self._health.trusts_posture
        if feels:
            measure.wait(press.rises, self._posture)
        if flags & CLOSED:
            self._close(t_ms)
        if flags & STARTED:
            self._start(t_ms)
        if press.phase == REST:
            force.rest()
            force.track_hold(contact.lost, self._has_posture or self.rounds.session_count)
            if self.rounds.set_is_over(t_ms):
                self._end_set()
            return
        self.rounds.press(t_ms)
        measure.follow(t_ms, press, force)
        if feels:
            measure.follow_posture(t_ms, press, self._posture)
        if flags & RETURNED:
            self._returned()
        elif measure.rep.held_ms >= self._set_end_ms and self._has_posture and press.is_faint(force):
            self._take_for_hold(t_ms)
            return
        if flags & ENDING and not flags & STARTED:
            self._cue(measure.near_the_end(t_ms, press))
        elif measure.grew:
            self._cue(measure.live_faults())

    def _start(self, t_ms):
        force = self._force
        self._press.begin(t_ms, force, self._contact.lost)
        self._started_lost = self._contact.lost
        self._measure.begin(t_ms, self._press, force)
        self._drag.begin(force.hold, force.reference)
        if not self.rounds.in_session:  # without posture nothing but a press says that the block is back
            self._begin_session(t_ms)
        self._emit(events.PRESS)

    def _take_for_hold(self, t_ms):
        # for as long as ends a set: the knees only hold the block more firmly now
        force = self._force
        force.set_hold(force.value)
        self._press.rest(t_ms, force.value)
        self._drag.end()

    def _cue(self, faults):
        if faults:
            self._emit(events.AMENDED if self._measure.judged else events.CUE, faults)

    def _returned(self):
        force = self._force
        press = self._press
        above = max(0, press.peak - force.hold)
        force.learn(above if self._has_posture else max(above, press.peak - press.trough))
        self._measure.give_verdict(press, force, above)
        self._emit(events.JUDGED)

    def _close(self, t_ms):
        drag = self._drag if self._has_posture else None
        self._end_rep(t_ms, self._measure.close(self._press, self._force, drag, self._posture))

    def _cut_off(self, t_ms):
        self._end_rep(t_ms, self._measure.cut_off(self._press, self._force))

    def _end_rep(self, t_ms, added):
        self._drag.end()
        self._cue(added)
        rep = self._measure.rep
        rep.has_shape = self._shape.read(t_ms, self._press.start_ms, self._press.end_ms, rep.shape_cn)
        self.rounds.rep(rep.peak_ms, not rep.faults)
        if not self._has_posture:
            if self.rounds.session_count == 1:
                self._contact.restart()  # lost only by a guess at the hold, which may have been in mid-press
            self._force.lower_hold(self._press.floor, self._contact.lost)
        self._emit(events.REP)
