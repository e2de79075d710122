"""A session's strip and table: which mark stands for which rep, and what the figures beside it count."""

import re
from dataclasses import replace

import pytest

from host.test_report_figures import GRIP, PELVIS, trained
from pulseblock_tools.report.page import About, asset, render
from pulseblock_tools.report.strips import strip
from pulseblock_tools.report.training import Trained

MARKS = {"g": "good", "b": "compensated", "v": "void"}


def marks(session: Trained) -> list[list[str]]:
    """What is drawn of a session, line by line."""
    drawn = strip(session, newtons=False).svgs
    return [[MARKS[mark] for mark in re.findall(r'<use href="#(\w)"', svg)] for svg in drawn]


def heights(session: Trained) -> list[int]:
    """From the top: how far down each mark stands."""
    return [int(y) for svg in strip(session, newtons=False).svgs for y in re.findall(r'" y="(-?\d+)"/>', svg)]


def rows(session: Trained, *, newtons: bool = False) -> list[dict[str, str]]:
    """The table, by its headings."""
    one = strip(session, newtons=newtons)
    return [
        dict(zip(one.headings, row.split("<td>"), strict=True)) for row in str(one.rows).split("<tr><td>")[1:]
    ]


def test_each_rep_has_the_mark_of_its_verdict():
    assert marks(trained([0, GRIP, None], [PELVIS, 0])) == [
        ["good", "compensated", "void"],
        ["compensated", "good"],
    ]


def test_a_long_set_goes_on_in_another_line_and_keeps_its_rows():
    one = strip(trained([0] * 20 + [GRIP], [0]), newtons=False)
    assert [svg.count("<use") for svg in one.svgs] == [20, 1, 1]
    assert [re.search(r'data-row="(\d+)"', svg)[1] for svg in one.svgs] == ["0", "20", "21"]


def test_the_marks_of_good_compensated_and_void_differ_in_shape():
    page = render([trained([0, GRIP, None])], About())
    shapes = [re.search(f'<g id="{mark}"><(\\w+) [^>]*?(?:d|r)="([^"]*)"', page).groups() for mark in MARKS]
    assert len(set(shapes)) == len(MARKS)
    assert shapes[0][0] == "circle"
    assert ".bad { fill: url(#hatch)" in asset("report.css")


def test_void_reps_are_told_and_do_not_count():
    one = strip(trained([0, GRIP, None, None]), newtons=False)
    assert one.sums.replace("\N{NO-BREAK SPACE}", " ").startswith("2 reps · 1 good (50 %) · 2 void · 1 set")
    assert 'aria-label="Session 1, set 1: 4 reps, 1 good"' in one.svgs[0]
    assert " void" not in strip(trained([0, GRIP]), newtons=False).sums


def test_a_stronger_press_stands_higher_and_one_of_unknown_strength_at_the_reference():
    session = trained([0, 0, 0])
    weak, usual, strong = (
        replace(rep, peak_cn=peak) for rep, peak in zip(session.every_rep, (3000, 5000, 6000), strict=True)
    )
    low, middle, high = heights(replace(session, every_rep=(weak, usual, strong)))
    assert high < middle < low
    assert heights(trained([0], reference=None)) == [middle]


def test_a_press_beyond_the_strip_stands_at_its_edge():
    session = trained([0, 0])
    reps = tuple(
        replace(rep, peak_cn=peak) for rep, peak in zip(session.every_rep, (900, 65535), strict=True)
    )
    low, high = heights(replace(session, every_rep=reps))
    assert 0 < high < low < 52


@pytest.mark.parametrize(
    ("faults", "verdict"),
    [(0, "good"), (GRIP, "grip"), (GRIP | PELVIS, "grip + pelvis"), (None, "good, void")],
)
def test_the_table_says_each_verdict_in_words(faults, verdict):
    (row,) = rows(trained([faults]))
    assert row["Verdict"] == verdict


def test_the_table_has_every_measure_in_the_units_of_its_headings():
    session = trained([0])
    rep = replace(session.every_rep[0], sagittal_cdeg=-123, frontal_cdeg=45, jolt_mg=250)
    (row,) = rows(replace(session, every_rep=(rep,)), newtons=True)
    assert row == {
        "Set": "1",
        "Rep": "1",
        "After": "0:01",
        "Verdict": "good",
        "Press, %": "100",
        "Press, N": "40.0",
        "Rise, s": "0.80",
        "Length, s": "2.00",
        "Sagittal, °": "-1.2",
        "Frontal, °": "+0.5",
        "Jolt, g": "0.25",
    }
    (unknown,) = rows(trained([0], reference=None))
    assert unknown["Press, %"] == "-"
    assert "Press, N" not in unknown


def test_the_latest_session_comes_first():
    page = render([trained([0], number=number) for number in (1, 2, 3)], About())
    assert re.findall(r"<h3>Session (\d)", page) == ["3", "2", "1"]
