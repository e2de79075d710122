"""What the sensors of a block measure of a wearer who does exactly as told: no habits, hardly any noise.

What only the counter can be asked is tried with the `wearer` beside this folder.
"""

from math import cos, pi, sin

G = 8192
HOLD_CN = 1500
PRESS_CN = 4000  # above the hold
STEP_MS = 10


class Wearer:
    """Gathers ``samples``, (ms, force cN, x, y, z) at 100 Hz from 10 ms on; methods append to them."""

    def __init__(self):
        self.samples = []

    @property
    def ms(self):
        """The time of the last sample."""
        return len(self.samples) * STEP_MS

    def away(self, ms):
        """The block stands on its side somewhere."""
        for _ in range(0, ms, STEP_MS):
            self._add(0, G, 0, 0)
        return self

    def hold(self, ms, force=HOLD_CN):
        """Between the knees, level, held."""
        for _ in range(0, ms, STEP_MS):
            self._add(force, 0, 0, G)
        return self

    def press(
        self, rise_ms=400, stay_ms=200, return_ms=400, press=PRESS_CN, floor=HOLD_CN, pelvis_deg=0, jolt_g=0
    ):
        """One press from the hold and back, to ``floor``; tilt and jolt come while it stays pressed."""
        for t in range(0, rise_ms, STEP_MS):
            self._add(HOLD_CN + press * _ease(t, rise_ms), 0, 0, G)
        for t in range(0, stay_ms, STEP_MS):
            tilt = (
                pelvis_deg
                * pi
                / 180
                * (_ease(2 * t, stay_ms) if 2 * t < stay_ms else _ease(2 * (stay_ms - t), stay_ms))
            )
            jolt = jolt_g * sin(2 * pi * t / 100)
            self._add(HOLD_CN + press, 0, G * (sin(tilt) + jolt), G * (cos(tilt) + jolt))
        for t in range(0, return_ms, STEP_MS):
            self._add(floor + (HOLD_CN + press - floor) * _ease(return_ms - t, return_ms), 0, 0, G)
        return self

    def presses(self, count, rest_ms=700, **how):
        """Several, each followed by a rest at the hold."""
        for _ in range(count):
            self.press(**how)
            self.hold(rest_ms)
        return self

    def _add(self, force, x, y, z):
        # a last bit that never rests, as a real sensor's
        odd = len(self.samples) * 7 % 5 - 2
        self.samples.append(
            (self.ms + STEP_MS, int(force) + odd if force else 0, int(x) + odd, int(y) - odd, int(z) + odd)
        )


def _ease(t, ms):
    return (1 - cos(pi * t / ms)) / 2
