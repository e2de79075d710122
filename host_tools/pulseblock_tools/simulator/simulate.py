"""Traces from people, plans and a seed: the simulator's front door."""

import random
from collections.abc import Iterator
from dataclasses import replace

from . import people, plans
from .body import move
from .people import Person
from .performance import Performance
from .performing import perform
from .plans import Plan, RepPlan, Set
from .sensing import Link, Reading, SensorFault, read
from .traces import Trace, label

_STRENGTH = (0.94, 1.06)


def rehearse(person: Person, plan: Plan, seed: int, *, force_only: bool = False) -> Performance:
    """``plan`` as ``person`` acts it out on the day ``seed`` stands for, at any sample rate."""
    strength = random.Random(f"{seed}/strength").uniform(*_STRENGTH)
    return perform(person, plan, seed, strength=strength, force_only=force_only)


def stream(
    performance: Performance,
    seed: int,
    rate_hz: float,
    *,
    sensor_faults: tuple[SensorFault, ...] = (),
    link: Link | None = None,
) -> Iterator[Reading]:
    """Readings of ``performance``, one by one, made as they are asked for."""
    motion = move(performance, rate_hz, seed)
    return read(motion, performance.person.sensors, rate_hz, seed, faults=sensor_faults, link=link)


def session(
    person: Person,
    plan: Plan,
    seed: int,
    rate_hz: float = 100,
    *,
    sensor_faults: tuple[SensorFault, ...] = (),
    link: Link | None = None,
    force_only: bool = False,
) -> Trace:
    """One labelled trace: the same for the same arguments, on every machine.

    The movement depends on ``person``, ``plan`` and ``seed`` alone, so that the same reps can be sensed
    at other rates, with other noise or through a worse link.  Reps that overlap a sensor's fault are not
    labelled: nobody could ask for a verdict on them.
    """
    performance = rehearse(person, plan, seed, force_only=force_only)
    performance.reps = [
        rep
        for rep in performance.reps
        if not any(fault.start_s < rep.end and rep.start < fault.end_s for fault in sensor_faults)
    ]
    rows = list(stream(performance, seed, rate_hz, sensor_faults=sensor_faults, link=link))
    return _label(performance, rows, rate_hz, force_only=force_only)


def calibration(
    person: Person,
    seed: int,
    rate_hz: float = 100,
    *,
    grips: int = 6,
    link: Link | None = None,
    force_only: bool = False,
) -> Trace:
    """Ready, six reference presses, 7 s and, unless ``grips`` is 0, deliberate adduction grips."""
    performance = perform(person, plans.calibration(seed, grips=grips), seed, force_only=force_only)
    rows = list(stream(performance, seed, rate_hz, link=link))
    return _label(performance, rows, rate_hz, force_only=force_only)


def _label(
    performance: Performance, rows: list[Reading], rate_hz: float, *, force_only: bool = False
) -> Trace:
    return Trace(
        rows, label(performance, rate_hz), tuple(performance.spans), tuple(performance.reps), force_only
    )


def demo_session(seed: int, rate_hz: float = 100) -> Trace:
    """About 45 s: two short sets at a brisk tempo, mostly good, with faults that are easy to see and hear."""
    rng = random.Random(f"{seed}/demo")
    person = people.draw(seed, people.Population(press_s=(1.1, 1.3), gap_s=(0.4, 0.6), strong_share=0.0))
    felt: list[plans.Kind] = ["passive", "rushed", "grip_tonic"]
    seen: list[plans.Kind] = ["pelvis", "asymmetry", "unstable", "contact"]
    return session(
        replace(person, family_share=0.8),
        Plan(
            (
                plans.Phase("handling", 1.5),
                _demo_set(rng.sample(felt, 2)),
                plans.Phase("hold", 7.5),
                _demo_set(rng.sample(seen, 2)),
                plans.Phase("hold", 1.0),
                plans.Phase("handling", 1.5),
            )
        ),
        seed,
        rate_hz,
    )


def _demo_set(kinds: list[plans.Kind]) -> Set:
    return Set((RepPlan(), RepPlan(), RepPlan(kinds[0]), RepPlan(), RepPlan(kinds[1]), RepPlan()))
