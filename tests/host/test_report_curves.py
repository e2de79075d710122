"""The presses laid over each other: drawn from what was measured, or not at all."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.test_report_figures import GRIP, trained
from pulseblock_tools.report.curves import curves, is_drawable, shape, typical
from pulseblock_tools.report.page import About, render
from pulseblock_tools.report.smooth import Smooth
from pulseblock_tools.report.strips import when
from pulseblock_tools.report.training import Trained

SHAPE_CN = (
    1100,
    1900,
    3100,
    4700,
    4900,
    4800,
    4000,
    2500,
    1400,
    1000,
)  # of reps of 2 s, their peak 5000 at 0.8 s


def with_shapes(session: Trained, *numbers: int) -> Trained:
    """The session, of whose reps those of these *numbers*, or all, have a shape."""
    reps = [
        replace(rep, shape_cn=SHAPE_CN) if not numbers or rep.number in numbers else rep
        for rep in session.every_rep
    ]
    return replace(session, every_rep=tuple(reps))


def presses(session: Trained) -> list[str]:
    """The classes of what is drawn of a session."""
    drawn = curves(session)
    assert drawn
    return re.findall(r'class="press (\w+)"', drawn.svg)


# the line


KNOTS = st.lists(st.tuples(st.floats(0.01, 1000), st.floats(-1000, 1000)), min_size=2, max_size=14).map(
    lambda steps: [(sum(step for step, _ in steps[: i + 1]), y) for i, (_, y) in enumerate(steps)]
)


@given(KNOTS)
def test_a_line_goes_through_its_points_and_beyond_none_of_them(points):
    line = Smooth(points)
    for x, y in points:
        assert line.at(x) == pytest.approx(y, abs=1e-6)
    for (x0, y0), (x1, y1) in pairwise(points):
        before = y0
        for part in range(1, 9):
            y = line.at(x0 + (x1 - x0) * part / 8)
            assert min(y0, y1) - 1e-6 <= y <= max(y0, y1) + 1e-6
            assert (y - before) * (y1 - y0) >= -1e-6, "it turns where no point is"
            before = y


@given(KNOTS)
def test_its_beziers_join_the_points(points):
    beziers = Smooth(points).beziers()
    assert [end for _, _, end in beziers] == points[1:]
    for (start, _), (first, second, (end, _)) in zip(points, beziers, strict=False):
        assert start <= first[0] <= second[0] <= end


def test_a_line_of_two_points_is_straight_and_ends_with_them():
    line = Smooth([(1, 10), (3, 30)])
    assert [line.at(x) for x in (0, 1, 1.5, 2, 3, 9)] == pytest.approx([10, 10, 15, 20, 30, 30])


# a press


def test_a_press_is_drawn_through_its_even_points_and_its_peak():
    session = with_shapes(trained([0]))
    points = shape(session.reps[0], session.session)
    even = [(place * 2000 / 9, (force - 1000) / 40) for place, force in enumerate(SHAPE_CN)]
    assert sum(points, ()) == pytest.approx(sum(sorted([*even, (800, 100)]), ()))


@pytest.mark.parametrize(("rise_ms", "replaced"), [(0, 0), (670, 3), (2000, 9)])
def test_a_peak_near_a_point_takes_its_place(rise_ms, replaced):
    session = with_shapes(trained([0]))
    points = shape(replace(session.reps[0], rise_ms=rise_ms), session.session)
    assert len(points) == len(SHAPE_CN)
    assert points[replaced] == (rise_ms, 100.0)


@given(st.integers(0, 2000), st.lists(st.integers(0, 5000), min_size=10, max_size=10))
def test_times_rise_and_nothing_is_above_the_peak(rise_ms, forces):
    session = trained([0])
    rep = replace(session.reps[0], rise_ms=rise_ms, shape_cn=tuple(forces))
    points = shape(rep, session.session)
    times = [ms for ms, _ in points]
    assert times == sorted(set(times))
    assert (times[0], times[-1]) == pytest.approx((0, 2000), abs=23)
    assert max(pct for _, pct in points) == 100
    assert Smooth(points).at(rise_ms) == pytest.approx(100)


def test_what_is_typical_of_one_press_is_that_press():
    session = with_shapes(trained([0]))
    points = shape(session.reps[0], session.session)
    line = Smooth(points)
    for ms, pct in typical([points] * 3):
        assert pct == pytest.approx(line.at(ms))


def test_the_typical_press_is_the_median_in_height_and_in_length():
    heights = [
        [(0.0, 0.0), (end / 2, top), (end, 0.0)] for end, top in ((1000, 90), (1200, 100), (5000, 300))
    ]
    middle = typical(heights)
    assert (middle[0], middle[-1]) == ((0, 0), (1200, 0))
    assert middle[len(middle) // 2] == (600, 100)


# a session


def test_every_counted_press_is_drawn_by_its_verdict_and_the_typical_one_over_them():
    session = with_shapes(trained([0, GRIP, None], [0]))
    assert presses(session) == ["good", "bad", "good", "typical"]
    assert curves(session).part == ""


def test_a_press_without_a_shape_is_not_made_up():
    session = with_shapes(trained([0, GRIP, 0]), 1, 3)
    assert presses(session) == ["good", "good", "typical"]
    assert curves(session).part == "2 of 3 presses"
    assert curves(trained([0, GRIP, 0])) is None


def test_nor_is_one_whose_reference_press_is_unknown():
    unknown = with_shapes(trained([0], reference=None))
    assert not is_drawable(unknown.reps[0], unknown.session)
    assert curves(unknown) is None
    known = replace(unknown, session=replace(unknown.session, reference_cn=8000))
    assert is_drawable(known.reps[0], known.session)
    assert "press 50 %" in curves(known).svg


def test_of_a_long_session_the_last_presses_are_drawn():
    session = with_shapes(trained([0] * 150))
    assert len(presses(session)) == 121
    assert curves(session).part == "the last 120 of 150 presses"


def test_each_picture_names_its_session_and_says_how_many_presses_where_they_are_not_all():
    sessions = [with_shapes(trained([0, 0, 0], number=7)), with_shapes(trained([0, 0, 0], number=8), 1, 3)]
    captions = re.findall("<figcaption>(.*?)</figcaption>", render(sessions, About()))
    part, whole = (re.sub("<[^>]*>", "", caption) for caption in captions[:2])
    assert whole == f"Session 7 {when(sessions[0])}"
    assert part == f"Session 8 {when(sessions[1])} (2 of 3 presses)"


def test_a_press_that_falls_below_the_hold_stays_in_the_picture():
    session = trained([0])
    rep = replace(session.reps[0], shape_cn=(*SHAPE_CN[:-1], 0))
    drawn = curves(replace(session, every_rep=(rep,)))
    (path,) = re.findall(r'class="press good" d="([^"]*)"', drawn.svg)
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    assert min(numbers) >= 0
    assert max(numbers[1::2]) <= 150 - 22 + 0.1


def test_the_page_says_how_many_presses_are_not_drawn_and_why():
    old, mixed, new = (
        trained([0, 0], number=1),
        with_shapes(trained([0, 0], number=2), 1),
        trained([0], number=3),
    )
    new = with_shapes(new)

    def said(*sessions):
        page = render(list(sessions), About())
        return "laid over each other" in page, re.findall(
            r"(\d+) of the latest presses (?:is|are) not drawn", page
        )

    assert said(new) == (True, [])
    assert said(mixed, new) == (True, ["1"])
    assert said(old, mixed, new) == (True, ["3"])
    assert said(old) == (True, ["2"])
    assert said(trained([None])) == (False, [])
