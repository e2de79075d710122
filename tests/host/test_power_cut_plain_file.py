"""Power cut at every byte of a plain file: at most the one torn record goes, and the journal says so."""

from __future__ import annotations

import pytest

from host.journal_story import Story, read, rep, segments_of, torn_notes
from host.plain_disk import PlainDisk
from pulseblock.journal import record
from pulseblock.journal.journal import OK
from pulseblock.journal.segments import number_of
from pulseblock_tools.journal.records import Rep


@pytest.fixture(scope="module", params=[1, 4])
def told(request: pytest.FixtureRequest) -> tuple[Story, PlainDisk]:
    """The story on a plain disk, reps written one by one or a few at a time."""
    disk = PlainDisk()
    story = Story(lambda: len(disk.changes), burst=request.param)
    story.weeks(disk, lambda: disk)
    return story, disk


def torn(disk: PlainDisk) -> list[tuple[int, int, int]]:
    """(segment, position, length) of what a cut left unfinished in the newest segment."""
    newest = max((number_of(name) for name in disk.names()), default=0)
    if not newest:
        return []
    data = segments_of(disk)[newest]
    if len(data) < record.HEADER_BYTES:
        return [(newest, 0, len(data))] if data else []
    length = (len(data) - record.HEADER_BYTES) % record.RECORD_BYTES
    return [(newest, len(data) - length, length)] if length else []


def test_every_flushed_record_is_found_after_a_cut_at_any_byte(told: tuple[Story, PlainDisk]) -> None:
    story, disk = told
    for moment, cut in disk.cuts():
        story.boot(cut)
        story.check(cut, moment)


def test_what_was_torn_is_said_and_is_less_than_a_record(told: tuple[Story, PlainDisk]) -> None:
    _, disk = told
    lengths = set()
    for _, cut in disk.cuts():
        expected = torn(cut)
        before = len(torn_notes(read(segments_of(cut))))
        Story(lambda: 0).boot(cut)
        notes = torn_notes(read(segments_of(cut)))[before:]
        assert [(note.segment, note.position, note.length) for note in notes] == expected
        lengths.update(length for _, _, length in expected)
    assert lengths == set(range(1, record.HEADER_BYTES)), "every length of torn header and record was tried"


def test_the_host_reports_what_was_torn_and_nothing_else(told: tuple[Story, PlainDisk]) -> None:
    story, disk = told
    for _, cut in disk.cuts():
        expected = [part for part in torn(cut) if part[1]]  # of a header alone the block keeps nothing
        story.boot(cut)
        damage = read(segments_of(cut)).damage
        assert [(part.segment, part.offset, part.length) for part in damage if part.length] == expected


def test_training_goes_on_after_a_cut_at_any_byte(told: tuple[Story, PlainDisk]) -> None:
    story, disk = told
    for _, cut in disk.cuts():
        journal = story.boot(cut)
        journal.rep(rep(9999))
        if journal.service(True) == OK:
            assert any(
                isinstance(entry, Rep) and entry.ticks == 9999 for entry in read(segments_of(cut)).records
            )
