"""Sleep, the watchdog and USB power: what saves the battery, and what must never hang or lose anything."""

from fakes.bench import FakeApp, board_class
from fakes.clock import SPRING_2026, FakeClock
from fakes.expect import raises, without_heap
from fakes.wearer import Wearer
from worn_board import LONGEST_NAP_MS, Sleeper, Worn

from pulseblock.app import App
from pulseblock.core.counter import AWAY
from pulseblock.drivers.sof import StartOfFrame
from pulseblock.rest import REST_MS, Rest
from pulseblock.signals import patterns

WRAP = 1 << 30
SLICE_MS = 250 + 2  # the processor wakes late, see `fakes.rp2040`


# when to sleep


def test_rest_is_due_a_minute_after_the_last_use():
    rest = Rest(0)
    rest.update(5000, True)
    rest.update(5000 + REST_MS - 1, False)
    assert not rest.is_due
    rest.update(5000 + REST_MS, False)
    assert rest.is_due
    rest.update(5001 + REST_MS, True)
    assert not rest.is_due


def test_rest_stays_due_for_longer_than_ticks_can_tell():
    rest = Rest(WRAP - 1000)
    for hours in range(0, 400):
        rest.update((WRAP - 1000 + hours * 3600000) % WRAP, False)
        assert rest.is_due == (hours > 0)


def test_a_block_that_lies_about_sleeps_after_a_minute_dark_and_silent():
    for kind in ("pico_fsr", "pico_hx711"):
        block = Sleeper(Wearer().away(1000).samples, kind)
        block.run_for(20000)
        assert 1000 <= block.sleeps_ms[0] <= 1500
        assert block.chip.slept_ms > 18000
        assert block.woken_ms == []


def test_a_block_that_is_held_stays_awake():
    block = Sleeper(Wearer().hold(1000).samples)
    block.run_for(5000)
    assert block.sleeps_ms == []


def test_after_a_session_it_sleeps_once_the_session_is_over():
    block = Sleeper(Wearer().away(500).hold(1500).presses(2).away(1000).samples)
    block.run_for(75000)
    assert block.app.logbook.sessions == 1
    left_ms = 500 + 1500 + 2 * 1700
    assert left_ms + 60000 < block.sleeps_ms[0] < left_ms + 70000


def test_on_usb_power_it_never_sleeps():
    block = Sleeper(Wearer().away(1000).samples)
    block.plugged = True
    block.run_for(5000)
    assert block.sleeps_ms == []


def asleep(**how):
    """A block that has just fallen asleep; run it on with `run_for`."""
    block = Sleeper(Wearer().away(1000).samples, **how)
    block.run_for(2000)
    assert block.sleeps_ms
    del block.sleeps_ms[:]
    return block


def test_motion_wakes_it_at_once_by_its_interrupt():
    block = asleep()
    block.asleep = lambda: block.imu.move(200) if len(block.sleeps_ms) == 5 else None
    began_ms = block.ms()
    block.run_for(5000)
    assert len(block.woken_ms) == 1
    assert block.woken_ms[0] - block.sleeps_ms[4] <= 5
    assert block.woken_ms[0] - began_ms > 1000


def test_motion_whose_interrupt_was_missed_wakes_it_too():
    block = asleep()
    block.imu.on_int1 = None
    block.asleep = lambda: block.imu.move(200) if len(block.sleeps_ms) == 5 else None
    block.run_for(5000)
    assert block.woken_ms[0] - block.sleeps_ms[4] <= SLICE_MS


def test_the_button_wakes_it():
    block = asleep()
    block.asleep = lambda: setattr(block, "down", len(block.sleeps_ms) == 3)
    block.run_for(5000)
    assert block.woken_ms[0] - block.sleeps_ms[2] <= SLICE_MS


def test_a_cable_wakes_it_and_keeps_it_awake():
    block = asleep()
    block.asleep = lambda: setattr(block, "plugged", len(block.sleeps_ms) == 3)
    block.run_for(5000)
    assert len(block.woken_ms) == 1
    assert len(block.sleeps_ms) == 3


def test_it_counts_at_once_after_it_woke():
    session = Wearer().hold(2000).presses(3).hold(1000).samples
    block = asleep()

    def take_up():
        if len(block.sleeps_ms) == 40:
            block.imu.move(200)
            block.worn = Wearer().away(1000).samples + session

    block.asleep = take_up
    block.run_for(40 * 250 + 12000)
    assert block.app.logbook.reps == 3
    assert block.app.error == 0


def test_sleep_is_no_failure_of_the_sensors():
    block = asleep()
    block.asleep = lambda: block.imu.move(200) if len(block.sleeps_ms) == 20 else None
    block.run_for(10000)
    assert block.app.error == 0
    assert block.board.samples_lost == 0
    assert block.app.counter.state == AWAY
    assert block.board.late_ms < 10


def test_it_wakes_every_six_hours_so_that_the_journal_knows_the_time():
    block = asleep()
    lightsleep = block.chip.lightsleep
    block.chip.lightsleep = lambda ms: lightsleep(20 * ms if ms > LONGEST_NAP_MS else ms)  # saves time
    block.run_for(6 * 3600000 + 10000)
    assert len(block.woken_ms) == 1
    assert abs(block.woken_ms[0] - 6 * 3600000) < 10000


