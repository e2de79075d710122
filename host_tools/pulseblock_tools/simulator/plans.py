"""What the wearer will do, before anybody does it: phases, sets and the movement behind each rep."""

import random
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "good",
    "grip_adduction",
    "grip_tonic",
    "grip_held",
    "pelvis",
    "asymmetry",
    "unstable",
    "rushed",
    "passive",
    "contact",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
FAULTY_KINDS = KINDS[1:]

FAULT_OF: dict[str, str] = {kind: kind.partition("_")[0] for kind in FAULTY_KINDS}
"""The fault each movement shows."""

COMBINATIONS: dict[Kind, tuple[Kind, ...]] = {
    "grip_adduction": ("asymmetry",),
    "grip_tonic": ("pelvis", "asymmetry", "unstable"),
    "grip_held": ("pelvis", "asymmetry", "unstable"),
    "pelvis": ("asymmetry", "unstable"),
    "asymmetry": ("unstable",),
    "rushed": ("passive",),
    "passive": ("pelvis", "asymmetry", "unstable", "contact"),
    "contact": ("pelvis", "asymmetry", "unstable"),
}
"""Movements that one press can show besides its own, both beyond doubt."""

Activity = Literal["hold", "laughing", "phone", "knocks", "handling", "carrying", "walking", "floor"]
ACTIVITIES: tuple[Activity, ...] = get_args(Activity)
HELD_ACTIVITIES: frozenset[Activity] = frozenset(("hold", "laughing", "phone", "knocks"))
"""Those with the block between the knees, ready."""


@dataclass(frozen=True)
class RepPlan:
    """One press to come."""

    kind: Kind = "good"
    also: tuple[Kind, ...] = ()
    """Further movements in the same press."""
    stays: int = 0
    """Further reps for which a pelvis that shifted stays shifted."""
    pause_s: float = 0.0
    """Wait before it, on top of the wearer's own gap, s."""


@dataclass(frozen=True)
class Set:
    """Presses in a row."""

    reps: tuple[RepPlan, ...]


@dataclass(frozen=True)
class Phase:
    """Anything that is not a rep.  The block is put in and taken out where phases call for it."""

    activity: Activity
    seconds: float


@dataclass(frozen=True)
class Plan:
    """A whole trace."""

    phases: tuple[Phase | Set, ...]

    @property
    def sets(self) -> tuple[Set, ...]:
        """Its sets, in order."""
        return tuple(phase for phase in self.phases if isinstance(phase, Set))


@dataclass(frozen=True)
class Mix:
    """What sessions are made of."""

    sets: tuple[int, int] = (1, 3)
    """Fewest and most sets."""
    reps: tuple[int, int] = (5, 12)
    """Fewest and most reps in a set."""
    faulty_share: float = 0.33
    """Share of reps that are compensated, but for those a lasting shift adds."""
    kinds: tuple[Kind, ...] = FAULTY_KINDS
    """The movements to draw compensated reps from, each alike."""
    combined_share: float = 0.15
    """Share of compensated reps that show a second fault, where one goes with the first."""
    stays_share: float = 0.3
    """Share of pelvic tilts that stay for some reps."""
    pause_share: float = 0.06
    """Share of reps that the wearer pauses before."""
    out_share: float = 0.6
    """Share of rests in which the block is taken out."""
    activities: tuple[Activity, ...] = ()
    """Done before the first set, in every rest and after the last set."""


def draw_rep(rng: random.Random, mix: Mix) -> RepPlan:
    """One press."""
    pause = rng.uniform(1.5, 3.0) if rng.random() < mix.pause_share else 0.0
    if rng.random() >= mix.faulty_share:
        return RepPlan(pause_s=pause)
    kind = rng.choice(mix.kinds)
    partners = [other for other in COMBINATIONS.get(kind, ()) if other in mix.kinds]
    also = (rng.choice(partners),) if partners and rng.random() < mix.combined_share else ()
    shifts = "pelvis" in (kind, *also) and rng.random() < mix.stays_share
    return RepPlan(kind, also, rng.randint(1, 5) if shifts else 0, pause)


def session(seed: int, mix: Mix | None = None) -> Plan:
    """A session drawn from ``mix``."""
    mix = mix or Mix()
    rng = random.Random(f"{seed}/plan")

    def activities() -> list[Phase]:
        return [Phase(activity, rng.uniform(5.0, 14.0)) for activity in mix.activities]

    phases: list[Phase | Set] = [Phase("handling", rng.uniform(1.5, 5.0)), *activities()]
    for i in range(rng.randint(*mix.sets)):
        if i:
            phases += [Phase("hold", rng.uniform(7.5, 11.0)), *activities()]
            if rng.random() < mix.out_share:
                phases.append(Phase(rng.choice(("handling", "handling", "floor")), rng.uniform(2.0, 8.0)))
        phases.append(Set(tuple(draw_rep(rng, mix) for _ in range(rng.randint(*mix.reps)))))
    phases += [Phase("hold", rng.uniform(1.5, 7.0)), *activities(), Phase("handling", rng.uniform(2.0, 5.0))]
    return Plan(tuple(phases))


def calibration(seed: int, presses: int = 6, grips: int = 6) -> Plan:
    """Ready, a set of reference presses, 7 s, a set of deliberate adduction grips."""
    rng = random.Random(f"{seed}/calibration")
    phases: list[Phase | Set] = [
        Phase("handling", rng.uniform(1.5, 4.0)),
        Phase("hold", rng.uniform(3.0, 5.0)),
        Set((RepPlan(),) * presses),
        Phase("hold", 5.8),  # after the second or two in which a set ends
    ]
    if grips:
        phases += [Set((RepPlan("grip_adduction"),) * grips), Phase("hold", 7.0)]
    return Plan((*phases, Phase("handling", rng.uniform(1.5, 3.0))))


def only(activity: Activity, seed: int, seconds: float = 60.0) -> Plan:
    """No rep at all: ``activity`` and nothing else."""
    rng = random.Random(f"{seed}/only")
    return Plan((Phase("handling", rng.uniform(1.0, 3.0)), Phase(activity, seconds), Phase("handling", 2.0)))
