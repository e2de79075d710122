"""The past four weeks of one wearer in a few figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from sqlalchemy.engine import Connection

from pulseblock_tools.errors import UserError
from pulseblock_tools.store.details import Rep, list_reps
from pulseblock_tools.store.listing import Wanted, list_sessions

WEEKS = 4
_WEEK_MS = 7 * 24 * 3_600_000


@dataclass(frozen=True)
class Past:
    """Void reps are left out everywhere.

    ``good_a_set`` and ``sets_a_session`` are medians, ``tempo_ms`` is that of the times from one rep of a set
    to the next and ``rest_ms`` that from one set to the next: None where there was no next.
    """

    wearer: str | None
    sessions: int
    sets: int
    reps: int
    good: int
    good_a_set: float
    sets_a_session: float
    tempo_ms: float | None
    rest_ms: float | None


def past(connection: Connection, wearer: str | None, now_utc_ms: int) -> Past:
    """Return the figures of *wearer*; None: of the one whose sessions those of the past four weeks are.

    Raises UserError for an unknown wearer, and where the sessions are those of several.
    """
    since = now_utc_ms - WEEKS * _WEEK_MS
    found = list_sessions(connection, Wanted(wearer=wearer, since_utc_ms=since, until_utc_ms=now_utc_ms + 1))
    names = {session.wearer for session in found}
    if len(names) > 1:
        known = ", ".join(sorted(name for name in names if name)) + (" and nobody" if None in names else "")
        raise UserError(f"the sessions of the past {WEEKS} weeks are those of {known}: say --wearer NAME")
    whose = wearer if wearer is not None else next(iter(names), None)
    return figures(whose, [list_reps(connection, session) for session in found])


def figures(wearer: str | None, sessions: Iterable[Sequence[Rep]]) -> Past:
    """Return the figures of these sessions, each given as its reps in order."""
    trained = [_sets(reps) for reps in sessions]
    trained = [sets for sets in trained if sets]
    every = [one for sets in trained for one in sets]
    reps = [rep for one in every for rep in one]
    tempos = [later.after_ms - earlier.after_ms for one in every for earlier, later in pairwise(one)]
    rests = [
        later[0].after_ms - earlier[-1].after_ms - earlier[-1].duration_ms
        for sets in trained
        for earlier, later in pairwise(sets)
    ]
    return Past(
        wearer=wearer,
        sessions=len(trained),
        sets=len(every),
        reps=len(reps),
        good=sum(rep.good for rep in reps),
        good_a_set=median([sum(rep.good for rep in one) for one in every] or [0]),
        sets_a_session=median([len(sets) for sets in trained] or [0]),
        tempo_ms=median(tempos) if tempos else None,
        rest_ms=median(rests) if rests else None,
    )


def _sets(reps: Sequence[Rep]) -> list[list[Rep]]:
    counting = [rep for rep in reps if not rep.void]
    return [list(group) for _, group in groupby(counting, lambda rep: rep.set_number)]
