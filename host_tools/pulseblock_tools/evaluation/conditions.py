"""Simulated people under the conditions that a block meets, for the report on accuracy.

The movements of a person depend on nothing but the person and their seeds, so that every condition senses the
same presses: what changes from one to the next is the sensor.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pulseblock_tools.simulator import people, plans, sensing, simulate, traces
from pulseblock_tools.simulator.people import Population
from pulseblock_tools.simulator.plans import Activity, Mix
from pulseblock_tools.simulator.sensing import Link
from pulseblock_tools.traces.trace import Trace

RATES_HZ = (50, 100, 104, 200)
SESSIONS = 2
QUIET_S = 60.0
NO_REPS: tuple[Activity, ...] = ("handling", "carrying", "walking", "floor", "phone", "laughing", "knocks")


@dataclass(frozen=True)
class Condition:
    """One way in which the same people are sensed."""

    name: str
    population: Population = field(default_factory=Population)
    rates_hz: tuple[int, ...] = RATES_HZ
    """Dealt out to the people in turn."""
    mix: Mix = field(default_factory=Mix)
    link: Link | None = None


def all_conditions() -> list[Condition]:
    """Everybody, each trouble by itself, and all of them at once."""
    usual = Population()
    worst = replace(
        usual,
        noise_mg=(2.0, 2.0),
        mount_deg=8.0,
        exact_mount=True,
        creep_per_decade=(0.05, 0.05),
        force_step_n=sensing.with_force_bits(8),
    )
    return [
        Condition("everybody, 50 to 200 Hz"),
        *(Condition(f"{hz} Hz", rates_hz=(hz,)) for hz in RATES_HZ),
        Condition("1 mg of noise", replace(usual, noise_mg=(1.0, 1.0))),
        Condition("2 mg of noise", replace(usual, noise_mg=worst.noise_mg)),
        Condition("accelerometer 8° off on each axis", replace(usual, mount_deg=8.0, exact_mount=True)),
        Condition(
            "force sensor creeps 5 % a decade", replace(usual, creep_per_decade=worst.creep_per_decade)
        ),
        Condition("force in 8 bits of 250 N", replace(usual, force_step_n=worst.force_step_n)),
        Condition("2 % of samples missing", link=Link(missing=0.02)),
        Condition("2 % of samples up to 30 ms late", link=Link(late=0.02, late_ms=30)),
        Condition(
            "laughing, phone, knocks between sets", mix=Mix(activities=("laughing", "phone", "knocks"))
        ),
        Condition("all of these at once", worst, link=Link(missing=0.02, late=0.02, late_ms=30)),
    ]


@dataclass(frozen=True)
class Simulated:
    """One person's traces under one condition, with the labels of the sessions."""

    calibration: Trace
    sessions: list[tuple[Trace, traces.Labels]]


def simulate_person(condition: Condition, seed: int, number: int) -> Simulated:
    """Simulate person *number* of those that *seed* stands for."""
    seeds = random.Random(f"{seed}/accuracy/{number}")
    person = people.draw(seeds.getrandbits(48), condition.population)
    rate_hz = condition.rates_hz[number % len(condition.rates_hz)]
    calibration = simulate.calibration(person, seeds.getrandbits(48), rate_hz, link=condition.link)
    sessions = []
    for k in range(SESSIONS):
        of_session = seeds.getrandbits(48)
        plan = plans.session(of_session, condition.mix)
        session = simulate.session(person, plan, of_session, rate_hz, link=condition.link)
        sessions.append((_recorded(session, f"{number}-s{k}"), session.labels))
    return Simulated(_recorded(calibration, f"{number}-calibration"), sessions)


def simulate_quiet(activity: Activity, seed: int, number: int) -> Trace:
    """Simulate person *number* doing something in which there is no rep."""
    seeds = random.Random(f"{seed}/quiet/{number}")
    person = people.draw(seeds.getrandbits(48))
    of_trace = seeds.getrandbits(48)
    plan = plans.only(activity, of_trace, QUIET_S)
    rate_hz = RATES_HZ[number % len(RATES_HZ)]
    return _recorded(simulate.session(person, plan, of_trace, rate_hz), f"{number}-{activity}")


def _recorded(simulated: traces.Trace, name: str) -> Trace:
    """The trace as a file of it would be read."""
    columns: Iterator[tuple[float, ...]] = zip(*simulated.rows, strict=True)
    t_ms, force_n, *acceleration_g = (array("d", column) for column in columns)
    return Trace(name, t_ms, force_n, tuple(acceleration_g))
