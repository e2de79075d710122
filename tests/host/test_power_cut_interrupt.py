"""Ctrl-C, as a sync stops the firmware, at any line of the journal's code: nothing is lost or doubled."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import pulseblock.journal
from host.journal_story import UID, read, rep, segments_of
from host.nor_flash import LittleFSFolder, NorFlash
from pulseblock.journal import record
from pulseblock.journal.journal import FULL, OK, Journal
from pulseblock.journal.segments import mark_synced
from pulseblock_tools.journal import records

CODE = str(Path(pulseblock.journal.__file__).parent)
EMPTY = bytes(NorFlash().formatted().buffer)
LIMITS = {
    "segment_bytes": record.HEADER_BYTES + 7 * record.RECORD_BYTES,
    "max_segments": 3,
    "reserve_bytes": 0,
}


def interrupted(action: Callable[[], Any], at_line: int) -> bool:
    """Call *action* and break into it before the *at_line*-th line of the journal's code that it runs.

    Lines of the CRC, which only compute, are not counted.  Returns False if it ran to its end before.
    """
    left = at_line

    def on_line(_: FrameType, event: str, __: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return on_line

    def on_call(frame: FrameType, *_: Any) -> Any:
        code = frame.f_code
        return on_line if code.co_filename.startswith(CODE) and code.co_name != "crc24" else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        action()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def booted(folder: LittleFSFolder) -> Journal:
    journal = Journal(folder, UID, lambda: 0, **LIMITS)
    journal.begin(0, 1)
    return journal


def starts(folder: LittleFSFolder) -> list[int]:
    """Starts of all reps in flash, all of them whole."""
    reps = [entry for entry in read(segments_of(folder)).records if isinstance(entry, records.Rep)]
    assert {(entry.duration_ms, entry.peak_cn) for entry in reps} == {(1000, 4000)}
    return [entry.ticks for entry in reps]


@pytest.mark.parametrize("waiting", [1, 5, 12], ids=["one", "into the next segment", "over two segments"])
def test_a_write_broken_into_is_completed_by_close(waiting: int) -> None:
    line = 0
    while True:
        line += 1
        folder = LittleFSFolder(NorFlash(EMPTY).mounted())
        journal = booted(folder)
        for start_ms in range(waiting):
            journal.rep(rep(start_ms))
        broken = interrupted(lambda journal=journal: journal.service(True), line)
        journal.rep(rep(waiting))
        assert journal.close() == OK
        assert starts(folder) == list(range(waiting + 1)), f"broken into before line {line}"
        assert booted(folder).boot == 2
        assert not read(segments_of(folder)).damage
        if not broken:
            break
    assert line > 50


def test_a_close_broken_into_can_be_repeated() -> None:
    line = 0
    while True:
        line += 1
        folder = LittleFSFolder(NorFlash(EMPTY).mounted())
        journal = booted(folder)
        for start_ms in range(8):
            journal.rep(rep(start_ms))
        broken = interrupted(journal.close, line)
        assert journal.close() == OK
        assert starts(folder) == list(range(8))
        if not broken:
            break


def test_a_boot_broken_into_is_recorded_once() -> None:
    line = 0
    while True:
        line += 1
        folder = LittleFSFolder(NorFlash(EMPTY).mounted())
        booted(folder).close()
        journal = Journal(folder, UID, lambda: 0, **LIMITS)
        broken = interrupted(lambda journal=journal: journal.begin(0, 1), line)
        journal.rep(rep(1))
        assert journal.close() == OK
        boots = [entry for entry in read(segments_of(folder)).records if isinstance(entry, records.Boot)]
        assert [boot.boot for boot in boots] in ([1, 2], [1])
        assert len(boots) == 2 or line < 40, "only a boot that was not yet queued may be missing"
        assert starts(folder) == [1]
        if not broken:
            break


def test_a_journal_that_fills_up_broken_into_keeps_all_there_is_room_for() -> None:
    line = 0
    while True:
        line += 1
        folder = LittleFSFolder(NorFlash(EMPTY).mounted())
        journal = booted(folder)
        for start_ms in range(14):
            journal.rep(rep(start_ms))
        journal.service(True)
        for start_ms in range(14, 22):  # five have room
            journal.rep(rep(start_ms))
        broken = interrupted(lambda journal=journal: journal.service(True), line)
        assert journal.close() == FULL
        kept = starts(folder)
        assert kept == list(range(len(kept)))
        newest = max(segments_of(folder))
        fetched = segments_of(folder)
        mark_synced(folder, newest, len(fetched[newest]))
        assert journal.close() == OK
        entries = read(fetched, segments_of(folder)).records
        assert [entry.ticks for entry in entries if isinstance(entry, records.Rep)] == list(range(22))
        assert [entry.seq for entry in entries] == list(range(len(entries)))
        if not broken:
            break


def test_an_event_broken_into_is_recorded_whole_or_not_at_all() -> None:
    line = 0
    while True:
        line += 1
        folder = LittleFSFolder(NorFlash(EMPTY).mounted())
        journal = booted(folder)
        broken = interrupted(lambda journal=journal: journal.rep(rep(1)), line)
        journal.rep(rep(2))
        assert journal.close() == OK
        kept = starts(folder)
        assert kept in ([1, 2], [2])
        if not broken:
            assert kept == [1, 2]
            break
