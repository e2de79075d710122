"""Power cut at every program and every erase of a littlefs: the journal keeps its word each time."""

from __future__ import annotations

import pytest

from host.journal_story import Story, read, rep, segments_of, torn_notes
from host.nor_flash import LittleFSFolder, NorFlash
from pulseblock.journal.journal import OK

# Segments that littlefs keeps inside a folder's own block, in a block, and in a chain of blocks.
SHAPES = {"inline": (13, 1), "block": (50, 3), "chain": (230, 9)}


@pytest.fixture(scope="module", params=SHAPES)
def told(request: pytest.FixtureRequest) -> tuple[Story, NorFlash]:
    """The story on a littlefs, and every operation that its flash saw."""
    flash = NorFlash().formatted()
    story = Story(lambda: len(flash.operations), *SHAPES[request.param])
    # what a power cut does to the file system is all in the flash: what was open is not closed
    story.weeks(LittleFSFolder(flash.mounted()), lambda: LittleFSFolder(flash.mounted()))
    return story, flash


def test_the_story_fills_removes_and_begins_segments(told: tuple[Story, NorFlash]) -> None:
    story, flash = told
    folder = LittleFSFolder(flash.mounted())
    assert min(segments_of(folder)) > 1
    assert max(segments_of(folder)) > 3
    story.check(folder, len(flash.operations))


def test_every_flushed_record_is_found_after_any_cut(told: tuple[Story, NorFlash]) -> None:
    story, flash = told
    for moment, image in flash.cuts():
        folder = LittleFSFolder(NorFlash(image).mounted())
        story.boot(folder)
        story.check(folder, moment)
        # littlefs shows all of a flush or nothing of it
        assert not torn_notes(read(segments_of(folder)))


def test_a_cut_in_the_recovery_from_a_cut_costs_nothing_more(told: tuple[Story, NorFlash]) -> None:
    story, flash = told
    for moment, image in flash.cuts(every=1 + len(flash.operations) // 12):
        again = NorFlash(image)
        story.boot(LittleFSFolder(again.mounted()))
        for _, image_again in again.cuts():
            folder = LittleFSFolder(NorFlash(image_again).mounted())
            story.boot(folder)
            story.check(folder, moment)


def test_a_flush_erases_two_blocks_at_most() -> None:
    """What a rep stalls: an erase takes 45 ms, at worst 400 ms, on a Pico's flash (W25Q16JV data sheet).

    So a sensor's queue of a second bridges any flush, and sampling at 104 Hz misses nothing.
    """
    flash = NorFlash().formatted()
    journal = Story(lambda: 0, segment_records=400).boot(LittleFSFolder(flash.mounted()))
    erases = []
    for start_ms in range(600):
        before = len(flash.operations)
        journal.rep(rep(start_ms))
        assert journal.service(True) == OK
        erases.append(sum(operation.data is None for operation in flash.operations[before:]))
    assert max(erases) == 2
    assert sum(erases) < 1.1 * len(erases)
