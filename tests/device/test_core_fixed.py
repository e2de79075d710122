"""Integer arithmetic of the core against the mathematics it stands for."""

from math import atan2 as true_atan2
from math import pi
from math import sin as true_sin

from pulseblock.core.boxcar import Boxcars, VectorBoxcars, square
from pulseblock.core.fixed import atan2, clamp, digit_bits, isqrt, muldiv, share, sine, ticks_add, ticks_diff
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


def test_digits_are_as_wide_as_their_divisor_leaves_room_for():
    for bits in range(1, 29):
        least = 1 << 28 - bits
        assert digit_bits(least) == digit_bits(2 * least - 1) == bits


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
    boxes = Boxcars(4, 6)
    means = [(boxes.push(value), boxes.long_mean) for value in (4, 8, 12, 16, 20, -100, 2)]
    assert [mean for mean, _ in means] == [1, 3, 6, 10, 14, -13, -16]
    assert [mean for _, mean in means] == [0, 2, 4, 6, 10, -7, -7]
    boxes.fill(7)
    assert boxes.mean == boxes.long_mean == 7
    assert boxes.push(7) == 7


def test_both_windows_may_be_the_same():
    boxes = Boxcars(3, 3)
    for value in (9, 3, 6, 9):
        boxes.push(value)
    assert boxes.mean == boxes.long_mean == 6


def test_vector_boxcars_are_three_boxcars():
    boxes = VectorBoxcars(3, 5)
    for value in (3, 6, 9, 12):
        boxes.push(value, -value, 2 * value)
    assert (boxes.x, boxes.y, boxes.z) == (9, -9, 18)
    boxes.fill(1, 2, 3)
    boxes.push(1, 2, 3)
    assert (boxes.x, boxes.y, boxes.z) == (1, 2, 3)


def test_departure_is_from_the_mean_half_a_window_ago():
    boxes = VectorBoxcars(3, 5)
    for value in range(20):
        boxes.push(value, 2 * value, 0)
    assert boxes.departure == 0
    for value in (0, 0, 0, 50, 0, 0):
        boxes.push(value, 0, 0)
    assert boxes.departure == 40 * 40
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
