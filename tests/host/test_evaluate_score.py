"""Matching and scoring: what counts as found, as right, as a fault's hit, and that scores add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock.core.events import FAULTS
from pulseblock_tools.evaluation.labelled import Label
from pulseblock_tools.evaluation.matching import SLACK_MS, match
from pulseblock_tools.evaluation.score import MISSED, NOTHING, Score
from pulseblock_tools.replaying.replay import Rep


def label(start_ms, *faults, kind="good", ms=1000):
    return Label(start_ms, start_ms + ms, kind if faults else "good", frozenset(faults))


def rep(peak_ms, *faults):
    return Rep(peak_ms - 400, peak_ms, peak_ms + 400, 60.0, "x", list(faults), {})


def score(labels, reps):
    return Score.of(match(labels, reps))


def test_a_rep_matches_when_its_peak_lies_in_the_press_or_150_ms_beside_it():
    for peak_ms, found in ((849, 0), (850, 1), (1500, 1), (2150, 1), (2151, 0)):
        assert len(match([label(1000)], [rep(peak_ms)]).pairs) == found
    assert SLACK_MS == 150


def test_labels_and_reps_match_one_to_one():
    twice = match([label(1000)], [rep(1400), rep(1600)])
    assert [(pair[1].peak_ms, len(twice.extra)) for pair in twice.pairs] == [(1400, 1)]
    merged = match([label(1000), label(2050)], [rep(1900)])
    assert (len(merged.pairs), len(merged.missed)) == (1, 1)


def test_a_count_is_exact_only_without_missed_and_extra():
    labels = [label(1000), label(3000)]
    assert score(labels, [rep(1500), rep(3500)]).exact_count == 1
    assert score(labels, [rep(1500)]).exact_count == 0
    assert score(labels, [rep(1500), rep(3500), rep(6000)]).exact_count == 0
    assert score(labels, [rep(1500), rep(6000)]).exact_count == 0


def test_verdicts_faults_and_confusion():
    labels = [
        label(0),
        label(2000),
        label(4000, "pelvis", kind="pelvis"),
        label(6000, "grip", kind="grip_tonic"),
        label(8000, "rushed", kind="rushed"),
    ]
    reps = [rep(500), rep(2500, "grip"), rep(4500, "asymmetry"), rep(6500, "grip", "pelvis"), rep(99_000)]
    result = score(labels, reps)
    assert (result.labelled, result.found, result.matched) == (5, 5, 4)
    assert result.good_called_good == 1 / 2
    assert result.compensated_called_so == 1
    assert result.balanced == 3 / 4
    assert (result.faults["grip"].hit, result.faults["grip"].false, result.faults["grip"].missed) == (1, 1, 0)
    assert result.faults["grip"].f1 == pytest.approx(2 / 3)
    assert (result.faults["pelvis"].false, result.faults["pelvis"].missed) == (1, 1)
    assert result.faults["rushed"].missed == 0  # of what is not matched there is no verdict
    assert result.faults["contact"].f1 is None
    assert result.macro_f1 == pytest.approx((2 / 3 + 0 + 0) / 3)
    assert result.confusion["good", "good"] == 1
    assert result.confusion["grip_tonic", "pelvis"] == result.confusion["grip_tonic", "grip"] == 1
    assert result.confusion["rushed", MISSED] == 1
    assert result.confusion[NOTHING, "good"] == 1
    assert result.kinds_seen()[-1] == NOTHING
    assert result.kind_found("pelvis") == 1
    assert result.kind_found("rushed") is None


def test_of_nothing_there_are_no_shares():
    empty = Score()
    assert empty.as_dict()["balanced"] is None
    assert empty.macro_f1 is empty.exact_count is empty.good_called_good is None


faults = st.lists(st.sampled_from(FAULTS), unique=True, max_size=2)


@st.composite
def sessions(draw):
    """Labels a second apart, and reps near them or anywhere."""
    labels = [label(2000 * i, *draw(faults), kind="grip_held") for i in range(draw(st.integers(0, 6)))]
    peaks = draw(st.lists(st.integers(0, 14_000), unique=True, max_size=8))
    return labels, [rep(peak, *draw(faults)) for peak in sorted(peaks)]


@given(sessions(), sessions())
def test_scores_add_up(one, other):
    a, b = score(*one), score(*other)
    both = a + b
    for name in ("sessions", "exact", "labelled", "found", "matched", "good", "good_right", "compensated"):
        assert getattr(both, name) == getattr(a, name) + getattr(b, name)
    assert both.as_dict() == (b + a).as_dict()
    assert (a + Score()).as_dict() == a.as_dict()


@given(sessions())
def test_every_label_and_rep_is_accounted_for(session):
    labels, reps = session
    result = match(labels, reps)
    assert len(result.pairs) + len(result.missed) == len(labels)
    assert len(result.pairs) + len(result.extra) == len(reps)
    assert len({one.peak_ms for _, one in result.pairs}) == len(result.pairs)
    summed = Score.of(result)
    assert summed.good + summed.compensated == summed.matched == sum(summed.kinds.values())
