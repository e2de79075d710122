"""What stands side by side in a chart over time: sessions, or when these are many, weeks or months."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pulseblock_tools.report.figures import day_of
from pulseblock_tools.report.training import Trained
from pulseblock_tools.store.wording import TIME_UNKNOWN

MOST = 40  # marks side by side that a phone can still show


@dataclass(frozen=True)
class Period:
    """Sessions that one mark stands for: a short label for the axis, a title for the table."""

    label: str
    title: str
    trainings: tuple[Trained, ...]


@dataclass(frozen=True)
class Periods:
    """All of them in order, and what one of them is called."""

    unit: str
    each: tuple[Period, ...]


def periods(trainings: Sequence[Trained]) -> Periods:
    """Divide *trainings*: by session while these are few, else by calendar week, else by month.

    Weeks and months without training are there, empty.  Sessions whose time is unknown stand among sessions
    where their journal puts them; beside weeks and months they are a period of their own, at the end.
    """
    if len(trainings) <= MOST:
        return Periods("session", tuple(_session(trained) for trained in trainings))
    for unit, first_day, next_day, name in _CALENDARS:
        each = _by_calendar(trainings, first_day, next_day, name)
        if len(each) <= MOST or unit == _CALENDARS[-1][0]:
            return Periods(unit, tuple(each))
    raise AssertionError("the last calendar always does")


def day_month(day: date) -> str:
    """A day without its year: ``3 Nov``."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def full_day(day: date) -> str:
    """A day with its year: ``3 Nov 2026``."""
    return f"{day_month(day)} {day.year}"


# not the machine's language: the page is in one language throughout
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _session(trained: Trained) -> Period:
    day = day_of(trained)
    number = trained.session.session
    if day is None:
        return Period("?", f"Session {number}, {TIME_UNKNOWN}", (trained,))
    return Period(day_month(day), f"Session {number}, {full_day(day)}", (trained,))


def _by_calendar(
    trainings: Sequence[Trained],
    first_day: Callable[[date], date],
    next_day: Callable[[date], date],
    name: Callable[[date], tuple[str, str]],
) -> list[Period]:
    grouped: dict[date, list[Trained]] = {}
    undated = []
    for trained in trainings:
        day = day_of(trained)
        if day is None:
            undated.append(trained)
        else:
            grouped.setdefault(first_day(day), []).append(trained)
    found = []
    start = min(grouped, default=None)
    while start is not None and start <= max(grouped):
        found.append(Period(*name(start), tuple(grouped.get(start, ()))))
        start = next_day(start)
    if undated:
        found.append(Period("?", TIME_UNKNOWN.capitalize(), tuple(undated)))
    return found


_CALENDARS = (
    (
        "week",
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day + timedelta(days=7),
        lambda day: (day_month(day), f"Week of {full_day(day)}"),
    ),
    (
        "month",
        lambda day: day.replace(day=1),
        lambda day: (day + timedelta(days=31)).replace(day=1),
        lambda day: (_MONTHS[day.month - 1], f"{_MONTHS[day.month - 1]} {day.year}"),
    ),
)
