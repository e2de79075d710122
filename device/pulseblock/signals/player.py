"""The player: given what happened and the time, says what colour and tone the outputs should have now.

Under everything lies a background (`WAITING`, `PRESSING` or nothing).  One-shots play over it by the
ranks in `patterns.RANKS`: a signal of equal or higher rank cuts in at once, so a cue or a verdict is never
late; one of lower rank waits for its turn, and only the highest of those waiting is kept.

Nothing here allocates: a tick can run in the sampling loop.
"""

from micropython import const

from pulseblock.signals import patterns

_TICKS = const(0x3FFFFFFF)  # times are ms ticks 0..2^30-1 that wrap
_STEP = const(3)

_METER_FLOOR = const(40)  # "ready" must differ from "off"


def meter(press_pct):
    """White as bright as a press is strong, in per cent of the reference press, as 0xRRGGBB; full at 100."""
    return (_METER_FLOOR + min(press_pct, 100) * (255 - _METER_FLOOR) // 100) * 0x010101


def dimmed(colour, percent):
    """The colour 0xRRGGBB at ``percent`` (0..100) of its brightness."""
    if percent >= 100:
        return colour
    red = (colour >> 16) * percent // 100
    green = (colour >> 8 & 0xFF) * percent // 100
    blue = (colour & 0xFF) * percent // 100
    return red << 16 | green << 8 | blue


class _Track:
    """Where one pattern has got to."""

    def __init__(self):
        self.start(patterns.NONE, 0)

    def start(self, signal, now):
        """Plays ``signal`` from its first step."""
        self.signal = signal
        self._cue = 1 if signal & patterns.CUE else 0
        self._steps = patterns.STEPS[signal & ~patterns.CUE]
        self._at = 0
        self._since = now

    def advance(self, now):
        """Moves on to the step that is due.  Returns False once the last one is over."""
        steps = self._steps
        while self._at < len(steps):
            lasts = steps[self._at] >> self._cue
            if (now - self._since) & _TICKS < lasts:
                return True
            self._since = (self._since + lasts) & _TICKS
            self._at += _STEP
        return False

    def colour(self):
        return self._steps[self._at + 1]

    def tone(self):
        return self._steps[self._at + 2] << self._cue


class Player:
    """Plays signals on a light and a buzzer it does not know.

    Args:
        light_pct: brightness of the light, 0 (no light at all) to 100.
        sound: 0 mutes the buzzer.

    After `tick`, ``colour`` (0xRRGGBB) and ``tone`` (Hz, 0 is silence) are what the outputs should be.
    While the background is `PRESSING`, ``press_pct`` is to be kept at the press, per cent of the reference.
    """

    def __init__(self, light_pct=100, sound=1):
        self.light_pct = light_pct
        self.sound = sound
        self.press_pct = 0
        self.colour = 0
        self.tone = 0
        self._under = _Track()
        self._over = _Track()
        self._next = patterns.NONE

    @property
    def is_playing(self):
        """Whether a one-shot is playing."""
        return self._over.signal != patterns.NONE

    @property
    def signal(self):
        """The signal that has the outputs: a one-shot, or else the background."""
        return self._over.signal or self._under.signal

    def background(self, signal, now):
        """Sets what is shown while no one-shot plays; setting it again does not restart it."""
        if signal != self._under.signal:
            self._under.start(signal, now)

    def play(self, signal, now):
        """Plays the one-shot ``signal`` at once, or in its turn if one of higher rank is playing."""
        if _rank(signal) >= _rank(self._over.signal):
            self._over.start(signal, now)
        elif _rank(signal) >= _rank(self._next):
            self._next = signal

    def play_in_time(self, signal, now):
        """Plays the one-shot ``signal`` at once or, if one is playing, never: late it would mislead."""
        if not self._over.signal:
            self._over.start(signal, now)

    def tick(self, now):
        """Brings ``colour`` and ``tone`` up to ``now`` (ms ticks).  Returns whether either changed."""
        colour = tone = 0
        over = self._over
        under = self._under
        if over.signal and not over.advance(now):
            over.start(self._next, now)
            self._next = patterns.NONE
        if over.signal:
            colour = over.colour()
            tone = over.tone()
        elif under.signal == patterns.PRESSING:
            colour = meter(self.press_pct)
        elif under.signal:
            if not under.advance(now):
                under.start(under.signal, now)
            colour = under.colour()
            tone = under.tone()
        if self.light_pct < 100:
            colour = dimmed(colour, self.light_pct)
        if not self.sound:
            tone = 0
        changed = colour != self.colour or tone != self.tone
        self.colour = colour
        self.tone = tone
        return changed


def _rank(signal):
    return patterns.RANKS[signal & ~patterns.CUE]
