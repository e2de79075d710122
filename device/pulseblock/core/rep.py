"""The record of one rep: everything that was measured, and the verdict."""

from pulseblock.core.events import UNKNOWN
from pulseblock.core.shape import POINTS


class Rep:
    """All whole numbers, in the formats of the core; one record, reused from rep to rep.

    start_ms, peak_ms, end_ms      ticks: onset of the press, its peak, the end of its return
    duration_ms                    start to end
    rise_ms                        start to peak
    held_ms                        start until it began to return
    peak_cn, hold_cn, trough_cn    force at the peak, at the hold, in the trough before
    reference_cn                   the reference press that the shares are of
    press_pct                      peak above the hold
    residual_pct                   force that stays after the press, above the hold
    grasp_pct                      lowest force in the rep and its return, of the hold; UNKNOWN without one
    sagittal_cdeg, frontal_cdeg    largest tilts from the reference posture, with their signs
    jolt_mg                        largest jolt
    drag_y_um, drag_z_um           travel of the block for a reference press, caudal and downward
    drag_ug_per_mm                 acceleration, rms, that a travel of 1 mm would show in it; 0: unknown
    drag_pct                       that travel, of the calibrated one; UNKNOWN without evidence
    shape_cn                       force at POINTS times, evenly from start to end, if `has_shape`
    faults                         0 for a good rep, else the bits of its faults
    """

    def __init__(self):
        """Start with a blank record."""
        self.shape_cn = [0] * POINTS
        self.clear()

    def clear(self):
        """Forget the last rep."""
        self.start_ms = self.peak_ms = self.end_ms = 0
        self.duration_ms = self.rise_ms = self.held_ms = 0
        self.peak_cn = self.hold_cn = self.trough_cn = self.reference_cn = 0
        self.press_pct = 0
        self.residual_pct = self.grasp_pct = UNKNOWN
        self.sagittal_cdeg = self.frontal_cdeg = self.jolt_mg = 0
        self.drag_y_um = self.drag_z_um = self.drag_ug_per_mm = 0
        self.drag_pct = UNKNOWN
        self.has_shape = False
        self.faults = 0
