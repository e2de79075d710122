"""Weeks of a wearer's training, in a database: written by the block's own journal, as a sync brings it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from math import cos, pi
from types import SimpleNamespace

from host.block_at_hand import TIMEOUT, Block
from pulseblock.core.events import FAULTS, UNKNOWN
from pulseblock.core.rep import Rep
from pulseblock.core.shape import POINTS
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.store.database import open_database, write
from pulseblock_tools.store.ingest import commit_segments
from pulseblock_tools.store.people import assign

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Training(Block):
    """A block on which a made-up wearer trains: stronger and cleaner over the weeks, tiring within a set."""

    def __init__(self, seed: int = 1, start_utc_ms: int = 1_790_000_000_000, **how: str) -> None:
        super().__init__(**how)
        self.random = random.Random(seed)
        self._shapes = random.Random(seed)
        self.utc_ms = start_utc_ms
        self.boot()

    def day(self, week: float, sets: int = 3, reps: int = 12) -> Training:
        """One session."""
        rng = self.random
        self._log.session_start(self.ticks, (0, 1, 0), 11, 22, 0)  # 0: the reference adapts
        reference = round(4200 + 130 * week)
        totals = SimpleNamespace(session_sets=0, session_count=0, session_good=0, set_count=0, set_good=0)
        for _ in range(sets):
            good = 0
            hold = rng.randint(1000, 1500)
            for number in range(reps):
                good += self._perform(number / reps, week, hold, reference)
            totals.set_count, totals.set_good = reps, good
            totals.rhythm_pct = min(97, round(rng.gauss(82 + week, 4)))
            self.passes(5000)
            self._log.set_end(self.ticks, totals, reference, hold)
            self._log.service(True)
            self.passes(max(20_000, round(rng.gauss(50_000, 12_000))))
            totals.session_sets += 1
            totals.session_count += reps
            totals.session_good += good
        self.passes(60_000)
        self._log.session_end(self.ticks, TIMEOUT, totals)
        self._log.service(True)
        return self

    def _perform(self, tired: float, week: float, hold: int, reference: int) -> bool:
        rng = self.random
        faults = 0
        for name, share in (("pelvis", 0.11), ("grip", 0.07), ("rushed", 0.05), ("passive", 0.03),
                            ("asymmetry", 0.04), ("unstable", 0.015), ("contact", 0.008)):  # fmt: skip
            if rng.random() < share * (0.5 + 1.4 * tired) * max(0.35, 1.25 - 0.09 * week):
                faults |= 1 << FAULTS.index(name)
        rep = Rep()
        rep.start_ms = self.ticks
        rep.duration_ms = round(rng.gauss(1300, 130)) if not faults & 1 << 4 else rng.randint(430, 580)
        rep.rise_ms = round(rep.duration_ms * rng.uniform(0.36, 0.46))
        strength = rng.gauss(1.04 - 0.12 * tired, 0.07) * (0.36 if faults & 1 << 5 else 1)
        rep.hold_cn = hold
        rep.peak_cn = hold + max(300, round(reference * strength))
        rep.trough_cn = max(0, hold + round(reference * (rng.gauss(0.05, 0.03) + 0.35 * (faults & 1))))
        rep.sagittal_cdeg = rng.choice((-1, 1)) * (
            rng.randint(420, 800) if faults & 2 else rng.randint(20, 250)
        )
        rep.frontal_cdeg = rng.choice((-1, 1)) * (
            rng.randint(420, 700) if faults & 4 else rng.randint(10, 220)
        )
        rep.jolt_mg = rng.randint(150, 400) if faults & 8 else rng.randint(10, 60)
        rep.drag_pct = UNKNOWN
        rep.faults = faults
        self._give_shape(rep)
        self._log.rep(rep)
        self.passes(rep.duration_ms + rng.randint(700, 1000))
        self._log.service(True)
        return not faults

    def _give_shape(self, rep: Rep) -> None:
        """Up to the peak in the time that was drawn, held or sagging a little, and back to near the hold."""
        rng = self._shapes
        swift, sag = rng.uniform(1.2, 2.2), rng.uniform(0, 0.09)
        top = rep.rise_ms / rep.duration_ms
        held = top + (1 - top) * rng.uniform(0.05, 0.35)
        end = rep.hold_cn + (rep.peak_cn - rep.hold_cn) * rng.uniform(0, 0.06)
        for place in range(POINTS):
            at = place / (POINTS - 1)
            if at <= top:
                low, share = rep.trough_cn, _eased(at / top) ** (1 / swift)
            elif at <= held:
                low, share = end, 1 - sag * (at - top) / (held - top)
            else:
                low, share = end, (1 - sag) * _eased((1 - at) / (1 - held))
            rep.shape_cn[place] = round(low + (rep.peak_cn - low) * share)
        rep.has_shape = True


def _eased(share: float) -> float:
    return (1 - cos(pi * share)) / 2


def weeks_of(seed: int = 1, weeks: int = 7, start_utc_ms: int = 1_790_000_000_000) -> Training:
    """Some four sessions a week, the last one at the very end."""
    training = Training(seed, start_utc_ms)
    for week in range(weeks):
        for day in range(7):
            began = training.utc_ms
            if (day in (0, 2, 4, 5) and training.random.random() < 0.9) or (week, day) == (weeks - 1, 6):
                training.day(week)
            training.passes(DAY_MS - (training.utc_ms - began))
    return training


def database_of(where: object, training: Training, wearer: str | None = "Ann", *, dated: bool = True):
    """A database that holds it, opened."""
    engine = open_database(str(where))
    add(engine, training, wearer, dated=dated)
    return engine


def add(engine, training: Training, wearer: str | None = None, *, dated: bool = True) -> Iterable[int]:
    """Sync it into a database; gives the numbers of the sessions."""
    clock: ClockPair | None = training.clock() if dated else None
    done = commit_segments(engine, training.id, training.journal, training.pieces(), clock, host="desk")
    if wearer is not None:
        write(engine, lambda connection: assign(connection, done.new_sessions, wearer))
    return done.new_sessions
