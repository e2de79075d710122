"""The wearer: strength, tempo, build and the small movements of a living body; and the block they hold."""

import math
import random
from dataclasses import dataclass, field
from typing import Literal, get_args

from .sensing import Sensors

Family = Literal["cosine", "minimum_jerk", "muscle", "bell", "skewed", "plateau", "staged"]
FAMILIES: tuple[Family, ...] = get_args(Family)

Range = tuple[float, float]
"""Lowest and highest value, drawn evenly between."""

_GRAVITY = 9.81
_EDGE_PEAK = 5.77  # greatest acceleration of a minimum-jerk edge of unit size and length


@dataclass(frozen=True)
class Person:
    """One wearer and the block between their knees."""

    hold_n: float = 15.0
    """Light squeeze that keeps the block in place, N."""
    reference_n: float = 60.0
    """A good press of theirs, above the hold, N."""
    press_s: float = 1.4
    """Start of a press to the end of its return, s."""
    gap_s: float = 0.5
    """End of a return to the start of the next press, s."""
    rise_share: float = 0.35
    """Share of a press spent rising."""
    top_share: float = 0.25
    """Share of a press spent at the top."""
    family: Family = "minimum_jerk"
    """The shape most of their presses have."""
    family_share: float = 0.6
    """Share of presses of that shape; the others are of any shape."""
    half_thigh_width_m: float = 0.075
    """Axis of the femur to the point of contact, m."""
    rotation_deg: float = 5.0
    """Internal rotation of each hip in a reference press, degrees."""
    stiffening: float = 0.0
    """Tissue: s in rotation = p + s p (1 - p), with p the press over the reference press."""
    lag_s: float = 0.02
    """Tissue: how far the rotation follows behind the force, s."""
    lean_deg: float = 20.0
    """How far drag points down from caudal, as the thigh leans, degrees."""
    lean_spread_deg: float = 3.0
    """Standard deviation of the lean from day to day, degrees."""
    sagittal_deg: float = 0.0
    """Tilt about x of the block as they hold it, degrees."""
    frontal_deg: float = 0.0
    """Tilt about y of the block as they hold it, degrees."""
    natural_sagittal_deg: float = 0.3
    """Sagittal tilt that goes with a good reference press, degrees; under 0.5."""
    natural_frontal_deg: float = 0.2
    """Frontal tilt that goes with a good reference press, degrees; under 0.5."""
    lever_m: float = 0.01
    """Height of the block over the axis about which the pelvis tips it, m."""
    force_spread: float = 0.08
    """Standard deviation of the press from rep to rep, as a share of it."""
    tempo_spread: float = 0.07
    """Standard deviation of durations from rep to rep, as a share of them."""
    fatigue: float = 0.08
    """Loss of press, and gain of duration, over a set, as a share."""
    breathing_hz: float = 0.22
    breathing_deg: float = 0.2
    """Slow pitch, degrees to either side: 0.1-0.4."""
    breathing_force: float = 0.015
    """Swing of the force to either side, as a share of it."""
    heart_hz: float = 1.1
    heart_force: float = 0.006
    """Pulse in the force, as a share of it."""
    heart_mg: float = 0.5
    """Pulse in the acceleration, mg."""
    tremor_hz: float = 9.0
    tremor_force: float = 0.004
    """Swing of the force to either side, as a share of it."""
    tremor_mg: float = 0.5
    """Acceleration to either side at the reference press, mg."""
    sensors: Sensors = field(default_factory=Sensors)
    """The block's sensors."""

    @property
    def drag_m(self) -> float:
        """How far the faces drag the block in a reference press: half thigh width x rotation, m."""
        return self.half_thigh_width_m * math.radians(self.rotation_deg)

    @property
    def drag_mg(self) -> float:
        """Drag to expect at the start of one of their presses, mg."""
        return 1000.0 * _EDGE_PEAK * self.drag_m / (self.rise_share * self.press_s) ** 2 / _GRAVITY


