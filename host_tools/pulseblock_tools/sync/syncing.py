"""A sync from beginning to end: what the host is sure to have, and only that, the block may forget."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy.engine import Engine

from pulseblock.journal import record
from pulseblock.wall_clock import unix_s
from pulseblock_tools.blocks import Block
from pulseblock_tools.blocks.block import GUARD_S
from pulseblock_tools.blocks.link import Garbled, LostConnection, ProgramFailed
from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.store.ingest import commit_segments, is_held_without_header, known
from pulseblock_tools.store.pieces import PrefixMissing
from pulseblock_tools.sync.fetching import ATTEMPTS, JOURNAL, Fetch, Fetched
from pulseblock_tools.sync.plan import LOST_JOURNAL, Listed, Segment, Wanted, identify, missing

_MOST_BYTES = 1 << 26  # of a journal: more than any block has flash
_MOST_SEGMENTS = 4096
_SLOWEST = 2000  # bytes of a journal that a database far away takes in a second
_ROUNDS = 3  # each after something that changed what there is to fetch

Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """What a sync brought.

    ``new_bytes`` were not in the database before, ``new_sessions`` are the numbers of sessions it did not
    know.  Of the segments ``contradicted`` the block reads differently than it did once, ``unreadable`` are
    those whose flash fails.  ``waiting`` says that the block still holds records that it cannot write.
    """

    block: str
    firmware: str
    new_bytes: int = 0
    new_sessions: tuple[int, ...] = ()
    contradicted: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()
    waiting: bool = False


def require_clock(now_s: float) -> None:
    """Raise UserError where nobody has set this computer's clock, *now_s* of Unix time: it dates sessions.

    Before the block's app is stopped: what it recorded until then can be dated only while its clock goes on.
    """
    if not unix_s(int(now_s)):
        raise UserError(
            f"this computer's clock says {time.gmtime(now_s).tm_year}: set it, for sessions are dated by it",
            FAILED,
        )


def sync(
    block: Block,
    engine: Engine,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
) -> Outcome:
    """Bring what is new in the journal of *block* to the database *engine*, and set the block's clock.

    *progress* gets bytes that have arrived, and of how many; *now_ms* is Unix time.  What arrived before an
    error is in the database all the same.  Raises UserError.
    """
    block.about.require_firmware(block.port.device)
    return _Sync(block, engine, progress, now_ms).run()


class _Sync:
    def __init__(
        self,
        block: Block,
        engine: Engine,
        progress: Callable[[int, int], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._block = block
        self._engine = engine
        self._progress = progress
        self._now_ms = now_ms
        self._outcome = Outcome(block.about.unique_id, str(block.about.firmware))

    def run(self) -> Outcome:
        for rounds_left in reversed(range(_ROUNDS)):
            try:
                if not self._round():
                    break
            except PrefixMissing as error:  # another computer has changed the database meanwhile
                if not rounds_left:
                    raise UserError(f"the database keeps changing, sync again: {error}", FAILED) from error
        return self._outcome

    def _round(self) -> bool:
        """Fetch, commit, and let the block reclaim; whether it has something for the room that this made."""
        waiting, journal, clock = self._again(self._settle)
        segments = self._again(self._list)
        fetch = Fetch(self._missing(segments), self._progress)
        try:
            fetch.run(self._block)
            self._block.allow_silence(GUARD_S + sum(len(one.data) for one in fetch.fetched) / _SLOWEST)
        except LostConnection as error:
            raise LostConnection(f"{error}; what has arrived is kept: sync again for the rest") from error
        finally:
            self._commit(fetch.fetched, journal, clock)
        self._mark(segments, fetch.fetched)
        self._outcome = replace(self._outcome, waiting=waiting)
        return waiting

    def _again(self, ask: Callable[[], Result]) -> Result:
        for _ in range(ATTEMPTS - 1):
            try:
                return ask()
            except Garbled:
                self._block.interrupt()
        return ask()

    def _settle(self) -> tuple[bool, int, ClockPair | None]:
        now_ms = self._now_ms()
        said = self._block.ask("journal_settle", root=JOURNAL, unix_s=now_ms // 1000, ms=now_ms % 1000)
        boot, ticks, journal = (_number(said, name) for name in ("boot", "ticks", "journal"))
        pair = ClockPair(boot, ticks & record.TICKS_MASK, now_ms) if boot else None
        return said.get("waiting") is True, journal, pair

    def _list(self) -> list[Segment]:
        listed = []
        for part in self._block.run_snippet("journal_segments", root=JOURNAL):
            try:
                listed.append(Listed.parse(part))
            except ValueError as error:
                raise Garbled(f"the block's journal makes no sense: {error}") from error
            if len(listed) > _MOST_SEGMENTS:
                raise Garbled("the block's journal does not end")
        if sum(one.size for one in listed) > _MOST_BYTES:
            raise Garbled("the block's journal is larger than its flash can be")
        return identify(listed, self._outcome.block)

    def _missing(self, segments: Iterable[Segment]) -> list[Wanted]:
        wanted = []
        for (block, journal), own in _by_journal(segments).items():
            held = known(self._engine, block, journal, min(one.number for one in own))
            wanted += [missing(one, held.get(one.number, ())) for one in own]
        return [one for one in wanted if one is not None]

    def _commit(self, fetched: Sequence[Fetched], journal: int, clock: ClockPair | None) -> None:
        """Commit what has arrived, and the clock with the journal that goes on."""
        by_segment = {one.segment: one for one in fetched if one.data and not self._is_known_orphan(one)}
        groups = _by_journal(by_segment)
        own = (self._outcome.block, journal)
        if clock:
            groups.setdefault(own, [])
        for (block, number), segments in groups.items():
            pieces = [by_segment[segment].piece() for segment in segments]
            pair = clock if (block, number) == own else None
            committed = commit_segments(self._engine, block, number, pieces, pair)
            before = self._outcome
            self._outcome = replace(
                before,
                new_bytes=before.new_bytes + committed.new_bytes,
                new_sessions=(*before.new_sessions, *committed.new_sessions),
                contradicted=(*before.contradicted, *committed.contradicted),
            )

    def _is_known_orphan(self, one: Fetched) -> bool:
        """Whether this was in a journal of which the database has it, before flash lost its header."""
        segment = one.segment
        return segment.journal == LOST_JOURNAL and is_held_without_header(
            self._engine, segment.block, segment.number, bytes(one.data)
        )

    def _mark(self, segments: Sequence[Segment], fetched: Iterable[Fetched]) -> None:
        """Tell the block up to where the host has all: its journal's end, or what flash cannot read."""
        if not segments:
            return
        cut = {one.segment: one.end for one in fetched if one.unreadable}
        last, position = segments[-1], segments[-1].size
        for segment in segments:
            if segment in cut:
                last, position = segment, cut[segment]
                break
        unreadable = tuple(sorted(segment.number for segment in cut))
        self._outcome = replace(self._outcome, unreadable=unreadable)
        try:
            self._block.do("journal_synced", root=JOURNAL, segment=last.file, position=position)
        except ProgramFailed as error:
            raise UserError(
                f"all is in the database, but the block's flash fails: {error}", FAILED
            ) from error
        except LostConnection as error:
            raise LostConnection(f"{error}; all that it had is in the database") from error


def _by_journal(segments: Iterable[Segment]) -> dict[tuple[str, int], list[Segment]]:
    groups: dict[tuple[str, int], list[Segment]] = defaultdict(list)
    for segment in segments:
        groups[segment.block, segment.journal].append(segment)
    return groups


def _number(said: Any, name: str) -> int:
    value = said.get(name) if isinstance(said, dict) else None
    if not isinstance(value, int) or not 0 <= value < 1 << 32:
        raise Garbled(f"the block's journal makes no sense: {name} is {value!r:.40}")
    return value
