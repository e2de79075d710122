"""Everything that moves, in continuous time, before any sensor sees it; and what was really done."""

from dataclasses import dataclass, field

from .curves import Track
from .disturbances import Disturbance
from .people import Person

GRAVITY = 9.81
"""m/s^2."""


@dataclass(frozen=True)
class Rep:
    """One labelled rep, times in seconds."""

    start: float
    peak: float
    end: float
    kind: str
    faults: tuple[str, ...]
    """In alphabetical order; none is a good rep."""
    press_share: float
    """Its press over the reference press."""
    residual_share: float
    """Force left after it, above the hold, over the reference press; below -hold the knees have parted."""
    drag_share: float
    """Its drag over the person's own, for the same force."""


@dataclass(frozen=True)
class Span:
    """A stretch of time (s) and what went on in it: an activity of a plan, or "set"."""

    start: float
    end: float
    what: str


@dataclass
class Performance:
    """Tracks and disturbances that add up to the block's motion, and the labels."""

    person: Person
    hold: Track = field(default_factory=Track)
    """Force of whatever holds the block, knees or hands, N."""
    press: Track = field(default_factory=Track)
    """Force of the press, N above the hold."""
    sagittal: Track = field(default_factory=Track)
    """Rotation of the block about x, degrees."""
    frontal: Track = field(default_factory=Track)
    """Rotation of the block about y, degrees."""
    shift: Track = field(default_factory=Track)
    """Sideways, m."""
    lean_deg: float = 0.0
    """How far drag points down from caudal on this day, degrees."""
    drag_shares: list[tuple[float, float]] = field(default_factory=list)
    """From when (s), and the share of the person's drag that presses make from then on."""
    disturbances: list[Disturbance] = field(default_factory=list)
    reps: list[Rep] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    """Phases and sets, in order."""
    seconds: float = 0.0
    """How long it all lasts."""
