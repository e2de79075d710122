"""The app on a board without parts: what the wearer sees and hears, when, and what is kept of it."""

import os
import struct
from array import array

from fakes.board import FakeBoard, fresh_folder
from fakes.expect import raises, without_heap
from fakes.wearer import HOLD_CN, PRESS_CN, Wearer

from pulseblock import app, boards, telemetry
from pulseblock.core import events
from pulseblock.core.counter import PRESSING
from pulseblock.core.settings import Settings
from pulseblock.journal import record
from pulseblock.journal.journal import FULL
from pulseblock.signals import patterns

RUNTIMES = ("cpython", "micropython", "installed")

GRIP, PELVIS, UNSTABLE = patterns.FAULT, patterns.FAULT + 1, patterns.FAULT + 3
FIRST_NOTE = {
    signal: patterns.STEPS[signal & ~patterns.CUE][2] << (1 if signal & patterns.CUE else 0)
    for signal in (patterns.GOOD, GRIP, PELVIS, UNSTABLE, patterns.CUE | PELVIS, patterns.CUE | UNSTABLE)
}


def ready():
    """A wearer who has just held the block long enough."""
    return Wearer().away(500).hold(1500)


def played(wearer, settings=None, **how):
    """The board and the app after what `wearer` did."""
    board = FakeBoard()
    if settings is not None:
        put(board, "settings.json", settings)
    board.listener = True
    running = app.start(board)
    board.play(running, wearer.samples, **how)
    return board, running


def put(board, name, text):
    with open(board.files + "/" + name, "w") as file:
        file.write(text)


def signals(board):
    """The one-shots that a listener saw, in order."""
    seen = []
    for _, frame in board.frames:
        signal = fields(frame)["signal"]
        if signal >= patterns.READY and (not seen or seen[-1] != signal):
            seen.append(signal)
        elif signal < patterns.READY:
            seen.append(None)
    return [signal for signal in seen if signal]


def fields(frame):
    return dict(zip(telemetry.FIELDS, telemetry.unpack(frame)))


def fields_of(sent):
    return fields(sent[1])


def last(board):
    return fields_of(board.frames[-1])


def notes(board, hz, after_ms=0):
    """When the buzzer began to sound `hz`."""
    return [ms for ms, tone in board.tones if tone == hz and ms >= after_ms]


def journal(board):
    """The records on flash: (kind, ticks, body as a tuple); all reps have the kind REP."""
    records = []
    folder = board.files + "/journal"
    for name in sorted(os.listdir(folder)):
        if name[-4:] == ".pbj":
            with open(folder + "/" + name, "rb") as file:
                data = file.read()
            for at in range(record.HEADER_BYTES, len(data), record.RECORD_BYTES):
                kind, _, ticks = struct.unpack_from(record.HEAD, data, at)
                form = record.BODY[record.REP if kind >= record.REP else kind]
                body = struct.unpack_from(form, data, at + record.BODY_AT)
                records.append((kind, ticks & record.TICKS_MASK, body))
    return records


def kinds(board):
    return [kind for kind, _, _ in journal(board)]


# What the wearer sees and hears


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


# What is kept


def test_the_journal_tells_the_session():
    wearer = ready().presses(1).presses(1, pelvis_deg=9, stay_ms=400).hold(6000).away(61000)
    board, _ = played(wearer)
    told = journal(board)
    assert [kind for kind, _, _ in told] == [
        record.BOOT,
        record.SESSION_START,
        record.REP,
        record.SHAPE,
        record.REP | events.PELVIS,
        record.SHAPE,
        record.SET,
        record.DIAGNOSTICS,
        record.SESSION_END,
    ]
    ticks = [ticks for _, ticks, _ in told]
    assert ticks == sorted(ticks)
    assert told[6][2][:2] == (2, 1)  # reps, good ones among them
    assert told[8][2] == (1, 2, 1, record.SESSION_CAUSES.index("timeout"))


