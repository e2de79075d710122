"""Measures a rep while it happens, and gives it its verdict."""

from micropython import const

from pulseblock.core import events
from pulseblock.core.fixed import share, ticks_add, ticks_diff
from pulseblock.core.jolt import in_mg
from pulseblock.core.press import PRESS
from pulseblock.core.rep import Rep
from pulseblock.core.travel import Travel

_HOLD_LEAST_CN = const(200)
# The posture is known later than the force: what it shows just after the return belongs to the rep.
_POSTURE_LATE_MS = const(80)
# Forces that change this fast, of the press, in about 100 ms, drag the block about so that it seems to tilt.
_ABRUPT_PCT = const(37)
_ABRUPT_MS = const(250)
_ONSET_MS = const(80)  # until it shows whether they do
_STILL_MS = const(200)  # after the return
_DRAG_TRUST_CDEG = const(300)
# A block that turns, shakes, hardly moves or is let go of hides the drag.
_HIDES_DRAG = const(2 | 4 | 8 | 16 | 32 | 64)  # all but grip


class Measure:
    """`rep` is the rep being measured; the one before it stays readable until the next begins.

    `judged` says whether `rep` has had its verdict, `grew` whether a quantity of the live rules has grown
    since they were asked.
    """

    def __init__(self, settings, judge):
        """`judge` holds the rules."""
        self.rep = Rep()
        self._other = Rep()
        self.judged = False
        self._jolt = 0  # largest in this rep, squared
        self._early_jolt = 0  # largest since the force began to rise
        self._abrupt = self._saw_tilt = False
        self._calm_ms = 0  # when the last of an abrupt change of force has passed
        self._judge = judge
        self._hold_limit_ms = settings.grip_hold_ms
        self.grew = False
        self._usual = Travel(
            settings.drag_y_um, settings.drag_z_um, settings.drag_scatter_y_um, settings.drag_scatter_z_um
        )
        self._evidence_ug = settings.drag_evidence_ug

    def begin(self, t_ms, press, force):
        """A press started."""
        self.rep, self._other = self._other, self.rep
        self.rep.clear()
        self._jolt = self._early_jolt
        self.rep.jolt_mg = in_mg(self._jolt)
        self.rep.start_ms = ticks_add(press.start_ms, -force.late_ms)
        self.rep.trough_cn = press.trough
        self.judged = False
        self._abrupt = True
        self._saw_tilt = False
        self._calm_ms = ticks_add(t_ms, _ONSET_MS)

    def wait(self, is_rising, posture):
        """Take a step between presses: what is felt while the force rises belongs to the press to come."""
        if not is_rising:
            self._early_jolt = 0
        elif posture.jolt.size > self._early_jolt:
            self._early_jolt = posture.jolt.size

    def follow(self, t_ms, press, force):
        """Take a step of the rep: what the force shows."""
        rep = self.rep
        if press.phase == PRESS:
            rep.held_ms = held_ms = ticks_diff(t_ms, press.start_ms)
            if held_ms > self._hold_limit_ms:
                self.grew = True
        hold = force.hold
        if hold >= _HOLD_LEAST_CN:
            grasp = force.value * 100 // hold
            if grasp < rep.grasp_pct or rep.grasp_pct == events.UNKNOWN:
                rep.grasp_pct = share(force.value, hold)
                self.grew = True
        press_cn = press.peak - hold
        if press_cn < force.reference:
            press_cn = force.reference
        if abs(force.smooth - force.calm) * 100 > press_cn * _ABRUPT_PCT:
            self._abrupt = True
            self._calm_ms = ticks_add(t_ms, _ABRUPT_MS)
        elif self._abrupt and ticks_diff(t_ms, self._calm_ms) >= 0:
            self._abrupt = False

    def follow_posture(self, t_ms, press, posture):
        """Take a step of the rep: what the posture shows."""
        rep = self.rep
        over_ms = 0 if press.phase == PRESS else ticks_diff(t_ms, press.end_ms)
        jolt = posture.jolt.size
        if jolt > self._jolt and over_ms <= _POSTURE_LATE_MS:
            self._jolt = jolt
            rep.jolt_mg = in_mg(jolt)
            self.grew = True
        if over_ms > _POSTURE_LATE_MS:
            # only now does a press that was abrupt throughout show its tilt
            if self._saw_tilt or over_ms < _STILL_MS or posture.jolt.rings:
                return
        elif self._abrupt:
            return
        self._saw_tilt = True
        tilt = posture.sagittal()
        if abs(tilt) > abs(rep.sagittal_cdeg):
            rep.sagittal_cdeg = tilt
            self.grew = True
        tilt = posture.frontal()
        if abs(tilt) > abs(rep.frontal_cdeg):
            rep.frontal_cdeg = tilt
            self.grew = True

    def give_verdict(self, press, force, above):
        """Judge the press, `above` cN over the hold, at once as it returns, by what is known then."""
        rep = self.rep
        rep.peak_ms = ticks_add(press.peak_ms, -force.late_ms)
        rep.rise_ms = ticks_diff(rep.peak_ms, rep.start_ms)
        rep.peak_cn = press.peak
        rep.hold_cn = force.hold
        rep.reference_cn = force.reference
        rep.press_pct = share(above, force.reference)
        self._add(self._judge.live(rep) | self._judge.returned(rep))
        self.judged = True

    def live_faults(self):
        """Return the fault bits that the press has newly earned, and add them to the rep."""
        self.grew = False
        return self._add(self._judge.live(self.rep))

    def near_the_end(self, t_ms, press):
        """Judge the rep as its return is as good as over; return the fault bits that this adds."""
        rep = self.rep
        rep.duration_ms = ticks_diff(t_ms, press.start_ms)
        faults = self._judge.live(rep) | self._judge.ended(rep)
        if press.is_settled(t_ms):
            self._weigh_residual(press)
            faults |= self._judge.whole(rep)
        return self._add(faults)

    def close(self, press, force, drag, posture):
        """Judge the whole rep; return the fault bits that this adds.  `drag` is None without posture."""
        rep = self.rep
        self._end(press, force)
        self._weigh_residual(press)
        faults = self._judge.live(rep) | self._judge.returned(rep) | self._judge.ended(rep)
        if drag:
            self._weigh_drag(drag, posture, faults)
        faults |= self._judge.whole(rep)
        self._judge.remember(rep)
        return self._add(faults)

    def cut_off(self, press, force):
        """Judge a rep that ends before its return: what only that would have shown is no fault."""
        self._end(press, force)
        return self._add(self._judge.live(self.rep) | self._judge.returned(self.rep))

    def _end(self, press, force):
        rep = self.rep
        rep.end_ms = ticks_add(press.end_ms, -force.late_ms)
        rep.duration_ms = ticks_diff(rep.end_ms, rep.start_ms)

    def _add(self, faults):
        new = faults & ~self.rep.faults
        self.rep.faults |= new
        return new

    def _weigh_residual(self, press):
        rep = self.rep
        if rep.residual_pct == events.UNKNOWN:
            rep.residual_pct = share(max(0, press.floor - rep.hold_cn), rep.reference_cn)

    def _weigh_drag(self, drag, posture, faults):
        if faults & _HIDES_DRAG or abs(self.rep.sagittal_cdeg) > _DRAG_TRUST_CDEG:
            return
        rep = self.rep
        if not drag.solve(rep.reference_cn, posture.reference_y, posture.reference_z):
            return
        rep.drag_y_um = drag.y_um
        rep.drag_z_um = drag.z_um
        rep.drag_ug_per_mm = drag.ug_per_mm
        usual = self._usual
        if usual.is_known:
            share_pct = usual.share(drag.y_um, drag.z_um)
            if usual.contrast_ug(share_pct, drag.ug_per_mm) >= self._evidence_ug:
                rep.drag_pct = share_pct
