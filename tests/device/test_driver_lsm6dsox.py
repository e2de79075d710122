"""LSM6DSOX against its data sheet."""

from fakes.accelerometer import STRAIGHT, AccelerometerBench
from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.i2c import FakeI2C
from fakes.lsm6dsox import FakeLSM6DSOX

from pulseblock.drivers.axes import Axes
from pulseblock.drivers.lsm6dsox import LSM6DSOX, SELF_TEST_MG


def Bench(axes=STRAIGHT, **options):
    return AccelerometerBench(LSM6DSOX, FakeLSM6DSOX, 0x6A, axes, **options)


def test_an_absent_part_is_an_os_error():
    clock = FakeClock()
    raises(OSError, LSM6DSOX, FakeI2C(clock, {}), clock, STRAIGHT)


def test_another_part_at_the_address_is_named():
    clock = FakeClock()
    i2c = FakeI2C(clock, {0x6A: FakeLSM6DSOX(clock, identity=0x69)})
    error = raises(OSError, LSM6DSOX, i2c, clock, STRAIGHT)
    assert error.args[0] == 19
    assert "WHO_AM_I at address 0x6A is 0x69, not 0x6C" in error.args[1]


def test_the_other_address_can_be_chosen():
    clock = FakeClock()
    i2c = FakeI2C(clock, {0x6B: FakeLSM6DSOX(clock)})
    LSM6DSOX(i2c, clock, STRAIGHT, address=0x6B)


def test_a_part_that_stays_in_reset_times_out():
    clock = FakeClock()
    part = FakeLSM6DSOX(clock)
    part.stuck_in_reset = True
    error = raises(OSError, LSM6DSOX, FakeI2C(clock, {0x6A: part}), clock, STRAIGHT)
    assert error.args[0] == 110
    assert clock.us < 50000


def test_it_is_off_until_started():
    bench = Bench()
    assert bench.part.current() == "off"
    assert bench.sensor.poll() == 0


def test_samples_come_out_once_each_in_order():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(500)
    seen = bench.drain()
    bench.run_for(300)
    seen += bench.drain()
    first = seen[0][0]
    assert [x for x, _, _ in seen] == list(range(first, first + len(seen)))
    assert all(y == -x and z == 8192 for x, y, z in seen)
    assert 80 <= len(seen) <= 84


def test_samples_of_the_settling_filter_are_not_delivered():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(100)
    assert bench.drain()[0][0] > 3


def test_every_rate_is_what_it_says():
    for rate_hz in (52, 104, 208):
        bench = Bench()
        bench.sensor.start(rate_hz)
        bench.run_for(1000)
        assert abs(len(bench.drain()) - rate_hz) <= 1


def test_one_g_is_8192():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(100)
    assert bench.drain()[0][2] == 8192


def test_samples_arrive_on_the_axes_of_the_block():
    bench = Bench(Axes("-y +x +z"))
    bench.sensor.start()
    bench.run_for(100)
    x, y, z = bench.drain()[0]
    assert x == y > 0
    assert z == 8192


def test_int1_rises_at_the_watermark_and_falls_when_the_fifo_is_read():
    bench = Bench()
    bench.sensor.start(104, watermark=4)
    waited = 0
    while not bench.sensor.due():
        bench.run_for(1)
        waited += 1
    assert 29 <= waited <= 40
    assert bench.sensor.poll() == 4
    bench.sensor.read_batch(bench.batch)
    assert not bench.sensor.due()


def test_a_watermark_beyond_a_byte():
    bench = Bench()
    bench.sensor.start(104, watermark=300)
    bench.run_for(2800)
    assert not bench.sensor.due()
    bench.run_for(200)
    assert bench.sensor.due()


def test_without_int1_a_batch_is_always_worth_asking_for():
    clock = FakeClock()
    sensor = LSM6DSOX(FakeI2C(clock, {0x6A: FakeLSM6DSOX(clock)}), clock, STRAIGHT)
    assert sensor.due()


def test_a_batch_is_no_longer_than_asked_and_the_rest_waits():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(300)
    waiting = bench.sensor.poll()
    assert waiting > 16
    assert bench.sensor.read_batch(bench.batch) == 16
    assert bench.sensor.left == waiting - 16


def test_an_empty_fifo_is_not_read():
    bench = Bench()
    bench.sensor.start()
    assert bench.sensor.poll() == 0
    assert bench.sensor.read_batch(bench.batch) == 0


def test_an_overrun_is_reported_once_and_the_newest_512_are_kept():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(6000)
    seen = bench.drain()
    assert bench.sensor.overrun
    assert bench.sensor.overruns == 1
    assert 512 <= len(seen) <= 520  # some came while it was read
    assert seen[-1][0] - seen[0][0] == len(seen) - 1
    bench.run_for(50)
    bench.drain()
    assert not bench.sensor.overrun
    assert bench.sensor.overruns == 1


def test_a_fifo_that_is_just_full_has_lost_nothing():
    bench = Bench()
    bench.sensor.start()
    while bench.part.taken < 512 + 4:  # the first ones were not kept
        bench.run_for(1)
        bench.part.int1()
    assert bench.sensor.poll() == 512
    assert not bench.sensor.overrun


