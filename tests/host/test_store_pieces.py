"""How readings of one segment join what is held of it."""

import itertools
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock_tools.store.pieces import Piece, PrefixMissing, join

# few letters, so that readings often agree for a while and then do not
readings = st.lists(st.text("ab", min_size=1, max_size=6).map(str.encode), max_size=6)


def piece(whole: bytes, offset: int = 0) -> Piece:
    return Piece(1, offset, whole[offset:], crc32(whole[:offset]))


def joined(copies: list[bytes], one: Piece) -> list[bytes]:
    index, whole = join(copies, one)
    return [*copies[:index], whole, *copies[index + 1 :]]


def test_a_first_reading_is_copy_0():
    assert join([], piece(b"abc")) == (0, b"abc")


def test_a_longer_reading_extends():
    assert join([b"abc"], piece(b"abcdef")) == (0, b"abcdef")


def test_only_what_is_new_need_be_read():
    assert join([b"abc"], piece(b"abcdef", offset=3)) == (0, b"abcdef")


def test_what_overlaps_and_agrees_extends():
    assert join([b"abcd"], piece(b"abcdef", offset=2)) == (0, b"abcdef")


def test_an_older_or_equal_reading_changes_nothing():
    assert join([b"abcdef"], piece(b"abc")) == (0, b"abcdef")
    assert join([b"abcdef"], piece(b"abcd", offset=2)) == (0, b"abcdef")
    assert join([b"abcdef"], piece(b"abcdef", offset=6)) == (0, b"abcdef")


def test_what_contradicts_is_kept_aside():
    assert join([b"abc"], piece(b"axcd")) == (1, b"axcd")
    assert join([b"abc"], piece(b"abx", offset=2)) == (1, b"abx")


def test_what_continues_a_copy_kept_aside_extends_that():
    assert join([b"abc", b"axcd"], piece(b"axcdef", offset=4)) == (1, b"axcdef")


@pytest.mark.parametrize("held", [[], [b"ab"], [b"abx"]])
def test_a_piece_that_joins_nothing_is_refused(held):
    with pytest.raises(PrefixMissing, match="segment 1: nothing held agrees up to offset 3"):
        join(held, piece(b"abcdef", offset=3))


@given(readings)
def test_every_reading_is_the_beginning_of_a_copy_and_every_copy_is_a_reading(whole):
    copies: list[bytes] = []
    for reading in whole:
        copies = joined(copies, piece(reading))
    assert set(copies) <= set(whole)
    assert all(any(copy.startswith(reading) for copy in copies) for reading in whole)


@given(readings, st.randoms(use_true_random=False))
def test_the_order_of_readings_does_not_matter(whole, random):
    shuffled = random.sample(whole, len(whole))
    one, other = list[bytes](), list[bytes]()
    for reading in whole:
        one = joined(one, piece(reading))
    for reading in shuffled:
        other = joined(other, piece(reading))
    assert sorted(one) == sorted(other)


@given(readings)
def test_no_copy_is_the_beginning_of_another(whole):
    copies: list[bytes] = []
    for reading in whole:
        copies = joined(copies, piece(reading))
    assert not any(one.startswith(other) for one, other in itertools.permutations(copies, 2))
