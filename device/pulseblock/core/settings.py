"""Every limit and setting of the counter: its default, its range, its unit.

Settings are whole numbers; the unit is the end of the name (hz, ms, pct, cn, cdeg, deg, mg, um).
`0` for `reference_cn` and `drag_*` means "not calibrated".
"""

# name: (default, lowest, highest); `meanings` says what each means
_TABLE = {
    "rate_hz": (100, 50, 200),
    "force_only": (0, 0, 1),
    "force_full_cn": (65535, 1000, 65535),
    # what counts as a press
    "min_rise_pct": (15, 5, 50),
    "return_rise_pct": (50, 25, 90),
    "return_reference_pct": (25, 10, 80),
    "plateau_pct": (18, 12, 40),
    # what makes a rep compensated
    "grip_residual_pct": (35, 10, 90),
    "grip_hold_ms": (5000, 1000, 30000),
    "grip_drag_pct": (35, 0, 90),
    "pelvis_limit_cdeg": (400, 100, 4500),
    "asymmetry_limit_cdeg": (400, 100, 4500),
    "jolt_limit_mg": (120, 30, 2000),
    "rushed_ms": (600, 200, 3000),
    "passive_pct": (40, 5, 95),
    "contact_pct": (15, 2, 60),
    "hysteresis_pct": (5, 0, 30),
    # ready, set, session
    "ready_ms": (1000, 300, 10000),
    "ready_tilt_deg": (35, 10, 60),
    "ready_jolt_mg": (60, 10, 500),
    "ready_force_cn": (150, 20, 5000),
    "set_end_ms": (5000, 1000, 60000),
    "session_end_ms": (60000, 5000, 600000),
    # this wearer, from calibration
    "reference_cn": (0, 0, 40000),
    "mount_pitch_cdeg": (0, -4500, 4500),
    "mount_roll_cdeg": (0, -4500, 4500),
    "drag_y_um": (0, -32767, 32767),
    "drag_z_um": (0, -32767, 32767),
    "drag_scatter_y_um": (1500, 100, 32767),
    "drag_scatter_z_um": (750, 100, 32767),
    "drag_evidence_ug": (600, 100, 50000),
    "drag_separation_pct": (0, 0, 10000),
    "hold_cn": (0, 0, 65535),
    "tempo_ms": (0, 0, 60000),
    "natural_sagittal_cdeg": (0, -4500, 4500),
    "natural_frontal_cdeg": (0, -4500, 4500),
    # what this wearer sees and hears; nothing that counts depends on it
    "light_pct": (100, 0, 100),
    "sound": (1, 0, 1),
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
        low, high = _TABLE[name][1:]
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
        """Return (default, lowest, highest) of one setting."""
        return _TABLE[name]
