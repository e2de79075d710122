"""The app on the real boards: from the sensors' registers to what is lit, sounded and kept."""

from fakes.bench import board_class
from fakes.expect import raises
from worn_board import PRESSES, Worn, session

from pulseblock.telemetry import unpack

RUNTIMES = ("cpython", "micropython", "installed")


def test_every_press_is_counted_on_every_board():
    for name in ("pico_fsr", "pico_hx711", "nano_rp2040"):
        bench = Worn(board_class(name), session())
        bench.live()
        assert bench.app.error == 0
        assert bench.app.logbook.reps + bench.app.logbook.open_rep == PRESSES, name
        assert bench.app.logbook.faults == 0
        assert bench.board.samples_lost == 0


def test_a_press_is_seen_and_heard():
    bench = Worn(board_class("pico_fsr"), session())
    red, buzzer = bench.chip.pwm[18], bench.chip.pwm[15]
    before = red.writes, buzzer.writes
    bench.live()
    assert red.writes - before[0] > 50
    assert buzzer.writes > before[1]


class Watcher:
    """Somebody at the USB port, to whom a frame goes in `_SENDING_US`."""

    _SENDING_US = 300

    def __init__(self, clock):
        self.frames = []  # when, and what
        self._clock = clock

    def listens(self):
        return True

    def send(self, frame):
        self._clock.us += self._SENDING_US
        self.frames.append((self._clock.us, unpack(frame)))


def test_watched_live_it_tells_more_than_20_times_a_second_and_loses_nothing_by_it():
    for name in ("pico_fsr", "pico_hx711", "nano_rp2040"):
        bench = Worn(board_class(name), session())
        watcher = bench.board.listener = Watcher(bench.clock)
        late_ms = []
        wait = bench.board.wait
        bench.board.wait = lambda wait=wait, told=late_ms, own=bench.board: wait() or told.append(own.late_ms)
        bench.live()
        first_us, last_us = watcher.frames[0][0], watcher.frames[-1][0]
        assert len(watcher.frames) * 1000000 // (last_us - first_us) > 20, name
        for (before_us, _), (then_us, _) in zip(watcher.frames, watcher.frames[1:]):
            assert then_us - before_us < 65000, name
        assert watcher.frames[-1][1][12] == PRESSES, name  # the count
        assert bench.board.samples_lost == 0
        assert max(late_ms[2:]) == 0, name
        assert bench.app.error == 0


def test_an_interrupt_leaves_the_board_dark_and_silent():
    bench = Worn(board_class("pico_fsr"), session())
    bench.live()
    bench.chip.interrupt_after = 3
    raises(KeyboardInterrupt, bench.board.run, bench.app)
    assert [channel.duty for channel in bench.chip.pwm.values()] == [0] * 4


def test_a_block_without_its_accelerometer_says_so_and_goes_on_when_it_is_back():
    bench = Worn(board_class("pico_fsr"), session())
    bench.parts.clear()
    for _ in range(100):
        bench.board.wait()
        bench.app.step()
    assert bench.app.error
    bench.parts[0x6A] = bench.imu
    for _ in range(300):
        bench.board.wait()
        bench.app.step()
    assert bench.app.error == 0
