"""Every board's file against the RP2040's pins, and the hardware that is put together from it."""

import json
import os
import sys

from fakes.bench import NOWHERE, Bench, FakeApp, board_class
from fakes.clock import FakeClock
from fakes.expect import raises, without_heap
from fakes.hung_i2c import FakeHungBus
from fakes.rp2040 import FakeRP2040

from pulseblock import boards
from pulseblock.hardware import Hardware
from pulseblock.journal.record import BOOT_CAUSES
from pulseblock.parts import PARTS, adjusted


def real_boards():
    """The classes of all boards of the package that have hardware."""
    path = boards.__path__ if isinstance(boards.__path__, str) else boards.__path__[0]
    names = sorted(name[:-3] for name in os.listdir(path) if name.endswith(".py") and name[0] != "_")
    return [board_class(name) for name in names if name != "virtual"]


def pins_of(kind):
    """Every pin that the board's file names, each as often as it does."""
    pins = []
    for name in PARTS:
        for key, value in (getattr(kind, name) or {}).items():
            if key in ("adc", "scl", "sda", "int1", "dout", "pd_sck", "red", "green", "blue", "pin"):
                pins.append(value)
    return pins


class Listener:
    """Somebody at the USB port."""

    def __init__(self):
        self.frames = []
        self.wants = True
        self.send = self.frames.append

    def listens(self):
        return self.wants


def test_there_are_the_boards_that_there_should_be():
    names = [kind.name for kind in real_boards()]
    for name in ("pico_fsr", "pico_hx711", "nano_rp2040"):
        assert name in names


def test_every_board_carries_the_name_of_its_file():
    for kind in real_boards():
        assert board_class(kind.name) is kind


def test_every_board_keeps_the_rules_of_its_pins():
    """The fake processor refuses an ADC, PWM or I2C where there is none."""
    for kind in real_boards():
        pins = pins_of(kind)
        assert len(set(pins)) == len(pins)
        bench = Bench(kind)
        bench.run_for(1000)
        assert bench.samples


def test_the_buzzer_never_changes_the_frequency_of_a_light():
    for kind in real_boards():
        bench = Bench(kind)
        for hz in (440, 0, 2000):
            bench.board.light(255, 128, 64)
            bench.board.tone(hz)


def test_a_buzzer_beside_a_light_is_found_out():
    class Wrong(board_class("pico_fsr")):
        pass

    Wrong.BUZZER = {"pin": 21}  # the slice of 20
    board = Bench(Wrong).board
    raises(AssertionError, board.tone, 440)


def test_pins_that_cannot_do_it_are_found_out():
    pico = board_class("pico_fsr")
    imu = dict(pico.ACCELEROMETER)
    for part, values in (
        ("FORCE", {"part": "FSR", "adc": 25, "r_ohm": 1000, "plate": 16}),
        ("BUTTON", {"pin": 15}),
        ("ACCELEROMETER", dict(imu, i2c=1)),
        ("ACCELEROMETER", dict(imu, scl=4, sda=5)),
        ("ACCELEROMETER", dict(imu, scl=7)),
    ):

        class Wrong(pico):
            pass

        setattr(Wrong, part, values)
        raises(AssertionError, lambda kind=Wrong: Bench(kind).run_for(10))


def test_every_board_delivers_samples_at_its_rate():
    for kind in real_boards():
        bench = Bench(kind)
        bench.run_for(3000)
        assert 3000 * bench.board.rate_hz // 1000 - 30 < len(bench.samples)
        assert 50 <= bench.board.rate_hz <= 200
        assert bench.board.samples_lost == 0
        for _, force_cn, _, _, z in bench.samples:
            assert force_cn > 100
            assert z == 8192


def test_every_board_with_a_light_lights_up():
    for kind in real_boards():
        if not kind.LIGHT or kind.LIGHT["part"] == "WS2812":
            continue
        bench = Bench(kind)
        bench.board.light(255, 255, 255)
        lit = [pin for pin, channel in bench.chip.pwm.items() if channel.duty]
        assert lit
        bench.board.light(0, 0, 0)
        assert not [pin for pin, channel in bench.chip.pwm.items() if channel.duty]


