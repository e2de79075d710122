"""A search for better limits that cannot fool itself: whole people are held out of it, in turn.

Counting does not depend on the limits of a verdict.  So everybody is counted once, and a search judges
what was measured again and again, by the core's own judge.  What a search found is then told by the
figures of people who took no part in it, counted anew with its limits.

The search is coordinate ascent over a grid around each limit: a few hundred candidates, no more.  Of
equally good ones it takes the one nearest to the default.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from pulseblock.core import judge as core
from pulseblock.core.events import fault_names
from pulseblock.core.settings import Settings
from pulseblock_tools.evaluation.labelled import Person, read_labels
from pulseblock_tools.evaluation.matching import Match, match
from pulseblock_tools.evaluation.running import Outcome, in_parallel, run_person, settings_of
from pulseblock_tools.evaluation.score import Score
from pulseblock_tools.replaying.replay import Rep, replay
from pulseblock_tools.traces.reading import read_trace

GRID_PCT = (60, 70, 80, 90, 100, 110, 125, 140, 160)
_PERFECT = 3.0  # of `value_of`

# A wearer's own calibration sets the limit of the drag.
LIMITS = tuple(
    dict.fromkeys(
        name
        for _, _, _, name, _ in core.LIVE + core.RETURNED + core.ENDED + core.WHOLE
        if name != "grip_drag_pct"
    )
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One person, counted: their settings and, of each session, what was found of its labels."""

    person: Person
    settings: Mapping[str, int]
    sessions: list[Match]


@dataclass(frozen=True, slots=True)
class Fold:
    """One search: the limits it found, and the people it had not seen, before and with them."""

    limits: dict[str, int]
    before: list[Outcome]
    after: list[Outcome]


def measure_people(
    people: Sequence[Person], config_folder: Path | None, *, calibrating: bool, jobs: int
) -> Iterator[Measured]:
    """Yield everybody, counted once, as they come in."""
    return in_parallel(partial(_measure, config_folder=config_folder, calibrating=calibrating), people, jobs)


def _measure(person: Person, config_folder: Path | None, calibrating: bool) -> Measured:
    settings, _ = settings_of(person, config_folder, calibrating)
    sessions = [
        match(
            read_labels(path),
            [rep for rep in replay(read_trace(path), settings) if isinstance(rep, Rep)],
        )
        for path in person.sessions
    ]
    return Measured(person, settings, sessions)


def split(people: Sequence[Measured], folds: int, seed: int = 0) -> list[list[Measured]]:
    """Deal people out to folds at random, the same way every time."""
    dealt = sorted(people, key=lambda one: one.person.name)
    random.Random(f"{seed}/folds").shuffle(dealt)
    return [dealt[i::folds] for i in range(folds)]


def run_folds(
    groups: Sequence[Sequence[Measured]],
    names: Sequence[str],
    config_folder: Path | None,
    *,
    calibrating: bool,
    jobs: int,
) -> Iterator[Fold]:
    """Search once for every group, without it, and yield how the group fares."""
    work = partial(
        _run_fold, groups=groups, names=names, config_folder=config_folder, calibrating=calibrating
    )
    return in_parallel(work, range(len(groups)), jobs)


def _run_fold(
    held_out: int,
    groups: Sequence[Sequence[Measured]],
    names: Sequence[str],
    config_folder: Path | None,
    calibrating: bool,
) -> Fold:
    seen = [one for number, group in enumerate(groups) if number != held_out for one in group]
    limits = search(seen, names)
    before, after = (
        [run_person(one.person, config_folder, calibrating, values) for one in groups[held_out]]
        for values in ({}, limits)
    )
    return Fold(limits, before, after)


def search(people: Sequence[Measured], names: Sequence[str]) -> dict[str, int]:
    """Return the limits, of *names*, that do best on *people*; only those that differ from the default."""
    defaults = {name: Settings.describe(name)[0] for name in names}
    best = dict(defaults)
    reached = value_of(rejudged(people, best))
    if reached == _PERFECT:
        return {}
    for name in (*names, *names):
        for candidate in _grid(name):
            value = value_of(rejudged(people, best | {name: candidate}))
            nearer = abs(candidate - defaults[name]) < abs(best[name] - defaults[name])
            if value > reached or (value == reached and nearer):
                best, reached = best | {name: candidate}, value
    return {name: limit for name, limit in best.items() if limit != defaults[name]}


def _grid(name: str) -> list[int]:
    default, lowest, highest = Settings.describe(name)[:3]
    return sorted({min(max(default * pct // 100, lowest), highest) for pct in GRID_PCT})


def value_of(score: Score) -> float:
    """What a search makes as large as it can: accuracy, and once more that good reps are not nagged at."""
    return (score.balanced or 0.0) + (score.macro_f1 or 0.0) + (score.good_called_good or 0.0)


def rejudged(people: Sequence[Measured], limits: Mapping[str, int]) -> Score:
    """Score what was measured, judged by other limits."""
    score = Score()
    for one in people:
        settings = Settings(**{**one.settings, **limits})
        for session in one.sessions:
            score += Score.of(_rejudge(session, settings))
    return score


def _rejudge(session: Match, settings: Settings) -> Match:
    judge = core.Judge(settings)
    in_order = sorted([*(rep for _, rep in session.pairs), *session.extra], key=lambda rep: rep.peak_ms)
    verdicts = {rep.peak_ms: replace(rep, faults=_faults(judge, rep)) for rep in in_order}
    return Match(
        [(label, verdicts[rep.peak_ms]) for label, rep in session.pairs],
        session.missed,
        [verdicts[rep.peak_ms] for rep in session.extra],
    )


def _faults(judge: core.Judge, rep: Rep) -> list[str]:
    """Judge a rep as the core does, and let the judge remember it for the next."""
    measured = SimpleNamespace(**rep.measured)
    bits = judge.live(measured) | judge.returned(measured) | judge.ended(measured) | judge.whole(measured)
    judge.remember(measured)
    return [str(name) for name in fault_names(bits)]
