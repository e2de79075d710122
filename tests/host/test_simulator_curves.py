"""The pieces movements are made of: smooth, and differentiated right."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock_tools.simulator.curves import Piece, Track, bump, minimum_jerk, muscle, raised_cosine

EDGES = (raised_cosine, minimum_jerk, muscle)
STEP = 1e-5

pieces = st.builds(
    Piece,
    start=st.floats(0.0, 5.0),
    seconds=st.floats(0.05, 3.0),
    amount=st.floats(-100.0, 100.0),
    shape=st.sampled_from((*EDGES, bump)),
)


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_goes_from_nothing_to_all_of_it_without_turning_back(edge):
    values = [edge(i / 1000)[0] for i in range(1001)]
    assert values[0] == pytest.approx(0.0, abs=1e-12)
    assert values[-1] == pytest.approx(1.0, abs=1e-12)
    assert all(later >= earlier for earlier, later in pairwise(values))


def test_a_bump_leaves_nothing_behind():
    assert bump(0.0)[:2] == bump(1.0)[:2] == (0.0, 0.0)
    assert bump(0.5)[0] == 1.0


@pytest.mark.parametrize("shape", [*EDGES, bump])
@given(u=st.floats(0.01, 0.99))
def test_derivatives_are_those_of_the_value(shape, u):
    before, here, after = shape(u - STEP), shape(u), shape(u + STEP)
    assert here[1] == pytest.approx((after[0] - before[0]) / (2 * STEP), abs=1e-4)
    assert here[2] == pytest.approx((after[1] - before[1]) / (2 * STEP), abs=1e-3)


@given(piece=pieces, t=st.floats(-1.0, 10.0))
def test_a_piece_is_nothing_before_it_starts_and_constant_after_it_ends(piece, t):
    if t <= piece.start:
        assert piece.at(t) == (0.0, 0.0, 0.0)
    elif t >= piece.end:
        assert piece.at(t) == (piece.rest, 0.0, 0.0)


@given(st.floats(-50.0, 50.0), st.lists(pieces, max_size=6), st.lists(st.floats(0.0, 9.0), max_size=20))
def test_a_reader_adds_all_pieces_up_at_any_rising_times(level, parts, times):
    track = Track(level)
    track.add(*parts)
    reader = track.reader()
    for t in sorted(times):
        jet = reader.at(t)
        assert jet[0] == pytest.approx(level + sum(p.at(t)[0] for p in parts), abs=1e-9)
        assert jet[1] == pytest.approx(sum(p.at(t)[1] for p in parts), abs=1e-6)
        assert jet[2] == pytest.approx(sum(p.at(t)[2] for p in parts), abs=1e-4)


@given(st.lists(pieces, max_size=6), st.floats(-50.0, 50.0))
def test_go_ends_where_it_was_told_to_whatever_moved_before(parts, goal):
    track = Track()
    track.add(*parts)
    track.go(4.0, 1.0, goal)
    assert track.level == pytest.approx(goal, abs=1e-9)
    assert track.reader().at(20.0)[0] == pytest.approx(goal, abs=1e-9)
