"""The force of one press over time, in several families of shapes."""

import random
from dataclasses import dataclass

from .curves import Piece, Shape, Track, bump, minimum_jerk, muscle, raised_cosine
from .people import FAMILIES, Family, Person

MAX_DIP = 0.10  # of the press: under the 12 % that still make one rep, with room for noise
_SHORTEST_DIP_S = 0.3  # the legs' mass lets nothing faster through
_SCAN_S = 0.005
_VISIBLE = 0.01  # share of a press's rise, or return, from which it counts as begun, or ended


@dataclass(frozen=True)
class Press:
    """One press: its pieces, in newtons above the hold, and when it starts, peaks and has returned (s)."""

    pieces: tuple[Piece, ...]
    start: float
    peak: float
    end: float
    height: float
    """Its highest force; up to 3 % under what was asked for where the return cuts into a slow rise."""
    rise_s: float
    """Length of its rise, s."""
    return_s: float
    """Length of its return, s."""
    sharpness: float
    """Greatest acceleration of the force, N/s^2, to either side."""


@dataclass(frozen=True)
class Form:
    """The shape of a press before its force is known; shares are of its duration."""

    rise_share: float
    top_share: float
    rise: Shape = minimum_jerk
    fall: Shape = minimum_jerk
    stage_share: float = 0.0
    """Share of the rise's force at which it halts for a moment; 0 is no halt."""
    dips: tuple[float, ...] = ()
    """Depths of the dips along the top, as shares of the press; the last are dropped if there is no time."""
    sag: float = 0.0
    """Loss from the first of the top to the last of it, as a share of the press."""


def draw_family(person: Person, rng: random.Random) -> Family:
    """The family of the person's next press."""
    return person.family if rng.random() < person.family_share else rng.choice(FAMILIES)


def draw_form(family: Family, person: Person, rng: random.Random) -> Form:
    """One press of ``family`` by ``person``."""
    rise = person.rise_share * rng.uniform(0.92, 1.08)
    top = min(person.top_share * rng.uniform(0.8, 1.2), 0.75 - rise)
    sag = rng.uniform(0.0, 0.05)
    ripples = tuple(rng.uniform(0.0, 0.03) for _ in range(rng.randint(0, 2)))
    match family:
        case "cosine":
            form = Form(rise, top, raised_cosine, raised_cosine, dips=ripples, sag=sag)
        case "minimum_jerk":
            form = Form(rise, top, dips=ripples, sag=sag)
        case "muscle":
            rise = min(rise, 0.34)
            form = Form(rise, min(max(top, 0.48 - rise), 0.6 - rise), muscle, muscle)
        case "bell":
            form = Form(rng.uniform(0.42, 0.55), 0.0)
        case "skewed":
            form = Form(rng.choice((rng.uniform(0.28, 0.34), rng.uniform(0.58, 0.68))), 0.03)
        case "plateau":
            dips = tuple(rng.uniform(0.02, MAX_DIP) for _ in range(rng.randint(1, 4)))
            form = Form(min(rise, 0.3), rng.uniform(0.38, 0.45), dips=dips, sag=rng.uniform(0.0, 0.03))
        case "staged":
            form = Form(max(rise, 0.46), min(top, 0.15), stage_share=rng.uniform(0.35, 0.65), sag=sag)
    return form


def shape_press(form: Form, start: float, seconds: float, *, low: float, high: float, end: float) -> Press:
    """The press of ``form`` from ``low`` over ``high`` to ``end`` (N above the hold) in ``seconds``."""
    rise_s, top_s = form.rise_share * seconds, form.top_share * seconds
    rise = high - low
    # the last three quarters of a muscle edge hardly rise: twice the length is as steep as the others
    stretch = 2.0 if form.rise is muscle else 1.0
    if form.stage_share:
        first, second = 0.42 * rise_s, 0.45 * rise_s
        pieces = [
            Piece(start, first, rise * form.stage_share, form.rise),
            Piece(start + rise_s - second, second, rise * (1.0 - form.stage_share), form.rise),
        ]
    else:
        pieces = [Piece(start, stretch * rise_s, rise, form.rise)]
    top_start = start + rise_s
    dips = form.dips[: max(1, int(top_s / _SHORTEST_DIP_S))]
    room = top_s / len(dips) if dips else 0.0
    pieces += [
        Piece(top_start + i * room, room, -depth * (high - max(low, end)), bump)
        for i, depth in enumerate(dips)
    ]
    sag = form.sag * (high - max(low, end))
    if sag and top_s:
        pieces.append(Piece(top_start, top_s, -sag))
    else:
        sag = 0.0
    return_start = top_start + top_s
    return_s = start + seconds - return_start
    pieces.append(Piece(return_start, return_s, end - high + sag, form.fall))
    values, curvatures = _sample(pieces, start, seconds, low)
    height = max(values)
    begun = next(i for i, value in enumerate(values) if value - low >= _VISIBLE * (height - low))
    last_first = range(len(values) - 1, -1, -1)
    ended = next(i for i in last_first if abs(values[i] - end) >= _VISIBLE * (height - end))
    return Press(
        pieces=tuple(pieces),
        start=start + begun * _SCAN_S,
        peak=start + values.index(height) * _SCAN_S,
        end=start + ended * _SCAN_S,
        height=height,
        rise_s=rise_s,
        return_s=return_s,
        sharpness=max(map(abs, curvatures)),
    )


def _sample(pieces: list[Piece], start: float, seconds: float, low: float) -> tuple[list[float], list[float]]:
    """Force (N) and its acceleration (N/s^2) every _SCAN_S."""
    track = Track(low)
    track.add(*pieces)
    reader = track.reader()
    jets = [reader.at(start + i * _SCAN_S) for i in range(int(seconds / _SCAN_S) + 1)]
    return [jet[0] for jet in jets], [jet[2] for jet in jets]