def test_handling_the_block_leaves_no_session():
    board, running = played(ready().away(62000))
    running.interrupted()
    assert kinds(board) == [record.BOOT]
    assert patterns.SESSION_END not in signals(board)


def test_a_firmer_hold_leaves_no_session():
    board, running = played(ready().hold(10000, HOLD_CN + 900))
    assert running.counter.hold_cn > HOLD_CN + 800  # it looked like a press, and was none
    running.interrupted()
    assert kinds(board) == [record.BOOT]


def test_a_rep_is_on_flash_before_the_next_press_and_nothing_is_written_in_a_press():
    board = FakeBoard()
    running = app.start(board)
    at_press = []

    def size():
        folder = board.files + "/journal/"
        return sum(os.stat(folder + name)[6] for name in os.listdir(folder))

    for sample in ready().presses(3).samples:
        was_pressing = running.counter.state == PRESSING
        before = size()
        board.now = 0
        board.play(running, [sample])
        if running.counter.state == PRESSING:
            assert size() == before
            if not was_pressing:
                at_press.append(before)
    header, first, second = at_press
    assert first - header == 3 * record.RECORD_BYTES  # the session's start, a rep and its shape
    assert second - first == 2 * record.RECORD_BYTES


def test_a_full_journal_is_signalled_and_counting_goes_on():
    board, running = played(ready().presses(1))
    running._journal.status = FULL
    board.play(running, Wearer().hold(500).presses(2).samples)
    assert last(board)["error"] == record.JOURNAL_FULL
    assert patterns.ERROR in signals(board)
    assert running.logbook.reps == 3


def test_the_worst_lateness_is_kept_with_the_session():
    board, running = played(ready().presses(1))
    for late_ms in (3, 120, 4):
        board.late_ms = late_ms
        running.step()
    board.late_ms = 0
    board.play(running, Wearer().presses(1).samples)
    running.interrupted()
    (lateness_ms, _, lost, _, _) = next(
        body for kind, _, body in journal(board) if kind == record.DIAGNOSTICS
    )
    assert (lateness_ms, lost) == (120, 0)


def test_diagnostics_are_kept_at_least_once_a_day():
    board, running = played(Wearer().away(200))
    for _ in range(48):
        board.now += 3600000
        board.play(running, Wearer().away(20).samples)
    diagnostics = [ticks for kind, ticks, _ in journal(board) if kind == record.DIAGNOSTICS]
    assert 2 <= len(diagnostics) <= 4
    assert max(later - earlier for earlier, later in zip(diagnostics, diagnostics[1:])) < 86400000


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


# Errors


def test_a_sensor_that_fails_in_a_press_is_signalled_recorded_and_survived():
    board, running = played(ready().presses(2).press(return_ms=10))
    board.broken = OSError(5, "sensor")
    board.idle(running, 1000)
    assert signals(board)[-1] == patterns.ERROR
    assert last(board)["error"] == events.SAMPLES_MISSING
    board.broken = None
    board.play(running, Wearer().hold(2500).presses(3).samples)
    assert last(board)["error"] == 0
    running.interrupted()
    errors = [body for kind, _, body in journal(board) if kind == record.ERROR]
    assert errors == [(events.SAMPLES_MISSING, 5), (0, 0)]
    assert running.logbook.reps == 5


def test_a_sensor_that_misses_a_moment_is_an_error_for_a_moment():
    board, running = played(ready().presses(1))
    board.broken = OSError(5, "sensor")
    board.idle(running, 100)
    board.broken = None
    board.play(running, Wearer().hold(700).presses(2).samples)
    running.interrupted()
    errors = [body for kind, _, body in journal(board) if kind == record.ERROR]
    assert errors == [(events.SAMPLES_MISSING, 5), (0, 0)]
    assert running.logbook.reps == 3


