"""The judge: a table of rules, each a measured quantity of the rep beside its limit.

A rep has a fault when the quantity is over (or under) the setting of that name.  The `LIVE` rules can be
known while the press goes on, the `RETURNED` one as it returns, the `ENDED` one as its return comes to
an end, the `WHOLE` ones when all of it is over.

Around the limit of a rule marked `BAND` lies a dead band of `hysteresis_pct` of it either way: a rep
inside it gets, by that rule, the verdict of the rep before, so that verdicts do not flip on noise.
"""

from micropython import const

from pulseblock.core import events

OVER = const(0)
UNDER = const(1)
SHARP = const(0)
BAND = const(1)

# fault, quantity of the rep, side, setting, hysteresis
LIVE = (
    (events.PELVIS, "sagittal_cdeg", OVER, "pelvis_limit_cdeg", BAND),
    (events.ASYMMETRY, "frontal_cdeg", OVER, "asymmetry_limit_cdeg", BAND),
    (events.UNSTABLE, "jolt_mg", OVER, "jolt_limit_mg", BAND),
    (events.GRIP, "held_ms", OVER, "grip_hold_ms", SHARP),
    (events.CONTACT, "grasp_pct", UNDER, "contact_pct", SHARP),
)
RETURNED = ((events.PASSIVE, "press_pct", UNDER, "passive_pct", BAND),)
ENDED = ((events.RUSHED, "duration_ms", UNDER, "rushed_ms", BAND),)
WHOLE = (
    (events.GRIP, "residual_pct", OVER, "grip_residual_pct", BAND),
    (events.GRIP, "drag_pct", UNDER, "grip_drag_pct", BAND),
)


class Judge:
    """The rules with this wearer's limits, and which of them the last rep broke."""

    def __init__(self, settings):
        """Look the limits up once."""
        self._live = _with_limits(LIVE, settings)
        self._returned = _with_limits(RETURNED, settings)
        self._ended = _with_limits(ENDED, settings)
        self._whole = _with_limits(WHOLE, settings)

    def live(self, rep):
        """Return the fault bits that `rep` has earned so far, its press still going on."""
        return _broken(self._live, rep)

    def returned(self, rep):
        """Return the fault bits that are known as the press returns."""
        return _broken(self._returned, rep)

    def ended(self, rep):
        """Return the fault bits that are known as the return ends."""
        return _broken(self._ended, rep)

    def whole(self, rep):
        """Return the fault bits that only the whole rep shows."""
        return _broken(self._whole, rep)

    def remember(self, rep):
        """The verdict on `rep` is final: it stands for the next one where that falls into a dead band."""
        _remember(self._live, rep)
        _remember(self._returned, rep)
        _remember(self._ended, rep)
        _remember(self._whole, rep)


class _Rule:
    def __init__(self, fault, quantity, under, limit, band):
        self.fault = fault
        self.quantity = quantity
        self.under = under
        self.mild = limit - band if under else limit + band
        self.strict = limit + band if under else limit - band
        self.broken = False

    def breaks(self, rep):
        """Say whether `rep` breaks the rule; None where the quantity is unknown."""
        value = getattr(rep, self.quantity)
        if value == events.UNKNOWN:
            return None
        limit = self.strict if self.broken else self.mild
        return value < limit if self.under else abs(value) > limit


def _with_limits(rules, settings):
    made = []
    for fault, quantity, side, name, hysteresis in rules:
        limit = settings.get(name)
        band = limit * settings.hysteresis_pct // 100 if hysteresis == BAND else 0
        made.append(_Rule(fault, quantity, side == UNDER, limit, band))
    return made


def _broken(rules, rep):
    faults = 0
    for rule in rules:
        if rule.breaks(rep):
            faults |= rule.fault
    return faults


def _remember(rules, rep):
    for rule in rules:
        broken = rule.breaks(rep)
        if broken is not None:
            rule.broken = broken
