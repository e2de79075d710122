"""Integer arithmetic of the core against the mathematics it stands for."""

from math import atan2 as true_atan2
from math import pi
from math import sin as true_sin

from pulseblock.core.boxcar import Boxcar, VectorBoxcar, square
from pulseblock.core.fixed import atan2, clamp, isqrt, muldiv, share, sine, ticks_add, ticks_diff
from pulseblock.core.noise import Noise

PERIOD = 1 << 30


def test_isqrt_is_the_largest_root():
    for value in (0, 1, 2, 3, 4, 8, 9, 99, 100, 65535, 65536, (1 << 30) - 1, 3 * 16383 * 16383):
        root = isqrt(value)
        assert root * root <= value < (root + 1) * (root + 1)


def test_atan2_is_within_a_third_of_a_degree_and_fine_for_small_tilts():
    for degrees in range(-179, 180, 7):
        for radius in (300, 8192, 16000):
            from math import cos, sin

            y = int(radius * sin(degrees * pi / 180))
            x = int(radius * cos(degrees * pi / 180))
            exact = true_atan2(y, x) * 18000 / pi
            assert abs(atan2(y, x) - exact) < 32
            if abs(degrees) < 15:
                assert abs(atan2(y, x) - exact) < 5


def test_sine_is_within_a_sixth_of_a_per_cent():
    for angle in range(0, 18001, 50):
        assert abs(sine(angle) - 8192 * true_sin(angle * pi / 18000)) <= 15
    assert sine(0) == sine(18000) == 0
    assert sine(9000) == 8192


def test_atan2_of_nothing_is_level():
    assert atan2(0, 0) == 0


def test_muldiv_is_exact_beyond_thirty_bits():
    for a, b, c in (
        (7, 6, 5),
        (-7, 6, 5),
        ((1 << 28) - 1, (1 << 28) - 1, (1 << 28) - 1),
        (123456789, 98765432, 234567890),
        (-123456789, 98765432, 234567890),
        (0, 5, 9),
    ):
        exact = abs(a) * abs(b) // c
        assert muldiv(a, b, c) == (-exact if a * b < 0 else exact)


def test_ticks_wrap():
    assert ticks_diff(5, PERIOD - 5) == 10
    assert ticks_diff(PERIOD - 5, 5) == -10
    assert ticks_diff(1000, 400) == 600
    assert ticks_add(PERIOD - 1, 1) == 0
    assert ticks_add(PERIOD - 1, 500) == 499
    assert ticks_add(3, -5) == PERIOD - 2
    assert ticks_add(7, 5) == 12


def test_share_and_clamp_hold_within_limits():
    assert share(30, 60) == 50
    assert share(65535, 1) == 1000
    assert clamp(-5, -3, 3) == -3
    assert clamp(5, -3, 3) == 3
    assert clamp(1, -3, 3) == 1


def test_a_boxcar_is_the_mean_of_its_window():
    box = Boxcar(4)
    means = [box.push(value) for value in (4, 8, 12, 16, 20, -100)]
    assert means == [1, 3, 6, 10, 14, -13]
    box.fill(7)
    assert box.mean == 7
    assert box.push(7) == 7


def test_a_vector_boxcar_is_three_boxcars():
    box = VectorBoxcar(3)
    for value in (3, 6, 9, 12):
        box.push(value, -value, 2 * value)
    assert (box.x, box.y, box.z) == (9, -9, 18)
    box.fill(1, 2, 3)
    box.push(1, 2, 3)
    assert (box.x, box.y, box.z) == (1, 2, 3)


def test_departure_is_from_the_mean_half_a_window_ago():
    box = VectorBoxcar(5)
    for value in range(20):
        box.push(value, 2 * value, 0)
    assert box.departure() == 0
    for value in (0, 0, 0, 50, 0, 0):
        box.push(value, 0, 0)
    assert box.departure() == 40 * 40
    assert square(-(1 << 29), 1 << 29, 0) == 2 * 16383**2


def test_noise_is_a_median_that_presses_do_not_move():
    noise = Noise()
    for i in range(2000):
        noise.update(1000 + (40 if i % 2 else -40))
    assert 120 <= noise.bend <= 200  # 160 from step to step
    before = noise.bend
    for i in range(10):
        noise.update(1000 + 500 * i)
    assert abs(noise.bend - before) <= before // 4
