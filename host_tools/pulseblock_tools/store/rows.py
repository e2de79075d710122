"""What the journal decoder found, as rows of the decoded tables."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from pulseblock_tools.journal.reading import Damage
from pulseblock_tools.journal.records import Record, Rep
from pulseblock_tools.journal.sessions import Session, SessionRep, SessionSet
from pulseblock_tools.store.schema import TEXT_LENGTH, notes, reps, sessions, sets

Row = dict[str, Any]

_OF_EVERY_RECORD = {field.name for field in fields(Record)}
_REP_MEASURES = {field.name for field in fields(Rep)} - _OF_EVERY_RECORD


def session_rows(found: Mapping[int, Session]) -> dict[str, list[Row]]:
    """Return the rows of numbered sessions, by the name of their table, in the order to insert them."""
    return {
        sessions.name: [_session(number, session) for number, session in found.items()],
        sets.name: [_set(number, one) for number, session in found.items() for one in session.sets],
        reps.name: [_rep(number, rep) for number, session in found.items() for rep in session.reps],
        notes.name: [_note(number, note) for number, session in found.items() for note in session.notes],
    }


def damage_rows(block: str, journal: int, found: Iterable[Damage]) -> list[Row]:
    """Return the rows of a journal's damaged stretches; copies of a segment may share some."""
    unique = dict.fromkeys((at.segment, at.offset, at.length, _printable(at.reason)) for at in found)
    names = ("segment", "offset", "length", "reason")
    return [{"block": block, "journal": journal, **dict(zip(names, at, strict=True))} for at in unique]


def _session(number: int, session: Session) -> Row:
    return {
        "session": number,
        "boot": session.boot,
        "start_ticks": session.start_ticks,
        "end_ticks": session.end_ticks,
        "start_utc_ms": session.start_utc_ms,
        "end_utc_ms": session.end_utc_ms,
        "firmware": None if session.firmware is None else _printable(session.firmware),
        "settings": session.settings,
        "calibration": session.calibration,
        "reference_cn": session.reference_cn,
        "ended_by": _printable(session.ended_by),
    }


def _set(number: int, one: SessionSet) -> Row:
    return {
        "session": number,
        "number": one.number,
        "complete": one.complete,
        "end_ticks": one.end_ticks,
        "counted_reps": one.counted_reps,
        "rhythm_pct": one.rhythm_pct,
        "reference_cn": one.reference_cn,
        "hold_cn": one.hold_cn,
    }


def _rep(number: int, rep: SessionRep) -> Row:
    return {
        "session": number,
        "number": rep.number,
        "set_number": rep.set_number,
        "seq": rep.record.seq,
        "voided": rep.voided,
        "start_ticks": rep.record.ticks,
        "start_utc_ms": rep.start_utc_ms,
        "shape_cn": None if rep.shape_cn is None else json.dumps(rep.shape_cn),
        **{name: getattr(rep.record, name) for name in _REP_MEASURES},
    }


def _note(number: int, record: Record) -> Row:
    own = {name: value for name, value in asdict(record).items() if name not in _OF_EVERY_RECORD}
    return {
        "session": number,
        "seq": record.seq,
        "ticks": record.ticks,
        "kind": type(record).__name__,
        "fields": json.dumps(own),
    }


def _printable(text: str) -> str:
    # a block's bytes lie behind it, and PostgreSQL has no place for NUL
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)[:TEXT_LENGTH]
