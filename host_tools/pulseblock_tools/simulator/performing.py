"""A plan acted out by a person."""

import random
from dataclasses import replace

from .handling import Handling
from .people import Person
from .performance import Performance, Rep, Span
from .plans import HELD_ACTIVITIES, Plan, Set
from .pressing import Pressing

_SEEN_BY_ACCELEROMETER = {"pelvis", "asymmetry", "unstable"}


def perform(
    person: Person, plan: Plan, seed: int, *, strength: float = 1.0, force_only: bool = False
) -> Performance:
    """Act out ``plan``.  ``strength`` scales this day's presses; 0.94-1.06 keeps labels beyond doubt.

    With ``force_only`` hands leave the force sensor alone, since nothing else could tell them from knees,
    and faults that only the accelerometer shows are left out of the labels.
    """
    rng = random.Random(f"{seed}/movement")
    out = Performance(person, lean_deg=person.lean_deg + rng.gauss(0.0, person.lean_spread_deg))
    handling = Handling(out, rng, quiet=force_only)
    pressing = Pressing(out, rng, strength * person.reference_n)
    now, inside = 0.0, False
    for phase in plan.phases:
        held = isinstance(phase, Set) or phase.activity in HELD_ACTIVITIES
        if held and not inside:
            now = handling.put_in(now)
        elif inside and not held:
            now = handling.take_out(now)
        inside = held
        start = now
        if isinstance(phase, Set):
            now = pressing.perform(phase, start)
            out.spans.append(Span(start, now, "set"))
        else:
            now = handling.do(phase.activity, start, phase.seconds)
            out.spans.append(Span(start, now, phase.activity))
    out.seconds = now
    if force_only:
        out.reps = [_by_force_alone(rep) for rep in out.reps]
    return out


def _by_force_alone(rep: Rep) -> Rep:
    unseen = _SEEN_BY_ACCELEROMETER | ({"grip"} if rep.kind == "grip_adduction" else set())
    return replace(rep, faults=tuple(fault for fault in rep.faults if fault not in unseen))
