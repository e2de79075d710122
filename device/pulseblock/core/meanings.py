"""What each setting means, in words: for the tools and for documentation; the firmware does not import it."""

MEANINGS = {
    "rate_hz": "samples a second",
    "force_only": "1: no accelerometer; the posture is taken as ready",
    "force_full_cn": "force at which the sensor is saturated",
    # what counts as a press
    "min_rise_pct": "rise over the trough that makes a press, of the reference press",
    "return_rise_pct": "return that ends a press, of its rise",
    "return_reference_pct": "return that ends a press, of the reference press",
    "plateau_pct": "dip that is still the same press, of its rise",
    # what makes a rep compensated
    "grip_residual_pct": "grip: force that stays above the hold, of the reference press",
    "grip_hold_ms": "grip: a press held longer",
    "grip_drag_pct": "grip: drag missing, of the calibrated drag; needs calibration",
    "pelvis_limit_cdeg": "pelvis: sagittal tilt from the reference posture",
    "asymmetry_limit_cdeg": "asymmetry: frontal tilt from the reference posture",
    "jolt_limit_mg": "unstable: a jolt",
    "rushed_ms": "rushed: start of press to end of return shorter than this",
    "passive_pct": "passive: press weaker than this, of the reference press",
    "contact_pct": "contact: force falls below this share of the hold",
    "hysteresis_pct": "dead band around a limit, either way, in which the last verdict stands",
    # ready, set, session
    "ready_ms": "how long the block must be held still and level to be ready",
    "ready_tilt_deg": "ready: tilt from supine at most",
    "ready_jolt_mg": "ready: motion at most",
    "ready_force_cn": "ready: lightest hold",
    "set_end_ms": "a set ends after this long without a press",
    "session_end_ms": "a session ends this long after the block was taken out",
    # this wearer, from calibration
    "reference_cn": "reference press above the hold; 0 adapts to the first presses",
    "mount_pitch_cdeg": "sagittal tilt of the accelerometer on the block",
    "mount_roll_cdeg": "frontal tilt of the accelerometer on the block",
    "drag_y_um": "caudal drag for a reference press; 0, 0: not calibrated",
    "drag_z_um": "downward drag for a reference press; 0, 0: not calibrated",
    "drag_scatter_y_um": "standard deviation of the caudal drag",
    "drag_scatter_z_um": "standard deviation of the downward drag",
    "drag_evidence_ug": "drag: how much acceleration must be there, or missing, to be evidence, rms",
    "drag_separation_pct": "presses from grips, of their standard deviation; for reports",
    "hold_cn": "hold; for reports, since every set takes its own",
    "tempo_ms": "from one peak to the next; for reports",
    "natural_sagittal_cdeg": "sagittal tilt of a good press; for reports",
    "natural_frontal_cdeg": "frontal tilt of a good press; for reports",
    # what this wearer sees and hears; nothing that counts depends on it
    "light_pct": "brightness of the light; 0: none",
    "sound": "0: the buzzer is muted",
}
