"""Sets of presses, good and compensated, with labels that leave no doubt.

Every quantity on which a fault depends is drawn inside the band that SENSING's table calls certainly good
or certainly a fault, never between the two, with room for what sensors add.
"""

import math
import random
from collections.abc import Set as AbstractSet
from dataclasses import replace

from .curves import Piece, Track, bump
from .handling import draw_jolt
from .performance import GRAVITY, Performance, Rep
from .plans import FAULT_OF, Kind, RepPlan, Set
from .presses import Form, Press, draw_family, draw_form, shape_press

_SHORTEST_GAP_S = 0.12
_LONGEST_PAUSE_S = 4.0  # after the last return; a set ends at 5 s
_SHORTEST_PRESS_S = 0.9  # not rushed
_SMALLEST_RISE = 0.32  # of the reference; a rep has returned once it has fallen by 0.25
_READY_LIMIT_DEG = 30.0  # of tilt in all; the block counts as level up to 35
_CROSSTALK_DEG = 1.1  # tilt that a mounting turned about z may show on the other axis
_DRAG_LIMIT_MG = 48.0  # for any press: certainly no jolt
_TILT_KICK_G = 0.03  # linear acceleration allowed to a tilt
_EDGE_PEAK = 5.77  # greatest acceleration of a minimum-jerk edge of unit size and length

_FROM_TENSE: frozenset[Kind] = frozenset(
    ("good", "grip_tonic", "grip_adduction", "pelvis", "asymmetry", "unstable")
)
"""Presses that can start from a tonic grip, rising well over it."""