@dataclass(frozen=True)
class Population:
    """Ranges from which people and their blocks are drawn; units as in Person and Sensors."""

    hold_n: Range = (5.0, 25.0)
    reference_n: Range = (25.0, 90.0)
    strong_share: float = 0.1
    """Share of people whose reference press comes from ``strong_reference_n`` instead."""
    strong_reference_n: Range = (90.0, 160.0)
    press_s: Range = (0.95, 3.2)
    """Drawn evenly in its logarithm."""
    gap_s: Range = (0.15, 1.1)
    rise_share: Range = (0.25, 0.42)
    top_share: Range = (0.1, 0.32)
    half_thigh_width_m: Range = (0.06, 0.10)
    rotation_deg: Range = (4.0, 7.5)
    drag_mg: Range = (0.0, 40.0)
    """Rotation is turned down, or up, until the drag at the person's tempo lies within."""
    stiffening: Range = (-0.15, 0.25)
    lag_s: Range = (0.0, 0.04)
    lean_deg: Range = (-5.0, 45.0)
    sagittal_deg: Range = (-14.0, 14.0)
    frontal_deg: Range = (-4.0, 4.0)
    natural_tilt_deg: float = 0.4
    lever_m: Range = (0.0, 0.02)
    force_spread: Range = (0.03, 0.1)
    tempo_spread: Range = (0.03, 0.1)
    fatigue: Range = (0.0, 0.15)
    breathing_hz: Range = (0.15, 0.35)
    breathing_deg: Range = (0.1, 0.4)
    breathing_force: Range = (0.005, 0.02)
    heart_hz: Range = (0.9, 1.5)
    heart_force: Range = (0.0, 0.012)
    heart_mg: Range = (0.0, 1.2)
    tremor_hz: Range = (7.0, 11.0)
    tremor_force: Range = (0.0, 0.007)
    tremor_mg: Range = (0.0, 1.2)
    noise_mg: Range = (0.6, 2.0)
    offset_mg: float = 40.0
    mount_deg: float = 5.0
    """Largest mounting error on each axis, degrees."""
    exact_mount: bool = False
    """Mounting errors are all of ``mount_deg``, to one side or the other."""
    accel_gain: Range = (0.985, 1.015)
    force_noise_n: Range = (0.1, 0.5)
    force_gain: Range = (0.85, 1.15)
    creep_per_decade: Range = (0.0, 0.03)
    force_limit_n: float = 655.0
    force_step_n: float = 0.01


def draw(seed: int, population: Population | None = None) -> Person:
    """The person that ``seed`` stands for; the same one whenever the population is the same."""
    p = population or Population()
    rng = random.Random(f"{seed}/person")

    def within(limits: Range) -> float:
        return rng.uniform(*limits)

    def either_side(limit: float) -> float:
        return rng.uniform(-limit, limit)

    strong = rng.random() < p.strong_share
    reference = within(p.strong_reference_n if strong else p.reference_n)
    press_s = math.exp(rng.uniform(*map(math.log, p.press_s)))
    rise_share, top_share = within(p.rise_share), within(p.top_share)
    half_width, rotation = within(p.half_thigh_width_m), within(p.rotation_deg)
    family = rng.choice(FAMILIES)
    trial = Person(
        press_s=press_s, rise_share=rise_share, half_thigh_width_m=half_width, rotation_deg=rotation
    )
    wanted_mg = min(max(trial.drag_mg, p.drag_mg[0]), p.drag_mg[1])
    return Person(
        hold_n=within(p.hold_n),
        reference_n=reference,
        press_s=press_s,
        gap_s=within(p.gap_s),
        rise_share=rise_share,
        top_share=top_share,
        family=family,
        half_thigh_width_m=half_width,
        rotation_deg=rotation * wanted_mg / trial.drag_mg,
        stiffening=within(p.stiffening),
        lag_s=within(p.lag_s),
        lean_deg=within(p.lean_deg),
        sagittal_deg=within(p.sagittal_deg),
        frontal_deg=within(p.frontal_deg),
        natural_sagittal_deg=either_side(p.natural_tilt_deg),
        natural_frontal_deg=either_side(p.natural_tilt_deg),
        lever_m=within(p.lever_m),
        force_spread=within(p.force_spread),
        tempo_spread=within(p.tempo_spread),
        fatigue=within(p.fatigue),
        breathing_hz=within(p.breathing_hz),
        breathing_deg=within(p.breathing_deg),
        breathing_force=within(p.breathing_force),
        heart_hz=within(p.heart_hz),
        heart_force=within(p.heart_force),
        heart_mg=within(p.heart_mg),
        tremor_hz=within(p.tremor_hz),
        tremor_force=within(p.tremor_force),
        tremor_mg=within(p.tremor_mg),
        sensors=_draw_sensors(rng, p),
    )


def _draw_sensors(rng: random.Random, p: Population) -> Sensors:
    def axis_mount() -> float:
        angle = rng.uniform(-1.0, 1.0)
        return math.copysign(p.mount_deg, angle) if p.exact_mount else p.mount_deg * angle

    return Sensors(
        noise_mg=rng.uniform(*p.noise_mg),
        offset_mg=(
            rng.uniform(-p.offset_mg, p.offset_mg),
            rng.uniform(-p.offset_mg, p.offset_mg),
            rng.uniform(-p.offset_mg, p.offset_mg),
        ),
        mount_deg=(axis_mount(), axis_mount(), axis_mount()),
        accel_gain=(rng.uniform(*p.accel_gain), rng.uniform(*p.accel_gain), rng.uniform(*p.accel_gain)),
        force_noise_n=rng.uniform(*p.force_noise_n),
        force_gain=rng.uniform(*p.force_gain),
        creep_per_decade=rng.uniform(*p.creep_per_decade),
        force_limit_n=p.force_limit_n,
        force_step_n=p.force_step_n,
    )
