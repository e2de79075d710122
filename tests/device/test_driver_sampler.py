"""From two sensors with clocks of their own to samples of one time."""

from array import array

from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.i2c import FakeI2C
from fakes.lsm6dsox import FakeLSM6DSOX
from fakes.pins import FakePin

from pulseblock.drivers.axes import Axes
from pulseblock.drivers.edge import Edge
from pulseblock.drivers.force_track import LOST, WAIT, ForceTrack
from pulseblock.drivers.lsm6dsox import LSM6DSOX
from pulseblock.drivers.sample_clock import SampleClock
from pulseblock.drivers.sampler import Sampler

TICK_US = 4800
WRAP = 1 << 30


def since(t, origin):
    return (t - origin + WRAP // 2) % WRAP - WRAP // 2


# the sensor's clock


def timed(true_mhz, asked_after_us, seconds=30, start_us=WRAP - 5000000):
    """Time samples of a sensor at ``true_mhz``; returns the clock and the errors, us, after 10 s.

    ``asked_after_us``: how long after each fourth sample the FIFO is asked, over and over.
    """
    clock = SampleClock(104)
    taken, asked, errors = 0, 0, []
    while taken < seconds * true_mhz // 1000:
        now = (taken + 4) * 1000000000 // true_mhz + asked_after_us[asked % len(asked_after_us)]
        asked += 1
        waiting = now * true_mhz // 1000000000 - taken
        clock.observe(waiting, (start_us + now) % WRAP)
        for _ in range(waiting):
            taken += 1
            truth = start_us + taken * 1000000000 // true_mhz
            error = since(clock.take(), truth % WRAP)
            if taken > 10 * true_mhz // 1000:
                errors.append(error)
    return clock, errors


def test_times_are_true_within_a_millisecond_whatever_the_sensors_rate():
    for true_mhz in (97000, 100500, 104000, 105300, 111000):
        _, errors = timed(true_mhz, (100, 4100, 900, 2600, 300, 3700))
        assert max(abs(error) for error in errors) < 1000


def test_the_sensors_rate_is_measured():
    for true_mhz in (97000, 104000, 111000):
        clock, _ = timed(true_mhz, (100, 4100, 900, 2600, 300, 3700))
        assert abs(clock.rate_mhz - true_mhz) < true_mhz // 2000
        assert abs(clock.drift_ppm - (true_mhz - 104000) * 1000 // 104) < 500


def test_questions_that_come_late_do_not_bend_the_time():
    _, errors = timed(104700, (50,) * 40 + (60000, 200000))
    assert max(abs(error) for error in errors) < 1000


def test_late_interrupts_and_early_questions_prove_what_they_can():
    clock = SampleClock(104)
    clock.observe(4, 40000)
    clock.witness(4, 90000)  # the interrupt was held up; that proves nothing new
    assert abs(clock.take() - (40000 - 3 * 9615)) <= 1
    clock.witness(3, 39000)  # but the sample was there at 39 ms
    assert abs(clock.take() - (39000 - 2 * 9615)) <= 1


def test_after_a_loss_time_is_found_again_and_the_rate_is_kept():
    clock, _ = timed(107000, (100, 4100, 900, 2600))
    rate = clock.rate_mhz
    now_us = (clock.take() + 3000000 - WRAP) % WRAP
    clock.restart()
    clock.observe(10, now_us)
    times = [clock.take() for _ in range(10)]
    assert abs(times[-1] - now_us) <= 1
    assert clock.rate_mhz == rate


# force at any moment


def test_force_between_two_readings_is_on_the_line_through_them():
    track = ForceTrack()
    track.put(1000, 100)
    track.put(11000, 200)
    track.put(21000, 0)
    assert [track.at(t) for t in (1000, 11000, 21000)] == [100, 200, 0]
    assert abs(track.at(6000) - 150) <= 1
    assert abs(track.at(16000) - 100) <= 1


def test_force_waits_for_the_reading_after():
    track = ForceTrack()
    assert track.at(0) == WAIT
    track.put(1000, 100)
    assert track.at(1001) == WAIT
    track.put(2000, 100)
    assert track.at(1001) == 100


def test_what_is_forgotten_is_no_force():
    track = ForceTrack()
    track.put(1000, 100)
    track.put(2000, 100)
    track.clear()
    assert track.at(1500) == WAIT


def test_no_force_is_invented_in_a_gap_or_before_the_first_reading():
    track = ForceTrack()
    track.put(1000, 100)
    track.put(101001, 100)
    assert track.at(500) == LOST
    assert track.at(50000) == LOST
    track.put(201001, 100)
    assert track.at(150000) == 100


def test_the_track_remembers_half_a_second_and_no_more():
    track = ForceTrack()
    for reading in range(200):
        track.put(reading * 9600, reading)
    assert abs(track.at(150 * 9600 + 4800) - 150) <= 1
    assert track.at(100 * 9600) == LOST


def test_force_over_the_wrap_of_the_ticks():
    track = ForceTrack()
    track.put(WRAP - 5000, 100)
    track.put(5000, 200)
    assert abs(track.at(0) - 150) <= 1


def test_the_steepest_force_does_not_overflow():
    track = ForceTrack()
    track.put(0, 0)
    track.put(100000, 65535)
    assert abs(track.at(99999) - 65535) < 20


# both


class FakeForce:
    """A force that grows by 1 cN a millisecond; a new reading every ``period_us``, 0: always."""

    def __init__(self, clock, period_us=0, delay_us=0):
        self.DELAY_US = delay_us
        self.silent = False
        self.reads = 0
        self._clock = clock
        self._period_us = period_us
        self._next_us = 0

    def ready(self):
        return not self.silent and self._clock.us >= self._next_us

    def read(self):
        assert self.ready(), "read before it was ready"
        self.reads += 1
        if self._period_us:
            self._next_us = (self._clock.us // self._period_us + 1) * self._period_us
        return (self._clock.us - self.DELAY_US) // 1000


class Bench:
    """A block's sensors, looked after every 4.8 ms as the main loop does."""

    def __init__(
        self,
        drift_ppm=0,
        force_us=0,
        delay_us=0,
        force_period_us=9600,
        interrupt=True,
        start_ms=1000,
        start_us=2000,
    ):
        self.clock = FakeClock(start_ms, start_us)
        self.part = FakeLSM6DSOX(self.clock, drift_ppm=drift_ppm)
        self.i2c = FakeI2C(self.clock, {0x6A: self.part})
        int1 = FakePin(self.part.int1)
        self.part.on_int1 = int1.rise
        edge = Edge(int1, self.clock)
        sensor = LSM6DSOX(self.i2c, self.clock, Axes("+x +y +z"), int1)
        self.force = FakeForce(self.clock, force_us, delay_us)
        edge = edge if interrupt else None
        self.sampler = Sampler(sensor, self.force, self.clock, 104, force_period_us, edge)
        self.start_ms = start_ms
        self.sample = array("i", [0] * 5)
        self.samples = []
        self.delays_ms = []

    def tick(self):
        self.clock.sleep_us(TICK_US - self.clock.us % TICK_US)
        self.sampler.tick()
        while self.sampler.read(self.sample):
            self.samples.append(tuple(self.sample))
            self.delays_ms.append(since(self.clock.ticks_ms(), self.sample[0]))

    def run_for(self, ms):
        end_us = self.clock.us + 1000 * ms
        while self.clock.us < end_us:
            self.tick()


def numbers(samples):
    """Which of the accelerometer's samples these are."""
    return [sample[2] for sample in samples]


def test_every_accelerometer_sample_comes_once_with_nothing_between():
    bench = Bench()
    bench.run_for(5000)
    seen = numbers(bench.samples)
    assert seen == list(range(seen[0], seen[0] + len(seen)))
    assert all(y == -x and z == 8192 for _, _, x, y, z in bench.samples)
    assert bench.part.taken - seen[-1] < 8
    assert bench.sampler.lost == 0


def test_the_force_is_read_as_often_as_there_are_samples():
    bench = Bench()
    bench.run_for(2000)
    bench.clock.sleep_ms(2000)  # a stall is no reason for a burst
    bench.run_for(2000)
    assert 400 <= bench.force.reads <= 420


def test_the_force_is_that_of_the_sample():
    """The force fake counts milliseconds, so each sample says itself when it was measured."""
    for options in ({}, {"force_us": 12500, "force_period_us": 0, "delay_us": 25000}, {"drift_ppm": 30000}):
        bench = Bench(**options)
        bench.run_for(12000)
        for t_ms, force_cn, _, _, _ in bench.samples[200:]:
            assert abs(since(t_ms, bench.start_ms) - force_cn) <= 2


def worst_ms(bench, first):
    """The greatest error of the times from the ``first``-th sample on; a tick's own is up to 1.5 ms."""
    on_us, period_us = bench.part._on_us, bench.part._period_us()
    worst = 0
    for t_ms, _, number, _, _ in bench.samples[first:]:
        worst = max(worst, abs(since(t_ms, bench.start_ms) - (on_us + number * period_us) / 1000))
    return worst


def test_the_time_is_that_of_the_sample():
    for drift_ppm in (-40000, 0, 1000, 25000, 50000):
        bench = Bench(drift_ppm=drift_ppm)
        bench.run_for(8000)
        assert worst_ms(bench, 0) < 11
        assert worst_ms(bench, 500) < 1.6


def test_intervals_are_even():
    for drift_ppm in (-40000, 0, 25000):
        bench = Bench(drift_ppm=drift_ppm)
        bench.run_for(8000)
        samples = bench.samples[500:]
        even_ms = bench.part._period_us() / 1000
        for before, after in zip(samples, samples[1:]):
            assert abs(since(after[0], before[0]) - even_ms) < 1.1


def test_without_the_interrupt_times_are_good_to_one_tick():
    for drift_ppm in (-40000, 1000, 25000):
        bench = Bench(drift_ppm=drift_ppm, interrupt=False)
        bench.run_for(8000)
        assert worst_ms(bench, 200) < 1.5 + TICK_US / 1000


def test_times_rise():
    for drift_ppm in (-50000, -30000, 30000, 50000, 80000):
        bench = Bench(drift_ppm=drift_ppm)
        bench.run_for(4000)
        for before, after in zip(bench.samples, bench.samples[1:]):
            assert 0 < since(after[0], before[0]) < 25


def test_a_sample_is_there_within_50_ms():
    for options in ({}, {"force_us": 12500, "force_period_us": 0, "delay_us": 25000}):
        bench = Bench(**options)
        bench.run_for(5000)
        assert max(bench.delays_ms[100:]) < 50


def test_a_time_never_comes_twice():
    sampler = Bench().sampler
    t_ms = sampler._to_ms(50000)
    assert sampler._to_ms(50100) == t_ms + 1
    assert sampler._to_ms(49000) == t_ms + 2


def test_ticks_that_wrap_change_nothing():
    bench = Bench(start_ms=WRAP - 3000, start_us=WRAP - 2000000)
    bench.run_for(6000)
    seen = numbers(bench.samples)
    assert seen == list(range(seen[0], seen[0] + len(seen)))
    for t_ms, force_cn, _, _, _ in bench.samples[200:]:
        assert abs(since(t_ms, bench.start_ms) - force_cn) <= 2


def test_a_stall_too_short_to_matter_loses_nothing():
    bench = Bench()
    bench.run_for(1000)
    bench.clock.sleep_ms(80)
    bench.run_for(1000)
    seen = numbers(bench.samples)
    assert seen == list(range(seen[0], seen[0] + len(seen)))
    assert bench.sampler.lost == 0


def test_samples_of_a_longer_stall_are_dropped_and_counted_not_invented():
    bench = Bench()
    bench.run_for(1000)
    bench.clock.sleep_ms(1000)
    bench.run_for(1000)
    seen = numbers(bench.samples)
    assert len(set(seen)) == len(seen)
    assert seen[-1] - seen[0] + 1 - len(seen) == bench.sampler.lost
    assert 90 <= bench.sampler.lost <= 110
    for t_ms, force_cn, _, _, _ in bench.samples[10:]:
        assert abs(since(t_ms, bench.start_ms) - force_cn) <= 12


def test_an_overrun_leaves_a_gap_in_time_and_is_reported():
    bench = Bench()
    bench.run_for(1000)
    bench.clock.sleep_ms(8000)
    bench.run_for(2000)
    assert bench.sampler.accelerometer.overruns == 1
    bench.run_for(5000)
    assert worst_ms(bench, len(bench.samples) - 200) < 2.1
    assert abs(bench.sampler.clock.drift_ppm) < 500


def test_interrupts_that_were_lost_do_no_harm():
    bench = Bench()
    bench.run_for(3000)
    rise, bench.part.on_int1 = bench.part.on_int1, None
    bench.run_for(1000)
    bench.part.on_int1 = rise
    bench.run_for(1000)
    assert worst_ms(bench, 250) < 1.6


def test_a_spoiled_transfer_leaves_the_other_samples_at_their_times():
    bench = Bench()
    bench.run_for(3000)
    spoiled = bench.part.taken + 10
    bench.part.spoil = {spoiled: 0x10}
    bench.run_for(1000)
    assert spoiled not in numbers(bench.samples)
    assert bench.sampler.accelerometer.spoiled == 4
    assert worst_ms(bench, 250) < 1.6


def test_a_silent_force_sensor_is_an_os_error():
    bench = Bench()
    bench.run_for(1000)
    bench.force.silent = True
    start_us = bench.clock.us
    assert raises(OSError, bench.run_for, 5000).args[0] == 110
    assert bench.clock.us - start_us < 600000


def test_a_silent_accelerometer_is_an_os_error():
    bench = Bench()
    bench.run_for(1000)
    bench.part.silent = True
    start_us = bench.clock.us
    assert raises(OSError, bench.run_for, 5000).args[0] == 110
    assert bench.clock.us - start_us < 700000


def test_sampling_starts_again_after_a_pause():
    bench = Bench()
    bench.run_for(1000)
    bench.sampler.accelerometer.wake_on_motion()
    bench.clock.sleep_ms(60000)
    bench.samples.clear()
    bench.sampler.start()
    bench.run_for(3000)
    assert bench.sampler.accelerometer.overruns == 0
    assert bench.sampler.lost == 0
    assert len(bench.samples) > 300
    assert worst_ms(bench, 0) < 6


def test_readings_from_before_a_pause_are_not_taken_for_new_ones():
    """A pause of 2^30 us, 18 minutes, after which the microsecond ticks look as if none had passed."""
    bench = Bench()
    bench.run_for(1000)
    bench.sampler.accelerometer.power_down()
    bench.clock.sleep_us(WRAP - 150000)
    bench.samples.clear()
    bench.sampler.start()
    bench.force.silent = True
    bench.run_for(60)
    assert not bench.samples
    bench.force.silent = False
    bench.run_for(500)
    assert bench.samples
    for t_ms, force_cn, _, _, _ in bench.samples:
        assert abs(since(t_ms, bench.start_ms) - force_cn) <= 12


def test_sampling_allocates_nothing():
    bench = Bench()
    bench.run_for(2000)
    seen = [0]

    def second():
        for _ in range(200):
            bench.clock.sleep_us(TICK_US)
            bench.sampler.tick()
            while bench.sampler.read(bench.sample):
                seen[0] += 1

    without_heap(second)
    assert seen[0] > 90
