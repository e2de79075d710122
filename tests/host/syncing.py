"""What tests of syncs share: what a sync would fetch, and what a database then says."""

from zlib import crc32

import sqlalchemy as sa

from pulseblock_tools.store.database import reading
from pulseblock_tools.store.schema import clocks, damage, notes, numbers, reps, segments, sessions, sets


def news(block, held):
    """What a sync fetches: of each segment what follows the longest copy held that the block agrees with."""
    found = []
    for number, data in block.segments().items():
        agreed = [
            copy.length
            for copy in held.get(number, ())
            if copy.length <= len(data) and crc32(data[: copy.length]) == copy.crc
        ]
        found.append(block.piece(number, max(agreed, default=0), len(data)))
    return found


def decoded(engine):
    """The decoded tables, their sessions known by their records instead of by this database's numbers."""
    with reading(engine) as connection:
        rows = {
            table.name: [
                (*known_by, *row)
                for known_by, row in (
                    (tuple(row)[-2:], tuple(row)[1:-2])
                    for row in connection.execute(
                        sa.select(table, numbers.c.journal, numbers.c.seq)
                        .join(numbers, numbers.c.session == table.c.session)
                        .order_by(numbers.c.journal, numbers.c.seq, *table.primary_key)
                    )
                )
            ]
            for table in (sessions, sets, reps, notes)
        }
        rows[damage.name] = sorted(map(tuple, connection.execute(sa.select(damage))))
        return rows


def raw(engine):
    """The raw tables; which of two copies came first does not count."""
    with reading(engine) as connection:
        columns = [column for column in segments.c if column.name != "copy"]
        return sorted(map(tuple, connection.execute(sa.select(*columns)))) + sorted(
            map(tuple, connection.execute(sa.select(clocks)))
        )
