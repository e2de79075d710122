"""Every limit and setting of the counter: its default, its range, its unit, its meaning.

Settings are whole numbers; the unit is the end of the name (hz, ms, pct, cn, cdeg, deg, mg, um).
`0` for `reference_cn` and `drag_*` means "not calibrated".
"""

# name: (default, lowest, highest, meaning)
_TABLE = {
    "rate_hz": (100, 50, 200, "samples a second"),
    "force_only": (0, 0, 1, "1: no accelerometer; the posture is taken as ready"),
    "force_full_cn": (65535, 1000, 65535, "force at which the sensor is saturated"),
    # what counts as a press
    "min_rise_pct": (15, 5, 50, "rise over the trough that makes a press, of the reference press"),
    "return_rise_pct": (50, 25, 90, "return that ends a press, of its rise"),
    "return_reference_pct": (25, 10, 80, "return that ends a press, of the reference press"),
    "plateau_pct": (18, 12, 40, "dip that is still the same press, of its rise"),
    # what makes a rep compensated
    "grip_residual_pct": (35, 10, 90, "grip: force that stays above the hold, of the reference press"),
    "grip_hold_ms": (5000, 1000, 30000, "grip: a press held longer"),
    "grip_drag_pct": (35, 0, 90, "grip: drag missing, of the calibrated drag; needs calibration"),
    "pelvis_limit_cdeg": (400, 100, 4500, "pelvis: sagittal tilt from the reference posture"),
    "asymmetry_limit_cdeg": (400, 100, 4500, "asymmetry: frontal tilt from the reference posture"),
    "jolt_limit_mg": (120, 30, 2000, "unstable: a jolt"),
    "rushed_ms": (600, 200, 3000, "rushed: start of press to end of return shorter than this"),
    "passive_pct": (40, 5, 95, "passive: press weaker than this, of the reference press"),
    "contact_pct": (15, 2, 60, "contact: force falls below this share of the hold"),
    "hysteresis_pct": (5, 0, 30, "dead band around a limit, either way, in which the last verdict stands"),
    # ready, set, session
    "ready_ms": (1000, 300, 10000, "how long the block must be held still and level to be ready"),
    "ready_tilt_deg": (35, 10, 60, "ready: tilt from supine at most"),
    "ready_jolt_mg": (60, 10, 500, "ready: motion at most"),
    "ready_force_cn": (150, 20, 5000, "ready: lightest hold"),
    "set_end_ms": (5000, 1000, 60000, "a set ends after this long without a press"),
    "session_end_ms": (60000, 5000, 600000, "a session ends this long after the block was taken out"),
    # this wearer, from calibration
    "reference_cn": (0, 0, 40000, "reference press above the hold; 0 adapts to the first presses"),
    "mount_pitch_cdeg": (0, -4500, 4500, "sagittal tilt of the accelerometer on the block"),
    "mount_roll_cdeg": (0, -4500, 4500, "frontal tilt of the accelerometer on the block"),
    "drag_y_um": (0, -32767, 32767, "caudal drag for a reference press; 0, 0: not calibrated"),
    "drag_z_um": (0, -32767, 32767, "downward drag for a reference press; 0, 0: not calibrated"),
    "drag_scatter_y_um": (1500, 100, 32767, "standard deviation of the caudal drag"),
    "drag_scatter_z_um": (750, 100, 32767, "standard deviation of the downward drag"),
    "drag_evidence_ug": (600, 100, 50000, "drag: weakest expected acceleration that is evidence, rms"),
    "drag_separation_pct": (0, 0, 10000, "presses from grips, of their standard deviation; for reports"),
    "hold_cn": (0, 0, 65535, "hold; for reports, since every set takes its own"),
    "tempo_ms": (0, 0, 60000, "from one peak to the next; for reports"),
    "natural_sagittal_cdeg": (0, -4500, 4500, "sagittal tilt of a good press; for reports"),
    "natural_frontal_cdeg": (0, -4500, 4500, "frontal tilt of a good press; for reports"),
    # what this wearer sees and hears; nothing that counts depends on it
    "light_pct": (100, 0, 100, "brightness of the light; 0: none"),
    "sound": (1, 0, 1, "0: the buzzer is muted"),
}


# What calibration finds out about one wearer.
CALIBRATED = (
    "reference_cn",
    "mount_pitch_cdeg",
    "mount_roll_cdeg",
    "drag_y_um",
    "drag_z_um",
    "drag_scatter_y_um",
    "drag_scatter_z_um",
    "drag_evidence_ug",
    "drag_separation_pct",
    "grip_drag_pct",
    "hold_cn",
    "tempo_ms",
    "natural_sagittal_cdeg",
    "natural_frontal_cdeg",
)


class Settings:
    """The settings of one counter, each an attribute; all start at their defaults."""

    def __init__(self, **values):
        """`values` change settings by name; ValueError as for `set`."""
        self.reset()
        self.update(values)

    def reset(self):
        """Put every setting back to its default."""
        for name in _TABLE:
            setattr(self, name, _TABLE[name][0])

    def set(self, name, value):
        """Change one setting; ValueError, naming it and its range, where that cannot be."""
        if name not in _TABLE:
            raise ValueError("{}: no such setting".format(name))
        low, high = _TABLE[name][1:3]
        if type(value) is not int or not low <= value <= high:
            raise ValueError("{}: {!r} is not a whole number from {} to {}".format(name, value, low, high))
        setattr(self, name, value)

    def update(self, values):
        """Change the settings that the dict `values` names: all of them, or, on ValueError, none."""
        before = self.as_dict()
        try:
            for name in values:
                self.set(name, values[name])
        except ValueError:
            for name in before:
                setattr(self, name, before[name])
            raise

    def get(self, name):
        """Return one setting; ValueError where there is none of that name."""
        if name not in _TABLE:
            raise ValueError("{}: no such setting".format(name))
        return getattr(self, name)

    def as_dict(self):
        """Return all settings by name."""
        return {name: getattr(self, name) for name in _TABLE}

    @staticmethod
    def names():
        """Return the names of all settings, sorted."""
        return sorted(_TABLE)

    @staticmethod
    def describe(name):
        """Return (default, lowest, highest, meaning) of one setting."""
        return _TABLE[name]