def test_every_board_with_a_buzzer_sounds():
    for kind in real_boards():
        if not kind.BUZZER:
            continue
        bench = Bench(kind)
        bench.board.tone(2000)
        assert bench.chip.pwm[kind.BUZZER["pin"]].hz == 2000
        assert bench.chip.pwm[kind.BUZZER["pin"]].duty
        bench.board.tone(0)
        assert not bench.chip.pwm[kind.BUZZER["pin"]].duty


def test_the_button_is_told():
    bench = Bench(board_class("pico_fsr"))
    assert not bench.board.button()
    bench.down = True
    assert bench.board.button()


def test_the_battery_is_told_where_there_is_one():
    bench = Bench(board_class("pico_fsr"))
    assert abs(bench.board.battery_mv() - 3800) < 30
    assert 40 <= bench.board.battery_pct() <= 50
    bench = Bench(board_class("nano_rp2040"))
    assert bench.board.battery_mv() == 0
    assert bench.board.battery_pct() == -1


def test_on_usb_power_there_are_no_millivolts_of_a_cell():
    bench = Bench(board_class("pico_fsr"))
    known = bench.board.battery_pct()
    bench.plugged = True
    assert bench.board.battery_mv() == 0
    assert bench.board.battery_pct() == known


def test_who_and_when_it_is():
    bench = Bench(board_class("pico_fsr"))
    assert bench.board.unique_id == bench.chip.unique_id()
    assert bench.board.ticks_ms() == bench.clock.ticks_ms()
    assert bench.board.unix_s() == 0  # nobody has set the clock


def test_the_force_is_looked_at_as_often_as_it_is_worth():
    bench = Bench(board_class("pico_fsr"))
    bench.run_for(2000)
    assert 190 <= bench.outside[26].reads // 16 <= 215
    bench = Bench(board_class("pico_hx711"))
    bench.run_for(2000)
    assert bench.board.sampler._force_period_us == 0  # each conversion, whenever it comes


def test_the_sensors_are_looked_after_at_each_step_and_a_load_cell_twice():
    for name, looks in (("pico_fsr", 1), ("pico_hx711", 2)):
        bench = Bench(board_class(name))
        bench.run_for(100)
        ticks = []
        bench.board.sampler.tick = lambda ticks=ticks, clock=bench.clock: ticks.append(clock.us)
        for _ in range(20):
            bench.tick()
        assert len(ticks) == 20 * looks
        assert max(later - earlier for earlier, later in zip(ticks, ticks[1:])) < 9600 // looks + 700


def test_why_it_booted():
    for cause, scratch4, told in ((1, 0, "power"), (3, 0x6AB73121, "watchdog"), (3, 0, "reset")):
        chip = FakeRP2040(FakeClock(), {}, {}, cause)
        chip.scratch4 = scratch4
        board = board_class("pico_fsr")(chip, chip.clock, NOWHERE)
        assert BOOT_CAUSES[board.boot_cause] == told


def test_a_watchdog_that_has_bitten_is_told_once():
    """A soft reset, as a sync ends with, leaves the cause of the reset before it as it is."""

    def boots(before):
        chip = FakeRP2040(FakeClock(), {}, {}, 3)
        chip.scratch4 = before
        board = board_class("pico_fsr")(chip, chip.clock, NOWHERE)
        return chip, board._watchdog, BOOT_CAUSES[board.boot_cause]

    chip, watchdog, cause = boots(0x6AB73121)
    assert cause == "watchdog"
    chip, watchdog, cause = boots(chip.scratch4)
    assert cause == "reset"
    watchdog.feed()
    watchdog.stop()
    chip, watchdog, cause = boots(chip.scratch4)
    assert cause == "reset"
    watchdog.feed()  # and bites
    assert boots(chip.scratch4)[2] == "watchdog"


def test_telemetry_goes_to_the_listener():
    bench = Bench(board_class("pico_fsr"))
    assert not bench.board.listening()
    listener = Listener()
    bench.board.listener = listener
    assert bench.board.listening()
    bench.board.telemetry(b"frame")
    assert listener.frames == [b"frame"]
    listener.wants = False
    assert not bench.board.listening()


