"""The decoded tables, out of the raw ones.

The same raw bytes give the same rows in whatever portions they came.  So a sync decodes only from the first
boot on that it brought anything new of, and a migration decodes everything.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pulseblock.journal.record import HEADER_BYTES
from pulseblock_tools.journal.decode import segment_header
from pulseblock_tools.journal.reading import Journal, read_journal
from pulseblock_tools.journal.scan import SegmentHeader
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.store.rows import damage_rows, session_rows
from pulseblock_tools.store.schema import (
    DECODED,
    blocks,
    clocks,
    damage,
    journals,
    metadata,
    numbers,
    segments,
)

EVERY_BOOT = 0  # they count from 1
_BEFORE_ALL = -1


@dataclass(frozen=True)
class _Part:
    """The end of a journal that is to be decoded.

    Sessions from the record ``first_seq`` on are made again, and damage after the segment ``after_segment``.
    """

    read: Journal
    first_seq: int
    after_segment: int


def decode_all(connection: Connection, now_utc_ms: int) -> None:
    """Make the decoded tables of every journal again."""
    for block, journal in connection.execute(sa.select(journals.c.block, journals.c.journal)).all():
        decode(connection, block, journal, EVERY_BOOT, now_utc_ms)


def decode(connection: Connection, block: str, journal: int, first_boot: int, now_utc_ms: int) -> list[int]:
    """Make the decoded rows of one journal again, from *first_boot* on.

    Returns the numbers given to sessions that were met for the first time.  The caller holds the journal's
    lock.
    """
    part = _end_of_journal(connection, block, journal, first_boot) or _Part(
        _read(connection, block, journal, _BEFORE_ALL), first_seq=0, after_segment=_BEFORE_ALL
    )
    found = {session.seq: session for session in part.read.sessions if session.seq >= part.first_seq}
    _forget(connection, block, journal, part)
    known = _numbered(connection, block, journal)
    new = sorted(found.keys() - known.keys())
    if new:
        wearer = connection.scalar(sa.select(blocks.c.wearer_id).where(blocks.c.block == block))
        origin = {"block": block, "journal": journal, "added_utc_ms": now_utc_ms, "wearer_id": wearer}
        connection.execute(sa.insert(numbers), [{**origin, "seq": seq} for seq in new])
        known = _numbered(connection, block, journal)
    rows = session_rows({known[seq]: session for seq, session in found.items()})
    damaged = (at for at in part.read.damage if at.segment > part.after_segment)
    rows[damage.name] = damage_rows(block, journal, damaged)
    for table, of_table in rows.items():
        if of_table:
            connection.execute(sa.insert(metadata.tables[table]), of_table)
    return [known[seq] for seq in new]


def last_seq(connection: Connection, block: str, journal: int, boot: int) -> int | None:
    """Return the number of the last record held that *boot* wrote; None if none is."""
    first = _segment_before(_headers(connection, block, journal), boot)
    records = _read(connection, block, journal, first).records
    return max((record.seq for record in records if record.boot == boot), default=None)


def _end_of_journal(connection: Connection, block: str, journal: int, first_boot: int) -> _Part | None:
    """Return the journal from *first_boot* on; None if only the whole journal can tell what that is."""
    headers = _headers(connection, block, journal)
    first_segment = _segment_before(headers, first_boot)
    if first_segment == _BEFORE_ALL:
        return None
    read = _read(connection, block, journal, first_segment)
    of_records = (record.seq for record in read.records if (record.boot or EVERY_BOOT) >= first_boot)
    of_headers = (header.first_seq for _segment, header in headers if header.boot >= first_boot)
    first_seq = min((*of_records, *of_headers), default=None)
    return None if first_seq is None else _Part(read, first_seq, first_segment)


def _segment_before(headers: list[tuple[int, SegmentHeader]], first_boot: int) -> int:
    """Return the last segment that an earlier boot began: *first_boot* began in it, or with the next."""
    return max((segment for segment, header in headers if header.boot < first_boot), default=_BEFORE_ALL)


def _headers(connection: Connection, block: str, journal: int) -> list[tuple[int, SegmentHeader]]:
    beginning = sa.func.substr(segments.c.data, 1, HEADER_BYTES, type_=sa.LargeBinary)
    rows = connection.execute(_of(segments, block, journal, segments.c.segment, beginning)).all()
    read = ((segment, segment_header(bytes(data))) for segment, data in rows)
    return [(segment, header) for segment, header in read if header]


def _read(connection: Connection, block: str, journal: int, first_segment: int) -> Journal:
    raw = _of(segments, block, journal, segments.c.segment, segments.c.data)
    # of two pairs after the same record the decoder takes the first: syncs without news move no session
    pairs = _of(clocks, block, journal, clocks.c.boot, clocks.c.ticks, clocks.c.utc_ms, clocks.c.after_seq)
    return read_journal(
        [
            (segment, bytes(data))
            for segment, data in connection.execute(raw.where(segments.c.segment >= first_segment))
        ],
        [ClockPair(*pair) for pair in connection.execute(pairs.order_by(clocks.c.utc_ms, clocks.c.ticks))],
    )


def _forget(connection: Connection, block: str, journal: int, part: _Part) -> None:
    gone = _of(numbers, block, journal, numbers.c.session).where(numbers.c.seq >= part.first_seq)
    for table in reversed(DECODED):
        if table is damage:
            damaged = (damage.c.block == block, damage.c.journal == journal)
            connection.execute(sa.delete(damage).where(*damaged, damage.c.segment > part.after_segment))
        else:
            connection.execute(sa.delete(table).where(table.c.session.in_(gone)))


def _numbered(connection: Connection, block: str, journal: int) -> dict[int, int]:
    rows = connection.execute(_of(numbers, block, journal, numbers.c.seq, numbers.c.session))
    return {row.seq: row.session for row in rows}


def _of(table: sa.Table, block: str, journal: int, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(*columns).where(table.c.block == block, table.c.journal == journal)
