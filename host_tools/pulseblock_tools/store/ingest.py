"""What a sync needs: to know what is held of a journal, and to commit what it fetched in one transaction."""

import platform
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from pulseblock.journal.record import HEADER_BYTES
from pulseblock_tools.journal.decode import segment_header
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.store import derive
from pulseblock_tools.store.database import reading, write
from pulseblock_tools.store.pieces import Held, Piece, join
from pulseblock_tools.store.schema import blocks, clocks, journals, segments, syncs


@dataclass(frozen=True)
class Committed:
    """What a commit brought.

    ``new_bytes`` were not held before, ``new_sessions`` are the numbers of sessions not met before.  Of the
    segments ``contradicted`` the block's reading differs from one that is held; both are kept.
    """

    new_bytes: int
    new_sessions: tuple[int, ...]
    contradicted: tuple[int, ...]


def known(engine: Engine, block: str, journal: int, first: int = 0) -> dict[int, tuple[Held, ...]]:
    """What is held of each segment of a journal: one entry, or several where readings contradict each other.

    Of segments before the one numbered *first* nothing is told: the block has reclaimed them.

    A sync compares the CRC of as many bytes on the block, and fetches what follows the longest that agrees.
    """
    held: dict[int, list[Held]] = defaultdict(list)
    of_journal = sa.select(segments.c.segment, segments.c.data).where(
        segments.c.block == block, segments.c.journal == journal, segments.c.segment >= first
    )
    with reading(engine) as connection:
        for segment, data in connection.execute(of_journal.order_by(segments.c.segment, segments.c.copy)):
            held[segment].append(Held(len(data), crc32(data)))
    return {segment: tuple(copies) for segment, copies in held.items()}


def is_held_without_header(engine: Engine, block: str, segment: int, data: bytes) -> bool:
    """Whether a journal of *block* has a *segment* like *data*, header aside and maybe with more behind."""
    of_segment = sa.select(segments.c.data).where(segments.c.block == block, segments.c.segment == segment)
    with reading(engine) as connection:
        return any(
            bytes(held)[HEADER_BYTES:].startswith(data[HEADER_BYTES:])
            for held in connection.scalars(of_segment)
        )


def commit_segments(
    engine: Engine,
    block: str,
    journal: int,
    pieces: Iterable[Piece],
    clock: ClockPair | None = None,
    *,
    host: str | None = None,
    now_utc_ms: int | None = None,
) -> Committed:
    """Commit what was read from one journal of one block, all of it or nothing.

    *block* is the block's unique id in hex, *journal* the journal's id, *clock* the block's clock and this
    computer's read together.  When this returns, the bytes are on disk and the block may reclaim them.  To
    commit the same again changes nothing; what contradicts bytes held is kept beside them and reported.

    Raises PrefixMissing when a piece does not join on to anything held (the database changed since
    ``known``); ValueError when a segment's own header names another block or journal; UserError when the
    database fails.
    """
    fetched = [piece for piece in pieces if piece.data]
    now = time.time_ns() // 1_000_000 if now_utc_ms is None else now_utc_ms

    def commit(connection: Connection) -> Committed:
        _lock(connection, block, journal)
        stored = [_store(connection, block, journal, piece) for piece in fetched]
        new_bytes = sum(one.new_bytes for one in stored)
        boots = [one.first_boot for one in stored if one.new_bytes]
        if clock and _add_clock(connection, block, journal, clock):
            boots.append(clock.boot)
        new_sessions = derive.decode(connection, block, journal, min(boots), now) if boots else []
        if new_bytes:
            origin = {"block": block, "journal": journal, "host": host or platform.node()}
            connection.execute(sa.insert(syncs).values(**origin, at_utc_ms=now, new_bytes=new_bytes))
        contradicted = {piece.segment for piece, one in zip(fetched, stored, strict=True) if one.contradicts}
        return Committed(new_bytes, tuple(new_sessions), tuple(sorted(contradicted)))

    return write(engine, commit)


@dataclass(frozen=True)
class _Stored:
    new_bytes: int
    contradicts: bool
    first_boot: int


def _lock(connection: Connection, block: str, journal: int) -> None:
    """Keep others from this journal until the transaction ends; make its row the first time."""
    own = sa.select(journals).where(journals.c.block == block, journals.c.journal == journal)
    if connection.execute(own.with_for_update()).first():
        return
    if not connection.execute(sa.select(blocks).where(blocks.c.block == block)).first():
        connection.execute(sa.insert(blocks).values(block=block))
    connection.execute(sa.insert(journals).values(block=block, journal=journal))


def _store(connection: Connection, block: str, journal: int, piece: Piece) -> _Stored:
    own = (segments.c.block == block, segments.c.journal == journal, segments.c.segment == piece.segment)
    rows = connection.execute(sa.select(segments.c.data).where(*own).order_by(segments.c.copy))
    copies = [bytes(data) for (data,) in rows]
    copy, whole = join(copies, piece)
    _check_header(whole, block, journal, piece.segment)
    if copy == len(copies):
        copies.append(b"")
        key = {"block": block, "journal": journal, "segment": piece.segment, "copy": copy}
        connection.execute(sa.insert(segments).values(**key, data=whole))
    elif whole != copies[copy]:
        connection.execute(sa.update(segments).where(*own, segments.c.copy == copy).values(data=whole))
    new_bytes = len(whole) - len(copies[copy])
    copies[copy] = whole
    return _Stored(new_bytes, copy > 0, min(_first_boot(data) for data in copies))


def _check_header(data: bytes, block: str, journal: int, segment: int) -> None:
    header = segment_header(data)
    if header and (header.block.hex(), header.journal, header.number) != (block, journal, segment):
        raise ValueError(
            f"segment {segment} of block {block}, journal {journal}, says it is "
            f"segment {header.number} of block {header.block.hex()}, journal {header.journal}"
        )


def _first_boot(data: bytes) -> int:
    header = segment_header(data)
    return header.boot if header else derive.EVERY_BOOT


def _add_clock(connection: Connection, block: str, journal: int, clock: ClockPair) -> bool:
    pair = {"boot": clock.boot, "ticks": clock.ticks, "utc_ms": clock.unix_ms}
    row = {"block": block, "journal": journal, **pair}
    same = sa.select(clocks).where(*(clocks.c[name] == value for name, value in row.items()))
    if connection.execute(same).first():
        return False
    after = clock.after_seq
    if after is None:
        after = derive.last_seq(connection, block, journal, clock.boot)
    connection.execute(sa.insert(clocks).values(**row, after_seq=after))
    return True
