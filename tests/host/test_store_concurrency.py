"""Several processes on one SQLite file."""

import multiprocessing
import signal
import sqlite3
from contextlib import closing

import pytest

from host.block_at_hand import Block
from host.committing import assert_desks_lose_and_double_nothing, die_while_committing
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.ingest import commit_segments, known
from pulseblock_tools.store.listing import list_sessions


def test_desks_that_commit_at_once_lose_and_double_nothing(tmp_path):
    """They find no file at first, and so make the schema at once, too."""
    assert_desks_lose_and_double_nothing(str(tmp_path / "training.db"))


def test_a_reader_does_not_wait_for_a_writer(tmp_path):
    path = str(tmp_path / "training.db")
    block = Block().boot().session([0])
    engine = open_database(path)
    commit_segments(engine, block.id, block.journal, block.pieces())
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM pulseblock_reps")
        with reading(open_database(path)) as connection:
            assert [session.reps for session in list_sessions(connection)] == [1]


def test_a_process_killed_within_a_commit_has_committed_nothing(tmp_path):
    path = str(tmp_path / "training.db")
    desk = multiprocessing.get_context("spawn").Process(target=die_while_committing, args=(path,))
    desk.start()
    desk.join(60)
    assert desk.exitcode == -signal.SIGKILL
    block = Block().boot().session([0])
    engine = open_database(path)
    assert known(engine, block.id, block.journal) == {}
    assert commit_segments(engine, block.id, block.journal, block.pieces()).new_sessions == (1,)


def test_a_writer_has_the_file_to_itself_from_its_first_read_on(tmp_path):
    path = str(tmp_path / "training.db")

    def work(connection):
        list_sessions(connection)
        locked = pytest.raises(sqlite3.OperationalError, match="database is locked")
        with closing(sqlite3.connect(path, timeout=0)) as other, locked:
            other.execute("BEGIN IMMEDIATE")

    write(open_database(path), work)
