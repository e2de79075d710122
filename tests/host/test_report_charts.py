"""The charts: what is drawn of known sessions, and that each one's table says the same."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from host.test_report_figures import GRIP, PELVIS, TODAY, trained
from pulseblock_tools.report import charts
from pulseblock_tools.report.page import About, render
from pulseblock_tools.report.periods import periods
from pulseblock_tools.report.training import Trained

DAY_BEFORE = TODAY - timedelta(days=1)


def over(*sessions: Trained):
    return periods(sessions)


def bars(svg: str, kind: str) -> list[float]:
    """How tall the bars of a kind are."""
    return [float(tall) for tall in re.findall(rf'<rect class="{kind}"[^>]* height="([\d.]+)"', svg)]


def tips(svg: str) -> list[str]:
    return re.findall(r'data-tip="([^"]*)"', svg)


def ticks(svg: str, unit: str) -> list[float]:
    """The figures of the vertical axis."""
    return [float(tick) for tick in re.findall(rf'dy="0.35em"[^>]*>(-?[\d.]+){unit}</text>', svg)]


def test_good_and_compensated_reps_are_stacked_and_counted():
    chart = charts.counts_chart(over(trained([0, 0, 0, GRIP, None], day=DAY_BEFORE), trained([0, PELVIS])))
    assert chart.headings == ("Session", "Reps", "Good", "Compensated", "Share good")
    assert [row[1:] for row in chart.rows] == [("4", "3", "1", "75 %"), ("2", "1", "1", "50 %")]
    good, bad = bars(chart.svg, "good"), bars(chart.svg, "bad")
    assert good == pytest.approx([3 * good[1], good[1]], abs=0.2)
    assert bad == pytest.approx([good[1]] * 2, abs=0.2)
    assert tips(chart.svg) == [
        "Session 1, 30 Mar 2026: 4 reps, 3 good (75 %)",
        "Session 1, 31 Mar 2026: 2 reps, 1 good (50 %)",
    ]


@pytest.mark.parametrize("reps", [1, 2, 3, 7, 100])
def test_reps_are_counted_in_whole_ones(reps):
    assert all(tick == int(tick) for tick in ticks(charts.counts_chart(over(trained([0] * reps))).svg, ""))


def test_faults_are_drawn_as_shares_of_the_reps_of_their_session():
    few, many = trained([GRIP, 0], day=DAY_BEFORE), trained([GRIP, GRIP | PELVIS, 0, 0, 0, 0, 0, 0, None])
    chart = charts.faults_chart(over(few, many))
    half, quarter, eighth = bars(chart.svg, "bad")  # of grip, then of pelvis
    assert (quarter, eighth) == pytest.approx((half / 2, half / 4), abs=0.1)
    assert [row[:4] for row in chart.rows][-1] == ("All", "10", "3", "1")
    assert "grip in 1 of 2 reps" in tips(chart.svg)[0]
    assert chart.says.startswith("Commonest: grip (")
    assert chart.says.endswith("in 30 % of the reps.")
    assert "A full bar is 50 % of the reps" in chart.note


def test_strength_is_of_the_reference_and_newtons_are_newtons():
    session = trained([0, 0, None])  # 40 N each, of a reference of 40 N
    assert charts.measure_chart(charts.STRENGTH, over(session)).rows[0][1:] == (
        "2",
        "100 %",
        "100 %",
        "100 %",
    )
    assert charts.measure_chart(charts.NEWTONS, over(session)).rows[0][1:3] == ("2", "40.0 N")
    assert charts.measure_chart(charts.STRENGTH, over(trained([0], reference=None))) is None


def test_rhythm_is_of_finished_sets_alone():
    session = trained([0], [0], [0])
    sets = [replace(one, rhythm_pct=pct) for one, pct in zip(session.sets, (70, None, 90), strict=True)]
    chart = charts.measure_chart(charts.RHYTHM, over(replace(session, sets=tuple(sets))))
    assert chart.rows[0][1:] == ("2", "80 %", "75 %", "85 %")
    assert tips(chart.svg) == ["Session 1, 31 Mar 2026: median 80 %, middle half 75 % to 85 %"]


def test_rest_is_between_the_sets_of_a_session():
    chart = charts.measure_chart(charts.REST, over(trained([0, 0], [0]), trained([0])))
    assert [row[1:3] for row in chart.rows] == [("1", "30 s"), ("0", "-")]
    assert chart.says == "Latest session: median 30 s."


def test_fatigue_is_told_by_press_and_by_faults_at_each_rep_number():
    session = trained(*[[0, GRIP]] * 3)
    reps = [replace(rep, peak_cn=5000 if rep.number % 2 else 4000) for rep in session.every_rep]
    press, faults = charts.fatigue_charts([replace(session, every_rep=tuple(reps))])
    assert [row[:3] for row in press.rows] == [("1", "3", "100 %"), ("2", "3", "75 %")]
    assert press.says == "From 100 % of the reference at the first rep to 75 % at the last."
    assert faults.rows == (("1", "3", "0", "0 %"), ("2", "3", "3", "100 %"))
    assert charts.fatigue_charts([trained([0, 0])]) == []


@pytest.mark.parametrize(
    ("before", "recent", "said"),
    [([0, GRIP], [0, 0, 0, GRIP], "▲ 25 points"), ([0] * 99 + [GRIP], [0] * 98 + [GRIP] * 2, "▼ 1 point")],
)
def test_an_arrow_up_is_a_week_with_more_good_reps(before, recent, said):
    page = render([trained(before, day=TODAY - timedelta(days=10)), trained(recent)], About())
    assert re.search(r'<dd id="trend">(.*?)</dd>', page)[1] == said
