"""Movements as sums of smooth pieces, each known with its first and second time derivative.

The drag of a press is a second derivative, so nothing here is differentiated numerically: every piece
is a closed form over a normalised time ``u`` in 0..1.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

Jet = tuple[float, float, float]
"""A value with its first and second derivative."""

_MUSCLE_SPAN = 10.0  # time constants in one "muscle" edge; the last one still misses 0.3 %
_MUSCLE_END = 1.0 - math.exp(-_MUSCLE_SPAN) * (1.0 + _MUSCLE_SPAN + _MUSCLE_SPAN**2 / 2.0)


def raised_cosine(u: float) -> Jet:
    """An edge from 0 to 1 whose acceleration jumps at both ends."""
    a = math.pi * u
    cosine = math.cos(a)
    return 0.5 - 0.5 * cosine, 0.5 * math.pi * math.sin(a), 0.5 * math.pi**2 * cosine


def minimum_jerk(u: float) -> Jet:
    """An edge from 0 to 1 as a hand reaches: 10u^3 - 15u^4 + 6u^5 (Flash and Hogan 1985)."""
    v = 1.0 - u
    return u * u * u * (10.0 + u * (6.0 * u - 15.0)), 30.0 * u * u * v * v, 60.0 * u * v * (v - u)


def muscle(u: float) -> Jet:
    """An edge from 0 to 1 as force follows a step of activation: three equal lags in a row."""
    x = _MUSCLE_SPAN * u
    decay = math.exp(-x) / _MUSCLE_END
    return (
        1.0 / _MUSCLE_END - decay * (1.0 + x + x * x / 2.0),
        _MUSCLE_SPAN * decay * x * x / 2.0,
        _MUSCLE_SPAN**2 * decay * (x - x * x / 2.0),
    )


def bump(u: float) -> Jet:
    """A hump from 0 over 1 back to 0, smooth to the second derivative: 64 u^3 (1 - u)^3."""
    w, slope = u * (1.0 - u), 1.0 - 2.0 * u
    return 64.0 * w**3, 192.0 * w * w * slope, 384.0 * w * (slope * slope - w)


Shape = Callable[[float], Jet]


@dataclass(frozen=True, slots=True)
class Piece:
    """``amount`` of ``shape``, from ``start`` (s) over ``seconds``; afterwards it stays where it ended.

    Edges end at ``amount``, a bump ends at 0.
    """

    start: float
    seconds: float
    amount: float
    shape: Shape = minimum_jerk

    @property
    def end(self) -> float:
        """When it has stopped changing (s)."""
        return self.start + self.seconds

    @property
    def rest(self) -> float:
        """What it leaves behind."""
        return 0.0 if self.shape is bump else self.amount

    def at(self, t: float) -> Jet:
        """Value, per second and per second squared, at time ``t`` (s)."""
        u = (t - self.start) / self.seconds
        if u <= 0.0:
            return 0.0, 0.0, 0.0
        if u >= 1.0:
            return self.rest, 0.0, 0.0
        value, slope, curvature = self.shape(u)
        rate = self.amount / self.seconds
        return self.amount * value, rate * slope, rate / self.seconds * curvature


class Track:
    """One quantity over time: a starting level and the pieces that move it."""

    def __init__(self, level: float = 0.0) -> None:
        self._start_level = level
        self._pieces: list[Piece] = []

    @property
    def level(self) -> float:
        """Where the track rests once every piece has ended."""
        return self._start_level + sum(piece.rest for piece in self._pieces)

    def add(self, *pieces: Piece) -> None:
        """Let more pieces act; they may overlap and come in any order."""
        self._pieces.extend(pieces)

    def go(self, start: float, seconds: float, level: float) -> None:
        """Move from wherever the track rests to ``level``."""
        self.add(Piece(start, seconds, level - self.level))

    def reader(self) -> "TrackReader":
        """A fresh pass over the track, for times that never go back."""
        return TrackReader(self._start_level, sorted(self._pieces, key=lambda piece: piece.start))


class TrackReader:
    """Reads a track forwards in time, holding only the pieces at work."""

    def __init__(self, level: float, pieces: list[Piece]) -> None:
        self._settled = level
        self._waiting = pieces
        self._next = 0
        self._active: list[Piece] = []

    def at(self, t: float) -> Jet:
        """Value and its derivatives at ``t`` (s), which must not be earlier than the last one asked for."""
        waiting = self._waiting
        while self._next < len(waiting) and waiting[self._next].start <= t:
            self._active.append(waiting[self._next])
            self._next += 1
        value, slope, curvature = self._settled, 0.0, 0.0
        over = False
        for piece in self._active:
            v, s, c = piece.at(t)
            value += v
            slope += s
            curvature += c
            over = over or t >= piece.end
        if over:
            self._settled += sum(piece.rest for piece in self._active if t >= piece.end)
            self._active = [piece for piece in self._active if t < piece.end]
        return value, slope, curvature
