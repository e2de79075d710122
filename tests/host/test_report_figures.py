"""The report's arithmetic, by hand-made sessions whose sums are plain."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock.core.events import FAULTS
from pulseblock_tools.report import figures
from pulseblock_tools.report.drawing import element, nice_ticks, spaced
from pulseblock_tools.report.periods import MOST, periods
from pulseblock_tools.report.training import Trained, press_pct
from pulseblock_tools.store.details import Rep, Set
from pulseblock_tools.store.listing import Session

TODAY = date(2026, 3, 31)
GRIP, PELVIS = 1, 2


def utc_ms(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, 12).timestamp() * 1000)


def trained(
    *sets: list[int | None], day: date | None = TODAY, number: int = 1, reference: int | None = 4000
) -> Trained:
    """A session; a set lists the faults of its reps, None for a void one, each 2 s long and 3 s apart."""
    reps = []
    at_ms = 1000
    for set_number, faults_of in enumerate(sets, 1):
        for faults in faults_of:
            reps.append(rep(number, len(reps) + 1, set_number, at_ms, faults))
            at_ms += 3000
        at_ms += 29_000
    reps = [replace(one, reference_cn=reference) for one in reps]
    counted = [one for one in reps if not one.void]
    session = Session(
        session=number,
        block="00",
        journal=1,
        wearer=None,
        start_utc_ms=None if day is None else utc_ms(day),
        end_utc_ms=None,
        start_ticks=0,
        duration_ms=at_ms,
        firmware=None,
        ended_by="timeout",
        reference_cn=None,
        sets=len(sets),
        reps=len(counted),
        good=sum(one.good for one in counted),
        void=len(reps) - len(counted),
    )
    return Trained(session, tuple(Set(n + 1, True, 1, 90, 4000, 1000) for n in range(len(sets))), tuple(reps))


def rep(session: int, number: int, set_number: int, after_ms: int, faults: int | None) -> Rep:
    return Rep(
        session=session,
        number=number,
        set_number=set_number,
        seq=number,
        void=faults is None,
        start_utc_ms=None,
        after_ms=after_ms,
        faults=faults or 0,
        duration_ms=2000,
        rise_ms=800,
        peak_cn=5000,
        hold_cn=1000,
        trough_cn=1100,
        reference_cn=4000,
        sagittal_cdeg=0,
        frontal_cdeg=0,
        jolt_mg=0,
        drag_pct=None,
    )


def test_void_reps_count_in_nothing():
    sums = figures.headline([trained([0, None, GRIP, 0])], TODAY)
    assert (sums.reps, sums.good, sums.void, sums.good_pct) == (3, 2, 1, pytest.approx(66.67, abs=0.01))
    assert figures.fault_counts(trained([GRIP | PELVIS, None, GRIP]).reps)["grip"] == 2


def test_a_streak_may_end_yesterday_but_not_before():
    days = {TODAY - timedelta(days=back) for back in (1, 2, 3, 5)}
    assert figures.streak(days, TODAY) == 3
    assert figures.streak(days | {TODAY}, TODAY) == 4
    assert figures.streak(days, TODAY + timedelta(days=1)) == 0
    assert figures.streak(set(), TODAY) == 0


def test_the_commonest_fault_is_told_and_none_where_there_is_none():
    counts = dict.fromkeys(FAULTS, 0)
    assert figures.commonest(counts) == ([], 0)
    assert figures.commonest(counts | {"pelvis": 2, "grip": 1}) == (["pelvis"], 2)
    assert figures.commonest(counts | {"pelvis": 2, "grip": 2}) == (["grip", "pelvis"], 2)


def test_the_trend_compares_the_last_week_with_the_four_before():
    days = [(0, [0, 0, 0, GRIP]), (6, [0] * 4), (7, [0, GRIP]), (34, [GRIP, GRIP]), (35, [0] * 50)]
    found = figures.trend([trained(reps, day=TODAY - timedelta(days=back)) for back, reps in days])
    assert found == figures.Trend(recent_pct=87.5, before_pct=25, recent_reps=8, before_reps=4)
    assert found.difference == 88 - 25


@pytest.mark.parametrize("days", [[], [0], [0, 40], [None], [None, 0]])
def test_with_nothing_to_compare_there_is_no_trend(days):
    sessions = [trained([0], day=None if back is None else TODAY - timedelta(days=back)) for back in days]
    assert figures.trend(sessions) is None


def test_a_session_of_unknown_time_counts_and_is_in_no_streak():
    sums = figures.headline([trained([0, 0], day=None), trained([GRIP])], TODAY)
    assert (sums.reps, sums.good, sums.streak_days, sums.undated, sums.last_day) == (3, 2, 1, 1, TODAY)


def test_the_longest_run_goes_on_over_sets_and_sessions():
    sums = figures.headline([trained([GRIP, 0, 0], [0]), trained([0, PELVIS, 0])], TODAY)
    assert sums.best_run == 4


def test_rest_is_from_the_last_end_to_the_next_start():
    assert figures.rests_s(trained([0, 0], [0], [0])) == [30.0, 30.0]
    assert figures.rests_s(trained([0])) == []


def test_the_press_is_relative_to_its_reference_or_unknown():
    assert figures.presses_pct(trained([0, None])) == [100.0]
    assert figures.presses_pct(trained([0], reference=None)) == []
    known = trained([0], reference=None)
    assert press_pct(known.reps[0], replace(known.session, reference_cn=8000)) == 50.0


def test_fatigue_goes_by_the_place_in_the_set_and_needs_some_sets():
    sets = [[0, GRIP], [0, GRIP], [None, 0], [0, PELVIS, 0]]
    first, second = figures.places_in_set([trained(*sets)])
    assert (first.number, first.reps, first.compensated) == (1, 3, 0)
    assert (second.number, second.reps, second.compensated_pct) == (2, 4, 75.0)
    assert second.press.median == 100.0


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_a_spread_lies_within_its_values(values):
    found = figures.spread(values)
    assert (found is None) == (not values)
    if found:
        assert min(values) <= found.low <= found.median <= found.high <= max(values)
        assert found.count == len(values)


@given(st.lists(st.one_of(st.none(), st.integers(0, 900)), max_size=120))
def test_every_session_is_in_one_period_and_periods_are_few(backs):
    days = sorted((back for back in backs if back is not None), reverse=True)
    sessions = [trained([0], day=TODAY - timedelta(days=back), number=at + 1) for at, back in enumerate(days)]
    sessions += [trained([0], day=None, number=1000 + at) for at in range(len(backs) - len(days))]
    over = periods(sessions)
    assert sorted(one.session.session for period in over.each for one in period.trainings) == sorted(
        one.session.session for one in sessions
    )
    assert len(over.each) <= MOST + 1
    if over.unit == "session":
        assert [one for period in over.each for one in period.trainings] == sessions


def test_weeks_without_training_are_there():
    sessions = [trained([0], day=TODAY - timedelta(days=back)) for back in (70, *[0] * MOST)]
    over = periods(sessions)
    assert over.unit == "week"
    assert [len(period.trainings) for period in over.each] == [1, *[0] * 9, MOST]
    assert over.each[0].title == "Week of 19 Jan 2026"


@given(st.floats(-1000, 1000), st.floats(0.001, 1000))
def test_ticks_embrace_the_values_and_are_few(low, extent):
    ticks = nice_ticks(low, low + extent)
    assert ticks[0] <= low + 1e-6 * extent
    assert ticks[-1] >= low + extent - 1e-6 * extent
    assert 2 <= len(ticks) <= 8


def test_labels_stand_as_close_as_their_length_allows():
    assert spaced([str(rep) for rep in range(1, 13)], 26) == list(range(11, -1, -1))
    assert spaced([f"{day} Nov" for day in range(10, 30)], 16) == [19, 15, 11, 7, 3]


def test_what_is_drawn_is_escaped():
    assert element("text", "<&>", data_tip='"<') == '<text data-tip="&#34;&lt;">&lt;&amp;&gt;</text>'