def test_a_sensor_that_falls_silent_is_an_error_too():
    board, running = played(ready().presses(1))
    board.idle(running, 400)
    assert last(board)["error"] == 0
    board.idle(running, 200)
    assert last(board)["error"] == events.SAMPLES_MISSING
    assert patterns.ERROR in signals(board)
    running.interrupted()
    assert (record.ERROR, (events.SAMPLES_MISSING, 0)) in [(kind, body) for kind, _, body in journal(board)]


def test_a_failed_sensor_is_not_asked_at_every_step():
    board, running = played(ready())
    asked = []
    board.broken = OSError(110, "sensor")
    answer = board.read
    board.read = lambda sample: asked.append(board.now) or answer(sample)
    board.idle(running, 2000)
    assert 8 <= len(asked) <= 11


def test_an_error_that_lasts_is_told_again_once_a_minute():
    board, running = played(ready())
    board.broken = OSError(5, "sensor")
    board.idle(running, 150000)
    assert signals(board).count(patterns.ERROR) == 3


def test_no_settings_are_the_defaults():
    settings = Settings()
    assert app.read_settings(settings, fresh_folder() + "/settings.json")
    assert settings.as_dict() == Settings().as_dict()


def test_settings_of_the_wearer_are_used():
    board = FakeBoard()
    put(board, "settings.json", '{"set_end_ms": 2000, "light_pct": 30}')
    running = app.start(board)
    board.listener = True
    board.play(running, ready().presses(1).hold(2500).samples)
    assert patterns.SET_END in signals(board)
    assert running.player.light_pct == 30


def test_bad_settings_are_an_error_signal_a_record_and_the_defaults():
    for text in (
        "",
        "{",
        "[1, 2]",
        "3",
        '{"set_end_ms": "soon"}',
        '{"set_end_ms": 2000, "no_such_setting": 1}',
        '{"rate_hz": 1000000000000}',
        '{"set_end_ms": 2000.5}',
        "[" * 4000,
        '{"set_end_ms": 2000}' + " " * 5000,
    ):
        board, running = played(ready().presses(2).hold(3000), text)
        assert signals(board)[0] == patterns.ERROR, text
        assert patterns.SET_END not in signals(board), text
        assert last(board)["error"] == record.SETTINGS_REFUSED, text
        assert running.logbook.reps == 2, text
        assert (record.ERROR, (record.SETTINGS_REFUSED, 0)) in [
            (kind, body) for kind, _, body in journal(board)
        ]


def test_settings_that_are_no_text_are_refused():
    board = FakeBoard()
    with open(board.files + "/settings.json", "wb") as file:
        file.write(b"\xff\xfe\x00{}")
    assert not app.read_settings(Settings(), board.files + "/settings.json")
    os.mkdir(board.files + "/folder.json")
    assert not app.read_settings(Settings(), board.files + "/folder.json")


def test_the_rate_is_the_boards_own():
    board = FakeBoard()
    board.rate_hz = 50
    put(board, "settings.json", '{"rate_hz": 200}')
    running = app.start(board)
    board.play(running, ready().presses(2).hold(500).samples[::2])
    assert running.logbook.reps == 2


def test_a_low_battery_is_told_once_and_again_every_minute():
    board, running = played(ready())
    board.percent, board.millivolts = 12, 3650
    board.play(running, Wearer().hold(150000).samples)
    assert signals(board).count(patterns.LOW_BATTERY) == 3
    running.interrupted()
    lows = [body for kind, _, body in journal(board) if kind == record.LOW_BATTERY]
    assert lows == [(3650, 12)]


def test_a_battery_that_is_not_measured_is_not_low():
    board, running = played(ready())
    board.percent, board.millivolts = -1, 0
    board.play(running, Wearer().hold(30000).samples)
    assert patterns.LOW_BATTERY not in signals(board)


def test_a_rep_is_judged_and_counted_while_an_error_lasts():
    board, running = played(ready().presses(3), '{"oops": 1}')
    assert running.logbook.reps == 3
    assert signals(board).count(patterns.GOOD) == 3


