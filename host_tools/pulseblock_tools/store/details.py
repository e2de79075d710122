"""What is inside sessions: sets, reps, and what else their journals say."""

import json
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pulseblock.core.events import FAULTS
from pulseblock_tools.store.listing import IS_VOID, REPS_AND_VOIDS, TICKS_MASK, Session
from pulseblock_tools.store.schema import damage, notes, reps, sets

_SET_OF_REP = sa.and_(sets.c.session == reps.c.session, sets.c.number == reps.c.set_number)


@dataclass(frozen=True)
class Set:
    """A set as the block summed it up; what only its end tells is None when power was cut before.

    ``counted_reps`` is the block's count, void reps included; fewer are listed where the journal is damaged.
    """

    number: int
    complete: bool
    counted_reps: int | None
    rhythm_pct: int | None
    reference_cn: int | None
    hold_cn: int | None


@dataclass(frozen=True)
class Rep:
    """A rep and its measures in the core's units.

    ``after_ms`` is its start, counted from its session's.  ``reference_cn`` is its set's reference press,
    None when power was cut before the set's end.  ``shape_cn`` is the force at even times from its start to
    its end, None where the block kept no shape of it.
    """

    session: int
    number: int
    set_number: int
    seq: int
    void: bool
    start_utc_ms: int | None
    after_ms: int
    faults: int
    duration_ms: int
    rise_ms: int
    peak_cn: int
    hold_cn: int
    trough_cn: int
    reference_cn: int | None
    sagittal_cdeg: int
    frontal_cdeg: int
    jolt_mg: int
    drag_pct: int | None
    shape_cn: tuple[int, ...] | None = None

    @property
    def good(self) -> bool:
        """Whether the rep carries no fault."""
        return self.faults == 0

    @property
    def press_cn(self) -> int:
        """The press: peak above the hold."""
        return self.peak_cn - self.hold_cn

    @property
    def fault_names(self) -> tuple[str, ...]:
        """Names of the rep's faults; empty for a good rep."""
        return tuple(name for bit, name in enumerate(FAULTS) if self.faults >> bit & 1)


@dataclass(frozen=True)
class Note:
    """A record beside sets and reps: its kind, its fields, and how long after its session's start it came."""

    kind: str
    after_ms: int
    fields: dict[str, Any]


@dataclass(frozen=True)
class DamagedStretch:
    """Bytes of a journal that could not be decoded, or a place where records are missing, and why."""

    block: str
    segment: int
    offset: int
    length: int
    reason: str


def list_sets(connection: Connection, session: Session) -> list[Set]:
    """Return the sets of *session*, in order."""
    columns = [sets.c[field.name] for field in fields(Set)]
    query = sa.select(*columns).where(sets.c.session == session.session).order_by(sets.c.number)
    return [Set(**row) for row in connection.execute(query).mappings()]


def list_reps(connection: Connection, session: Session) -> list[Rep]:
    """Return the reps of *session*, void ones too, in order."""
    stored = [reps.c[field.name] for field in fields(Rep) if field.name in reps.c]
    query = (
        sa.select(*stored, reps.c.start_ticks, sets.c.reference_cn, IS_VOID.label("void"))
        .select_from(REPS_AND_VOIDS.outerjoin(sets, _SET_OF_REP))
        .where(reps.c.session == session.session)
        .order_by(reps.c.number)
    )
    found = []
    for row in connection.execute(query).mappings():
        values = dict(row)
        after_ms = values.pop("start_ticks") - session.start_ticks & TICKS_MASK
        if shape := values.pop("shape_cn"):
            values["shape_cn"] = tuple(json.loads(shape))
        found.append(Rep(**values, after_ms=after_ms))
    return found


def list_notes(connection: Connection, session: Session) -> list[Note]:
    """Return what the journal of *session* says beside sets and reps, in order."""
    query = sa.select(notes).where(notes.c.session == session.session).order_by(notes.c.seq)
    return [
        Note(row["kind"], row["ticks"] - session.start_ticks & TICKS_MASK, json.loads(row["fields"]))
        for row in connection.execute(query).mappings()
    ]


def list_damage(connection: Connection) -> list[DamagedStretch]:
    """Return every stretch of a journal that could not be decoded."""
    columns = [damage.c[field.name] for field in fields(DamagedStretch)]
    rows = connection.execute(sa.select(*columns).order_by(*columns)).mappings()
    return [DamagedStretch(**row) for row in rows]
