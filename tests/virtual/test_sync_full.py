"""A block whose flash is full of what nobody has synced: it keeps counting, and a sync makes room."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from host.block_at_hand import Block
from pulseblock.journal import record
from pulseblock.journal.segments import RESERVE_BYTES, SEGMENT_BYTES
from pulseblock_tools.store.database import reading
from pulseblock_tools.store.details import list_damage
from pulseblock_tools.virtual.flash import BLOCK_BYTES, Flash
from virtual.training import NOW_MS, Trainee, firmware, known_sessions, reps_of

FREE_RECORDS = 6  # in the newest segment: a boot, a session's start, some reps
OLD_REPS = 5


def nearly_full() -> Flash:
    """Flash with two segments of a journal, of which the second is nearly full."""
    past = Block(b"virtual0".hex()).boot().session([0] * OLD_REPS)
    while len(past.segments()) == 1:
        past.low_battery()
    while SEGMENT_BYTES - len(past.segments()[2]) >= (FREE_RECORDS + 2) * record.RECORD_BYTES:
        past.low_battery()
    flash = firmware()
    for number, data in past.segments().items():
        flash.write(f"/journal/{number:08d}.pbj", data)
    return flash


@pytest.fixture
def trainee() -> Iterator[Trainee]:
    """One whose flash has room for a third segment once the first is gone."""
    with Trainee(nearly_full()) as trainee:
        free = int(trainee.block.computer.exec("import os\nprint(os.statvfs('/')[3])"))
        wanted = (SEGMENT_BYTES + RESERVE_BYTES) // BLOCK_BYTES
        trainee.block.cut_power()
        trainee.flash.capacity += wanted - 4 - free
        trainee.block.power_on()
        yield trainee


def test_what_found_no_room_is_written_by_the_sync_that_makes_some(trainee: Trainee, engine: Engine) -> None:
    before = trainee.segments()
    trainee.train(8)
    assert len(trainee.segments()) == 2  # the oldest one is not given up for the new ones
    assert trainee.segments()[1] == before[1]
    outcome = trainee.sync(engine)
    assert not outcome.waiting
    assert sorted(trainee.segments()) == [2, 3]
    assert [len(session.reps) for session in known_sessions(engine)] == [OLD_REPS, 8]
    assert [session.reps for session in known_sessions(engine)[1:]] == reps_of(trainee.truth())[-1:]


def test_what_did_not_fit_into_memory_either_is_counted_and_told(trainee: Trainee, engine: Engine) -> None:
    trainee.train(30).sync(engine)
    records = trainee.truth().records
    (lost,) = [one for one in records if type(one).__name__ == "Lost"]
    (_, session) = known_sessions(engine)
    assert len(session.reps) + lost.reps == 30
    assert lost.reps > 0
    with reading(engine) as connection:
        assert [one.reason for one in list_damage(connection)] == [
            f"no room on the block for {lost.records} more records, {lost.reps} of them reps"
        ]


def test_the_block_counts_and_records_on_afterwards(trainee: Trainee, engine: Engine) -> None:
    trainee.train(8).sync(engine)
    assert trainee.block.running
    trainee.train(4).sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [OLD_REPS, 8, 4]


def test_a_cable_pulled_before_the_block_was_told_leaves_everything_there(
    trainee: Trainee, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainee.train(8)
    before = trainee.segments()
    with monkeypatch.context() as cut:
        cut.setattr("pulseblock_tools.sync.syncing._Sync._mark", lambda *_: trainee.block.usb.cut())
        with pytest.raises(Exception, match="cable"):
            trainee.sync(engine)
    assert trainee.segments() == before
    (_, session) = known_sessions(engine)
    assert session.start_utc_ms == pytest.approx(NOW_MS + 1500, abs=600)  # for which flash had no room
    trainee.sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [OLD_REPS, 8]
