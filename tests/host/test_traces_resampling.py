import math
from array import array
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulseblock.core.settings import Settings
from pulseblock_tools.errors import UserError
from pulseblock_tools.traces import resampling
from pulseblock_tools.traces.resampling import resample, typical_step_ms
from pulseblock_tools.traces.trace import Samples, Trace


def recorded(t_ms, force_n=None, acceleration_g=()) -> Trace:
    force_n = [10.0] * len(t_ms) if force_n is None else force_n
    return Trace(
        "t.csv", array("d", t_ms), array("d", force_n), tuple(array("d", axis) for axis in acceleration_g)
    )


def sine(hz: float, frequency: float, seconds: float = 4) -> Trace:
    t_ms = [i * 1000 / hz for i in range(int(seconds * hz))]
    return recorded(t_ms, [50 + 20 * math.sin(2 * math.pi * frequency * t / 1000) for t in t_ms])


def rows(samples: Samples) -> list[tuple[int, ...]]:
    return list(zip(samples.t_ms, samples.force_cn, samples.ax, samples.ay, samples.az, strict=True))


def swing_cn(samples: Samples) -> int:
    """Return how far the force goes up and down, the ends left out."""
    inner = samples.force_cn[len(samples) // 8 : -len(samples) // 8]
    return max(inner) - min(inner)


def test_the_core_takes_the_rates_that_traces_are_brought_to():
    _, lowest, highest = Settings.describe("rate_hz")
    assert (lowest, highest) == (resampling.CORE_LOWEST_HZ, resampling.CORE_HIGHEST_HZ)


@pytest.mark.parametrize("hz", [50, 80, 100, 104, 150, 200])
def test_an_even_trace_at_a_rate_of_the_core_keeps_its_rows(hz):
    t_ms = [round(i * 1000 / hz) for i in range(300)]
    force_n = [i / 10 for i in range(300)]
    samples = resample(recorded(t_ms, force_n))
    assert samples.rate_hz == hz
    assert list(samples.t_ms) == t_ms
    assert list(samples.force_cn) == [i * 10 for i in range(300)]


@pytest.mark.parametrize(
    ("hz", "core_hz"),
    [(10, 50), (11, 50), (25, 50), (49, 50), (230, 200), (250, 200), (500, 200), (1000, 200)],
)
def test_other_rates_are_brought_to_the_nearest_of_the_core(hz, core_hz):
    samples = resample(sine(hz, 1))
    assert samples.rate_hz == core_hz
    assert all(abs(step - 1000 / core_hz) <= 1 for step in (b - a for a, b in pairwise(samples.t_ms)))
    for t, force_cn, *_ in rows(samples):
        assert force_cn / 100 == pytest.approx(50 + 20 * math.sin(2 * math.pi * t / 1000), abs=1.2)


def test_a_rate_that_the_settings_ask_for_is_kept_to():
    assert resample(sine(200, 1), 80).rate_hz == 80
    assert len(resample(sine(200, 1), 80)) == 320
    assert resample(sine(80, 1), 200).rate_hz == 200
    assert resample(sine(100, 1), 100) == resample(sine(100, 1))


def test_what_is_too_fast_for_the_core_does_not_fold_down_into_it():
    # at 200 Hz these would look like 5 Hz, the rate of a fast press
    assert swing_cn(resample(sine(1000, 205))) < 0.1 * swing_cn(sine_at_core(5))
    assert swing_cn(resample(sine(1000, 395))) < 0.1 * swing_cn(sine_at_core(5))


def sine_at_core(frequency: float) -> Samples:
    return resample(sine(200, frequency))


def test_what_the_core_looks_at_comes_through():
    for frequency in (1, 5, 10):
        assert swing_cn(resample(sine(1000, frequency))) == pytest.approx(4000, rel=0.02)


def test_the_rate_is_told_from_the_steps_that_most_rows_have():
    steps = [10] * 60 + [35, 9, 11] * 5 + [3000] + [10] * 60
    t_ms = [sum(steps[:i]) for i in range(len(steps) + 1)]
    assert typical_step_ms(t_ms) == pytest.approx(10, abs=0.01)


def test_whole_milliseconds_do_not_hide_the_rate():
    assert typical_step_ms([round(i * 1000 / 104) for i in range(1000)]) == pytest.approx(
        1000 / 104, rel=0.001
    )
    assert typical_step_ms([round(i * 1000 / 150) for i in range(1000)]) == pytest.approx(
        1000 / 150, rel=0.001
    )


def test_uneven_times_are_put_on_an_even_grid():
    t_ms = [0, 10, 20, 25, 40, 50, 60]
    samples = resample(recorded(t_ms, [t / 2 for t in t_ms]))
    assert samples.rate_hz == 100
    assert list(samples.t_ms) == [0, 10, 20, 30, 40, 50, 60]
    assert list(samples.force_cn) == [0, 500, 1000, 1500, 2000, 2500, 3000]


def test_a_few_rows_missing_are_bridged_and_a_gap_is_not():
    def times(hole_ms):
        return [*range(0, 1000, 10), *range(990 + hole_ms, 1990 + hole_ms, 10)]

    assert max(b - a for a, b in pairwise(resample(recorded(times(500))).t_ms)) == 10
    across = resample(recorded(times(510)))
    assert list(across.t_ms) == times(510)
    slow = resample(recorded([*range(0, 1000, 50), *range(5000, 6000, 50)]))
    assert not [t for t in slow.t_ms if 950 < t < 5000]
    assert {940, 5000, 5940} <= set(slow.t_ms)


def test_a_row_alone_between_two_gaps_is_one_sample():
    t_ms = [*range(0, 500, 4), 2000, *range(4000, 4500, 4)]
    assert [t for t in resample(recorded(t_ms)).t_ms if 600 < t < 3900] == [2000]


def test_rows_at_one_time_are_one_with_their_mean():
    samples = resample(recorded([0, 10, 10, 10, 20, 30], [1, 2, 3, 7, 5, 6]))
    assert list(samples.t_ms) == [0, 10, 20, 30]
    assert list(samples.force_cn) == [100, 400, 500, 600]


def test_times_keep_the_clock_of_the_trace():
    for origin in (-1e6, 0.25, 5e9, 1.7e12):
        t_ms = [origin + i * 10 for i in range(10)]
        assert list(resample(recorded(t_ms)).t_ms) == [round(t) for t in t_ms]
        assert list(resample(recorded(t_ms), 50).t_ms) == [round(t) for t in t_ms[::2]]


def test_force_and_acceleration_become_the_integers_of_the_core():
    trace = recorded([0, 10, 20], [-3.2, 12.345, 9000], [[0, 0.5, -50], [-4, 1 / 8192, 3.9998], [1, 4, -1]])
    samples = resample(trace)
    assert not samples.force_only
    assert rows(samples) == [
        (0, 0, 0, -32768, 8192),
        (10, 1234, 4096, 1, 32767),
        (20, 65535, -32768, 32766, -8192),
    ]


def test_a_force_only_trace_lies_still_and_level():
    samples = resample(recorded([0, 10]))
    assert samples.force_only
    assert rows(samples) == [(0, 1000, 0, 0, 8192), (10, 1000, 0, 0, 8192)]


@pytest.mark.parametrize(
    ("t_ms", "message"),
    [
        ([5], "t.csv: all its rows have one time; check t_ms"),
        ([5, 5, 5], "t.csv: all its rows have one time; check t_ms"),
        ([0, 108, 216], "t.csv: 9.26 rows a second, where a trace has 10 to 1000; is t_ms in milliseconds?"),
        (
            [0, 0.9, 1.8],
            "t.csv: 1.11e+03 rows a second, where a trace has 10 to 1000; is t_ms in milliseconds?",
        ),
        ([0, 200, 400], "t.csv: 5 rows a second, where a trace has 10 to 1000; is t_ms in milliseconds?"),
        (
            [0, 0.01, 0.02],
            "t.csv: 1e+05 rows a second, where a trace has 10 to 1000; is t_ms in milliseconds?",
        ),
        ([0, 5e-324], "t.csv: inf rows a second, where a trace has 10 to 1000; is t_ms in milliseconds?"),
    ],
)
def test_a_trace_without_a_usable_rate_is_refused(t_ms, message):
    with pytest.raises(UserError) as caught:
        resample(recorded(t_ms))
    assert str(caught.value) == message


@pytest.mark.parametrize("step_ms", [4, 10, 40])
def test_a_trace_may_be_long_but_not_endless(monkeypatch, step_ms):
    monkeypatch.setattr(resampling, "MAX_SAMPLES", 100)
    with pytest.raises(UserError, match=r"over 100 samples at [0-9]+ Hz; replay it in parts"):
        resample(recorded(range(0, 5000, step_ms)))


@st.composite
def loggers(draw):
    """Draw a trace from a logger with a rate, a stutter, repeats and gaps of its own."""
    step = draw(st.floats(1.0, 100.0))
    kinds = st.sampled_from([1, 1, 1, 1, 1, 1, 0, 0.9, 1.2, 2, 30, 600])
    steps = draw(st.lists(kinds, min_size=3, max_size=60))
    t = draw(st.floats(-1e12, 1e12))
    t_ms = [t, *(t := t + step * kind for kind in steps)]
    values = st.lists(st.floats(0, 600), min_size=len(t_ms), max_size=len(t_ms))
    axes = st.lists(st.floats(-3.9, 3.9), min_size=len(t_ms), max_size=len(t_ms))
    acceleration = draw(st.one_of(st.just(()), st.tuples(axes, axes, axes)))
    return recorded(t_ms, draw(values), acceleration)


@given(loggers(), st.one_of(st.none(), st.integers(50, 200)))
def test_any_logger_gives_samples_the_core_can_take(trace, rate_hz):
    try:
        samples = resample(trace, rate_hz)
    except UserError:
        assume(False)
    assert 50 <= samples.rate_hz <= 200
    assert rate_hz in (None, samples.rate_hz)
    assert all(later > earlier for earlier, later in pairwise(samples.t_ms))
    assert round(trace.t_ms[0]) <= samples.t_ms[0]
    assert samples.t_ms[-1] <= round(trace.t_ms[-1])
    # straight lines and means never leave the range of what was recorded
    assert round(min(trace.force_n) * 100) - 1 <= min(samples.force_cn)
    assert max(samples.force_cn) <= round(max(trace.force_n) * 100) + 1
    for recorded_axis, axis in zip(trace.acceleration_g, (samples.ax, samples.ay, samples.az), strict=False):
        assert min(recorded_axis) * 8192 - 2 <= min(axis)
        assert max(axis) <= max(recorded_axis) * 8192 + 2
    # nothing is made up inside a gap
    for earlier, later in pairwise(trace.t_ms):
        if later - earlier > resampling.GAP_MS:
            assert not [t for t in samples.t_ms if earlier + 1 < t < later - 1]


@given(st.floats(0, 600), loggers(), st.integers(50, 200))
def test_an_unchanging_force_stays_unchanged(force_n, trace, rate_hz):
    still = recorded(trace.t_ms, [force_n] * len(trace.t_ms))
    try:
        samples = resample(still, rate_hz)
    except UserError:
        assume(False)
    assert {abs(force_cn - force_n * 100) <= 0.5 + 1e-6 for force_cn in samples.force_cn} == {True}
