"""Weeks of a block in seconds: boots, sessions, power cuts and syncs, and what is known to be safe when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from pulseblock.core.rep import Rep
from pulseblock.journal import record, segments
from pulseblock.journal.journal import OK, Journal, set_clock
from pulseblock_tools.journal import records
from pulseblock_tools.journal.reading import Journal as HostJournal
from pulseblock_tools.journal.reading import read_journal

UID = bytes.fromhex("e6600102030405ff")
ROUNDS = SimpleNamespace(
    set_count=5, set_good=4, rhythm_pct=91, session_sets=1, session_count=5, session_good=4
)
POWER, TIMEOUT = 1, 1


@dataclass
class Story:
    """What was given to the block, and what it promised to keep.

    Segments hold *segment_records*, and reps are written *burst* at a time.  ``moment`` says how far the
    flash is, as a number that only grows: ``promised`` holds (moment, reps promised by then), ``given``
    (moment, reps given by then), ``synced`` (moment, segments that the host had fetched by then), ``marks``
    (moment, what the block was told that the host has, from then on).
    """

    moment: Callable[[], int]
    segment_records: int = 13
    burst: int = 1
    reps: int = 0
    promised: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    given: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    synced: list[tuple[int, dict[int, bytes]]] = field(default_factory=lambda: [(0, {})])
    marks: list[tuple[int, tuple[int, int]]] = field(default_factory=lambda: [(0, (0, 0))])

    @property
    def limits(self) -> dict[str, int]:
        """The journal's, small enough for the story to reach them."""
        size = record.HEADER_BYTES + (self.segment_records + 1) * record.RECORD_BYTES
        return {"segment_bytes": size, "max_segments": 4, "reserve_bytes": 0}

    def boot(self, folder: Any) -> Journal:
        """Power on: the journal goes on."""
        journal = Journal(folder, UID, lambda: 0, **self.limits)
        assert journal.begin(0, POWER) == OK
        return journal

    def session(self, journal: Journal, reps: int) -> None:
        """Train *reps*, in sets of five, each written in a trough soon after it."""
        journal.session_start(1, (0, 1, 0), 1, 2, 4000)
        for i in range(1, reps + 1):
            self.reps += 1
            journal.rep(shaped(rep(self.reps)))
            self.given.append((self.moment(), self.reps))
            if i % 5 == 0:
                journal.set_end(self.reps, ROUNDS, 4000, 1000)
            if i % self.burst == 0:
                self.write(journal)
        journal.session_end(self.reps, TIMEOUT, ROUNDS)
        self.write(journal)

    def write(self, journal: Journal) -> None:
        """A trough: what was given is promised once this returns."""
        assert journal.service(True) == OK
        self.promised.append((self.moment(), self.reps))

    def sync(self, folder: Any) -> None:
        """Fetch what there is, tell the block, and set its clock."""
        fetched = self.synced[-1][1] | segments_of(folder)
        self.synced.append((self.moment(), fetched))
        newest = max(segments_of(folder))
        self.marks.append((self.moment(), (newest, len(fetched[newest]))))
        segments.mark_synced(folder, newest, len(fetched[newest]))
        self.marks.append((self.moment(), (newest, len(fetched[newest]))))
        assert set_clock(folder, UID, 100000, 1_800_000_000_000, **self.limits)

    def weeks(self, folder: Any, power_cut: Callable[[], Any]) -> None:
        """The whole story; *power_cut* gives the folder after one."""
        length = self.segment_records
        self.session(self.boot(folder), length)
        folder = power_cut()
        journal = self.boot(folder)
        self.session(journal, length // 2)
        journal.close()
        self.sync(folder)
        self.session(self.boot(folder), length)
        folder = power_cut()
        self.boot(folder).close()
        self.sync(folder)
        self.session(self.boot(folder), length)

    def check(self, folder: Any, moment: int) -> None:
        """Power was cut at *moment*, and the block booted again: everything promised is there, once."""
        fetched = next(data for when, data in reversed(self.synced) if when <= moment)
        journal = read(fetched, segments_of(folder))
        reps = [entry.ticks for entry in journal.records if isinstance(entry, records.Rep)]
        for before, entry in pairwise(journal.records):
            if isinstance(entry, records.Shape):
                assert isinstance(before, records.Rep), "a shape follows its rep"
                assert entry.ticks == before.ticks
        promised = max(count for when, count in self.promised if when <= moment)
        given = max(count for when, count in self.given if when <= moment)
        assert reps == list(range(1, len(reps) + 1)), "lost, doubled or out of order"
        assert promised <= len(reps) <= given
        boots = [entry.boot for entry in journal.records if isinstance(entry, records.Boot)]
        before, since = [(0, (0, 0)), *(mark for mark in self.marks if mark[0] <= moment)][-2:]
        assert segments.synced(folder) in {before[1], since[1]}, "neither the old mark nor the new one"
        assert boots == sorted(set(boots)), "a boot had the number of another"


def rep(start_ms: int) -> Rep:
    """A good rep."""
    good = Rep()
    good.start_ms = start_ms
    good.duration_ms, good.rise_ms, good.peak_cn, good.hold_cn, good.trough_cn = 1000, 400, 4000, 1000, 1050
    return good


def shaped(rep: Rep) -> Rep:
    """The rep with a shape: up from the trough to the peak, and down to the hold."""
    rep.shape_cn = [1050, 2000, 3200, 3900, 4000, 3700, 3000, 2000, 1200, 1000]
    rep.has_shape = True
    return rep


def segments_of(folder: Any) -> dict[int, bytes]:
    """The segments in *folder* by number."""
    found = {}
    for name in folder.names():
        if number := segments.number_of(name):
            found[number] = folder.read(name)
    return found


def read(*fetched: dict[int, bytes]) -> HostJournal:
    """What the host makes of segments, fetched now and before."""
    return _read(tuple((number, data) for pieces in fetched for number, data in pieces.items()))


@lru_cache(maxsize=8)  # most cuts leave what the one before left
def _read(segments: tuple[tuple[int, bytes], ...]) -> HostJournal:
    return read_journal(segments)


def torn_notes(journal: HostJournal) -> Sequence[records.Torn]:
    """What the journal says power cuts had left unfinished."""
    return [entry for entry in journal.records if isinstance(entry, records.Torn)]
