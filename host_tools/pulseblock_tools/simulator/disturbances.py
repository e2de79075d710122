"""Motions laid over the press: jolts, shaking hands, steps, laughter, a phone that vibrates."""

import math
import random
from dataclasses import dataclass
from typing import Protocol

FORCE, SAGITTAL, FRONTAL, AX, AY, AZ = range(6)
"""Places in the list a disturbance adds to: N, degrees, degrees, g, g, g."""

_ACCELERATIONS = (AX, AY, AZ)


class Disturbance(Protocol):
    """Something that acts from ``start`` to ``end`` (s)."""

    @property
    def start(self) -> float:
        """When it begins (s)."""

    @property
    def end(self) -> float:
        """When nothing of it is left (s)."""

    def add(self, t: float, motion: list[float]) -> None:
        """Add its share at ``t`` to the six of ``motion``."""


def _fade(t: float, start: float, end: float, fade_in: float, fade_out: float) -> float:
    """0 outside, 1 well inside, with soft flanks."""
    flank = min((t - start) / fade_in, (end - t) / fade_out, 1.0)
    return 0.0 if flank <= 0.0 else flank * flank * (3.0 - 2.0 * flank)


def draw_direction(rng: random.Random) -> tuple[float, float, float]:
    """A unit vector, any direction alike."""
    x, y, z = (rng.gauss(0.0, 1.0) for _ in range(3))
    length = math.sqrt(x * x + y * y + z * z) or 1.0
    return x / length, y / length, z / length


@dataclass(frozen=True)
class Jolt:
    """A knock that rings: a damped sine along one direction, with an echo in the force."""

    start: float
    size_g: float
    """Height of the envelope at the knock, g."""
    ring_hz: float
    decay_s: float
    direction: tuple[float, float, float]
    force_n: float = 0.0
    """Echo in the force, N, to either side."""

    @property
    def end(self) -> float:
        """When the ringing has faded (s)."""
        return self.start + 8.0 * self.decay_s

    def add(self, t: float, motion: list[float]) -> None:
        """Ring."""
        since = t - self.start
        ring = math.exp(-since / self.decay_s) * math.sin(2.0 * math.pi * self.ring_hz * since)
        motion[FORCE] += self.force_n * ring
        for axis, part in zip(_ACCELERATIONS, self.direction, strict=True):
            motion[axis] += self.size_g * part * ring


@dataclass(frozen=True)
class Shake:
    """Irregular motion of a block in the hand: a handful of sines on each quantity."""

    start: float
    end: float
    fade_in: float
    fade_out: float
    sines: tuple[tuple[int, float, float, float], ...]
    """Place in the motion, size, angular frequency (rad/s), phase (rad)."""

    @classmethod
    def draw(
        cls,
        rng: random.Random,
        span: tuple[float, float],
        acceleration_g: float,
        tilt_deg: float,
        *,
        fade_in: float = 0.15,
        fade_out: float = 0.3,
    ) -> "Shake":
        """From when to when (s), and how strong, rms on each axis."""
        sines = []
        for place, rms, low_hz, high_hz in (
            (SAGITTAL, tilt_deg, 0.3, 2.5),
            (FRONTAL, tilt_deg, 0.3, 2.5),
            (AX, acceleration_g, 0.8, 9.0),
            (AY, acceleration_g, 0.8, 9.0),
            (AZ, acceleration_g, 0.8, 9.0),
        ):
            parts = 5
            size = rms * math.sqrt(2.0 / parts)
            for _ in range(parts if rms else 0):
                omega = 2.0 * math.pi * rng.uniform(low_hz, high_hz)
                sines.append((place, size, omega, rng.uniform(0.0, 2.0 * math.pi)))
        return cls(*span, fade_in, fade_out, tuple(sines))

    def add(self, t: float, motion: list[float]) -> None:
        """Shake."""
        strength = _fade(t, self.start, self.end, self.fade_in, self.fade_out)
        if strength:
            for place, size, omega, phase in self.sines:
                motion[place] += strength * size * math.sin(omega * t + phase)


@dataclass(frozen=True)
class Steps:
    """Walking with the block: the body's bob, heel strikes that ring, a hand that squeezes along."""

    start: float
    end: float
    step_hz: float
    bob_g: float
    strike_g: float
    ring_hz: float
    up: tuple[float, float, float]
    """Direction of the bob in the block's axes, a unit vector."""
    force_n: float
    """Squeeze that goes with each step, N."""

    def add(self, t: float, motion: list[float]) -> None:
        """Walk."""
        strength = _fade(t, self.start, self.end, 0.5, 0.5)
        if not strength:
            return
        cycle = (t - self.start) * self.step_hz
        since = (cycle % 1.0) / self.step_hz
        phase = 2.0 * math.pi * cycle
        strike = math.exp(-since / 0.04) * math.sin(2.0 * math.pi * self.ring_hz * since)
        shake = self.bob_g * (math.sin(phase) + 0.4 * math.sin(2.0 * phase + 1.0)) + self.strike_g * strike
        motion[FORCE] += strength * self.force_n * (0.5 + 0.5 * math.sin(phase - 0.8))
        for axis, part in zip(_ACCELERATIONS, self.up, strict=True):
            motion[axis] += strength * shake * part


@dataclass(frozen=True)
class Laugh:
    """One burst of laughter: the belly's beat, seen in the squeeze, the pitch and the acceleration."""

    start: float
    end: float
    beat_hz: float
    force_n: float
    pitch_deg: float
    acceleration_g: float

    def add(self, t: float, motion: list[float]) -> None:
        """Laugh."""
        strength = _fade(t, self.start, self.end, 0.15, 0.25)
        beat = math.sin(2.0 * math.pi * self.beat_hz * (t - self.start))
        motion[FORCE] += strength * self.force_n * (0.5 + 0.5 * beat)
        motion[SAGITTAL] += strength * self.pitch_deg * beat
        motion[AY] += strength * 0.5 * self.acceleration_g * beat
        motion[AZ] += strength * self.acceleration_g * beat


@dataclass(frozen=True)
class Buzz:
    """One pulse of a phone's vibrator, far above the sample rate and so seen folded down."""

    start: float
    end: float
    hertz: float
    acceleration_g: float
    direction: tuple[float, float, float]
    force_n: float = 0.0

    def add(self, t: float, motion: list[float]) -> None:
        """Vibrate."""
        wave = _fade(t, self.start, self.end, 0.03, 0.06) * math.sin(2.0 * math.pi * self.hertz * t)
        motion[FORCE] += self.force_n * wave
        for axis, part in zip(_ACCELERATIONS, self.direction, strict=True):
            motion[axis] += self.acceleration_g * part * wave
