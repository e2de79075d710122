from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from pulseblock_tools.replaying.ticks import MAX_JUMP_MS, Ticks

WRAP = 2**30

steps = st.lists(
    st.one_of(st.integers(1, 20), st.integers(1, 10**6), st.integers(2**27, 2**33)), min_size=1, max_size=40
)


def times(start: int, steps: list[int]) -> list[int]:
    return list(accumulate(steps, initial=start))


def test_ticks_start_at_nothing_and_wrap_as_a_board_does():
    t_ms = list(range(7_000_000_000, 7_000_000_000 + 2 * WRAP, 2**26))
    ticks = list(Ticks(t_ms))
    assert ticks == [(t - t_ms[0]) % WRAP for t in t_ms]
    assert ticks.count(0) == 2


@given(st.integers(-(10**13), 10**13), steps)
def test_ticks_are_small_integers_that_rise_by_less_than_half_a_wrap(start, steps):
    ticks = list(Ticks(times(start, steps)))
    assert all(0 <= tick < WRAP for tick in ticks)
    for step, earlier, later in zip(steps, ticks, ticks[1:], strict=False):
        assert (later - earlier) % WRAP == min(step, MAX_JUMP_MS)


@given(st.integers(-(10**13), 10**13), steps, st.data())
def test_every_sample_of_late_is_found_again(start, steps, data):
    t_ms = times(start, steps)
    clock = Ticks(t_ms)
    ticks = list(clock)
    seen_at = data.draw(st.integers(0, len(t_ms) - 1))
    sample = data.draw(st.integers(0, seen_at))
    if sum(min(step, MAX_JUMP_MS) for step in steps[sample:seen_at]) < WRAP:
        assert clock.in_trace_ms(ticks[sample], seen_at) == t_ms[sample]


def test_moments_between_samples_and_before_the_first_are_told():
    clock = Ticks([1000, 1010, 1020])
    assert clock.in_trace_ms(13, 2) == 1013
    assert clock.in_trace_ms(WRAP - 30, 2) == 970


def test_a_moment_before_a_long_gap_is_told_after_it():
    clock = Ticks([0, 10, 10**10, 10**10 + 10])
    assert clock.in_trace_ms(12, 3) == 12
    assert clock.in_trace_ms((10 + MAX_JUMP_MS + 4) % WRAP, 3) == 10**10 + 4
