"""The app on a board without parts: what the wearer sees and hears, when, and what the button does."""

from array import array

from fakes.board import FakeBoard, fresh_folder
from fakes.expect import raises, without_heap
from fakes.wearer import HOLD_CN, PRESS_CN, Wearer
from worn import FIRST_NOTE, PELVIS, UNSTABLE, journal, kinds, last, notes, played, ready, signals

from pulseblock import app, boards
from pulseblock.core import events
from pulseblock.journal import record
from pulseblock.signals import patterns

RUNTIMES = ("cpython", "micropython", "installed")


def test_a_session_is_shown_from_waiting_to_the_end_of_the_set():
    wearer = ready().presses(2).presses(1, pelvis_deg=9, stay_ms=400).hold(6000)
    board, _ = played(wearer)
    assert signals(board) == [
        patterns.READY,
        patterns.GOOD,
        patterns.GOOD,
        patterns.CUE | PELVIS,
        PELVIS,
        patterns.SET_END,
    ]
    assert board.lights[-1][1] == patterns.STEPS[0] or board.tones[-1][1] == 0


def test_while_nobody_holds_the_block_the_light_blinks_and_the_buzzer_is_silent():
    board, _ = played(Wearer().away(7000))
    assert {colour for _, colour in board.lights} == {patterns.DIM_WHITE, 0}
    assert board.tones == []


def test_the_light_follows_the_press():
    board, _ = played(ready().hold(1000).press(rise_ms=1000, stay_ms=300))
    rising = [colour & 255 for ms, colour in board.lights if 3000 < ms <= 4000]
    assert rising == sorted(rising)
    assert rising[0] < 60
    assert rising[-1] > 200


def test_a_verdict_is_signalled_within_100_ms_of_the_return():
    settings = '{"reference_cn": %d}' % PRESS_CN
    for return_ms in (150, 400, 1000, 2000):
        for wearer in (
            ready().presses(2, return_ms=return_ms),
            ready().presses(2, rise_ms=700, return_ms=return_ms),
        ):
            board, _ = played(wearer, settings)
            line = HOLD_CN + PRESS_CN * 75 // 100  # a quarter of the reference below the peak
            pressed = max(
                i for i, sample in enumerate(wearer.samples) if sample[1] > HOLD_CN + PRESS_CN * 9 // 10
            )
            back_ms = next(ms for ms, force, _, _, _ in wearer.samples[pressed:] if force <= line)
            verdicts = notes(board, FIRST_NOTE[patterns.GOOD], after_ms=back_ms)
            assert verdicts
            assert verdicts[0] - back_ms <= 100, (return_ms, verdicts[0] - back_ms)


def test_a_tilt_is_cued_within_50_ms_of_its_limit_while_the_press_goes_on():
    wearer = ready().presses(1).press(stay_ms=1200, pelvis_deg=10).hold(1000)
    board, _ = played(wearer)
    sine = 0.0698  # of the limit, 4 degrees
    crossed_ms = next(ms for ms, _, _, y, _ in wearer.samples if ms > 3500 and y > 8192 * sine)
    cues = notes(board, FIRST_NOTE[patterns.CUE | PELVIS])
    assert len(cues) == 1
    assert 0 <= cues[0] - crossed_ms <= 50, cues[0] - crossed_ms


def test_a_jolt_is_cued_within_50_ms():
    wearer = ready().presses(1).press(stay_ms=600, jolt_g=0.4).hold(1000)
    board, _ = played(wearer)
    began_ms = next(ms for ms, _, _, y, _ in wearer.samples if ms > 3500 and abs(y) > 983)
    cues = notes(board, FIRST_NOTE[patterns.CUE | UNSTABLE])
    assert cues
    assert 0 <= cues[0] - began_ms <= 50, cues[0] - began_ms


def test_what_the_end_of_a_return_adds_is_signalled_after_the_verdict():
    board, _ = played(ready().presses(1).press(floor=0).hold(200, force=0).hold(1500))
    assert signals(board) == [patterns.READY, patterns.GOOD, patterns.GOOD, patterns.FAULT + 6]
    assert last(board)["faults"] == events.CONTACT


