"""Each quantity of a rep beside its limit, as the core's judge has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulseblock.core import judge
from pulseblock.core.events import UNKNOWN, fault_names
from pulseblock.core.settings import Settings
from pulseblock_tools.replaying.replay import Rep

# (name for people, unit, how many of the core's make one of it, decimals)
_SHOWN = {
    "sagittal_cdeg": ("sagittal", "°", 100, 1),
    "frontal_cdeg": ("frontal", "°", 100, 1),
    "jolt_mg": ("jolt", "g", 1000, 2),
    "held_ms": ("held", "s", 1000, 1),
    "grasp_pct": ("grasp", "%", 1, 0),
    "press_pct": ("press", "%", 1, 0),
    "duration_ms": ("time", "s", 1000, 2),
    "residual_pct": ("stays", "%", 1, 0),
    "drag_pct": ("drag", "%", 1, 0),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the judge with its limit: a quantity over it, or under it, is a fault."""

    fault: str
    quantity: str
    under: bool
    limit: int
    band: int
    """Around the limit the verdict of the rep before stands, so far to either side."""

    @property
    def name(self) -> str:
        """What people call the quantity."""
        return _SHOWN[self.quantity][0]

    @property
    def said(self) -> str:
        """What a good rep keeps to."""
        return f"{'≥' if self.under else '≤'}{self.shown(self.limit)}"

    def shown(self, value: int) -> str:
        """Return a value of the quantity in the unit that people read it in."""
        _, unit, scale, decimals = _SHOWN[self.quantity]
        rounded = round(value / scale, decimals) + 0.0  # no -0.0
        return f"{rounded:.{decimals}f}{'' if unit == '°' else ' '}{unit}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule finds in one rep; ``value`` is None where nothing is known."""

    rule: Rule
    value: int | None
    broken: bool

    @property
    def said(self) -> str:
        """The value for people, marked where it breaks the rule."""
        if self.value is None:
            return "-"
        return self.rule.shown(self.value) + ("!" if self.broken else "")


def rules_of(settings: Mapping[str, int]) -> list[Rule]:
    """Return the rules, in the order of the core, with the limits of *settings* and the defaults."""
    values = Settings(**settings)
    hysteresis_pct = values.get("hysteresis_pct")
    made = []
    for fault, quantity, side, name, hysteresis in judge.LIVE + judge.RETURNED + judge.ENDED + judge.WHOLE:
        limit = values.get(name)
        band = limit * hysteresis_pct // 100 if hysteresis == judge.BAND else 0
        made.append(Rule(fault_names(fault)[0], quantity, side == judge.UNDER, limit, band))
    return made


def findings(rep: Rep, rules: list[Rule]) -> list[Finding]:
    """Return what every rule finds in a rep; it breaks one only if it got that fault."""
    found = []
    for rule in rules:
        value = rep.measured[rule.quantity]
        if value == UNKNOWN:
            found.append(Finding(rule, None, False))
            continue
        beyond = value < rule.limit + rule.band if rule.under else abs(value) > rule.limit - rule.band
        found.append(Finding(rule, value, beyond and rule.fault in rep.faults))
    return found


def as_dict(found: list[Finding]) -> dict[str, Any]:
    """Return findings as ``--json --explain`` prints them, in the core's own units."""
    return {
        one.rule.quantity: {
            "value": one.value,
            "limit": one.rule.limit,
            "fault": one.rule.fault,
            "broken": one.broken,
        }
        for one in found
    }
