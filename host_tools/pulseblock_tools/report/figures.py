"""The report's arithmetic: plain sums, shares, medians, with nothing guessed where a time is unknown."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles

from pulseblock.core.events import FAULTS
from pulseblock_tools.report.training import Trained, press_pct, reps_of
from pulseblock_tools.store.details import Rep
from pulseblock_tools.store.plain import moment

RECENT = timedelta(days=7)
BEFORE = timedelta(days=28)
FEWEST_SETS = 3  # a rep number that fewer sets reached says nothing of fatigue


@dataclass(frozen=True)
class Spread:
    """Quartiles of ``count`` values."""

    low: float
    median: float
    high: float
    count: int


@dataclass(frozen=True)
class Trend:
    """Share of good reps in the week up to the last dated session, and in the four weeks before it."""

    recent_pct: float
    before_pct: float
    recent_reps: int
    before_reps: int

    @property
    def difference(self) -> int:
        """How many percentage points better the recent week was, of the rounded shares."""
        return round(self.recent_pct) - round(self.before_pct)


@dataclass(frozen=True)
class Headline:
    """The figures at the top; ``good_pct`` is None without reps, ``trend`` with nothing to compare.

    ``commonest`` are the faults that most reps carry, and how many do.
    """

    sessions: int
    reps: int
    good: int
    void: int
    good_pct: float | None
    streak_days: int
    last_day: date | None
    best_run: int
    trend: Trend | None
    commonest: tuple[list[str], int]
    undated: int


@dataclass(frozen=True)
class Place:
    """What happened at one rep number of the sets: how strong the presses were, how many were compensated."""

    number: int
    reps: int
    press: Spread | None
    compensated: int

    @property
    def compensated_pct(self) -> float:
        """Share of compensated reps."""
        return 100 * self.compensated / self.reps


def headline(trainings: Sequence[Trained], today: date) -> Headline:
    """Sum up *trainings* as seen on *today*."""
    reps = list(reps_of(trainings))
    good = sum(rep.good for rep in reps)
    days = {day for trained in trainings if (day := day_of(trained))}
    return Headline(
        sessions=len(trainings),
        reps=len(reps),
        good=good,
        void=sum(rep.void for trained in trainings for rep in trained.every_rep),
        good_pct=share(good, len(reps)),
        streak_days=streak(days, today),
        last_day=max(days, default=None),
        best_run=longest_good_run(reps),
        trend=trend(trainings),
        commonest=commonest(fault_counts(reps)),
        undated=sum(trained.session.start_utc_ms is None for trained in trainings),
    )


def day_of(trained: Trained) -> date | None:
    """The day of a session, where the reader is; None while unknown."""
    at = moment(trained.session.start_utc_ms)
    return None if at is None else at.astimezone().date()


def share(part: int, whole: int) -> float | None:
    """*part* in per cent of *whole*; None of nothing."""
    return 100 * part / whole if whole else None


def streak(days: set[date], today: date) -> int:
    """How many days in a row were trained, up to today, or to yesterday while today is not over."""
    day = today if today in days else today - timedelta(days=1)
    length = 0
    while day in days:
        length += 1
        day -= timedelta(days=1)
    return length


def longest_good_run(reps: Iterable[Rep]) -> int:
    """The most good reps one after another."""
    best = run = 0
    for rep in reps:
        run = run + 1 if rep.good else 0
        best = max(best, run)
    return best


def trend(trainings: Sequence[Trained]) -> Trend | None:
    """Compare the last week that was trained with the four weeks before; None if either is empty."""
    dated = [(day, trained) for trained in trainings if (day := day_of(trained))]
    if not dated:
        return None
    since = max(day for day, _ in dated) - RECENT
    recent = list(reps_of(trained for day, trained in dated if day > since))
    before = list(reps_of(trained for day, trained in dated if since - BEFORE < day <= since))
    if not recent or not before:
        return None
    return Trend(
        100 * sum(rep.good for rep in recent) / len(recent),
        100 * sum(rep.good for rep in before) / len(before),
        len(recent),
        len(before),
    )


def fault_counts(reps: Iterable[Rep]) -> dict[str, int]:
    """How many reps carry each fault, every fault named."""
    counts = dict.fromkeys(FAULTS, 0)
    for rep in reps:
        for name in rep.fault_names:
            counts[name] += 1
    return counts


def commonest(counts: dict[str, int]) -> tuple[list[str], int]:
    """The fault that most reps carry, or several alike, and how many do; none and 0 without faults."""
    most = max(counts.values())
    return [name for name in counts if counts[name] == most] if most else [], most


def spread(values: Iterable[float]) -> Spread | None:
    """Quartiles of *values*, None of none."""
    known = sorted(values)
    if not known:
        return None
    if len(known) == 1:
        return Spread(known[0], known[0], known[0], 1)
    low, median, high = quantiles(known, n=4, method="inclusive")
    return Spread(low, median, high, len(known))


def presses_pct(trained: Trained) -> list[float]:
    """Each counted press of a session in per cent of its reference, where that is known."""
    return [pct for rep in trained.reps if (pct := press_pct(rep, trained.session)) is not None]


def presses_n(trained: Trained) -> list[float]:
    """Each counted press of a session in newtons."""
    return [rep.press_cn / 100 for rep in trained.reps]


def rhythms_pct(trained: Trained) -> list[float]:
    """Rhythm of each set that was finished."""
    return [one.rhythm_pct for one in trained.sets if one.rhythm_pct is not None]


def rests_s(trained: Trained) -> list[float]:
    """Seconds from the end of each set's last rep to the start of the next set's first."""
    sets = list(trained.by_set.values())
    return [
        max(0, after[0].after_ms - (before[-1].after_ms + before[-1].duration_ms)) / 1000
        for before, after in itertools.pairwise(sets)
    ]


def places_in_set(trainings: Iterable[Trained]) -> list[Place]:
    """What happened at each rep number of a set; void reps keep their place and count in nothing."""
    at: dict[int, list[tuple[Rep, float | None]]] = {}
    for trained in trainings:
        for reps in trained.by_set.values():
            for number, rep in enumerate(reps, 1):
                if not rep.void:
                    at.setdefault(number, []).append((rep, press_pct(rep, trained.session)))
    return [
        Place(
            number,
            len(found),
            spread(pct for _, pct in found if pct is not None),
            sum(not rep.good for rep, _ in found),
        )
        for number, found in sorted(at.items())
        if len(found) >= FEWEST_SETS
    ]
