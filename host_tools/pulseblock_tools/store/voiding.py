"""A person's word on whether a rep counts; it goes over what the wearer said on the block."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pulseblock_tools.errors import UserError
from pulseblock_tools.store.details import list_reps
from pulseblock_tools.store.listing import Session
from pulseblock_tools.store.schema import voids


def set_void(
    connection: Connection, session: Session, rep_number: int, *, void: bool, now_utc_ms: int
) -> bool:
    """Let a rep of *session* count, or not; whether that changed anything.

    Kept by the rep's number in its journal, so that it stays with the rep whatever is decoded around it
    later. Raises UserError when the session has no such rep.
    """
    reps = {rep.number: rep for rep in list_reps(connection, session)}
    if rep_number not in reps:
        has = f"reps 1 to {max(reps)}" if reps else "no reps"
        raise UserError(f"session {session.session} has {has}, none of number {rep_number}")
    rep = reps[rep_number]
    if rep.void == void:
        return False
    key = (voids.c.block == session.block, voids.c.journal == session.journal, voids.c.rep_seq == rep.seq)
    connection.execute(sa.delete(voids).where(*key))
    connection.execute(
        sa.insert(voids).values(
            block=session.block, journal=session.journal, rep_seq=rep.seq, voided=void, at_utc_ms=now_utc_ms
        )
    )
    return True