def test_lateness_of_the_board_costs_no_event():
    # a batch of twelve samples a step, as from a FIFO
    wearer = ready().presses(3).hold(6000)
    board, running = played(wearer, per_step=12)
    assert running.logbook.reps == 3
    assert patterns.SET_END in signals(board)


def test_a_stall_longer_than_a_batch_is_worked_off_step_by_step():
    wearer = ready().presses(3).hold(6000)
    board, running = played(wearer, per_step=200)
    board.idle(running, 300)
    assert running.logbook.reps == 3


def test_muted_and_dark_outputs_stay_so():
    board, running = played(ready().presses(2), '{"sound": 0, "light_pct": 0}')
    assert board.tones == []
    assert {colour for _, colour in board.lights} <= {0}
    assert running.logbook.reps == 2


# Button


def hold_button(board, running, ms):
    board.down = True
    board.play(running, Wearer().hold(ms).samples)
    board.down = False
    board.play(running, Wearer().hold(100).samples)


def test_a_long_press_of_the_button_voids_the_last_rep_once():
    board, running = played(ready().presses(3))
    hold_button(board, running, 1200)
    assert patterns.VOID in signals(board)
    assert (last(board)["count"], last(board)["voids"]) == (2, 1)
    hold_button(board, running, 1200)
    assert (last(board)["count"], last(board)["voids"]) == (2, 1)
    running.interrupted()
    told = journal(board)
    voids = [body for kind, _, body in told if kind == record.VOID]
    starts = [ticks for kind, ticks, _ in told if kind == record.REP]
    assert voids == [(starts[2],)]


def test_a_short_press_of_the_button_ends_the_session():
    board, running = played(ready().presses(2))
    hold_button(board, running, 200)
    assert kinds(board)[-1] == record.SESSION_END
    assert journal(board)[-1][2] == (1, 2, 2, record.SESSION_CAUSES.index("button"))
    assert patterns.SESSION_END in signals(board)
    assert last(board)["sessions"] == 1


def test_presses_after_the_button_are_a_new_session():
    board, running = played(ready().presses(2))
    hold_button(board, running, 200)
    board.play(running, Wearer().hold(1500).presses(1).samples)
    running.interrupted()
    assert kinds(board).count(record.SESSION_START) == 2


def test_a_short_press_of_the_button_does_nothing_outside_a_session():
    board, running = played(ready())
    hold_button(board, running, 200)
    running.interrupted()
    assert kinds(board) == [record.BOOT]
    assert set(signals(board)) == {patterns.READY}


# Memory, boards


class Recorded(FakeBoard):
    """Measures what is in one array, so that nothing about the board allocates."""

    def record(self, samples):
        self._rows = array("i", [0] * (5 * len(samples)))
        for i in range(len(samples)):
            for j in range(5):
                self._rows[5 * i + j] = samples[i][j]
        self._row = 0

    def read(self, sample):
        if self._row == len(self._rows) or self._rows[self._row] > self.now:
            return False
        for j in range(5):
            sample[j] = self._rows[self._row + j]
        self._row += 5
        return True

    def light(self, red, green, blue):
        pass

    def tone(self, hz):
        self.sounding = hz

    def telemetry(self, frame):
        pass

    def run_to(self, running, ms):
        while self.now < ms:
            self.now += 10
            running.step()


def test_a_press_with_its_cue_and_its_verdict_allocates_nothing():
    wearer = ready().presses(2)
    began = wearer.ms
    wearer.press(pelvis_deg=9, stay_ms=400)
    board = Recorded()
    board.record(wearer.samples)
    board.listener = True
    running = app.start(board)
    board.run_to(running, began)
    without_heap(lambda: board.run_to(running, wearer.ms))
    assert running.player.signal == PELVIS


def test_the_board_file_names_the_board():
    folder = fresh_folder()
    with open(folder + "/board", "w") as file:
        file.write("no_such_board\n")
    raises(ImportError, boards.current, folder + "/board")
    raises(OSError, boards.current, folder + "/missing")