# Interruption


def test_an_interruption_leaves_outputs_quiet_and_everything_on_flash():
    board, running = played(ready().presses(2).press(return_ms=150).hold(60))
    running.interrupted()
    assert board.lights[-1][1] == 0
    assert not board.tones or board.tones[-1][1] == 0
    told = journal(board)
    assert [kind for kind, _, _ in told][-5:] == [
        record.REP,
        record.SHAPE,
        record.SET,
        record.DIAGNOSTICS,
        record.SESSION_END,
    ]
    assert told[-1][2] == (1, 3, 3, record.SESSION_CAUSES.index("interrupted"))


def test_a_ctrl_c_goes_through_wherever_it_hits():
    board, running = played(ready().presses(1))

    def interrupt(*_):
        raise KeyboardInterrupt

    for part in ("read", "light", "ticks_ms", "button", "telemetry"):
        whole = getattr(board, part)
        setattr(board, part, interrupt)
        raises(KeyboardInterrupt, board.play, running, Wearer().press().samples)
        setattr(board, part, whole)
        board._waiting.clear()
    running.interrupted()
    assert kinds(board)[-1] == record.SESSION_END


# Telemetry


def test_telemetry_goes_out_25_times_a_second_and_only_to_a_listener():
    board, running = played(Wearer().away(1000))
    board.frames.clear()
    board.play(running, Wearer().away(4000).samples)
    assert 98 <= len(board.frames) <= 101
    board.listener = False
    board.frames.clear()
    board.play(running, Wearer().away(1000).samples)
    assert board.frames == []
    board.listener = True
    board.play(running, Wearer().away(40).samples)
    assert len(board.frames) == 1  # and no burst for the time nobody listened


def test_a_frame_says_what_is_going_on():
    board, _ = played(ready().presses(2).press(rise_ms=400, stay_ms=300, return_ms=10, pelvis_deg=9))
    frame = next(fields(frame) for ms, frame in board.frames if ms >= 5200 and fields(frame)["cues"])
    assert frame["cues"] == events.PELVIS
    assert frame["state"] == PRESSING
    assert frame["count"] == frame["verdicts"] == frame["reps"] == 2
    assert frame["faults"] == 0
    assert frame["press_pct"] > 80
    assert abs(frame["force_cn"] - HOLD_CN - PRESS_CN) < 100
    assert frame["sagittal_cdeg"] > 400
    assert frame["signal"] == patterns.CUE | PELVIS
    assert (frame["red"] << 16 | frame["green"] << 8 | frame["blue"]) in (patterns.ORANGE, 0)
    assert frame["error"] == 0


def test_a_rep_counts_from_its_verdict_on():
    board, _ = played(ready().presses(2))
    for number in (1, 2):
        assert next(f for f in map(fields_of, board.frames) if f["verdicts"] == number)["count"] == number
        assert next(f for f in map(fields_of, board.frames) if f["reps"] == number)["count"] == number


def test_cues_are_those_of_the_press_that_goes_on():
    board, _ = played(ready().presses(1, pelvis_deg=9, stay_ms=400).presses(1))
    told = [f for f in map(fields_of, board.frames) if f["state"] == PRESSING]
    assert [f for f in told if f["reps"] == 0 and f["cues"] == events.PELVIS]
    assert {f["cues"] for f in told if f["reps"] == 1} == {0}


def test_a_frame_has_its_documented_size_and_another_is_refused():
    board, _ = played(Wearer().away(100))
    assert len(board.frames[0][1]) == telemetry.SIZE == struct.calcsize(telemetry.LAYOUT)
    assert len(telemetry.FIELDS) == len(telemetry.unpack(bytes(telemetry.SIZE)))
    raises(ValueError, telemetry.unpack, b"")
    raises(ValueError, telemetry.unpack, bytes(telemetry.SIZE + 1))


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