class Pressing:
    """Adds sets to a performance; ``reference_n`` is the day's reference press."""

    def __init__(self, out: Performance, rng: random.Random, reference_n: float) -> None:
        self._out = out
        self._rng = rng
        self._reference_n = reference_n
        self._now = 0.0
        self._shift_deg = 0.0
        self._shifted_reps = 0

    def perform(self, plan: Set, start: float) -> float:
        """Act out a set from ``start`` (s); return when all is back at the hold."""
        rng, out, person = self._rng, self._out, self._out.person
        self._now = start
        for i, rep in enumerate(plan.reps):
            if i:
                pause = max(_SHORTEST_GAP_S, person.gap_s * rng.uniform(0.75, 1.3)) + rep.pause_s
                latest = out.reps[-1].end + _LONGEST_PAUSE_S
                self._now = max(self._now + _SHORTEST_GAP_S, min(self._now + pause, latest))
            following = plan.reps[i + 1] if i + 1 < len(plan.reps) else None
            self._press(rep, person.fatigue * i / len(plan.reps), following)
        end = self._now
        self._drift(start, end)
        if self._shift_deg:
            self._unshift(end + 0.15)
        out.press.go(end + 0.15, rng.uniform(0.4, 1.2), 0.0)
        return end + rng.uniform(1.4, 2.0)

    def _press(self, plan: RepPlan, tired: float, following: RepPlan | None) -> None:
        out = self._out
        kinds = {plan.kind, *plan.also}
        form, seconds = self._draw_form(kinds, tired)
        low, residual = out.press.level, self._draw_residual(kinds)
        high = self._draw_height(kinds, tired)
        if "passive" not in kinds:
            high = max(high, self._reference_n * _SMALLEST_RISE + max(low, residual))
        press = shape_press(form, self._now, seconds, low=low, high=high, end=residual)
        drag_share = self._draw_drag(kinds, press)
        out.press.add(*press.pieces)
        out.drag_shares.append((self._now, drag_share))
        self._sway(press)
        self._tilt(kinds, plan.stays, press)
        if "unstable" in kinds:
            self._lose_base(press)
        faults = {FAULT_OF[kind] for kind in kinds if kind != "good"}
        if self._shift_deg:
            faults.add("pelvis")
        out.reps.append(
            Rep(
                start=press.start,
                peak=press.peak,
                end=press.end,
                kind=plan.kind,
                faults=tuple(sorted(faults)),
                press_share=press.height / self._reference_n,
                residual_share=residual / self._reference_n,
                drag_share=drag_share,
            )
        )
        self._now = press.end
        if "contact" in kinds:
            self._regain(residual)
        elif "grip_tonic" in kinds:
            self._stay_tense(following)
        self._mind_shift(following)

    # --- force ---

    def _draw_form(self, kinds: AbstractSet[str], tired: float) -> tuple[Form, float]:
        """Shape and duration (s)."""
        rng, person = self._rng, self._out.person
        if "rushed" in kinds:
            return draw_form("bell", person, rng), rng.uniform(0.26, 0.42)
        if "grip_held" in kinds:
            edge, held = rng.uniform(0.5, 0.9), rng.uniform(6.2, 8.5)
            seconds = 2.0 * edge + held
            dips = tuple(rng.uniform(0.01, 0.06) for _ in range(rng.randint(3, 8)))
            return Form(edge / seconds, held / seconds, dips=dips, sag=rng.uniform(0.0, 0.08)), seconds
        form = draw_form(draw_family(person, rng), person, rng)
        spread = min(max(rng.gauss(1.0, person.tempo_spread), 0.85), 1.2)
        return form, max(person.press_s * spread * (1.0 + tired), _SHORTEST_PRESS_S)

    def _draw_height(self, kinds: AbstractSet[str], tired: float) -> float:
        """The press, N above the hold."""
        if "passive" in kinds:
            return self._reference_n * self._rng.uniform(0.21, 0.30)
        share = self._rng.gauss(1.0, self._out.person.force_spread) * (1.0 - tired)
        return self._reference_n * min(max(share, 0.75), 1.3)

    def _draw_residual(self, kinds: AbstractSet[str]) -> float:
        """What stays of the press, N above the hold."""
        rng, hold_n = self._rng, self._out.hold.level
        if "contact" in kinds:
            return -1.15 * hold_n - 1.0  # force stops at nothing, the parting knees do not
        if "grip_tonic" in kinds:
            return self._reference_n * rng.uniform(0.56, 0.66)
        # creep of the sensor adds to what stays: leave it room below 15 %
        most = 0.10 - 1.2 * self._out.person.sensors.creep_per_decade
        wander = self._reference_n * min(max(rng.gauss(0.0, 0.03), -0.07), most)
        return max(wander, -0.3 * hold_n)

    def _regain(self, residual: float) -> None:
        """Knees apart for a moment, then the hold again."""
        rng = self._rng
        self._now += rng.uniform(0.2, 1.2)
        seconds = rng.uniform(0.25, 0.6)
        self._out.press.add(Piece(self._now, seconds, -residual))
        self._now += seconds + rng.uniform(0.3, 0.6)

    def _stay_tense(self, following: RepPlan | None) -> None:
        """A tonic grip lasts into the next press, or lets go late."""
        rng = self._rng
        can_last = following is not None and {following.kind, *following.also} <= _FROM_TENSE
        if can_last and rng.random() < 0.5:
            self._now += rng.uniform(0.1, 0.6)
            return
        self._now += rng.uniform(0.6, 1.5)
        seconds = rng.uniform(0.25, 0.5)
        self._out.press.go(self._now, seconds, 0.0)
        self._now += seconds

    # --- motion ---

    def _draw_drag(self, kinds: AbstractSet[str], press: Press) -> float:
        """The share of the person's drag that this press makes."""
        rng, person = self._rng, self._out.person
        if "grip_adduction" in kinds:
            return rng.uniform(-0.05, 0.07)
        # one hip that leads carries one face only
        leading = "asymmetry" in kinds
        share = rng.uniform(0.65, 1.0) if leading else min(max(rng.gauss(1.0, 0.1), 0.75), 1.25)
        at_sharpest_mg = 1000.0 * share * person.drag_m * press.sharpness / person.reference_n / GRAVITY
        return share * min(1.0, _DRAG_LIMIT_MG / max(at_sharpest_mg, _DRAG_LIMIT_MG))

    def _lose_base(self, press: Press) -> None:
        rng = self._rng
        when = press.start + (press.end - press.start) * rng.uniform(0.15, 0.75)
        echo = rng.uniform(0.0, 0.04) * self._reference_n
        self._out.disturbances.append(draw_jolt(rng, when, rng.uniform(0.5, 0.9), echo))

    def _drift(self, start: float, end: float) -> None:
        """The posture creeps a little over a set and has come back before the next."""
        for track in (self._out.sagittal, self._out.frontal):
            amount = self._rng.uniform(-0.3, 0.3)
            track.add(Piece(start, end - start, amount), Piece(end + 0.2, 2.0, -amount))

    def _sway(self, press: Press) -> None:
        """No two presses tip the block quite alike."""
        for track in (self._out.sagittal, self._out.frontal):
            start = press.start + self._rng.uniform(0.0, 0.2)
            track.add(Piece(start, max(press.end - press.start, 0.8), self._rng.uniform(-0.3, 0.3), bump))

    def _tilt(self, kinds: AbstractSet[str], stays: int, press: Press) -> None:
        """What pelvis and leading hip do to the block, during the press or to stay."""
        rng, out = self._rng, self._out
        # while the pelvis is shifted that is fault enough
        if "pelvis" in kinds and not self._shift_deg:
            amount = self._draw_tilt(out.sagittal, out.person.sensors.mount_deg[0])
            if stays:
                out.sagittal.add(Piece(press.start, max(0.35, min(press.rise_s, 1.0)), amount))
                self._shift_deg = amount
                self._shifted_reps = stays + 1
            else:
                out.sagittal.add(*self._there_and_back(press, amount, out.person.lever_m))
        if "asymmetry" in kinds:
            amount = self._draw_tilt(out.frontal, out.person.sensors.mount_deg[1])
            there, back = self._there_and_back(press, amount, 0.0)
            out.frontal.add(there, back)
            most = _TILT_KICK_G * GRAVITY * min(there.seconds, back.seconds) ** 2 / _EDGE_PEAK
            sideways = math.copysign(min(rng.uniform(0.002, 0.012), most), amount)
            out.shift.add(replace(there, amount=sideways), replace(back, amount=-sideways))

    def _draw_tilt(self, track: Track, mount_deg: float) -> float:
        """Degrees: a certain fault on its axis, unseen on the other, with the block still ready."""
        sign = self._rng.choice((-1.0, 1.0))
        room = _READY_LIMIT_DEG - sign * (track.level + mount_deg)
        turned = abs(math.sin(math.radians(self._out.person.sensors.mount_deg[2])))
        most = min(13.0, room, _CROSSTALK_DEG / max(turned, 0.01))
        return sign * self._rng.uniform(6.8, max(6.9, most))

    def _there_and_back(self, press: Press, amount: float, lever_m: float) -> tuple[Piece, Piece]:
        """With the rise of the press, and with its return; never so fast as to be a knock."""
        kick = _EDGE_PEAK * abs(math.radians(amount)) * lever_m
        edge = max(0.32, min(press.rise_s, press.return_s, 1.0), math.sqrt(kick / (_TILT_KICK_G * GRAVITY)))
        there = Piece(press.start + self._rng.uniform(0.0, 0.05), edge, amount)
        returning = min(press.return_s, 1.0)
        back_start = max(there.end + 0.05, press.end - returning)
        return there, Piece(back_start, max(edge, returning), -amount)

    def _mind_shift(self, following: RepPlan | None) -> None:
        """A shifted pelvis goes back after its time, well clear of the next press."""
        if not self._shift_deg:
            return
        self._shifted_reps -= 1
        if self._shifted_reps == 0 and following is not None:
            self._unshift(self._now + 0.2)
            self._now += 1.4

    def _unshift(self, start: float) -> None:
        self._out.sagittal.add(Piece(start, 0.6, -self._shift_deg))
        self._shift_deg = 0.0