def test_the_wall_clock_is_right_after_sleep():
    block = asleep(wall_s=SPRING_2026)
    block.asleep = lambda: block.imu.move(200) if len(block.sleeps_ms) == 4000 else None
    block.run_for(4000 * SLICE_MS + 1000)
    assert block.woken_ms
    assert abs(block.board.unix_s() - SPRING_2026 - block.ms() // 1000) <= 1


def test_a_wall_clock_that_nobody_set_is_left_alone():
    block = asleep()
    before = block.clock.time()
    block.asleep = lambda: block.imu.move(200) if len(block.sleeps_ms) == 400 else None
    block.run_for(400 * 250 + 1000)
    assert block.clock.time() - before <= 5


def test_without_an_accelerometer_to_wake_it_it_stays_awake():
    block = Sleeper(Wearer().away(1000).samples)
    block.run_for(500)
    block.parts.clear()
    block.run_for(3000)
    assert block.sleeps_ms == []
    assert block.app.error


def test_what_is_not_yet_on_flash_is_written_before_it_sleeps():
    block = Sleeper(Wearer().away(1000).samples)
    written = []
    journal = block.app._journal
    service = journal.service
    journal.service = lambda in_trough: written.append(block.ms()) or service(in_trough)
    block.asleep = lambda: written.append(-1)
    block.run_for(2000)
    before = written[written.index(-1) - 1]
    assert before >= block.sleeps_ms[0] - 100


def test_an_app_says_that_it_may_rest_only_when_its_last_signal_is_over():
    app = Worn(board_class("pico_fsr"), Wearer().away(1000).samples).app
    assert isinstance(app, App)
    app._rest.is_due = True
    app._rest.update = lambda now, in_use: None
    app._consider_rest(0)
    assert app.may_rest
    app.player.play(patterns.SESSION_END, 0)
    app._consider_rest(0)
    assert not app.may_rest


# the watchdog


def looped(block, app, steps):
    """Run the board's loop for so many steps of `app`; returns how it ended."""

    def step():
        app.steps_us.append(block.clock.us)
        if len(app.steps_us) == steps:
            raise KeyboardInterrupt

    app.step = step
    return raises(KeyboardInterrupt, block.board.run, app)


def test_on_battery_the_watchdog_looks_on_and_on_usb_it_does_not():
    block = Worn(board_class("pico_fsr"), Wearer().away(1000).samples)
    app = FakeApp(block.clock)
    fed = []
    app.interrupted = lambda: fed.append(block.chip.watchdog_fed_us)
    seen = []
    wait = block.board.wait

    def waiting():
        seen.append(block.chip.watchdog_fed_us >= 0)
        block.plugged = len(seen) > 100
        wait()

    block.board.wait = waiting
    looped(block, app, 200)
    assert seen[0] is False
    assert all(seen[1:101])
    assert not any(seen[102:])


def test_an_app_that_hangs_on_battery_is_reset():
    block = Worn(board_class("pico_fsr"), Wearer().away(1000).samples)
    app = FakeApp(block.clock)

    def hang():
        block.clock.us += 9000000
        block.chip.check_watchdog()

    app.step = hang
    failure = raises(AssertionError, block.board.run, app)
    assert "watchdog has reset" in str(failure)


def test_somebody_who_stops_the_app_is_not_reset_at_the_prompt():
    block = Worn(board_class("pico_fsr"), Wearer().away(1000).samples)
    looped(block, FakeApp(block.clock), 50)
    assert block.chip.watchdog_fed_us < 0


def test_an_app_that_fails_on_battery_is_reset_and_begins_again():
    block = Worn(board_class("pico_fsr"), Wearer().away(1000).samples)
    app = FakeApp(block.clock)

    def fail():
        if len(app.steps_us) == 50:
            raise MemoryError
        app.steps_us.append(0)

    app.step = fail
    raises(MemoryError, block.board.run, app)
    assert block.chip.watchdog_fed_us >= 0
    assert app.interruptions == 1


def test_a_board_that_cannot_tell_counts_as_plugged_in():
    class Blind(board_class("pico_fsr")):
        USB = None

    block = Worn(Blind, Wearer().away(1000).samples)
    assert block.board.is_plugged()
    assert block.board.battery_mv() == 0


# USB by its frames


class Frames:
    def __init__(self):
        self.number = 0

    def __getitem__(self, address):
        assert address == 0x50110048
        return self.number


def test_a_computer_is_heard_by_its_frames_and_missed_after_a_tenth_of_a_second():
    clock = FakeClock()
    frames = Frames()
    usb = StartOfFrame(frames, clock)
    for ms in range(0, 3000, 5):
        clock.sleep_ms(5)
        frames.number = (ms + 5) & 0x7FF
        assert usb.is_plugged()
    clock.sleep_ms(95)
    assert usb.is_plugged()
    clock.sleep_ms(5)
    assert not usb.is_plugged()
    frames.number += 1
    assert usb.is_plugged()


def test_asking_for_frames_allocates_nothing():
    usb = StartOfFrame(Frames(), FakeClock())
    assert without_heap(usb.is_plugged)


def test_the_nano_sleeps_when_no_computer_is_heard():
    block = Sleeper(Wearer().away(1000).samples, "nano_rp2040")
    block.run_for(2000)
    assert block.sleeps_ms
    block = Sleeper(Wearer().away(1000).samples, "nano_rp2040")
    block.chip.frame = block.ms
    block.run_for(2000)
    assert not block.sleeps_ms
