"""Everything that is no rep: putting the block in, taking it out, and what happens to it in between."""

import random

from .curves import Piece, bump
from .disturbances import Buzz, Jolt, Laugh, Shake, Steps, draw_direction
from .performance import Performance
from .plans import HELD_ACTIVITIES, Activity

_CALM_S = (2.0, 5.0)  # ready takes a still second
_RESETTLE = 0.05  # of the reference press: with what the last press left, less than the 15 % of a rep
_LONG_REST_S = 7.0  # enough for a set to end and for ready again


def draw_jolt(rng: random.Random, start: float, size_g: float, force_n: float) -> Jolt:
    """A knock at ``start`` (s) that rings as a body lying down does."""
    ring, decay = rng.uniform(8.0, 14.0), rng.uniform(0.03, 0.1)
    return Jolt(start, size_g, ring, decay, draw_direction(rng), rng.choice((-1, 1)) * force_n)


class Handling:
    """Moves the block between hands and knees on a performance's tracks; times in seconds.

    Hands press as hard as knees do, and shake.  What tells the two apart is only what SENSING's ``ready``
    names: a level, still, held block.  With ``quiet`` hands never touch the force sensor.
    """

    def __init__(self, out: Performance, rng: random.Random, quiet: bool) -> None:
        self._out = out
        self._rng = rng
        self._quiet = quiet
        out.sagittal.go(-1.0, 0.5, rng.uniform(-90.0, 90.0))
        out.frontal.go(-1.0, 0.5, rng.uniform(-60.0, 60.0))

    def put_in(self, start: float) -> float:
        """From the hands to the ready posture; return when the wearer may begin."""
        rng, out, person = self._rng, self._out, self._out.person
        seconds = rng.uniform(1.0, 2.6)
        settled = start + seconds
        turning = seconds * rng.uniform(0.6, 0.95)
        out.sagittal.go(start, turning, person.sagittal_deg + rng.gauss(0.0, 1.0))
        out.frontal.go(start, turning, person.frontal_deg + rng.gauss(0.0, 0.7))
        self._shake(start - 0.3, settled, (0.07, 0.14), (1.5, 5.0), fade_out=0.6 * seconds)
        out.hold.go(start + 0.2 * seconds, rng.uniform(0.4, 0.75) * seconds, self._draw_hold())
        if rng.random() < 0.4 and not self._quiet:
            squeeze = person.hold_n * rng.uniform(-0.4, 0.5)
            out.hold.add(Piece(start + 0.3 * seconds, 0.6 * seconds, squeeze, bump))
        if rng.random() < 0.3:
            settled = self._wriggle(settled + rng.uniform(0.0, 0.25))
        return settled + rng.uniform(*_CALM_S)

    def _draw_hold(self) -> float:
        """No two holds are quite alike (N)."""
        return self._out.person.hold_n * self._rng.uniform(0.85, 1.2)

    def _wriggle(self, start: float) -> float:
        """Settle a second time, before the block was ready; return when it is still."""
        rng, out = self._rng, self._out
        seconds = rng.uniform(0.6, 1.2)
        self._shake(start, start + seconds, (0.06, 0.1), (2.0, 2.0))
        out.hold.add(Piece(start, seconds, -out.hold.level * rng.uniform(0.2, 0.6), bump))
        return start + seconds

    def take_out(self, start: float) -> float:
        """From between the knees into the hands; return when it is in the hands."""
        rng, out = self._rng, self._out
        release = rng.uniform(0.15, 0.5)
        out.hold.go(start, release, 0.0)
        motion = start + release + rng.uniform(-0.1, 0.2)
        self._shake(motion, motion + 1.2, (0.08, 0.15), (8.0, 8.0))
        self._turn(motion, rng.uniform(0.2, 0.8))
        return motion + 0.8

    def do(self, activity: Activity, start: float, seconds: float) -> float:
        """Spend ``seconds`` with ``activity``; return when the next thing may begin."""
        end = start + seconds
        if activity == "hold" and seconds >= _LONG_REST_S:
            self._resettle(start)
        elif activity == "laughing":
            self._laugh(start, end)
        elif activity == "phone":
            self._vibrate(start, end)
        elif activity == "knocks":
            self._knock(start, end)
        elif activity == "handling":
            self._handle(start, end)
        elif activity == "carrying":
            self._carry(start, end)
        elif activity == "walking":
            self._walk(start, end)
        elif activity == "floor":
            self._put_down(start, end)
        stirred = activity in HELD_ACTIVITIES and activity != "hold"
        return end + self._rng.uniform(*_CALM_S) if stirred else end

    # --- with the block between the knees, ready ---

    def _resettle(self, start: float) -> None:
        """Ease up a little, early in a rest: the next set's hold and posture are its own."""
        rng, out, person = self._rng, self._out, self._out.person
        seconds = rng.uniform(0.5, 1.5)
        most = _RESETTLE * person.reference_n
        out.hold.go(start, seconds, out.hold.level + rng.uniform(-min(most, 0.2 * out.hold.level), most))
        out.sagittal.go(start, seconds, person.sagittal_deg + rng.gauss(0.0, 1.0))
        out.frontal.go(start, seconds, person.frontal_deg + rng.gauss(0.0, 0.7))

    def _laugh(self, start: float, end: float) -> None:
        rng = self._rng
        # the belly's doing, not the thighs': no stronger in strong legs
        force = min(rng.uniform(0.03, 0.08) * self._out.person.reference_n, 4.0)
        t = start
        while t < end - 1.0:
            length = min(rng.uniform(0.6, 2.2), end - t)
            beat, pitch = rng.uniform(4.0, 6.0), rng.uniform(0.1, 0.5)
            self._out.disturbances.append(Laugh(t, t + length, beat, force, pitch, rng.uniform(0.015, 0.08)))
            t += length + rng.uniform(0.3, 1.2)

    def _vibrate(self, start: float, end: float) -> None:
        rng = self._rng
        hertz, size, length = rng.uniform(130.0, 220.0), rng.uniform(0.02, 0.15), rng.uniform(0.3, 1.0)
        direction, force = draw_direction(rng), rng.uniform(0.0, 0.6)
        period = length * rng.choice((1.4, 2.0, 3.0))
        t = start
        while t < end - length:
            self._out.disturbances.append(Buzz(t, t + length, hertz, size, direction, force))
            t += period

    def _knock(self, start: float, end: float) -> None:
        rng = self._rng
        t = start + 0.3
        while t < end - 0.6:
            echo = rng.uniform(0.0, 0.03) * self._out.person.reference_n
            self._out.disturbances.append(draw_jolt(rng, t, rng.uniform(0.03, 0.6), echo))
            t += rng.uniform(0.8, 3.0)

    # --- with the block anywhere else ---

    def _shake(
        self,
        start: float,
        end: float,
        acceleration_g: tuple[float, float],
        tilt_deg: tuple[float, float],
        *,
        fade_in: float = 0.15,
        fade_out: float = 0.3,
    ) -> None:
        rng = self._rng
        strength, tilt = rng.uniform(*acceleration_g), rng.uniform(*tilt_deg)
        shake = Shake.draw(rng, (start, end), strength, tilt, fade_in=fade_in, fade_out=fade_out)
        self._out.disturbances.append(shake)

    def _turn(self, start: float, seconds: float) -> None:
        """To an orientation that nobody lying down with the block could give it."""
        rng, out = self._rng, self._out
        if rng.random() < 0.5:
            out.sagittal.go(start, seconds, rng.choice((-1, 1)) * rng.uniform(50.0, 150.0))
            out.frontal.go(start, seconds, rng.uniform(-50.0, 50.0))
        else:
            out.sagittal.go(start, seconds, rng.uniform(-60.0, 60.0))
            out.frontal.go(start, seconds, rng.choice((-1, 1)) * rng.uniform(50.0, 90.0))

    def _poke(self, start: float, end: float, most_n: float) -> None:
        """Fingers and palms on the plate."""
        rng = self._rng
        t = start
        while t < end - 0.5:
            length = min(rng.uniform(0.3, 2.2), end - t)
            self._out.hold.add(Piece(t, length, rng.uniform(3.0, most_n), bump))
            t += length * rng.uniform(0.5, 1.8)

    def _handle(self, start: float, end: float) -> None:
        self._shake(start - 0.2, end + 0.3, (0.07, 0.15), (2.0, 6.0))
        t = start
        while t < end - 0.3:
            stretch = min(self._rng.uniform(0.4, 1.6), end - t)
            self._turn(t, stretch)
            t += stretch
        if not self._quiet:
            self._poke(start + self._rng.uniform(0.0, 0.6), end, 45.0)

    def _carry(self, start: float, end: float) -> None:
        rng, out = self._rng, self._out
        self._turn(start, 0.8)
        self._shake(start, end, (0.008, 0.03), (1.0, 4.0))
        if not self._quiet:
            out.hold.go(start, 0.6, rng.uniform(2.0, 25.0))
            self._poke(start + 1.0, end - 0.5, 60.0)
            out.hold.go(end - 0.5, 0.5, 0.0)

    def _walk(self, start: float, end: float) -> None:
        rng, out = self._rng, self._out
        level = rng.random() < 0.4
        if level:
            # told from a block between the knees by the steps alone: let them be steps
            out.sagittal.go(start, 0.8, rng.uniform(-15.0, 15.0))
            out.frontal.go(start, 0.8, rng.uniform(-15.0, 15.0))
            up, bob_g, unrest_g = (0.0, 0.0, 1.0), rng.uniform(0.12, 0.35), 0.04
        else:
            self._turn(start, 0.8)
            up, bob_g, unrest_g = draw_direction(rng), rng.uniform(0.05, 0.35), 0.02
        self._shake(start, end, (unrest_g, unrest_g), (2.5, 2.5), fade_in=0.1)
        squeeze_n = 0.0 if self._quiet else rng.uniform(0.0, 12.0)
        strike_g, ring_hz = rng.uniform(0.05, 0.35), rng.uniform(9.0, 16.0)
        step_hz = rng.uniform(1.5, 2.2)
        out.disturbances.append(Steps(start, end, step_hz, bob_g, strike_g, ring_hz, up, squeeze_n))
        if not self._quiet:
            out.hold.go(start + 0.4, 0.6, rng.uniform(2.0, 30.0))
            out.hold.go(end - 1.0, 0.6, 0.0)
        self._turn(end - 0.5, 0.5)

    def _put_down(self, start: float, end: float) -> None:
        """On the floor, still: on its base, or on a pressed face with its own weight on the plate."""
        rng, out = self._rng, self._out
        on_face = rng.random() < 0.5 and not self._quiet
        out.sagittal.go(start, 0.7, rng.uniform(-2.0, 2.0))
        out.frontal.go(start, 0.7, rng.choice((-90.0, 90.0)) if on_face else 0.0)
        out.disturbances.append(draw_jolt(rng, start + 0.7, rng.uniform(0.1, 0.8), 0.0))
        if on_face:
            out.hold.go(start + 0.5, 0.3, rng.uniform(1.0, 3.0))
            out.hold.go(end - 0.4, 0.3, 0.0)
        self._turn(end - 0.4, 0.4)
        self._shake(end - 0.5, end + 0.5, (0.1, 0.1), (3.0, 3.0))
