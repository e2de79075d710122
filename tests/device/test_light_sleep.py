"""Naps between two steps of a training on battery: they save the cell, and cost no sample and no signal."""

from fakes.bench import Bench, board_class
from fakes.clock import SPRING_2026, FakeClock
from fakes.expect import without_heap
from fakes.rp2040 import FakeRP2040
from fakes.wearer import Wearer
from worn_board import Sleeper

from pulseblock.light_sleep import LightSleep

PRESSES = 4


def awake(samples, kind="pico_fsr", **how):
    """A block that will not sleep for a minute."""
    block = Sleeper(samples, kind, **how)
    block.app._rest.restart(block.board.ticks_ms())
    return block


def training(kind, plugged=False):
    """A block that somebody has trained with."""
    wearer = Wearer().away(1500).hold(2000).presses(PRESSES).hold(1000)
    block = awake(wearer.samples, kind)
    block.plugged = plugged
    block.chip.frame = lambda: block.ms() if plugged else 0
    block.run_for(wearer.ms)
    return block


def test_in_training_on_battery_the_processor_naps_and_counts_all_the_same():
    for kind in ("pico_fsr", "pico_hx711", "nano_rp2040"):
        block = training(kind)
        assert block.naps > 100, kind
        assert not block.sleeps_ms
        assert block.app.logbook.reps + block.app.logbook.open_rep == PRESSES
        assert block.app.logbook.faults == 0
        assert block.app.error == 0


def test_naps_cost_no_sample_and_make_no_step_late():
    for kind in ("pico_fsr", "pico_hx711"):
        block = awake(Wearer().hold(1000).samples, kind)
        steps_us = []
        step = block.app.step
        block.app.step = lambda step=step, us=steps_us, clock=block.clock: us.append(clock.us) or step()
        block.run_for(6000)
        assert block.naps > 100
        assert block.board.samples_lost == 0
        for last, this in list(zip(steps_us, steps_us[1:]))[100:]:
            assert abs(this - last - 9600) < 2000


def test_a_dark_and_silent_block_naps_for_half_of_its_time():
    block = Sleeper(Wearer().hold(1000).away(500).samples)
    block.run_for(2000)
    block.chip.slept_ms = 0
    block.run_for(20000)
    assert block.chip.slept_ms > 10000


def test_a_light_or_a_tone_keeps_it_awake():
    block = Sleeper(Wearer().hold(1000).samples)
    block.run_for(1500)
    feedback = block.app._feedback
    show = feedback.show
    for output in (lambda: block.board.light(0, 30, 0), lambda: block.board.tone(2000)):
        feedback.show = lambda counter, now, output=output: output()
        block.run_for(100)
        before = block.naps
        block.run_for(1000)
        assert block.naps == before
        block.board.light(0, 0, 0)
        block.board.tone(0)
        feedback.show = show
        block.run_for(1000)
        assert block.naps > before


def test_on_usb_power_it_never_naps():
    for kind in ("pico_fsr", "nano_rp2040"):
        block = training(kind, plugged=True)
        assert block.naps == 0
        assert block.app.logbook.reps + block.app.logbook.open_rep == PRESSES


def test_from_the_moment_it_is_plugged_in_it_naps_no_more():
    block = Sleeper(Wearer().away(1000).samples)
    block.run_for(500)
    assert block.naps
    before = block.naps
    block.plugged = True  # the processor's fake fails a sleep on USB power
    block.run_for(1000)
    assert block.naps == before