def test_reading_allocates_nothing():
    for kind in real_boards():
        bench = Bench(kind)
        bench.run_for(1000)

        def second(bench=bench):
            for _ in range(200):
                bench.board.wait()
                while bench.board.read(bench.sample):
                    pass
                bench.board.light(1, 2, 3)
                bench.board.tone(0)
                bench.board.button()
                bench.board.is_plugged()
                bench.board.battery_pct()

        second()
        without_heap(second)


# failures


def test_a_missing_accelerometer_is_an_os_error_until_it_is_there():
    bench = Bench(board_class("pico_fsr"), missing=("imu",))
    for _ in range(3):
        raises(OSError, bench.board.read, bench.sample)
    bench.parts[0x6A] = bench.imu
    bench.run_for(1000)
    assert len(bench.samples) > 80


def test_a_missing_load_cell_is_an_os_error_until_it_is_there():
    bench = Bench(board_class("pico_hx711"))
    bench.cell.connected = False
    raises(OSError, bench.board.read, bench.sample)
    bench.cell.connected = True
    bench.run_for(1000)
    assert len(bench.samples) > 70


def test_after_a_loose_wire_sampling_goes_on_and_what_was_lost_is_still_counted():
    bench = Bench(board_class("pico_fsr"))
    bench.run_for(1000)
    bench.clock.sleep_ms(500)  # a stall that costs samples
    bench.run_for(500)
    lost = bench.board.samples_lost
    assert lost > 30
    bench.imu.spoil = {bench.imu.taken + 3: 0x10}
    bench.run_for(500)
    assert bench.board.samples_lost >= lost + 3
    bench.clock.sleep_ms(7000)  # an overrun
    bench.run_for(500)
    assert bench.board.samples_lost >= lost + 4
    lost = bench.board.samples_lost
    bench.chip.i2c.dead = True
    raises(OSError, bench.run_for, 1000)
    before = len(bench.samples)
    bench.run_for(1000)
    assert len(bench.samples) - before > 80
    assert bench.board.samples_lost >= lost


def test_a_bus_hung_by_a_reset_is_freed_before_it_is_used():
    bench = Bench(board_class("pico_fsr"))
    hung = FakeHungBus(bench.clock, [0, 1, 0, 0])
    bench.outside[5] = hung.scl
    bench.outside[4] = hung.sda
    bench.run_for(200)
    assert hung.free()
    assert bench.samples


# the loop


def looped(bench, idles, slow_us=0):
    app = FakeApp(bench.clock)
    app.slow_us = slow_us
    bench.chip.interrupt_after = idles
    raises(KeyboardInterrupt, bench.board.run, app)
    return app


