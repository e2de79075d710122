"""LIS3DH against its data sheet."""

from fakes.accelerometer import STRAIGHT, AccelerometerBench
from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.i2c import FakeI2C
from fakes.lis3dh import FakeLIS3DH

from pulseblock.drivers.axes import Axes
from pulseblock.drivers.lis3dh import LIS3DH, SELF_TEST_MG

RUNTIMES = ("cpython", "micropython", "installed")


def Bench(axes=STRAIGHT, **options):
    return AccelerometerBench(LIS3DH, FakeLIS3DH, 0x18, axes, **options)


def number(x):
    """The number of the sample behind a reading of ``count_up``: 16 counts a step, scaled by 1.024."""
    return (x + 8) * 125 // 128 // 16


def test_an_absent_part_is_an_os_error():
    clock = FakeClock()
    raises(OSError, LIS3DH, FakeI2C(clock, {}), clock, STRAIGHT)


def test_another_part_at_the_address_is_named():
    clock = FakeClock()
    i2c = FakeI2C(clock, {0x18: FakeLIS3DH(clock, identity=0x44)})
    error = raises(OSError, LIS3DH, i2c, clock, STRAIGHT)
    assert "LIS3DH: WHO_AM_I at address 0x18 is 0x44, not 0x33" in error.args[1]


def test_what_an_earlier_run_left_switched_on_is_switched_off():
    bench = Bench()
    assert bench.part.current() == "off"
    bench.part.move(2000)
    assert not bench.sensor.due()


def test_samples_come_out_once_each_in_order():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(200)
    seen = bench.drain()
    bench.run_for(200)
    seen += bench.drain()
    numbers = [number(x) for x, _, _ in seen]
    assert numbers == list(range(numbers[0], numbers[0] + len(seen)))
    assert 39 <= len(seen) <= 43
    assert bench.part.current() == "high resolution"


def test_samples_before_full_resolution_are_not_delivered():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(100)
    assert number(bench.drain()[0][0]) >= 7


def test_every_rate_is_what_it_says():
    for rate_hz in (50, 100, 200):
        bench = Bench()
        bench.sensor.start(rate_hz)
        start_us = bench.clock.us
        samples = 0
        for _ in range(10):
            bench.run_for(100)
            samples += len(bench.drain())
        assert abs(samples - rate_hz * (bench.clock.us - start_us) // 1000000) <= 2


def test_one_g_is_8192():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(100)
    assert bench.drain()[0][2] == 8192


def test_full_scale_stays_in_16_bits():
    bench = Bench()
    bench.part.signal = lambda number, axis: (32767, -32768, 0)[axis]
    bench.sensor.start()
    bench.run_for(100)
    assert bench.drain()[0] == (32767, -32768, 0)


def test_samples_arrive_on_the_axes_of_the_block():
    bench = Bench(Axes("-y +x +z"))
    bench.sensor.start()
    bench.run_for(100)
    x, y, z = bench.drain()[0]
    assert x == y > 0
    assert z == 8192


def test_int1_rises_at_the_watermark_and_falls_when_the_fifo_is_read():
    bench = Bench()
    bench.sensor.start(100, watermark=4)
    waited = 0
    while not bench.sensor.due():
        bench.run_for(1)
        waited += 1
    assert 29 <= waited <= 41
    assert bench.sensor.poll() == 4
    bench.sensor.read_batch(bench.batch)
    assert not bench.sensor.due()


def test_an_overrun_is_reported_once_and_the_newest_32_are_kept():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(1000)
    seen = bench.drain()
    assert bench.sensor.overrun
    assert len(seen) == 32
    assert number(seen[-1][0]) - number(seen[0][0]) == 31
    bench.run_for(50)
    bench.drain()
    assert not bench.sensor.overrun
    assert bench.sensor.overruns == 1


def test_an_empty_fifo_is_not_read():
    bench = Bench()
    bench.sensor.start()
    assert bench.sensor.poll() == 0
    assert bench.sensor.read_batch(bench.batch) == 0


def test_reading_allocates_nothing():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(200)

    def read():
        while bench.sensor.due():
            bench.sensor.poll()
            bench.sensor.read_batch(bench.batch)

    read()
    bench.run_for(200)
    without_heap(read)
    assert bench.batch[2] == 8192


def test_bad_settings_are_named():
    bench = Bench()
    assert str(raises(ValueError, bench.sensor.start, 104)).startswith("rate_hz: 104")
    for watermark in (0, 32):
        assert str(raises(ValueError, bench.sensor.start, 100, watermark)).startswith("watermark:")
    for threshold_mg in (31, 4065):
        assert str(raises(ValueError, bench.sensor.wake_on_motion, threshold_mg)).startswith("threshold_mg:")


def test_the_ends_of_the_ranges_are_good():
    bench = Bench()
    for watermark in (1, 31):
        bench.sensor.start(100, watermark)
    for threshold_mg in (32, 4064):
        bench.sensor.wake_on_motion(threshold_mg)
        bench.part.move(threshold_mg)
        assert not bench.sensor.woke()
        bench.part.move(threshold_mg + 1)
        assert bench.sensor.woke()


def test_starting_again_begins_with_an_empty_fifo():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(200)
    assert bench.sensor.poll() > 15
    bench.sensor.start()
    assert bench.sensor.left == 0
    assert bench.sensor.poll() <= 1


def test_motion_raises_int1_until_it_is_asked_about():
    bench = Bench()
    bench.sensor.start()
    bench.sensor.wake_on_motion(100)
    assert bench.part.current() == "low power"
    assert bench.part.rate_hz() == 25
    bench.run_for(1000)
    bench.part.move(80)
    assert not bench.sensor.due()
    bench.part.move(140)
    assert bench.sensor.due()
    assert bench.sensor.woke()
    assert not bench.sensor.due()
    assert not bench.sensor.woke()


def test_after_waking_it_samples_as_before():
    bench = Bench()
    bench.sensor.wake_on_motion()
    bench.part.move(500)
    bench.sensor.start()
    bench.run_for(100)
    assert len(bench.drain()) >= 9


def test_power_down_leaves_no_interrupt_behind():
    bench = Bench()
    bench.sensor.wake_on_motion()
    bench.sensor.power_down()
    assert bench.part.current() == "off"
    assert bench.part.interrupts() == 0


def test_a_sound_part_passes_its_self_test():
    bench = Bench(self_test_mg=(500, -400, 900))
    changes = bench.sensor.self_test()
    for change, due in zip(changes, (500, 400, 900)):
        assert abs(change - due) <= 4
        assert SELF_TEST_MG[0] <= change <= SELF_TEST_MG[1]
    assert bench.part.current() == "off"


def test_the_self_test_can_be_asked_for_at_any_time():
    for before in (LIS3DH.start, LIS3DH.wake_on_motion, LIS3DH.power_down):
        bench = Bench(self_test_mg=(500, -400, 900))
        before(bench.sensor)
        assert abs(bench.sensor.self_test()[2] - 900) <= 4


def test_the_limits_of_the_self_test_are_the_data_sheets():
    assert SELF_TEST_MG == (17 * 4, 360 * 4)


def test_a_stuck_axis_fails_its_self_test():
    bench = Bench(self_test_mg=(500, 0, 900))
    assert bench.sensor.self_test()[1] < SELF_TEST_MG[0]


def test_a_self_test_without_samples_times_out():
    bench = Bench()
    bench.part.silent = True
    assert raises(OSError, bench.sensor.self_test).args[0] == 110