def test_the_wall_clock_is_right_after_a_training_with_naps():
    wearer = Wearer().away(1500).hold(2000).presses(20).hold(1000)
    block = awake(wearer.samples, wall_s=SPRING_2026)
    block.run_for(wearer.ms)
    assert block.naps
    assert abs(block.clock.time() - SPRING_2026 - block.ms() // 1000) <= 1


def test_the_wall_clock_is_right_whenever_the_board_is_asked():
    block = awake(Wearer().away(1000).samples, wall_s=SPRING_2026)
    told = []
    step = block.app.step

    def asking():
        step()
        told.append((block.board.unix_s() - SPRING_2026, block.ms() // 1000))

    block.app.step = asking
    block.run_for(5000)
    assert len(told) > 400
    assert all(abs(shown - passed) <= 1 for shown, passed in told)


def test_after_a_plug_the_wall_clock_is_right_again():
    block = awake(Wearer().away(1000).samples, wall_s=SPRING_2026)
    read = []
    step = block.app.step

    def plugging():
        step()
        block.plugged = len(read) > 300
        read.append((block.clock.time() - SPRING_2026, block.ms() // 1000))

    block.app.step = plugging
    block.run_for(5000)
    shown, passed = read[-1]
    assert abs(shown - passed) <= 1
    shown, passed = read[299]
    assert shown < passed  # else this test would show nothing


def test_the_wall_clock_is_right_a_fortnight_later():
    """Ticks wrap after 12 days."""
    clock = FakeClock()
    clock.set_wall(SPRING_2026)
    sleeper = LightSleep(FakeRP2040(clock, {}, {}), clock)
    for _ in range(14 * 48):
        clock.sleep_ms(1800000 - 1000)
        sleeper.set_clock()
    sleeper.sleep(14 * 48 * 1000)
    sleeper.set_clock()
    assert abs(clock.time() - SPRING_2026 - 14 * 24 * 3600) <= 1


def test_the_button_is_felt_through_naps():
    wearer = Wearer().away(500).hold(2000).presses(2).hold(2000)
    block = awake(wearer.samples)
    seen = []
    step = block.app.step

    def pressing():
        block.down = wearer.ms - 1500 < block.ms() < wearer.ms - 1300
        step()
        seen.append(block.app.logbook.in_session)

    block.app.step = pressing
    block.run_for(wearer.ms)
    assert True in seen
    assert not seen[-1]


def test_an_interrupt_that_ends_no_nap_and_is_seen_late_costs_no_sample():
    """In light sleep the pins have no clock: an edge may be noticed only afterwards."""
    wearer = Wearer().away(1500).hold(2000).presses(PRESSES).hold(1000)
    block = awake(wearer.samples)
    lightsleep = block.chip.lightsleep
    rising = []

    def deaf(ms):
        interrupt = block.chip.interrupt
        block.chip.interrupt = rising.append
        lightsleep(ms)
        block.chip.interrupt = interrupt
        while rising:
            interrupt(rising.pop())

    block.chip.lightsleep = deaf
    block.run_for(wearer.ms)
    assert block.naps > 100
    assert block.app.logbook.reps + block.app.logbook.open_rep == PRESSES
    assert block.app.logbook.faults == 0
    assert block.board.samples_lost == 0
    assert block.app.error == 0


def test_what_is_too_short_a_time_is_no_nap():
    chip = FakeRP2040(FakeClock(), {}, {})
    sleeper = LightSleep(chip, chip.clock)
    for us in (0, 500, 2000, 2999):
        assert not sleeper.nap(us)
    assert chip.slept_ms == 0
    before = chip.clock.us
    assert sleeper.nap(9600)
    assert 8000 <= chip.clock.us - before <= 8000 + 2000


def test_a_lightsleep_that_returns_at_once_is_no_harm():
    block = awake(Wearer().away(1000).samples)
    block.chip.lightsleep = lambda ms: block.clock.sleep_us(400)  # as MicroPython 1.24 did with Wi-Fi
    steps = []
    step = block.app.step
    block.app.step = lambda: steps.append(block.clock.us) or step()
    block.run_for(1000)
    assert abs(len(steps) - 104) <= 2


def test_napping_allocates_nothing():
    bench = Bench(board_class("pico_fsr"))
    bench.run_for(100)
    bench.board._on_battery = True
    naps = [0]

    def lightsleep(ms):
        naps[0] += 1
        bench.clock.sleep_ms(ms)

    bench.chip.lightsleep = lightsleep
    wait = bench.board.wait
    wait()
    without_heap(wait)
    assert naps[0] == 2


def test_a_common_anode_is_dark_with_its_pins_full():
    """A common anode is dark with its pins full: that is no PWM either."""
    kind = board_class("pico_fsr")

    class Anode(kind):
        pass

    Anode.LIGHT = dict(kind.LIGHT, common_anode=True)
    block = awake(Wearer().away(1000).samples, Anode)
    block.run_for(1000)
    assert block.naps
