"""What is kept of how the force went in a rep: ten points of it, from its start to its end."""

from fakes.expect import without_heap
from wearer import Wearer, reps

from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings
from pulseblock.core.shape import LONGEST_MS, POINTS, Shape
from pulseblock.core.stream import Stream

WRAP = 1 << 30


def fed(times, force, rate_hz=50):
    stream = Stream(rate_hz)
    shape = Shape(stream.steps, stream.step_ms_q8)
    for t in times:
        shape.put(force(t))
    shape.t_ms = times[-1]
    return shape


def read(shape, start_ms, end_ms):
    points = [-1] * POINTS
    return points if shape.read(shape.t_ms % WRAP, start_ms % WRAP, end_ms % WRAP, points) else None


def test_the_points_are_even_from_start_to_end():
    shape = fed(range(0, 3000, 20), lambda t: 2 * t)
    assert read(shape, 1000, 2800) == [2000 + 400 * i for i in range(10)]


def test_between_two_steps_lies_the_line_from_one_to_the_other():
    shape = fed(range(0, 3000, 20), lambda t: 2 * t)
    assert read(shape, 1005, 1905) == [2010 + 200 * i for i in range(10)]
    falling = fed(range(0, 3000, 20), lambda t: 6000 - 2 * t)
    assert all(-1 <= force - (3990 - 200 * i) <= 0 for i, force in enumerate(read(falling, 1005, 1905)))


def test_what_came_since_the_end_changes_nothing():
    times = range(0, 7000, 20)
    during = read(fed([t for t in times if t <= 3000], lambda t: t % 977), 1200, 3000)
    assert read(fed(times, lambda t: t % 977), 1200, 3000) == during


def test_the_clock_may_wrap():
    start = WRAP - 1500
    shape = fed(range(start, start + 3000, 20), lambda t: 2 * (t - start))
    assert read(shape, start + 1000, start + 1900) == [2000 + 200 * i for i in range(10)]


def test_six_seconds_are_remembered_at_every_rate_and_seven_are_not():
    for rate_hz in (50, 75, 80, 99, 104, 200):
        step_ms_q8 = Stream(rate_hz).step_ms_q8
        times = [i * step_ms_q8 >> 8 for i in range(3000)]
        shape = fed(times, lambda t: t, rate_hz)
        points = read(shape, times[-1] - LONGEST_MS, times[-1])
        for i in range(POINTS):
            assert abs(points[i] - (times[-1] - LONGEST_MS + LONGEST_MS * i // 9)) < 20
        assert read(shape, times[-1] - 7000, times[-1] - 5000) is None


def test_of_a_rep_that_began_before_a_hole_nothing_is_told():
    shape = fed(range(0, 3000, 20), lambda t: 1000)
    shape.restart()
    for shape.t_ms in range(3500, 5000, 20):
        shape.put(2000)
    assert read(shape, 2800, 4500) is None
    assert read(shape, 3400, 4500) is None
    assert read(shape, 3540, 4440) == [2000] * 10


def test_of_a_time_to_come_or_that_runs_backwards_nothing_is_told():
    shape = fed(range(0, 3000, 20), lambda t: 1000)
    assert read(shape, 2500, 3500) is None
    assert read(shape, 2500, 2400) is None
    empty = Shape(Stream(50).steps, 5120)
    empty.t_ms = 0
    assert read(empty, 0, 0) is None


def test_remembering_and_reading_take_no_memory():
    shape = fed(range(0, 12000, 20), lambda t: 65535)
    points = [0] * POINTS

    def go_on():
        for _ in range(50):
            shape.put(0)
        assert shape.read(12980, 7100, 12900, points)

    without_heap(go_on)


# in the counter


def shaped(wearer, **settings):
    return reps(wearer.play(Counter(Settings(rate_hz=wearer.rate_hz, **settings))))


def check_follows(rep, wearer):
    """The points are forces that the wearer made at those times, give or take what the smoothing takes in."""
    assert rep["has_shape"]
    for i in range(POINTS):
        t = rep["start_ms"] + rep["duration_ms"] * i // (POINTS - 1) - wearer.start_ms
        first, end = [(t + late) * wearer.rate_hz // 1000 for late in (-65, 75)]
        forces = [wearer.samples[5 * k + 1] for k in range(first, min(end, len(wearer.samples) // 5))]
        assert min(forces) <= rep["shape_cn"][i] <= max(forces), (i, rep["shape_cn"], forces)
        assert rep["shape_cn"][i] <= rep["peak_cn"]


def test_a_rep_has_the_shape_of_its_press_at_every_rate():
    for rate_hz in (50, 75, 104, 200):
        wearer = Wearer(rate_hz=rate_hz, start_ms=WRAP - 4000).ready()
        wearer.press().rest(500).press(top_ms=2000, dip=900).rest(500)
        wearer.press(to_cn=3500).press(rise_ms=700).rest(900)
        found = shaped(wearer)
        assert len(found) == 4
        for rep in found:
            check_follows(unwrapped(rep), wearer)


def unwrapped(rep):
    rep["start_ms"] += WRAP if rep["start_ms"] < WRAP // 2 else 0
    return rep


def test_each_of_two_presses_without_a_pause_has_its_own():
    wearer = Wearer().ready()
    for height_cn in (5000, 4000, 5500):
        wearer.press(height_cn, to_cn=2500)
    found = shaped(wearer.rest(900), reference_cn=5000)
    assert len(found) == 3
    for rep in found:
        check_follows(rep, wearer)


def test_so_has_a_press_in_which_the_session_ends_or_the_block_is_let_go():
    wearer = Wearer().ready().press().rest(500).press(fall_ms=100, to_cn=0).let_go(7000)
    cut_short = Wearer().ready().press().rest(500)
    cut_short.act(400, lambda u: 1500 + 5000 * u).act(400, 6500)
    for one in (wearer, cut_short):
        found = shaped(one)
        assert len(found) == 2
        for rep in found:
            check_follows(rep, one)


def test_a_press_with_a_hole_in_its_samples_has_none():
    for hole_ms, have_shapes in ((200, [True] * 3), (400, [True, False, True]), (1600, [True, True])):
        wearer = Wearer().ready().press().rest(500).press(top_ms=1500).rest(900).press().rest(900)
        samples = wearer.samples
        kept = [i for i in range(0, len(samples), 5) if not 0 < samples[i] - 4500 < hole_ms]
        wearer.samples = type(samples)("i", [samples[i + k] for i in kept for k in range(5)])
        assert [rep["has_shape"] for rep in shaped(wearer)] == have_shapes


def test_force_alone_gives_shapes_too():
    wearer = Wearer().ready().press().rest(500).press().rest(900)
    for rep in shaped(wearer, force_only=1):
        check_follows(rep, wearer)