def test_the_loop_steps_the_app_about_104_times_a_second():
    bench = Bench(board_class("pico_fsr"))
    app = looped(bench, 10000)
    assert abs(len(app.steps_us) * 1000000 // bench.clock.us - 104) <= 1


def test_an_interrupt_gets_through_and_the_app_is_told_once():
    app = looped(Bench(board_class("pico_fsr")), 50)
    assert app.interruptions == 1


def test_an_app_that_fails_is_left_safe_too():
    bench = Bench(board_class("pico_fsr"))
    app = FakeApp(bench.clock)

    def fails():
        raise MemoryError

    app.step = fails
    raises(MemoryError, bench.board.run, app)
    assert app.interruptions == 1


def test_missed_ticks_are_not_made_up_for_and_lateness_is_told():
    bench = Bench(board_class("pico_fsr"))
    bench.board.wait()
    bench.clock.sleep_ms(50)
    bench.board.wait()
    assert 39 <= bench.board.late_ms <= 51
    begin_us = bench.clock.us
    for _ in range(10):
        bench.board.wait()
    assert bench.clock.us - begin_us >= 9 * 9600
    assert bench.board.late_ms == 0


# a block's own values


def written(text):
    name = "parts-test.json"
    with open(name, "w") as file:
        file.write(text)
    return name


def with_parts(text):
    name = written(text)
    try:
        return adjusted(board_class("pico_hx711"), name)
    finally:
        os.remove(name)


def test_without_a_parts_file_the_board_is_as_its_file_says():
    kind = board_class("pico_hx711")
    parts = adjusted(kind, NOWHERE)
    assert parts == {name: getattr(kind, name) for name in PARTS}


def test_a_parts_file_changes_what_it_names_and_nothing_else():
    parts = with_parts(json.dumps({"FORCE": {"tare": -81234}, "ACCELEROMETER": {"axes": "-y +x +z"}}))
    assert parts["FORCE"]["tare"] == -81234
    assert parts["FORCE"]["counts_per_n"] == 4380
    assert parts["ACCELEROMETER"]["axes"] == "-y +x +z"
    assert board_class("pico_hx711").FORCE["tare"] == 0


def test_a_parts_file_that_makes_no_sense_is_refused_and_says_why():
    for text, why in (
        ("{", "not JSON"),
        ("[]", "no part"),
        ("3", "no part"),
        ('{"SPEED": {}}', "'SPEED' is no part"),
        ('{"FORCE": 3}', "'FORCE' is no part"),
        ('{"FORCE": {"tar": 3}}', "'tar' cannot be 3"),
        ('{"FORCE": {"tare": "3"}}', "'tare' cannot be '3'"),
        ('{"FORCE": {"tare": null}}', "'tare' cannot be None"),
        ('{"BUTTON": {"pin": 3}}', "'pin' cannot be 3"),
        ('{"ACCELEROMETER": {"rate_hz": 52}}', "'rate_hz' cannot be 52"),
        ('{"FORCE": {"part": "FSR"}}', "'part' cannot be 'FSR'"),
        ("[" * 4000, "not JSON"),
        ('{"FORCE": {"tare": ' + "1" * 5000 + "}}", "not JSON"),
    ):
        error = str(raises(ValueError, with_parts, text))
        assert "parts-test.json" in error
        assert why in error


# a new board


NEW_BOARD = """
from pulseblock.hardware import Hardware


class Board(Hardware):
    name = "my_board"
    ACCELEROMETER = {
        "part": "LIS3DH", "i2c": 1, "scl": 3, "sda": 2, "int1": 7, "rate_hz": 100, "axes": "-y +x +z",
    }
    FORCE = {"part": "FSR", "adc": 27, "r_ohm": 2200, "plate": 10}
    LIGHT = {"part": "WS2812", "pin": 8, "pixels": 2}
    BUZZER = {"pin": 21}
"""


def folder_of_boards():
    """Where a further board's file can be put, for this run only."""
    if isinstance(boards.__path__, str):
        return boards.__path__
    from tempfile import mkdtemp

    boards.__path__.append(mkdtemp(prefix="pulseblock-board-"))
    return boards.__path__[-1]


def test_a_new_board_is_a_new_file_and_no_other_change():
    folder = folder_of_boards()
    path = folder + "/my_board.py"
    with open(path, "w") as file:
        file.write(NEW_BOARD)
    try:
        bench = Bench(board_class("my_board"))
        bench.run_for(1000)
        assert len(bench.samples) > 80
        bench.board.light(0, 255, 0)
        bench.clock.sleep_ms(1)
        assert bench.outside[8].colours == [(0, 255, 0)] * 2
        assert not bench.board.button()
        assert bench.board.battery_pct() == -1
    finally:
        os.remove(path)
        if not isinstance(boards.__path__, str):
            boards.__path__.remove(folder)
            os.rmdir(folder)
        sys.modules.pop("pulseblock.boards.my_board", None)


def test_hardware_without_a_part_is_silent_about_it():
    class Bare(Hardware):
        name = "bare"
        ACCELEROMETER = board_class("pico_fsr").ACCELEROMETER
        FORCE = board_class("pico_fsr").FORCE

    board = Bench(Bare).board
    board.light(1, 2, 3)
    board.tone(440)
    assert not board.button()
    assert board.battery_mv() == 0
