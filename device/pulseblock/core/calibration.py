"""Calibration: what one set of good presses, and one of deliberate grips, say of a wearer.

The wearer lies ready, does about six good presses, rests and, if they like, does about six presses by
closing the knees alone (adduction).  Between the two sets lie five seconds, or the button.  From the
presses come the reference press, the hold, the mounting, the tempo, the natural tilt and the drag; from
the grips, whether this wearer's drag tells the one from the other.  Only then is a missing drag a fault:

    separation = (mean drag of the presses - that of the grips) / their standard deviation
    limit      = where the scatters of the two meet, a little toward the grips
    evidence   = three times the noise, as acceleration: grips, which do not drag, show it as it is
"""

from micropython import const

from pulseblock.core import events
from pulseblock.core.fixed import clamp, isqrt
from pulseblock.core.reps import Reps
from pulseblock.core.settings import CALIBRATED, Settings
from pulseblock.core.travel import Travel

# `Calibration.phase`
WAITING = const(0)  # for the block to be ready
PRESSES = const(1)
GRIPS = const(2)  # the presses are done; grips may follow
DONE = const(3)
REFUSED = const(4)

# `Calibration.reason`, of a refusal
NOT_READY = const(1)  # the block was never held still and level
TOO_FEW = const(2)  # good presses
NOT_STILL = const(3)  # the presses moved the block: too few without tilts and jolts
SATURATED = const(4)  # the force sensor could not follow the presses
UNLIKE = const(5)  # the presses were too unlike each other
BROKEN = const(6)  # the accelerometer failed

# `Calibration.drag`: whether a missing drag can be a fault, and if not, why
UNASKED = const(0)
TOLD_APART = const(1)
NO_GRIPS = const(2)
FEW_GRIPS = const(3)  # or too few presses that showed their drag
ALIKE = const(4)  # presses and grips drag the block too much alike
FAINT = const(5)  # too slow or too small a drag to be seen
NO_POSTURE = const(6)  # there is no accelerometer

_LEAST = const(4)
_UNLIKE_PCT = const(25)  # median absolute deviation of the presses, of their median
_SAME_CN = const(2)  # peaks as like as this are the sensor's end...
_OTHER_CN = const(30)  # ...where the troughs are not
_TILTS = const(2 | 4 | 8)  # pelvis, asymmetry, unstable
_GRIP = const(1)

_TRAVEL_MAX = const(32767)
_LEAST_SEPARATION_PCT = const(250)
_NOISES = const(3)  # of noise are evidence
# What breathing, heartbeat and sensor make of nearly anyone's reps: six grips are worth as much.
_USUAL_NOISE_UG = const(200)
_NOISE_MAX_UG = const(16000)
_EVIDENCE_MAX_UG = const(50000)
_MOST_LIMIT_PCT = const(45)  # half the drag is not a missing drag, whatever the scatters say
# Six reps cannot say that a scatter is smaller than this, in per cent of the drag.
_PRESS_SCATTER_PCT = const(10)
_GRIP_SCATTER_PCT = const(5)


