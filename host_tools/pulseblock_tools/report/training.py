"""What a report is about: the sessions wanted, with their sets and reps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from pulseblock_tools.store.details import Rep, Set, list_reps, list_sets
from pulseblock_tools.store.listing import Session, Wanted, list_sessions


@dataclass(frozen=True)
class Trained:
    """A session with what is inside it; void reps are in ``every_rep`` alone."""

    session: Session
    sets: tuple[Set, ...]
    every_rep: tuple[Rep, ...]

    @property
    def reps(self) -> list[Rep]:
        """The reps that count."""
        return [rep for rep in self.every_rep if not rep.void]

    @property
    def by_set(self) -> dict[int, list[Rep]]:
        """Every rep, by the number of its set."""
        grouped: dict[int, list[Rep]] = {}
        for rep in self.every_rep:
            grouped.setdefault(rep.set_number, []).append(rep)
        return grouped


def read_training(connection: Connection, wanted: Wanted) -> list[Trained]:
    """Read the sessions wanted, in the order in which they happened; raises UserError as `list_sessions`."""
    return [read_session(connection, session) for session in list_sessions(connection, wanted)]


def read_session(connection: Connection, session: Session) -> Trained:
    """Read what is inside a session."""
    return Trained(session, tuple(list_sets(connection, session)), tuple(list_reps(connection, session)))


def reps_of(trainings: Iterable[Trained]) -> Iterator[Rep]:
    """The reps that count in all of *trainings*, in order."""
    for trained in trainings:
        yield from trained.reps


def reference_cn(rep: Rep, session: Session) -> int | None:
    """The reference press of a rep (cN): its set's, else the one its session began with; None if unknown."""
    return rep.reference_cn or session.reference_cn or None


def press_pct(rep: Rep, session: Session) -> float | None:
    """The press of a rep in per cent of its reference press; None where that is unknown."""
    reference = reference_cn(rep, session)
    return None if reference is None else 100 * rep.press_cn / reference
