"""A smooth line through points, one that rises and falls only where they do."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


class Smooth:
    """Piecewise cubic through *points*, two or more, their x rising.

    The slope at a point is the weighted harmonic mean of those of the chords beside it, and none at a peak or
    in a trough (Fritsch and Butland, "A method for constructing local monotone piecewise cubic interpolants",
    1984); at the ends it is the chord's.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = points
        widths = [x1 - x0 for (x0, _), (x1, _) in pairwise(points)]
        chords = [
            (y1 - y0) / width for width, ((_, y0), (_, y1)) in zip(widths, pairwise(points), strict=True)
        ]
        inner = map(_slope, pairwise(widths), pairwise(chords))
        self._slopes = [chords[0], *inner, chords[-1]]

    def at(self, x: float) -> float:
        """Height at *x*, held within the ends."""
        i = min(max(bisect_right(self.points, x, key=lambda point: point[0]), 1), len(self.points) - 1) - 1
        (x0, y0), (x1, y1) = self.points[i : i + 2]
        u = min(max((x - x0) / (x1 - x0), 0), 1)
        (_, b), (_, c) = self._between(i)
        return (1 - u) ** 3 * y0 + 3 * (1 - u) ** 2 * u * b + 3 * (1 - u) * u**2 * c + u**3 * y1

    def beziers(self) -> list[tuple[Point, Point, Point]]:
        """From each point to the next: the two control points of a Bézier curve, and its end."""
        return [(*self._between(i), end) for i, end in enumerate(self.points[1:])]

    def _between(self, i: int) -> tuple[Point, Point]:
        (x0, y0), (x1, y1) = self.points[i : i + 2]
        third = (x1 - x0) / 3
        return (x0 + third, y0 + third * self._slopes[i]), (x1 - third, y1 - third * self._slopes[i + 1])


def _slope(widths: tuple[float, float], chords: tuple[float, float]) -> float:
    (before, after), (rise, fall) = widths, chords
    if rise * fall <= 0:
        return 0.0
    return 3 * (before + after) / ((before + 2 * after) / rise + (2 * before + after) / fall)
