"""Desks that commit at the same moment, each a process of its own."""

import multiprocessing
import os
import random
import signal

import sqlalchemy as sa

from host.block_at_hand import Block
from host.syncing import decoded, raw
from pulseblock_tools.store import derive
from pulseblock_tools.store.database import open_database, reading
from pulseblock_tools.store.ingest import commit_segments
from pulseblock_tools.store.schema import syncs

DESKS = 3
_PATIENCE_S = 120


def readings():
    """What desks read of three blocks while these were used: (block, journal, pieces) of each moment."""
    read = []
    for name in ("aa", "bb", "cc"):
        block = Block(name * 8, journal=len(read) + 1, segment_bytes=400).boot()
        for day in range(6):
            block.session([0, 2, -1, 0], [0] * (day + 1)).passes(86_400_000)
            if day % 2:
                block.boot()
            read.append((block.id, block.journal, block.pieces()))
    return read


def _desk(url, name, start):
    every = readings()
    random.Random(name).shuffle(every)
    start.wait(_PATIENCE_S)
    engine = open_database(url)
    for block, journal, pieces in every:
        commit_segments(engine, block, journal, pieces, host=name)
    engine.dispose()


def all_at_once(work, *arguments, processes=DESKS):
    """Run ``work(*arguments, name, barrier)`` in several processes that begin together; all must succeed."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(processes)
    desks = [context.Process(target=work, args=(*arguments, f"desk {n}", start)) for n in range(processes)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join(_PATIENCE_S)
    assert [desk.exitcode for desk in desks] == [0] * processes


def assert_desks_lose_and_double_nothing(url):
    """Every desk commits every reading, in an order of its own: the outcome is that of one."""
    all_at_once(_desk, url)
    one, together = open_database("sqlite://"), open_database(url)
    for block, journal, pieces in readings():
        commit_segments(one, block, journal, pieces)
    assert raw(together) == raw(one)
    assert decoded(together) == decoded(one)
    with reading(one) as alone, reading(together) as shared:
        new_bytes = sa.select(sa.func.sum(syncs.c.new_bytes))
        assert shared.scalar(new_bytes) == alone.scalar(new_bytes)
    one.dispose()
    together.dispose()


def die_while_committing(url):
    """Commit, and be killed when the raw bytes are written and the decoded tables are not."""

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    derive.session_rows = die
    block = Block().boot().session([0])
    commit_segments(open_database(url), block.id, block.journal, block.pieces())
