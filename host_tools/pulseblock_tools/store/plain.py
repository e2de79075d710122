"""Sessions and reps as plain values, for JSON and for tables of other programs.

Units are those a person uses: newtons, degrees, g, seconds; times are UTC in ISO 8601, None while unknown.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from pulseblock_tools.store.details import Note, Rep, Set
from pulseblock_tools.store.listing import Session
from pulseblock_tools.store.people import Wearer

Plain = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(utc_ms: int | None) -> datetime | None:
    """Return *utc_ms*, milliseconds since 1970, as a time in UTC."""
    return None if utc_ms is None else _EPOCH + timedelta(milliseconds=utc_ms)


def iso(utc_ms: int | None) -> str | None:
    """Return *utc_ms* in ISO 8601, such as ``2026-01-31T18:30:00.000Z``."""
    at = moment(utc_ms)
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def plain_session(session: Session) -> Plain:
    """Return a session and its counts."""
    return {
        "session": session.session,
        "block": session.block,
        "wearer": session.wearer,
        "start": iso(session.start_utc_ms),
        "end": iso(session.end_utc_ms),
        "duration_s": session.duration_ms / 1000,
        "set_count": session.sets,
        "rep_count": session.reps,
        "good_count": session.good,
        "void_count": session.void,
        "reference_n": newtons(session.reference_cn),
        "ended_by": session.ended_by,
        "firmware": session.firmware,
    }


def plain_set(one: Set) -> Plain:
    """Return a set as the block summed it up."""
    return {
        "set": one.number,
        "complete": one.complete,
        "counted_reps": one.counted_reps,
        "rhythm_pct": one.rhythm_pct,
        "reference_n": newtons(one.reference_cn),
        "hold_n": newtons(one.hold_cn),
    }


def plain_rep(rep: Rep) -> Plain:
    """Return a rep and its measures."""
    return {
        "rep": rep.number,
        "set": rep.set_number,
        "start": iso(rep.start_utc_ms),
        "after_s": rep.after_ms / 1000,
        "duration_ms": rep.duration_ms,
        "rise_ms": rep.rise_ms,
        "peak_n": newtons(rep.peak_cn),
        "press_n": newtons(rep.press_cn),
        "hold_n": newtons(rep.hold_cn),
        "trough_n": newtons(rep.trough_cn),
        "reference_n": newtons(rep.reference_cn),
        "sagittal_deg": rep.sagittal_cdeg / 100,
        "frontal_deg": rep.frontal_cdeg / 100,
        "jolt_g": rep.jolt_mg / 1000,
        "drag_pct": rep.drag_pct,
        "shape_n": None if rep.shape_cn is None else [force / 100 for force in rep.shape_cn],
        "verdict": "good" if rep.good else "compensated",
        "faults": list(rep.fault_names),
        "void": rep.void,
    }


def plain_note(note: Note) -> Plain:
    """Return what a journal says beside sets and reps."""
    return {"after_s": note.after_ms / 1000, "kind": note.kind, **note.fields}


def plain_wearer(wearer: Wearer) -> Plain:
    """Return a wearer."""
    return {"wearer": wearer.name, "sessions": wearer.sessions, "blocks": list(wearer.blocks)}


def newtons(centinewtons: int | None) -> float | None:
    """Return a force in newtons."""
    return None if centinewtons is None else centinewtons / 100
