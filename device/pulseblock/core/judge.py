"""The judge: a table of rules, each a measured quantity of the rep beside its limit.

A rep has a fault when the quantity is over (or under) the setting of that name.  The `LIVE` rules can be
known while the press goes on, the `RETURNED` ones once it has returned, the `WHOLE` ones once its
return has run to the end.
"""

from micropython import const

from pulseblock.core import events

_OVER = const(0)
_UNDER = const(1)

# fault, quantity of the rep, side, setting
LIVE = (
    (events.PELVIS, "sagittal_cdeg", _OVER, "pelvis_limit_cdeg"),
    (events.ASYMMETRY, "frontal_cdeg", _OVER, "asymmetry_limit_cdeg"),
    (events.UNSTABLE, "jolt_mg", _OVER, "jolt_limit_mg"),
    (events.GRIP, "held_ms", _OVER, "grip_hold_ms"),
    (events.CONTACT, "grasp_pct", _UNDER, "contact_pct"),
)
RETURNED = (
    (events.RUSHED, "duration_ms", _UNDER, "rushed_ms"),
    (events.PASSIVE, "press_pct", _UNDER, "passive_pct"),
)
WHOLE = (
    (events.GRIP, "residual_pct", _OVER, "grip_residual_pct"),
    (events.GRIP, "drag_pct", _UNDER, "grip_drag_pct"),
)


class Judge:
    """The rules with this wearer's limits."""

    def __init__(self, settings):
        """Look the limits up once."""
        self._live = _with_limits(LIVE, settings)
        self._returned = _with_limits(RETURNED, settings)
        self._whole = _with_limits(WHOLE, settings)

    def live(self, rep):
        """Return the fault bits that `rep` has earned so far, its press still going on."""
        return _broken(self._live, rep)

    def returned(self, rep):
        """Return the fault bits that the return adds."""
        return _broken(self._returned, rep)

    def whole(self, rep):
        """Return the fault bits that the end of the return adds."""
        return _broken(self._whole, rep)


def _with_limits(rules, settings):
    return tuple((fault, name, side, settings.get(limit)) for fault, name, side, limit in rules)


def _broken(rules, rep):
    faults = 0
    for fault, name, side, limit in rules:
        value = getattr(rep, name)
        if value == events.UNKNOWN:
            continue
        if side == _OVER:
            if value > limit or -value > limit:
                faults |= fault
        elif value < limit:
            faults |= fault
    return faults
