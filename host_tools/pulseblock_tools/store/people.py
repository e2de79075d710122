"""Wearers: their names, whose a session is, and whose a block's new sessions are."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pulseblock_tools.errors import UserError
from pulseblock_tools.store.schema import NAME_LENGTH, blocks, numbers, sessions, wearers

# joiners inside words of Persian and Indic names: invisible, and part of the name
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True)
class Wearer:
    """A wearer, how many sessions are theirs, and the blocks whose new sessions will be."""

    id: int
    name: str
    sessions: int
    blocks: tuple[str, ...]


def clean_name(text: str) -> str:
    """Return *text* as a name is stored: one form of each letter, single spaces.

    Raises UserError when it is empty, too long, or holds characters that no terminal or table shows as text.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise UserError("a wearer's name cannot be empty")
    if len(name) > NAME_LENGTH:
        raise UserError(f"a wearer's name has at most {NAME_LENGTH} characters, this one {len(name)}")
    if odd := [char for char in name if not char.isprintable() and char not in _JOINERS]:
        raise UserError(f"a wearer's name cannot hold the character U+{ord(odd[0]):04X}")
    return name


def list_wearers(connection: Connection) -> list[Wearer]:
    """Return all wearers by name."""
    count = (
        sa.select(sa.func.count())
        .select_from(numbers.join(sessions))
        .where(numbers.c.wearer_id == wearers.c.id)
        .scalar_subquery()
    )
    theirs: dict[int, list[str]] = {}
    for block, wearer in connection.execute(
        sa.select(blocks.c.block, blocks.c.wearer_id).order_by(blocks.c.block)
    ):
        theirs.setdefault(wearer, []).append(block)
    rows = connection.execute(sa.select(wearers.c.id, wearers.c.name, count).order_by(wearers.c.name))
    return [Wearer(id_, name, many, tuple(theirs.get(id_, ()))) for id_, name, many in rows]


def find_wearer(connection: Connection, name: str) -> Wearer:
    """Return the wearer of that name; raises UserError when there is none."""
    wanted = clean_name(name)
    for wearer in list_wearers(connection):
        if wearer.name == wanted:
            return wearer
    raise UserError(f"there is no wearer {wanted!r}: 'pulseblock wearer list' shows them")


def assign(connection: Connection, chosen: Iterable[int], name: str | None) -> None:
    """Make the sessions *chosen* (their numbers) those of the wearer *name*, new or known; None: nobody's."""
    wearer = _id(connection, name)
    for session in chosen:
        connection.execute(sa.update(numbers).where(numbers.c.session == session).values(wearer_id=wearer))


def set_default(connection: Connection, block: str, name: str | None) -> None:
    """Make the sessions that *block* will bring those of the wearer *name*; None: nobody's."""
    wearer = _id(connection, name)
    connection.execute(sa.update(blocks).where(blocks.c.block == block).values(wearer_id=wearer))


def rename(connection: Connection, old: str, new: str, *, merge: bool = False) -> None:
    """Give the wearer *old* the name *new*.

    Where *new* is somebody already, *merge* makes one of the two; without it UserError is raised.
    """
    wearer, name = find_wearer(connection, old), clean_name(new)
    other = connection.scalar(
        sa.select(wearers.c.id).where(wearers.c.name == name, wearers.c.id != wearer.id)
    )
    if other is None:
        connection.execute(sa.update(wearers).where(wearers.c.id == wearer.id).values(name=name))
        return
    if not merge:
        raise UserError(f"there is a wearer {name!r} already: --merge makes one of the two")
    for table in (numbers, blocks):
        connection.execute(sa.update(table).where(table.c.wearer_id == wearer.id).values(wearer_id=other))
    connection.execute(sa.delete(wearers).where(wearers.c.id == wearer.id))


def remove(connection: Connection, name: str) -> None:
    """Forget the wearer *name*; raises UserError while sessions are theirs, or those of a block will be."""
    wearer = find_wearer(connection, name)
    if wearer.sessions:
        raise UserError(f"sessions are {wearer.name}'s still: 'pulseblock wearer assign' changes that")
    if wearer.blocks:
        raise UserError(
            f"new sessions of block {wearer.blocks[0]} will be {wearer.name}'s: "
            "'pulseblock wearer default' changes that"
        )
    # a number can outlive its session
    connection.execute(sa.update(numbers).where(numbers.c.wearer_id == wearer.id).values(wearer_id=None))
    connection.execute(sa.delete(wearers).where(wearers.c.id == wearer.id))


def _id(connection: Connection, name: str | None) -> int | None:
    if name is None:
        return None
    cleaned = clean_name(name)
    known = sa.select(wearers.c.id).where(wearers.c.name == cleaned)
    if connection.execute(known).first() is None:
        connection.execute(sa.insert(wearers).values(name=cleaned))
    return int(connection.execute(known).scalar_one())
