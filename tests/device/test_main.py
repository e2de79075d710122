"""Starting and stopping a real block: the held button, values that cannot be used, and Ctrl-C."""

import os
from struct import unpack_from

from fakes.bench import Bench, board_class
from fakes.board import FakeBoard
from fakes.expect import raises
from fakes.wearer import Wearer
from worn import RunBoard, kinds, main_on, records
from worn_board import PRESSES, Worn, session

from pulseblock import app
from pulseblock.journal import record
from pulseblock.parts import own
from pulseblock.signals import patterns

PARTS_FILE = "parts-test.json"


# safe boot


def test_with_the_button_held_the_app_does_not_start_and_says_why():
    board = RunBoard()
    board.down = True
    (line,) = main_on(board)
    assert "button" in line
    assert " runs" not in line
    assert board.app is None
    assert "journal" not in os.listdir(board.files)


def test_a_contact_that_bounces_at_power_on_is_no_button_held():
    bench = Bench(board_class("pico_fsr"))
    up_us = 0
    bench.outside[14]._level = lambda: 1 if bench.clock.us >= up_us else 0
    for down_ms, held in ((0, False), (1, False), (45, False), (60, True), (10000, True)):
        begin_us = bench.clock.us
        up_us = begin_us + 1000 * down_ms
        assert bench.board.held() == held
        assert bench.clock.us - begin_us < 100000


def test_a_board_without_a_button_starts():
    class Bare(board_class("pico_fsr")):
        BUTTON = None

    assert not Bench(Bare).board.held()


# a block's own values that cannot be used


class WithParts(Worn):
    """A worn board with its own `text` in the parts file."""

    def __init__(self, text, kind="pico_fsr"):
        with open(PARTS_FILE, "w") as file:
            file.write(text)
        try:
            super().__init__(board_class(kind), session(), parts_file=PARTS_FILE)
        finally:
            os.remove(PARTS_FILE)


BAD = (
    "{",
    '{"FORCE": {"plate": 1000}}',
    '{"FORCE": {"r_ohm": 5}}',
    '{"FORCE": {"pins": 3}}',
    '{"ACCELEROMETER": {"axes": "+x +y +y"}}',
    '{"BATTERY": {"divider": 0}}',
)


def test_with_bad_values_the_block_counts_on_by_those_of_its_board():
    block = WithParts(BAD[1])
    assert block.board.parts == own(block.board)
    block.live()
    assert block.app.logbook.reps + block.app.logbook.open_rep == PRESSES


def test_bad_values_are_an_error_in_force_and_in_the_journal():
    for text in BAD:
        block = WithParts(text)
        assert block.board.parts_error
        assert block.board.parts == own(block.board)
        for _ in range(20):
            block.board.wait()
            block.app.step()
        assert block.app.error == record.PARTS_REFUSED
        block.app.interrupted()
        errors = [one[record.BODY_AT] for one in records(block.board) if one[0] == record.ERROR]
        assert errors == [record.PARTS_REFUSED]


def test_the_error_of_bad_values_is_heard():
    block = WithParts(BAD[0])
    heard = []
    tone = block.board.tone
    block.board.tone = lambda hz: heard.append(hz) or tone(hz)
    for _ in range(20):
        block.board.wait()
        block.app.step()
    assert heard == [patterns.STEPS[patterns.ERROR][2]]


def test_bad_values_say_what_is_wrong():
    assert "plate" in WithParts(BAD[1]).board.parts_error
    assert "axes" in WithParts(BAD[4]).board.parts_error
    assert "not JSON" in WithParts(BAD[0]).board.parts_error


def test_good_values_are_used():
    block = WithParts('{"FORCE": {"plate": 20}, "ACCELEROMETER": {"axes": "+x +y +z"}}')
    assert not block.board.parts_error
    assert block.board.parts["FORCE"]["plate"] == 20
    block.live()
    assert block.app.error == 0


def test_a_load_cell_takes_its_tare():
    block = WithParts('{"FORCE": {"tare": -4380}}', "pico_hx711")
    block.live()
    assert not block.board.parts_error
    assert block.app.force_cn >= 100  # a newton more than there is


def test_of_bad_parts_and_bad_settings_both_are_recorded():
    board = FakeBoard()
    board.parts_error = "parts.json: no"
    with open(board.files + "/settings.json", "w") as file:
        file.write("{")
    running = app.start(board)
    running.step()
    running.interrupted()
    assert kinds(board).count(record.ERROR) == 2
    assert running.error == record.SETTINGS_REFUSED


# Ctrl-C


def test_an_interrupt_gets_through_wherever_it_comes():
    for idles in range(2, 60, 7):
        block = Worn(board_class("pico_fsr"), Wearer().away(500).samples)
        block.chip.interrupt_after = idles
        raises(KeyboardInterrupt, block.board.run, block.app)
        assert [channel.duty for channel in block.chip.pwm.values()] == [0] * 4


def test_an_interrupt_in_the_middle_of_a_reading_gets_through():
    block = Worn(board_class("pico_fsr"), session())
    block.live()

    def interrupted(_register, _buffer):
        raise KeyboardInterrupt

    block.imu.read = interrupted
    raises(KeyboardInterrupt, block.board.run, block.app)
    assert kinds(block.board)[-1] == record.SESSION_END


# samples that were lost


def test_an_overrun_in_a_session_is_told_in_the_journal():
    wearer = Wearer().away(500).hold(2000).presses(2).hold(9000).presses(1)
    block = Worn(board_class("pico_fsr"), wearer.samples)
    step = block.app.step

    def stalling():
        if not stalled and block.clock.us > 7000000:
            stalled.append(True)
            block.clock.sleep_ms(6000)  # longer than the FIFO holds
        step()

    stalled = []
    block.app.step = stalling
    block.live()
    block.app.interrupted()
    assert block.board.sampler.accelerometer.overruns
    (diagnostics,) = [one for one in records(block.board) if one[0] == record.DIAGNOSTICS]
    lateness_ms, _, lost, _, _, _ = unpack_from(record.BODY[record.DIAGNOSTICS], diagnostics, record.BODY_AT)
    assert lost > 0
    assert lateness_ms > 5000
