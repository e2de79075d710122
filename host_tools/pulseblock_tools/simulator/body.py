"""True force and specific force of the block, moment by moment, from a performance and a living body."""

import math
import random
from collections.abc import Iterator

from .disturbances import AX, AY, AZ, FORCE, FRONTAL, SAGITTAL, Disturbance
from .performance import GRAVITY, Performance

Motion = tuple[float, float, float, float]
"""Force (N) and specific force on the block's x, y, z (g)."""


class Physiology:
    """Breathing, heartbeat and tremor: never still, never in step with the presses."""

    def __init__(self, performance: Performance, seed: int) -> None:
        person = performance.person
        rng = random.Random(f"{seed}/physiology")
        self._person = person
        turn = 2.0 * math.pi
        self._breath = turn * person.breathing_hz
        self._beat = turn * person.heart_hz
        self._phases = [rng.uniform(0.0, turn) for _ in range(4)]
        self._tremors = [
            (turn * person.tremor_hz * rng.uniform(0.88, 1.12), rng.uniform(0.0, turn)) for _ in range(3)
        ]

    def at(self, t: float) -> tuple[float, float, float, float]:
        """Factor on the force, pitch (degrees), heartbeat (g), tremor (-1..1) at ``t`` (s)."""
        person, phases = self._person, self._phases
        # no two breaths and no two beats are the same length
        breath = math.sin(self._breath * t + phases[0] + 0.7 * math.sin(0.17 * self._breath * t + phases[1]))
        pulse = math.sin(self._beat * t + phases[2] + 0.5 * math.sin(0.23 * self._breath * t + phases[3]))
        pulse = pulse * pulse * pulse
        tremor = sum(math.sin(omega * t + phase) for omega, phase in self._tremors) / 3.0
        force = (
            1.0 + person.breathing_force * breath + person.heart_force * pulse + person.tremor_force * tremor
        )
        return force, person.breathing_deg * breath, person.heart_mg / 1000.0 * pulse, tremor


def move(performance: Performance, rate_hz: float, seed: int) -> Iterator[Motion]:
    """The block's motion, ``rate_hz`` times a second, from the start of the performance to its end."""
    person = performance.person
    reference = person.reference_n
    hold, press = performance.hold.reader(), performance.press.reader()
    rotation = performance.press.reader()
    sagittal, frontal = performance.sagittal.reader(), performance.frontal.reader()
    shift = performance.shift.reader()
    physiology = Physiology(performance, seed)
    waiting = sorted(performance.disturbances, key=lambda disturbance: disturbance.start, reverse=True)
    active: list[Disturbance] = []
    drags = [*performance.drag_shares, (math.inf, 0.0)]
    drag_index, drag_share = 0, 0.0

    lean = math.radians(performance.lean_deg)
    caudal, down = math.cos(lean), math.sin(lean)
    drag_g = person.drag_m / GRAVITY
    lever_g = person.lever_m * math.radians(1.0) / GRAVITY
    stiff = person.stiffening

    for i in range(math.floor(performance.seconds * rate_hz) + 1):
        t = i / rate_hz
        while drags[drag_index][0] <= t:
            drag_share = drags[drag_index][1]
            drag_index += 1
        while waiting and waiting[-1].start <= t:
            active.append(waiting.pop())
        extra = [0.0] * 6
        for disturbance in active:
            disturbance.add(t, extra)
        if active and any(disturbance.end < t for disturbance in active):
            active = [disturbance for disturbance in active if disturbance.end >= t]

        press_n = press.at(t)[0]
        p, dp, ddp = (jet / reference for jet in rotation.at(t - person.lag_s))
        # both faces carry the block by half a thigh's width x rotation, against +y and, leaning, against +z
        rotation_curve = (1.0 + stiff * (1.0 - 2.0 * p)) * ddp - 2.0 * stiff * dp * dp
        drag = -drag_g * drag_share * rotation_curve

        alive, pitch, beat_g, tremor = physiology.at(t)
        squeezed = max(hold.at(t)[0] + press_n, 0.0)
        force = max(squeezed * alive + extra[FORCE] * min(1.0, squeezed), 0.0)

        tip, _, tip_curve = sagittal.at(t)
        roll, _, _ = frontal.at(t)
        shift_g = shift.at(t)[2] / GRAVITY
        phi = math.radians(tip + pitch + person.natural_sagittal_deg * p + extra[SAGITTAL])
        psi = math.radians(roll + person.natural_frontal_deg * p + extra[FRONTAL])
        shiver = person.tremor_mg / 1000.0 * tremor * (0.3 + 0.7 * p)
        level = math.cos(psi)
        yield (
            force,
            extra[AX] - math.sin(psi) + shift_g + 0.3 * shiver,
            extra[AY] + level * math.sin(phi) + drag * caudal - lever_g * tip_curve + shiver + beat_g,
            extra[AZ] + level * math.cos(phi) + drag * down + 0.7 * shiver,
        )
