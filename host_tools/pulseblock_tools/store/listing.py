"""The list of sessions: which there are, in what order they happened, and how many reps count in each."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pulseblock_tools.errors import UserError
from pulseblock_tools.store.location import describe
from pulseblock_tools.store.people import find_wearer
from pulseblock_tools.store.schema import blocks, numbers, reps, sessions, voids, wearers

_RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")

TICKS_MASK = 2**30 - 1  # a block's clock wraps there

# a person's word goes over the block's
IS_VOID = sa.func.coalesce(voids.c.voided, reps.c.voided)
REPS_AND_VOIDS = reps.join(numbers, numbers.c.session == reps.c.session).outerjoin(
    voids,
    sa.and_(
        voids.c.block == numbers.c.block,
        voids.c.journal == numbers.c.journal,
        voids.c.rep_seq == reps.c.seq,
    ),
)


@dataclass(frozen=True)
class Wanted:
    """Which sessions: of a wearer, of a block (or the beginning of its id), with since <= start < until."""

    wearer: str | None = None
    block: str | None = None
    since_utc_ms: int | None = None
    until_utc_ms: int | None = None


@dataclass(frozen=True)
class Session:
    """A session and its counts.

    Times are None while unknown; ``duration_ms`` is known all the same.  ``reps`` and ``good`` leave out the
    ``void`` ones.
    """

    session: int
    block: str
    journal: int
    wearer: str | None
    start_utc_ms: int | None
    end_utc_ms: int | None
    start_ticks: int
    duration_ms: int
    firmware: str | None
    ended_by: str
    reference_cn: int | None
    sets: int
    reps: int
    good: int
    void: int


@dataclass(frozen=True)
class _Counts:
    sets: int = 0
    reps: int = 0
    good: int = 0
    void: int = 0


def list_sessions(connection: Connection, wanted: Wanted | None = None) -> list[Session]:
    """Return the sessions wanted (None: all), in the order in which they happened.

    A session whose time is unknown stands where its own journal puts it, and is neither since nor until
    anything. Raises UserError when there is no such wearer or block.
    """
    fits = _filter(connection, wanted or Wanted())
    query = (
        sa.select(sessions, numbers.c.block, numbers.c.journal, numbers.c.added_utc_ms)
        .add_columns(wearers.c.name.label("wearer"))
        .select_from(sessions.join(numbers).outerjoin(wearers))
        .order_by(numbers.c.block, numbers.c.journal, numbers.c.seq)
    )
    rows = _in_order(connection.execute(query).mappings().all())
    counts = _counts(connection)
    return [_session(row, counts.get(row["session"], _Counts())) for row in rows if fits(row)]


def find_session(connection: Connection, text: str) -> Session:
    """Return the session that people call *text*: its number, or ``last``.

    Raises UserError when there is none.
    """
    return _pick(_some(connection), text)


def find_sessions(connection: Connection, text: str) -> list[Session]:
    """Return the sessions that people call *text*, such as ``3-7,9,last``, once each.

    Raises UserError for a part of it that is none.
    """
    every = _some(connection)
    found: dict[int, Session] = {}
    for part in text.split(","):
        span = _RANGE.fullmatch(part.strip())
        first, last = (int(span[1]), int(span[2])) if span else (1, 0)
        of_span = [session for session in every if first <= session.session <= last]
        found |= {session.session: session for session in of_span or [_pick(every, part.strip())]}
    return list(found.values())


def find_block(connection: Connection, beginning: str) -> str:
    """Return the id of the one block whose id begins so; raises UserError when there is none, or several."""
    every = connection.scalars(sa.select(blocks.c.block).order_by(blocks.c.block)).all()
    same = beginning.lower()
    found = [block for block in every if block == same] or [
        block for block in every if block.startswith(same)
    ]
    if len(found) != 1:
        known = ", ".join(found or every) or "none yet"
        raise UserError(f"{beginning!r} begins the id of {len(found)} blocks; known: {known}")
    return str(found[0])


def _some(connection: Connection) -> list[Session]:
    every = list_sessions(connection)
    if not every:
        where = describe(connection.engine.url)
        raise UserError(f"there are no sessions in {where} yet: plug the block in and run 'pulseblock sync'")
    return every


def _pick(every: Sequence[Session], text: str) -> Session:
    if text == "last":
        return every[-1]
    for session in every:
        if str(session.session) == text:
            return session
    raise UserError(f"there is no session {text!r}: give a number from 'pulseblock sessions', or 'last'")


def _in_order(rows: Sequence[RowMapping]) -> list[RowMapping]:
    """Sort *rows*, which are in the order of each journal, by time, without guessing a time that is unknown.

    A session without one stands after the last before it in its journal that has one, else before the next,
    else where it was first synced.
    """
    places: list[int] = []
    for _journal, group in itertools.groupby(rows, lambda row: (row["block"], row["journal"])):
        members = list(group)
        times = [row["start_utc_ms"] for row in members]
        first = next((time for time in times if time is not None), members[0]["added_utc_ms"])
        for time in times:
            first = first if time is None else time
            places.append(first)
    # the sort is stable: sessions that share a place stay in their journal's order
    return [row for _place, row in sorted(zip(places, rows, strict=True), key=lambda pair: pair[0])]


def _counts(connection: Connection) -> dict[int, _Counts]:
    counting = sa.not_(IS_VOID)
    query = (
        sa.select(
            reps.c.session,
            sa.func.count(sa.distinct(reps.c.set_number)),
            sa.func.count(sa.case((counting, 1))),
            sa.func.count(sa.case((sa.and_(counting, reps.c.faults == 0), 1))),
            sa.func.count(sa.case((IS_VOID, 1))),
        )
        .select_from(REPS_AND_VOIDS)
        .group_by(reps.c.session)
    )
    return {session: _Counts(*counts) for session, *counts in connection.execute(query)}


def _session(row: RowMapping, counts: _Counts) -> Session:
    return Session(
        **{field.name: row[field.name] for field in fields(Session) if field.name in row},
        duration_ms=row["end_ticks"] - row["start_ticks"] & TICKS_MASK,
        **vars(counts),
    )


def _filter(connection: Connection, wanted: Wanted) -> Callable[[RowMapping], bool]:
    wearer = None if wanted.wearer is None else find_wearer(connection, wanted.wearer).name
    block = None if wanted.block is None else find_block(connection, wanted.block)

    def fits(row: RowMapping) -> bool:
        start = row["start_utc_ms"]
        return (
            (wearer is None or row["wearer"] == wearer)
            and (block is None or row["block"] == block)
            and (wanted.since_utc_ms is None or (start is not None and start >= wanted.since_utc_ms))
            and (wanted.until_utc_ms is None or (start is not None and start < wanted.until_utc_ms))
        )

    return fits
