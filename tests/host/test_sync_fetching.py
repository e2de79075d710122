"""Fetching, with the very code that runs on the block: what arrives is what is there, whatever goes wrong."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock.journal import files as device_files
from pulseblock_tools.blocks.link import Garbled, LostConnection
from pulseblock_tools.sync.fetching import ATTEMPTS, Fetch, Fetched
from pulseblock_tools.sync.plan import Segment, Wanted

SNIPPET = importlib.import_module("pulseblock_tools.blocks.snippets.journal_fetch")
SIZES = st.lists(st.integers(1, 12_000), min_size=1, max_size=4)


def name_of(number: int) -> str:
    return f"{number:08d}.pbj"


class FakeBlock:
    """A block whose link carries parts as *carry* lets it; ``asked`` counts what was asked of it."""

    def __init__(self, folder: Path, carry: Callable[[Iterator[bytes]], Iterator[bytes]] = iter) -> None:
        self._folder = folder
        self._carry = carry
        self.interrupted = 0

    def run_snippet(self, name: str, *, root: str, wanted: bytes) -> Iterator[bytes]:
        assert (name, root) == ("journal_fetch", "/journal")
        return self._carry(bytes(part) for part in SNIPPET.run(str(self._folder), wanted))

    def interrupt(self) -> None:
        self.interrupted += 1


def contents(size: int) -> bytes:
    return bytes(at * at >> 3 & 0xFF for at in range(size))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal")


def put(folder: Path, sizes: list[int]) -> list[Segment]:
    for number, size in enumerate(sizes, 1):
        (folder / name_of(number)).write_bytes(contents(size))
    return [Segment("aa", 7, number, number, size) for number, size in enumerate(sizes, 1)]


def fetched(wanted: list[Wanted], block: Any) -> list[Fetched]:
    fetch = Fetch(wanted, lambda _done, _total: None)
    fetch.run(block)
    return fetch.fetched


def nothing_of(segments: list[Segment]) -> list[Wanted]:
    return [Wanted(segment, 0, 0) for segment in segments]


@given(SIZES, st.data())
def test_what_follows_what_is_held_is_fetched(folder: Path, sizes: list[int], data: st.DataObject) -> None:
    wanted = []
    for segment in put(folder, sizes):
        offset = data.draw(st.integers(0, segment.size))
        wanted.append(Wanted(segment, offset, crc32(contents(offset))))
    for one, ask in zip(fetched(wanted, FakeBlock(folder)), wanted, strict=True):
        assert one.offset == ask.offset
        assert bytes(one.data) == contents(ask.segment.size)[ask.offset :]
        assert one.piece().prefix_crc == (ask.crc if ask.offset else 0)


@given(SIZES)
def test_what_is_held_and_differs_is_fetched_from_the_beginning(folder: Path, sizes: list[int]) -> None:
    wanted = [Wanted(segment, segment.size // 2 + 1, 12345) for segment in put(folder, sizes)]
    for one in fetched(wanted, FakeBlock(folder)):
        assert one.offset == 0
        assert bytes(one.data) == contents(one.segment.size)
        assert one.piece().prefix_crc == 0


def test_more_held_than_there_is_counts_as_another(folder: Path) -> None:
    (segment,) = put(folder, [100])
    (one,) = fetched([Wanted(segment, 200, crc32(contents(200)))], FakeBlock(folder))
    assert (one.offset, bytes(one.data)) == (0, contents(100))


@given(SIZES, st.lists(st.integers(0, 8), max_size=8), st.data())
def test_after_garbled_parts_it_goes_on_where_it_was(
    folder: Path, sizes: list[int], losses: list[int], data: st.DataObject
) -> None:
    segments = put(folder, sizes)
    waiting = iter(losses)

    def garble(parts: Iterator[bytes]) -> Iterator[bytes]:
        left = next(waiting, None)
        for number, part in enumerate(parts):
            if number == left:
                raise Garbled("garbled")
            yield part

    block = FakeBlock(folder, garble)
    offset = data.draw(st.integers(0, sizes[0]))
    wanted = [Wanted(segments[0], offset, crc32(contents(offset))), *nothing_of(segments[1:])]
    try:
        arrived = fetched(wanted, block)
    except Garbled:
        assert losses.count(0) + losses.count(1) >= ATTEMPTS
        return
    assert [one.offset for one in arrived] == [ask.offset for ask in wanted]
    for one in arrived:
        assert bytes(one.data) == contents(one.segment.size)[one.offset :]


def test_a_line_that_garbles_everything_is_given_up(folder: Path) -> None:
    def garble(_parts: Iterator[bytes]) -> Iterator[bytes]:
        raise Garbled("garbled")
        yield b""

    block = FakeBlock(folder, garble)
    with pytest.raises(Garbled):
        fetched(nothing_of(put(folder, [100])), block)
    assert block.interrupted == ATTEMPTS - 1


@given(SIZES, st.integers(0, 12))
def test_what_came_before_the_cable_was_pulled_is_whole_records_of_each_segment(
    folder: Path, sizes: list[int], after: int
) -> None:
    def cut(parts: Iterator[bytes]) -> Iterator[bytes]:
        for number, part in enumerate(parts):
            if number == after:
                raise LostConnection("pulled")
            yield part

    fetch = Fetch(nothing_of(put(folder, sizes)), lambda _done, _total: None)
    with contextlib.suppress(LostConnection):
        fetch.run(FakeBlock(folder, cut))
    for one in fetch.fetched:
        assert contents(one.segment.size).startswith(bytes(one.data))
        assert one.end == one.segment.size or one.end % 20 == 0


@given(SIZES, st.lists(st.binary(max_size=30), max_size=30))
def test_a_block_that_answers_anything_else_brings_no_wrong_byte(
    folder: Path, sizes: list[int], answers: list[bytes]
) -> None:
    fetch = Fetch(nothing_of(put(folder, sizes)), lambda _done, _total: None)
    with pytest.raises(Garbled):
        fetch.run(FakeBlock(folder, lambda _: iter([b"Z", *answers])))
    assert not any(one.data or one.done for one in fetch.fetched)


@given(st.lists(st.sampled_from([b"S" + bytes([1, 0, 0, 0]) + bytes(4), b"D" + bytes(60), b"E", b"X"])))
def test_a_block_that_mixes_its_answers_up_never_exceeds_its_own_sizes(
    folder: Path, answers: list[bytes]
) -> None:
    fetch = Fetch(nothing_of(put(folder, [100, 50])), lambda _done, _total: None)
    with contextlib.suppress(Garbled):
        fetch.run(FakeBlock(folder, lambda _: iter(answers)))
    assert all(one.end <= one.segment.size for one in fetch.fetched)


@pytest.mark.parametrize("readable", [0, 4080, 8160])
def test_flash_that_cannot_be_read_ends_its_segment_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, readable: int
) -> None:
    segments = put(folder, [9000, 9000, 500])

    class Failing:
        def __init__(self, file: Any) -> None:
            self._file = file

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def readinto(self, buffer: Any) -> int:
            if self._file.tell() >= readable:
                raise OSError(5)
            return int(self._file.readinto(buffer))

    whole = device_files.Files.open

    def opened(files: Any, name: str, mode: str) -> Any:
        file = whole(files, name, mode)
        return Failing(file) if name == name_of(2) else file

    monkeypatch.setattr(device_files.Files, "open", opened)
    first, second, third = fetched(nothing_of(segments), FakeBlock(folder))
    assert (first.unreadable, second.unreadable, third.unreadable) == (False, True, False)
    assert bytes(first.data) == contents(9000)
    assert bytes(second.data) == contents(readable)
    assert bytes(third.data) == contents(500)


def test_progress_tells_bytes_and_their_number(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    fetch = Fetch(nothing_of(put(folder, [9000, 500])), lambda *progress: told.append(progress))
    fetch.run(FakeBlock(folder))  # type: ignore[arg-type]
    assert [total for _, total in told] == [9500] * len(told)
    done = [done for done, _ in told]
    assert done == sorted(done)
    assert done[-1] == 9500
