"""Sync against the firmware, through mpremote's transport: what was recorded arrives, once, and as it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from host.block_at_hand import Block as Recorded
from pulseblock.core.shape import POINTS
from pulseblock_tools.blocks import connect
from pulseblock_tools.blocks.block import GUARD_S, AppFailed, Block
from pulseblock_tools.blocks.link import LostConnection
from pulseblock_tools.errors import WRONG_FIRMWARE, UserError
from pulseblock_tools.store.database import open_database, reading
from pulseblock_tools.store.details import list_damage, list_reps
from pulseblock_tools.store.ingest import Committed, commit_segments
from pulseblock_tools.store.listing import find_session
from pulseblock_tools.store.pieces import Piece, PrefixMissing
from pulseblock_tools.sync import syncing
from pulseblock_tools.sync.syncing import sync
from virtual.training import (
    NOW_MS,
    Trainee,
    firmware,
    held_segments,
    known_blocks,
    known_sessions,
    reps_of,
)


def synced_note(trainee: Trainee) -> tuple[int, int]:
    """What the block believes the host to have: everything before this position of this segment."""
    note = trainee.flash.files.get("/journal/synced", bytes(11))
    return int.from_bytes(note[:4], "little"), int.from_bytes(note[4:8], "little")


def assert_block_forgets_only_what_is_held(trainee: Trainee, engine: Engine) -> None:
    segment, position = synced_note(trainee)
    held = held_segments(engine)
    for number, data in trainee.segments().items():
        if number <= segment:
            promised = data[:position] if number == segment else data
            assert held[number][: len(promised)] == promised


# What a sync brings


def test_what_was_trained_is_in_the_database_and_the_app_runs(trainee: Trainee, engine: Engine) -> None:
    outcome = trainee.train(3).put_down().train(2).sync(engine)
    assert trainee.block.running
    assert outcome.new_sessions == (1, 2)
    first, second = known_sessions(engine)
    assert [first.reps, second.reps] == reps_of(trainee.truth())
    assert (len(first.reps), len(second.reps)) == (3, 2)


def test_each_press_has_its_shape(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).sync(engine)
    with reading(engine) as connection:
        reps = list_reps(connection, find_session(connection, "last"))
    assert len(reps) == 3
    for rep in reps:
        assert rep.shape_cn is not None
        assert len(rep.shape_cn) == POINTS
        assert 0.9 * rep.peak_cn < max(rep.shape_cn) <= rep.peak_cn
        highest = rep.shape_cn.index(max(rep.shape_cn)) * rep.duration_ms / (POINTS - 1)
        assert highest == pytest.approx(rep.rise_ms, abs=rep.duration_ms / (POINTS - 1))
        assert max(rep.shape_cn[0], rep.shape_cn[-1]) < rep.hold_cn + 0.2 * rep.press_cn


def test_records_get_the_time_at_which_they_happened(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3)
    trainee.put_down()
    later = trainee.now_ms
    trainee.train(2).sync(engine)
    first, second = known_sessions(engine)
    assert first.start_utc_ms == pytest.approx(NOW_MS + 1500, abs=600)
    assert second.start_utc_ms == pytest.approx(later + 1500, abs=600)


def test_the_app_counts_on_afterwards(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).sync(engine)
    trainee.train(4).sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [3, 4]


def test_a_second_sync_changes_nothing(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).sync(engine)
    before = known_sessions(engine)
    outcome = trainee.sync(engine)
    assert known_sessions(engine) == before
    assert outcome.new_sessions == ()
    assert outcome.new_bytes == 40  # that it was restarted, and synced
    assert trainee.block.running


def test_later_syncs_fetch_only_what_is_new(trainee: Trainee, engine: Engine) -> None:
    sizes = []
    trainee.train(20).sync(engine, progress=lambda _, total: sizes.append(total))
    trainee.train(2).sync(engine, progress=lambda _, total: sizes.append(total))
    assert sizes[0] > 20 * 20
    assert sizes[-1] < 20 * 20


def test_all_that_the_block_may_forget_is_held(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).sync(engine)
    assert synced_note(trainee) == (1, len(held_segments(engine)[1]))
    assert_block_forgets_only_what_is_held(trainee, engine)


def test_a_block_that_has_recorded_nothing_yet_is_no_error(trainee: Trainee, engine: Engine) -> None:
    outcome = trainee.sync(engine)
    assert outcome.new_sessions == ()
    assert known_sessions(engine) == []


# Time


def test_without_a_clock_sessions_keep_their_order_and_no_time_is_made_up(
    trainee: Trainee, engine: Engine
) -> None:
    for presses in (1, 2):
        trainee.train(presses).put_down()
        trainee.block.power_on()
    trainee.train(3).sync(engine)
    first, second, third = known_sessions(engine)
    assert [len(session.reps) for session in (first, second, third)] == [1, 2, 3]
    assert (first.start_utc_ms, second.start_utc_ms) == (None, None)
    assert third.start_utc_ms is not None


def test_a_clock_that_was_set_lasts_until_power_is_lost(trainee: Trainee, engine: Engine) -> None:
    trainee.sync(engine)
    began = trainee.now_ms
    trainee.train(2).put_down()
    trainee.block.power_on()  # the clock of the boot in which that happened is gone
    trainee.train(3).put_down()
    trainee.block.power_on()
    trainee.sync(engine)
    known, unknown = known_sessions(engine)
    assert known.start_utc_ms == pytest.approx(began + 1500, abs=1600)
    assert unknown.start_utc_ms is None


def test_ticks_are_not_taken_for_those_of_an_earlier_boot(trainee: Trainee, engine: Engine) -> None:
    trainee.train(2).put_down()
    main = trainee.flash.files["/main.py"]
    trainee.flash.files["/main.py"] = b""  # as when the button is held at power-on
    trainee.block.power_on()
    with pytest.raises(AppFailed):
        trainee.sync(engine)
    trainee.flash.files["/main.py"] = main
    (session,) = known_sessions(engine)
    assert session.start_utc_ms is None


# Cable, power, interpreter


def bytes_of_a_sync(trainee: Trainee, engine: Engine) -> int:
    """How many bytes cross the cable in a sync of what there is."""
    crossed = []
    spend = trainee.block.usb._spend
    trainee.block.usb._spend = lambda data: crossed.append(len(data)) or spend(data)
    trainee.sync(engine)
    trainee.block.usb._spend = spend
    return sum(crossed)


def test_a_cable_pulled_after_any_number_of_bytes_loses_and_doubles_nothing(
    trainee: Trainee, engine: Engine, tmp_path
) -> None:
    trainee.train(12)
    total = bytes_of_a_sync(trainee, engine)
    pulled = 0
    for number, after in enumerate(range(1, total, total // 17)):
        trainee.train(2)
        fresh = open_database(str(tmp_path / f"{number}.db"))
        trainee.block.usb.cut(after)
        try:
            trainee.sync(fresh)
        except UserError:
            pulled += 1
        assert_block_forgets_only_what_is_held(trainee, fresh) if known_sessions(fresh) else None
        trainee.sync(fresh)
        assert trainee.block.running
        assert [session.reps for session in known_sessions(fresh)] == reps_of(trainee.truth())
        fresh.dispose()
    assert pulled >= 15


def test_what_arrived_before_the_cable_was_pulled_is_not_fetched_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    flash = firmware()
    past = Recorded(b"virtual0".hex()).boot().session([0] * 500)
    flash.write("/journal/00000001.pbj", past.segments()[1])
    size = len(past.segments()[1])  # two chunks, and the beginning of a third
    whole = Block.run_snippet

    def pulled(block: Block, name: str, *how: object, **values: object) -> Iterator[bytes]:
        if name == "journal_fetch":
            trainee.block.usb.cut(after=8000)  # its source, and a chunk
        yield from whole(block, name, *how, **values)

    with Trainee(flash) as trainee:
        with monkeypatch.context() as cut:
            cut.setattr(Block, "run_snippet", pulled)
            with pytest.raises(LostConnection, match="kept"):
                trainee.sync(engine)
        arrived = len(held_segments(engine)[1])
        assert 4000 <= arrived < size
        assert (arrived - 40) % 20 == 0
        totals = []
        trainee.sync(engine, progress=lambda _, total: totals.append(total))
        assert max(totals) < size - arrived + 200
        assert [session.reps for session in known_sessions(engine)] == reps_of(trainee.truth())


@pytest.mark.parametrize("stage", ["journal_settle", "journal_segments", "journal_fetch", "journal_synced"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cable_pulled_between_two_stages_loses_and_doubles_nothing(
    trainee: Trainee, engine: Engine, monkeypatch: pytest.MonkeyPatch, stage: str, when: str
) -> None:
    whole = Block.run_snippet

    def pulled(block: Block, name: str, *how: object, **values: object) -> Iterator[bytes]:
        if name == stage and when == "before":
            trainee.block.usb.cut()
        yield from whole(block, name, *how, **values)
        if name == stage and when == "after":
            trainee.block.usb.cut()

    trainee.train(5)
    with monkeypatch.context() as cut:
        cut.setattr(Block, "run_snippet", pulled)
        with pytest.raises(LostConnection) as lost:
            trainee.sync(engine)
    assert ("is in the database" in str(lost.value)) == ((stage, when) == ("journal_synced", "before"))
    assert_block_forgets_only_what_is_held(trainee, engine)
    trainee.sync(engine)
    assert [session.reps for session in known_sessions(engine)] == reps_of(trainee.truth())
    assert trainee.block.running


@pytest.mark.parametrize("stage", ["journal_settle", "journal_segments", "journal_fetch", "journal_synced"])
def test_an_interpreter_that_dies_loses_and_doubles_nothing(
    trainee: Trainee, engine: Engine, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    whole = Block.run_snippet

    def killed(block: Block, name: str, *how: object, **values: object) -> Iterator[bytes]:
        parts = whole(block, name, *how, **values)
        if name == stage:
            yield from [] if stage == "journal_synced" else [next(parts)]
            trainee.block.computer.kill()
        yield from parts

    trainee.train(5)
    with monkeypatch.context() as kill:
        kill.setattr(Block, "run_snippet", killed)
        with pytest.raises(UserError):
            trainee.sync(engine)
    assert_block_forgets_only_what_is_held(trainee, engine)
    trainee.block.power_on()
    trainee.sync(engine)
    assert [session.reps for session in known_sessions(engine)] == reps_of(trainee.truth())


def test_power_cut_at_any_write_of_a_sync_loses_and_doubles_nothing(trainee: Trainee, engine: Engine) -> None:
    def syncs() -> None:
        for _ in range(3):  # one has fewer writes than that
            trainee.sync(engine)

    for changes in range(8):
        trainee.train(2)
        trainee.flash.cut_after(changes)
        with pytest.raises(UserError):
            syncs()
        trainee.block.power_on()
        assert_block_forgets_only_what_is_held(trainee, engine)
    trainee.sync(engine)
    assert [session.reps for session in known_sessions(engine)] == reps_of(trainee.truth())


def test_a_block_that_answers_only_after_the_first_attempt_is_understood(
    trainee: Trainee, engine: Engine
) -> None:
    trainee.train(2)
    with connect(trainee.port, patience_s=(0.0, 5.0)) as block:  # both are answered, one after the other
        sync(block, engine, now_ms=lambda: trainee.now_ms)
    assert [len(session.reps) for session in known_sessions(engine)] == [2]
    assert trainee.block.running


def test_a_block_whose_cable_was_pulled_goes_back_to_counting_by_itself(
    trainee: Trainee, engine: Engine
) -> None:
    trainee.train(2)
    with pytest.raises(LostConnection), connect(trainee.port, guard_s=0.3) as block:
        sync(block, engine, lambda *_: trainee.block.usb.cut(), lambda: trainee.now_ms)
    assert trainee.wait(lambda: trainee.block.running)
    trainee.train(3).sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [2, 3]


# Flash


def test_a_journal_damaged_in_the_middle_keeps_what_lies_around(trainee: Trainee, engine: Engine) -> None:
    trainee.train(9).put_down()
    intact = reps_of(trainee.truth())[0]
    trainee.block.cut_power()
    trainee.decay(1, 40 + 6 * 20 + 3)
    trainee.block.power_on()
    trainee.sync(engine)
    (session,) = known_sessions(engine)
    assert len(session.reps) == 8
    assert set(session.reps) < set(intact)
    with reading(engine) as connection:
        told = [(one.segment, one.offset, one.length) for one in list_damage(connection) if one.length]
    assert told == [(1, 40 + 6 * 20, 20)]
    assert trainee.block.running


def test_a_segment_whose_header_is_damaged_stays_with_its_journal(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).put_down()
    trainee.block.cut_power()
    trainee.decay(1, 5)
    trainee.block.power_on()  # goes on in another segment: this one's end is known, its journal is not
    trainee.train(2).sync(engine)
    assert sorted(len(session.reps) for session in known_sessions(engine)) == [2, 3]
    assert known_blocks(engine) == {trainee.block.computer.unique_id.hex()}


def test_a_segment_that_lost_its_header_after_a_sync_is_not_doubled(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).put_down().sync(engine)
    before = known_sessions(engine)
    trainee.sync(engine)  # fetches what the restart wrote
    trainee.block.cut_power()
    size = len(held_segments(engine)[1])
    trainee.flash.files["/journal/00000001.pbj"] = trainee.segments()[1][:size]
    trainee.decay(1, 5)
    trainee.block.power_on()
    trainee.train(2).sync(engine)
    assert known_sessions(engine)[0] == before[0]
    assert [len(session.reps) for session in known_sessions(engine)] == [3, 2]


def test_decay_of_what_was_synced_before_hides_nothing(trainee: Trainee, engine: Engine) -> None:
    trainee.train(5).sync(engine)
    before = known_sessions(engine)[0].reps
    trainee.block.cut_power()
    trainee.decay(1, 40 + 3 * 20 + 8)
    trainee.block.power_on()
    outcome = trainee.train(2).sync(engine)
    assert outcome.contradicted == (1,)
    assert known_sessions(engine)[0].reps == before
    assert [len(session.reps) for session in known_sessions(engine)] == [5, 2]


def test_the_block_is_told_to_wait_for_a_slow_database_before_that_is_asked(
    trainee: Trainee, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened = []
    monkeypatch.setattr(Block, "allow_silence", lambda _block, seconds: happened.append(seconds))
    monkeypatch.setattr(
        syncing, "commit_segments", lambda *what: happened.append("commit") or commit_segments(*what)
    )
    size = trainee.train(3).sync(engine).new_bytes
    assert happened == [pytest.approx(GUARD_S + size / 2000), "commit"]


def test_a_database_that_changed_meanwhile_is_asked_again(
    trainee: Trainee, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [True]

    def commit(*arguments: Any) -> Committed:
        if refusals and refusals.pop():
            raise PrefixMissing(Piece(1, 40, b"x", 7))
        return commit_segments(*arguments)

    monkeypatch.setattr(syncing, "commit_segments", commit)
    trainee.train(3).sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [3]
    refusals += [True] * 3
    with pytest.raises(UserError, match="sync again"):
        trainee.train(2).sync(engine)
    assert trainee.block.running
    trainee.sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [3, 2]


def test_what_flash_cannot_read_and_all_after_it_the_block_may_not_forget(
    trainee: Trainee, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Block.run_snippet

    def fails_in_the_first(block: Block, name: str, *how: object, **values: object) -> Iterator[bytes]:
        parts = whole(block, name, *how, **values)
        if name == "journal_fetch":
            yield next(parts)
            yield next(parts)[: 1 + 100]
            yield b"X"
            assert next(parts) == b"E"
        yield from parts

    trainee.train(3).put_down()
    trainee.block.cut_power()
    trainee.flash.files["/journal/00000001.pbj"] += b"torn"
    trainee.block.power_on()  # goes on in another segment
    trainee.train(2)
    with monkeypatch.context() as failing:
        failing.setattr(Block, "run_snippet", fails_in_the_first)
        assert trainee.sync(engine).unreadable == (1,)
    assert sorted(held_segments(engine)) == [1, 2]
    assert len(held_segments(engine)[1]) == 100
    assert synced_note(trainee) == (1, 100)
    outcome = trainee.sync(engine)
    assert outcome.unreadable == ()
    assert [session.reps for session in known_sessions(engine)] == reps_of(trainee.truth())
    assert synced_note(trainee)[0] == 2


# More than one block


def test_two_blocks_are_never_mixed_up(engine: Engine) -> None:
    with Trainee(unique_id=b"block--A") as one, Trainee(unique_id=b"block--B") as other:
        one.train(3).sync(engine)
        other.train(3).sync(engine)
        one.train(2).sync(engine)
    assert [(session.block, len(session.reps)) for session in known_sessions(engine)] == [
        (b"block--A".hex(), 3),
        (b"block--B".hex(), 3),
        (b"block--A".hex(), 2),
    ]


def test_a_wiped_block_begins_another_journal(trainee: Trainee, engine: Engine) -> None:
    trainee.train(3).sync(engine)
    with Trainee(firmware()) as wiped:
        wiped.train(2).sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [3, 2]
    assert len(known_blocks(engine)) == 1


def test_segments_copied_from_another_block_stay_that_blocks(engine: Engine) -> None:
    with Trainee(unique_id=b"block--A") as one:
        copied = one.train(3).put_down().segments()[1]
    flash = firmware()
    flash.write("/journal/00000001.pbj", copied)
    with Trainee(flash, unique_id=b"block--B") as other:
        other.train(2).sync(engine)
    assert {(session.block, len(session.reps)) for session in known_sessions(engine)} == {
        (b"block--A".hex(), 3),
        (b"block--B".hex(), 2),
    }


# Firmware that is none of ours, or not of this time


def with_version(version: bytes) -> bytes:
    return b'__version__ = "' + version + b'"\n'


@pytest.mark.parametrize(
    ("version", "advice"),
    [(b"0.0.9", "too old.*pulseblock install"), (b"9.0.0", "newer.*pip install")],
)
def test_firmware_of_another_time_is_refused_and_runs_on(engine: Engine, version: bytes, advice: str) -> None:
    flash = firmware()
    flash.write("/lib/pulseblock/__init__.py", with_version(version))
    with Trainee(flash) as trainee:
        with pytest.raises(UserError, match=advice) as refused:
            trainee.train(1).sync(engine)
        assert refused.value.exit_code == WRONG_FIRMWARE
        assert trainee.block.running
    assert held_segments(engine) == {}


def test_a_board_without_pulseblock_is_refused_and_its_program_restarted(engine: Engine, echo_flash) -> None:
    with Trainee(echo_flash) as trainee:
        with pytest.raises(UserError, match=r"without pulseblock.*pulseblock install") as refused:
            trainee.sync(engine)
        assert refused.value.exit_code == WRONG_FIRMWARE
        assert trainee.wait(lambda: trainee.block.running)


def test_an_app_that_does_not_start_again_is_told_and_what_was_fetched_is_kept(
    trainee: Trainee, engine: Engine
) -> None:
    trainee.train(3)
    trainee.flash.files["/main.py"] = b"raise OSError(19)"
    with pytest.raises(AppFailed, match=r"OSError: .*19"):
        trainee.sync(engine)
    assert [len(session.reps) for session in known_sessions(engine)] == [3]
