"""What a sync fetches, and whose journal it takes it for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.block_at_hand import Block
from pulseblock_tools.store.pieces import Held
from pulseblock_tools.sync.plan import LOST_JOURNAL, Listed, Segment, Wanted, identify, missing

OWN = "e66138528350b72a"
HEADER_BYTES = 40
SMALL = 300  # bytes of a segment


def listed(block: Block, shift: int = 0) -> list[Listed]:
    """The files of a block's journal, their numbers *shift* higher than they were."""
    return [
        Listed(number + shift, len(data), data[:HEADER_BYTES]) for number, data in block.segments().items()
    ]


def damaged(file: Listed) -> Listed:
    return Listed(file.file, file.size, b"\xff" + file.header[1:])


def trained(journal: int = 7, unique_id: str = OWN) -> Block:
    """A block with a journal of several segments."""
    return Block(unique_id, journal, segment_bytes=SMALL).boot().session([0] * 40)


def journals(files: list[Listed]) -> list[tuple[str, int]]:
    return [(segment.block, segment.journal) for segment in identify(files, OWN)]


def test_the_header_says_whose_segment_it_is() -> None:
    segments = identify(listed(trained()), OWN)
    assert len(segments) > 3
    assert {(segment.block, segment.journal) for segment in segments} == {(OWN, 7)}
    assert [segment.number for segment in segments] == [segment.file for segment in segments]


def test_segments_come_in_the_order_in_which_they_were_written() -> None:
    files = listed(trained())
    assert identify(files[::-1], OWN) == identify(files, OWN)


@pytest.mark.parametrize("which", [0, 1, -1])
def test_a_segment_without_a_header_belongs_to_its_neighbours(which: int) -> None:
    files = listed(trained())
    files[which] = damaged(files[which])
    expected = [(OWN, 7)] * len(files)
    if which == 0:  # the next one goes on where it ended
        assert files[1].header != files[0].header
    assert journals(files) == expected


def test_before_the_beginning_of_a_journal_nothing_belongs_to_it() -> None:
    lost, *_ = listed(trained())
    files = [damaged(lost), *listed(trained(journal=9), shift=1)]
    assert journals(files)[0] == (OWN, LOST_JOURNAL)
    assert set(journals(files)[1:]) == {(OWN, 9)}


def test_a_journal_of_which_no_header_is_left_is_kept_under_no_journals_number() -> None:
    files = [damaged(file) for file in listed(trained())]
    assert set(journals(files)) == {(OWN, LOST_JOURNAL)}


def test_a_file_that_was_copied_keeps_its_origin_and_its_number() -> None:
    copied = listed(trained(unique_id="aa" * 8), shift=40)[0]
    (segment,) = identify([copied], OWN)
    assert segment == Segment("aa" * 8, 7, 1, 41, copied.size)


def segment(size: int) -> Segment:
    return Segment(OWN, 7, 1, 1, size)


def test_what_is_held_whole_is_not_fetched() -> None:
    assert missing(segment(100), [Held(100, 1)]) is None
    assert missing(segment(100), [Held(40, 2), Held(100, 1)]) is None


def test_of_what_is_held_in_part_the_rest_is_fetched() -> None:
    assert missing(segment(100), [Held(40, 2), Held(60, 3)]) == Wanted(segment(100), 60, 3)


def test_what_is_not_held_or_held_otherwise_is_fetched_whole() -> None:
    assert missing(segment(100), []) == Wanted(segment(100), 0, 0)
    assert missing(segment(100), [Held(140, 1)]) == Wanted(segment(100), 0, 0)


@given(st.binary(max_size=100))
def test_any_entry_is_a_file_or_no_sense(part: bytes) -> None:
    try:
        file = Listed.parse(part)
    except ValueError:
        assert not 8 <= len(part) <= 48
    else:
        assert file.header == part[8:]
        identify([file], OWN)
