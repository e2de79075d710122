"""The stream: any rate, holes, repeats and a wrapping clock come out as even steps."""

from pulseblock.core.stream import GAP_UNKNOWN_MS, Stream

PERIOD = 1 << 30


def steps(rate_hz, times, force=None):
    """Run samples through a stream; return [(t, force, gap)] of its steps."""
    stream = Stream(rate_hz)
    out = []
    for t in times:
        f = force(t) if force else 1000
        stream.put(t % PERIOD, f, 0, 0, 8192)
        while stream.next():
            out.append((stream.t_ms, stream.force, stream.gap_ms))
            stream.gap_ms = 0
    return out


def test_every_rate_comes_out_at_50_to_99_steps_a_second():
    for rate in (50, 75, 99, 100, 104, 149, 150, 200):
        out = steps(rate, [i * 1000 // rate for i in range(10 * rate)])
        assert 495 <= len(out) <= 990
        assert 50 <= rate / Stream(rate).decimation < 100


def test_steps_are_means():
    out = steps(200, range(0, 1000, 5), force=lambda t: t)
    assert [f for _, f, _ in out[:3]] == [7, 27, 47]
    assert [t for t, _, _ in out[:3]] == [15, 35, 55]


def test_a_short_hole_is_bridged_by_a_straight_line():
    times = [t for t in range(0, 1000, 10) if not 400 < t < 500]
    out = steps(100, times, force=lambda t: 2 * t)
    assert len(out) == 50
    assert [f for _, f, _ in out] == [40 * i + 10 for i in range(50)]


def test_over_a_long_hole_nothing_is_invented():
    times = [t for t in range(0, 2000, 10) if not 500 <= t < 1500]
    out = steps(100, times)
    assert 48 <= len(out) <= 50
    gaps = [gap for _, _, gap in out if gap]
    assert gaps == [GAP_UNKNOWN_MS, 1010]


def test_no_step_is_made_of_samples_from_both_sides_of_a_hole():
    for rate in (100, 150, 200):
        for odd in range(1, rate // 50):
            before = [i * 1000 // rate for i in range(40 * (rate // 50) + odd)]
            after = [before[-1] + 1000 + i * 1000 // rate for i in range(40 * (rate // 50))]
            out = steps(rate, before + after, force=lambda t, last=before[-1]: 1000 if t <= last else 3000)
            assert [force for _, force, _ in out] == [1000] * 40 + [3000] * 40, (rate, odd)


def test_repeated_and_late_samples_are_dropped():
    times = []
    for t in range(0, 1000, 10):
        times += [t, t]
        if t % 100 == 50:
            times.append(t - 30)
    assert steps(100, times) == steps(100, range(0, 1000, 10))


def test_a_clock_that_runs_fast_or_slow_neither_stretches_nor_shrinks_time():
    for percent in (97, 103):
        out = steps(100, [i * 10 * percent // 100 for i in range(1000)])
        assert abs(len(out) - 5 * percent) <= 2


def test_ticks_may_wrap():
    start = PERIOD - 500
    out = steps(100, range(start, start + 1000, 10))
    assert len(out) == 50
    assert out[-1][0] == 490
    assert not any(gap for _, _, gap in out[1:])


def test_readings_out_of_range_are_held_within_it():
    stream = Stream(50)
    stream.put(0, 1 << 29, -(1 << 29), 1 << 29, 0)
    assert stream.next()
    assert (stream.force, stream.x, stream.y) == (65535, -32767, 32767)