class Calibration:
    """Count with a counter of `settings`, give `take` each of its events, and read `phase` after each.

    Once DONE, `result()` gives the settings of this wearer, and `drag` says whether the drag rule is on.
    Once REFUSED, `reason` says why, and `faults` which faults cost presses.
    """

    def __init__(self, settings):
        """`settings` are the block's; `self.settings` are those to count with: no wearer's but its own."""
        self.settings = Settings(**settings.as_dict())
        for name in CALIBRATED:
            self.settings.set(name, Settings.describe(name)[0])
        self.phase = WAITING
        self.reason = 0
        self.drag = UNASKED
        self.faults = 0
        self.presses = Reps()
        self.grips = Reps()
        self.reference_cn = self.hold_cn = self.tempo_ms = 0
        self.pitch_cdeg = self.roll_cdeg = 0
        self.sagittal_cdeg = self.frontal_cdeg = 0
        self.drag_y_um = self.drag_z_um = 0
        self.scatter_y_um = self.scatter_z_um = 0
        self.separation_pct = self.limit_pct = self.evidence_ug = 0

    @property
    def is_over(self):
        """Whether nothing more can come of it."""
        return self.phase >= DONE

    def take(self, event, counter):
        """Take an event of the counter."""
        if event == events.READY:
            if self.phase == WAITING:
                self.phase = PRESSES
        elif event == events.REP:
            self._take_rep(counter)
        elif event == events.SET_END:
            if self.phase != GRIPS or self.grips.seen:  # else it is the end, at last, of the presses
                self.proceed()
        elif event == events.SESSION_END:
            self.finish()
        elif event == events.ERROR and not self.is_over:
            self._take_error(counter.error)

    def proceed(self):
        """End the set, as five seconds of rest do; in WAITING there is none to end."""
        if self.phase == PRESSES:
            self._end_presses()
        elif self.phase == GRIPS:
            self._end_grips()

    def finish(self):
        """End the calibration: nothing more will come."""
        if self.phase == WAITING:
            self._refuse(NOT_READY)
        while not self.is_over:
            self.proceed()

    def result(self):
        """Return the settings of this wearer by name; only when DONE."""
        values = {name: Settings.describe(name)[0] for name in CALIBRATED}
        values["reference_cn"] = self.reference_cn
        values["hold_cn"] = self.hold_cn
        values["tempo_ms"] = self.tempo_ms
        values["mount_pitch_cdeg"] = self.pitch_cdeg
        values["mount_roll_cdeg"] = self.roll_cdeg
        values["natural_sagittal_cdeg"] = self.sagittal_cdeg
        values["natural_frontal_cdeg"] = self.frontal_cdeg
        values["drag_separation_pct"] = self.separation_pct
        if self.drag == TOLD_APART:
            values["drag_y_um"] = self.drag_y_um
            values["drag_z_um"] = self.drag_z_um
            values["drag_scatter_y_um"] = self.scatter_y_um
            values["drag_scatter_z_um"] = self.scatter_z_um
            values["drag_evidence_ug"] = self.evidence_ug
            values["grip_drag_pct"] = self.limit_pct
        return values

    def _take_rep(self, counter):
        rep = counter.rep
        if self.phase == PRESSES:
            self.pitch_cdeg = clamp(counter.pitch_cdeg, -4500, 4500)
            self.roll_cdeg = clamp(counter.roll_cdeg, -4500, 4500)
            self.faults |= rep.faults
            self.presses.add(rep, not rep.faults)
        elif self.phase == GRIPS:
            self.grips.add(rep, not rep.faults & ~_GRIP)

    def _take_error(self, error):
        if error == events.FORCE_SATURATED:
            self._refuse(SATURATED)
        elif error != events.SAMPLES_MISSING:
            self._refuse(BROKEN)

    def _refuse(self, reason):
        self.reason = reason
        self.phase = REFUSED

    def _end_presses(self):
        presses = self.presses
        if presses.count < _LEAST:
            moved = presses.seen >= _LEAST and self.faults & _TILTS
            self._refuse(NOT_STILL if moved else TOO_FEW)
            return
        if self._is_at_its_end(presses):
            self._refuse(SATURATED)
            return
        self.reference_cn = clamp(presses.median_of(presses.press_cn), 1, 40000)
        if presses.deviation_of(presses.press_cn, self.reference_cn) * 100 > self.reference_cn * _UNLIKE_PCT:
            self._refuse(UNLIKE)
            return
        self.hold_cn = presses.median_of(presses.hold_cn)
        self.sagittal_cdeg = clamp(presses.median_of(presses.sagittal_cdeg), -4500, 4500)
        self.frontal_cdeg = clamp(presses.median_of(presses.frontal_cdeg), -4500, 4500)
        self.tempo_ms = min(presses.tempo_ms(), 60000)
        self.phase = GRIPS

    def _is_at_its_end(self, presses):
        full_cn = self.settings.get("force_full_cn") * 99 // 100
        same = (
            presses.range_of(presses.peak_cn) <= _SAME_CN and presses.range_of(presses.trough_cn) >= _OTHER_CN
        )
        return same or presses.highest_of(presses.peak_cn) >= full_cn

    def _end_grips(self):
        self.phase = DONE
        if self.settings.get("force_only"):
            self.drag = NO_POSTURE
            return
        self.presses.measure_by(self.reference_cn)
        self.grips.measure_by(self.reference_cn)
        if self.presses.drags >= _LEAST:
            self._find_direction()
        if not self.grips.seen:
            self.drag = NO_GRIPS
        elif self.presses.drags < _LEAST or self.grips.drags < _LEAST:
            self.drag = FEW_GRIPS
        else:
            self._tell_apart()

    def _find_direction(self):
        presses, grips = self.presses, self.grips
        self.drag_y_um = presses.mean_y
        self.drag_z_um = presses.mean_z
        freedom = presses.drags - 1 + max(0, grips.drags - 1)
        variance_y = (presses.squares_y + grips.squares_y) // freedom
        variance_z = (presses.squares_z + grips.squares_z) // freedom
        # of two scatters from a dozen reps neither is believed to be far smaller than the other
        floor = variance_y + variance_z >> 3
        self.scatter_y_um = clamp(isqrt(variance_y + floor) << 3, 100, _TRAVEL_MAX)
        self.scatter_z_um = clamp(isqrt(variance_z + floor) << 3, 100, _TRAVEL_MAX)

    def _tell_apart(self):
        usual = Travel(self.drag_y_um, self.drag_z_um, self.scatter_y_um, self.scatter_z_um)
        if not usual.is_known:
            self.drag = FAINT
            return
        press, press_variance = self.presses.shares(usual)
        grip, grip_variance = self.grips.shares(usual)
        self.evidence_ug = self._evidence(usual, grip_variance)
        if usual.contrast_ug(press, self.presses.ug_per_mm()) < self.evidence_ug:
            self.drag = FAINT
            return
        between = press_variance + grip_variance >> 1
        press_variance = (press_variance + between >> 1) + _PRESS_SCATTER_PCT * _PRESS_SCATTER_PCT
        grip_variance = (grip_variance + between >> 1) + _GRIP_SCATTER_PCT * _GRIP_SCATTER_PCT
        scatter = isqrt((press_variance + grip_variance) * 50)  # tenths of a per cent
        self.separation_pct = clamp((press - grip) * 1000 // scatter, 0, 10000)
        if self.separation_pct < _LEAST_SEPARATION_PCT:
            self.drag = ALIKE
            return
        press_scatter = isqrt(press_variance * 100)
        grip_scatter = isqrt(grip_variance * 100)
        # a good rep called a grip is worse than a grip that passes
        rise = (press - grip) * 3 * grip_scatter // (3 * grip_scatter + 4 * press_scatter)
        self.limit_pct = clamp(grip + rise, 0, _MOST_LIMIT_PCT)
        self.drag = TOLD_APART

    def _evidence(self, usual, grip_variance):
        """Return the acceleration, ug rms, that noise hardly ever makes of a rep."""
        seen_ug = min(usual.size_um * self.grips.ug_per_mm() // 1000, _EVIDENCE_MAX_UG)
        noise_ug = min(seen_ug * isqrt(grip_variance * 100) // 1000, _NOISE_MAX_UG)
        noise_ug = isqrt((noise_ug * noise_ug + _USUAL_NOISE_UG * _USUAL_NOISE_UG) // 2)
        return min(_NOISES * noise_ug, _EVIDENCE_MAX_UG)
