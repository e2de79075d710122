"""A scripted wearer for the counter: presses, tilts, jolts and handling, each a function of time, with noise.

Not the simulator: a few lines of known shape, so that a test can say what must come of them.  What a whole
block is tried with is the plainer `fakes.wearer`.
"""

from array import array
from math import cos, pi, sin

from pulseblock.core import events

ONE_G = 8192


class Wearer:
    """Builds samples (ticks, cN, three times Q2.13 g) act by act; `play` gives them to a counter."""

    def __init__(self, rate_hz=100, hold_cn=1500, start_ms=0):
        self.rate_hz = rate_hz
        self.hold_cn = hold_cn
        self.start_ms = start_ms
        self.samples = array("i")
        self._n = 0
        self._seed = 1

    def now_ms(self):
        """Time since the first sample."""
        return self._n * 1000 // self.rate_hz

    def _noise(self, size):
        self._seed = (self._seed * 1103 + 12345) & 0xFFFF
        return self._seed % (2 * size + 1) - size

    def act(
        self,
        duration_ms,
        force,
        sagittal_deg=None,
        frontal_deg=None,
        jolt_mg=None,
        drag_mg=None,
        lift_mg=None,
    ):
        """Add an act; each argument is a number or a function of the act's time, 0 .. 1."""
        n = duration_ms * self.rate_hz // 1000
        for i in range(n):
            u = i / n
            f = force(u) if callable(force) else force
            a = pi / 180 * _at(sagittal_deg, u)
            b = pi / 180 * _at(frontal_deg, u)
            shake = _at(jolt_mg, u) * sin(2 * pi * 10 * u * duration_ms / 1000) / 1000 * ONE_G
            push = _at(drag_mg, u) / 1000 * ONE_G
            lift = _at(lift_mg, u) / 1000 * ONE_G
            t = self.start_ms + self._n * 1000 // self.rate_hz
            self._n += 1
            self.samples.append(t & 0x3FFFFFFF)
            self.samples.append(max(0, int(f) + self._noise(8)))
            self.samples.append(int(ONE_G * sin(b) + shake) + self._noise(6))
            self.samples.append(int(ONE_G * sin(a) + push) + self._noise(6))
            self.samples.append(int(ONE_G * cos(a) * cos(b) + lift) + self._noise(6))
        return self

    def rest(self, ms, **posture):
        """Hold the block lightly."""
        return self.act(ms, self.hold_cn, **posture)

    def press(self, height_cn=5000, rise_ms=400, top_ms=300, fall_ms=400, to_cn=None, dip=0, **posture):
        """Press `height_cn` over the hold, with a `dip` in the middle of the plateau; return to `to_cn`."""
        low = self.hold_cn
        high = low + height_cn
        back = low if to_cn is None else to_cn
        whole = rise_ms + top_ms + fall_ms

        def force(u):
            t = u * whole
            if t < rise_ms:
                return low + (high - low) * (1 - cos(pi * t / rise_ms)) / 2
            t -= rise_ms
            if t < top_ms:
                return high - dip * sin(pi * t / top_ms)
            t -= top_ms
            return back + (high - back) * (1 + cos(pi * t / fall_ms)) / 2

        return self.act(whole, force, **posture)

    def ready(self):
        """Lie down and hold the block still."""
        return self.rest(2000)

    def let_go(self, ms, **posture):
        """Take the knees off the block."""
        return self.act(ms, 0, **posture)

    def take_out(self):
        """Take the block away in the hand."""
        self.act(300, lambda u: self.hold_cn * (1 - u))
        return self.act(
            2000, lambda u: 2500 * sin(3 * pi * u) ** 2, sagittal_deg=lambda u: 80 * u, jolt_mg=200
        )

    def play(self, counter):
        """Feed the counter; return [(ms since the first sample, event, cue, rep as a dict)]."""
        out = []
        s = self.samples
        for i in range(0, len(s), 5):
            event = counter.sample(s[i], s[i + 1], s[i + 2], s[i + 3], s[i + 4])
            if event:
                out.append(self._entry(counter, event, i // 5))
        event = counter.finish()
        while event:
            out.append(self._entry(counter, event, len(s) // 5))
            event = counter.finish()
        return out

    def _entry(self, counter, event, n):
        rep = dict(counter.rep.__dict__)
        rep["shape_cn"] = list(rep["shape_cn"])  # the counter writes the next but one over it
        return n * 1000 // self.rate_hz, event, counter.cue, rep


def _at(value, u):
    if value is None:
        return 0
    return value(u) if callable(value) else value


def bump(height):
    """A smooth rise to `height` and back within an act."""
    return lambda u: height * (1 - cos(2 * pi * u)) / 2


def pulled(peak_mg, rise_ms, top_ms=0):
    """The drag of a press that rises and falls in `rise_ms`: opposite to its second derivative."""
    whole = 2 * rise_ms + top_ms

    def at(u):
        t = u * whole
        if t < rise_ms:
            return -peak_mg * cos(pi * t / rise_ms)
        t -= rise_ms + top_ms
        return peak_mg * cos(pi * t / rise_ms) if t > 0 else 0

    return at


def reps(played):
    """The reps of a play."""
    return [rep for _, event, _, rep in played if event == events.REP]


def named(played):
    """The events of a play by name, with the names of their faults."""
    out = []
    for _, event, cue, _ in played:
        name = events.EVENTS[event]
        if event in (events.CUE, events.AMENDED):
            name += " " + " ".join(events.fault_names(cue))
        out.append(name)
    return out