def test_five_seconds_of_stall_lose_nothing():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(4900)
    assert len(bench.drain()) >= 508
    assert bench.sensor.overruns == 0


def test_a_batch_with_a_wrong_tag_is_dropped_and_counted():
    gyroscope, wrong_parity = 0x09, 0x10
    for tag in (gyroscope, wrong_parity, 0x00, 0xFF):
        bench = Bench()
        bench.sensor.start()
        bench.run_for(150)
        first = bench.drain()[-1][0] + 1
        bench.part.spoil = {first + 2: tag}
        bench.run_for(40)
        bench.sensor.poll()
        assert bench.sensor.read_batch(bench.batch) == 0
        assert bench.sensor.spoiled >= 3
        bench.run_for(40)
        assert bench.drain()[0][0] == first + bench.sensor.spoiled


def test_every_time_slot_has_its_parity():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(2000)
    bench.drain()
    assert bench.sensor.spoiled == 0


def test_reading_allocates_nothing():
    bench = Bench(Axes("-y +x +z"))
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


def test_a_sample_costs_about_160_us_of_bus_time():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(100)
    bench.drain()
    start_us, transfers = bench.clock.us, bench.i2c.transfers
    bench.run_for(1000)
    for _ in range(25):
        bench.sensor.left = 4
        bench.sensor.read_batch(bench.batch)
    assert bench.i2c.transfers - transfers == 25
    assert (bench.clock.us - start_us - 1000000) // 100 < 210


def test_a_bus_that_dies_is_an_os_error():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(100)
    bench.i2c.dead = True
    raises(OSError, bench.sensor.poll)


def test_starting_again_begins_with_an_empty_fifo():
    bench = Bench()
    bench.sensor.start()
    bench.run_for(1000)
    assert bench.sensor.poll() > 90
    bench.sensor.start()
    assert bench.sensor.left == 0
    assert bench.sensor.poll() <= 1


def test_bad_settings_are_named():
    bench = Bench()
    assert str(raises(ValueError, bench.sensor.start, 100)).startswith("rate_hz: 100")
    for watermark in (0, -1, 512):
        assert str(raises(ValueError, bench.sensor.start, 104, watermark)).startswith("watermark:")
    for threshold_mg in (31, 1969, -1):
        assert str(raises(ValueError, bench.sensor.wake_on_motion, threshold_mg)).startswith("threshold_mg:")


def test_the_ends_of_the_ranges_are_good():
    bench = Bench()
    for watermark in (1, 511):
        bench.sensor.start(104, watermark)
    for threshold_mg in (32, 1968):
        bench.sensor.wake_on_motion(threshold_mg)
        bench.part.move(threshold_mg - 32)
        assert not bench.sensor.woke()
        bench.part.move(threshold_mg + 1)
        assert bench.sensor.woke()


def test_motion_raises_int1_until_it_is_asked_about():
    bench = Bench()
    bench.sensor.start()
    bench.sensor.wake_on_motion(100)
    assert bench.part.current() == "low power"
    assert bench.part.rate_hz() == 26
    assert not bench.sensor.due()
    bench.run_for(1000)
    bench.part.move(80)
    assert not bench.sensor.due()
    bench.part.move(140)
    assert bench.sensor.due()
    assert bench.sensor.woke()
    assert not bench.sensor.due()
    assert not bench.sensor.woke()


def test_gravity_at_the_first_sample_is_no_motion():
    bench = Bench()
    rises = []
    bench.part.on_int1 = lambda: rises.append(bench.clock.us)
    bench.sensor.wake_on_motion()
    bench.run_for(2000)
    assert not bench.sensor.due()
    assert not bench.sensor.woke()
    assert not rises


def test_after_waking_it_samples_as_before():
    bench = Bench()
    bench.sensor.wake_on_motion()
    bench.part.move(500)
    bench.sensor.start()
    bench.run_for(100)
    assert bench.part.current() == "high performance"
    assert len(bench.drain()) >= 9


def test_power_down():
    bench = Bench()
    bench.sensor.start()
    bench.sensor.power_down()
    assert bench.part.current() == "off"


def test_a_sound_part_passes_its_self_test():
    bench = Bench(self_test_mg=(300, -250, 420))
    changes = bench.sensor.self_test()
    for change, due in zip(changes, (300, 250, 420)):
        assert abs(change - due) <= 2
        assert SELF_TEST_MG[0] <= change <= SELF_TEST_MG[1]
    assert bench.part.current() == "off"


def test_the_self_test_can_be_asked_for_at_any_time():
    for before in (LSM6DSOX.start, LSM6DSOX.wake_on_motion, LSM6DSOX.power_down):
        bench = Bench(self_test_mg=(300, -250, 420))
        before(bench.sensor)
        assert abs(bench.sensor.self_test()[2] - 420) <= 2


def test_the_limits_of_the_self_test_are_the_data_sheets():
    assert SELF_TEST_MG == (50, 1700)


def test_a_stuck_axis_fails_its_self_test():
    bench = Bench(self_test_mg=(300, 0, 420))
    assert bench.sensor.self_test()[1] < SELF_TEST_MG[0]


def test_a_self_test_without_samples_times_out():
    bench = Bench()
    bench.part.silent = True
    assert raises(OSError, bench.sensor.self_test).args[0] == 110
