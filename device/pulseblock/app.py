"""The firmware's app: what is due at each tick of the board's clock, in one plain step function.

    board's sensors -> counter -> event -> signals (light, buzzer), logbook (journal), telemetry

The app never waits and owns no loop: a board calls `App.step` at least as often as its sensors give
samples, and `App.interrupted` when somebody stops the program.
"""

import os
from array import array

from micropython import const

from pulseblock import __version__, boards, recording
from pulseblock.alerts import Alerts
from pulseblock.button import LONG, SHORT, Button
from pulseblock.core import events
from pulseblock.core.counter import AWAY, PRESSING, Counter
from pulseblock.core.settings import Settings
from pulseblock.guide.training import RESTING, Guide
from pulseblock.journal import record
from pulseblock.journal.files import Files
from pulseblock.journal.journal import Journal
from pulseblock.logbook import Logbook
from pulseblock.power import Rest
from pulseblock.signals import patterns
from pulseblock.signals.player import Player
from pulseblock.stored import read_program, read_settings, update_object
from pulseblock.telemetry import Telemetry
from pulseblock.ticks import ticks_add, ticks_diff

_BATCH = const(64)  # samples a step takes at most, so that outputs are served after a long stall too
_SILENCE_MS = const(500)  # no sample for so long is a failure
_RETRY_MS = const(200)  # between attempts at a sensor that failed, whose time-outs cost
_READS_TO_TRUST = const(2)  # by the second the counter has seen the gap and says itself when it is over
_SERVE_MS = const(15)  # between looks at what may wait for a step or two: every second step of a real board
_WATCH_MS = const(100)  # between looks at what is not urgent
_DIAGNOSE_MS = const(43200000)  # twice a day at least, by which the journal can tell each wrap of the ticks

SETTINGS = "/settings.json"
PROGRAM = "/program.json"
CALIBRATE = "/calibrate"  # a file: whoever puts it there has the app begin with a calibration

_TIMEOUT = const(1)  # of record.SESSION_CAUSES
_BUTTON = const(2)
_INTERRUPTED = const(3)


class App:
    """The app on a board, its settings read and its journal begun.

    ``settings_refused`` says that the wearer's own settings, or program, could not be used.
    ``program`` is the `guide.program.Program` to guide the wearer through, None for none.

    ``may_rest``: nobody uses the block.  A board that can sleep calls `rest` then, sleeps, and calls `wake`.

    ``verdicts`` is how many were given, ``faults`` are those of the last one, and ``cues`` those cued in the
    press that goes on.

    ``calibration`` is the calibration that goes on or was the last, None before the first.
    """

    def __init__(self, board, settings, journal, settings_refused=False, program=None):
        settings.set("rate_hz", board.rate_hz)
        self._board = board
        self._settings = settings
        self._journal = journal
        self._button = Button()
        self._sample = array("i", [0] * 5)
        self._telemetry = Telemetry(board)
        self._recording = recording.start(board, journal)
        self.counter = Counter(settings)
        self.player = Player(settings.light_pct, settings.sound)
        self.logbook = Logbook(journal, settings)
        now = board.ticks_ms()
        self.guide = Guide(program, now)
        self.calibration = None
        self._calibrating = None
        self._sampled_ms = self._tried_ms = now
        self._diagnosed_ms = now
        self._watched_ms = ticks_add(now, -_WATCH_MS)
        self._served_ms = ticks_add(now, -_SERVE_MS)
        self._failing = 0  # reads still to succeed before the sensors are believed again
        self._counter_error = events.OK
        self._alerts = Alerts(board, journal, self.player, now)
        if board.parts_error:
            self._alerts.refuse(now, record.PARTS_REFUSED)
        if settings_refused:
            self._alerts.refuse(now, record.SETTINGS_REFUSED)
        self._late_ms = 0
        self._tone = 0
        self.verdicts = 0
        self.faults = 0
        self.cues = 0
        self._open_rep = 0  # 1 from a rep's verdict until it is final
        self._down = False
        self._rest = Rest(now)
        self.may_rest = False

    def step(self):
        """Do what is due now; takes no longer than the sensors' and the flash's own time."""
        board = self._board
        now = board.ticks_ms()
        if board.late_ms > self._late_ms:
            self._late_ms = board.late_ms
        # every second step does, but for the rhythm of a signal
        if ticks_diff(now, self._served_ms) < _SERVE_MS and not self.player.is_playing:
            return
        self._served_ms = now
        self._sense(now)
        self._heed_button(now)
        if self._calibrating or self.guide.program:
            self._guide(now)
        if ticks_diff(now, self._watched_ms) >= _WATCH_MS:
            self._watched_ms = now
            self._alerts.watch(now, self._is_pressing())
            self._consider_rest(now)
            if ticks_diff(now, self._diagnosed_ms) >= _DIAGNOSE_MS:
                self._diagnose(now)
        self._show(now)
        in_trough = not self._is_pressing()
        self._journal.service(in_trough)
        if self._recording:
            self._recording.service(now, self._is_in_use(), in_trough)
        self._telemetry.send(now, self)

    def rest(self):
        """Before the board sleeps: outputs quiet, journal on flash."""
        self._board.light(0, 0, 0)
        self._board.tone(0)
        if self._recording:
            self._recording.stop()
        self._journal.service(True)

    def wake(self):
        """The board has slept, or could not; that no samples came meanwhile is nobody's failure."""
        now = self._board.ticks_ms()
        self._sampled_ms = self._tried_ms = now
        self.counter = Counter(self._settings)
        self._counter_error = events.OK
        self._rest.restart(now)
        self.may_rest = False

    def interrupted(self):
        """Leave everything safe: outputs quiet, session closed, journal on flash."""
        self._board.light(0, 0, 0)
        self._board.tone(0)
        if self._calibrating:
            self._leave_calibration()
        self._finish(self._board.ticks_ms(), _INTERRUPTED)
        self._journal.close()
        if self._recording:
            self._recording.stop()

    @property
    def boot(self):
        """The journal's number of this boot; 0 while flash could not be read."""
        return self._journal.boot

    def settle(self):
        """After `interrupted`, try again to write what found no room; returns the journal's status."""
        return self._journal.close()

    @property
    def count(self):
        """Reps of the set, the one judged but not yet final included, voided ones left out.

        In a calibration, its good presses or its grips.
        """
        if self._calibrating:
            return self._calibrating.count
        return self.logbook.count + self._open_rep

    @property
    def error(self):
        """The code of the error that is in force, as in the journal, 0 for none."""
        return self._alerts.error

    @property
    def force_cn(self):
        """Force of the last sample, cN."""
        return self._sample[1]

    def calibrate(self):
        """Begin a calibration; what of a session is open is closed."""
        from pulseblock.guide.calibrating import Calibrating  # takes memory that few sessions need

        now = self._board.ticks_ms()
        self._finish(now, _BUTTON)
        self.guide.restart(now)
        self._calibrating = Calibrating(self._settings, now)
        self.calibration = self._calibrating.calibration
        self.counter = self._calibrating.counter
        self.player.play(patterns.CALIBRATE, now)

    def _is_pressing(self):
        # a sensor that fails in a press leaves the counter waiting in it
        return self.counter.state == PRESSING and not self._failing

    def _consider_rest(self, now):
        self._rest.update(now, self._is_in_use())
        self.may_rest = (
            self._rest.is_due and self.player.signal < patterns.READY and not self.counter.rounds.in_session
        )

    def _is_in_use(self):
        if self._down or self.counter.state != AWAY:
            return True
        if self._calibrating or self.guide.phase == RESTING:
            return True
        return self._sample[1] >= self._settings.ready_force_cn and not self._failing

    def _sense(self, now):
        if self._failing and ticks_diff(now, self._tried_ms) < _RETRY_MS:
            return
        self._tried_ms = now
        sample = self._sample
        detail = 0
        try:
            for _ in range(_BATCH):
                if not self._board.read(sample):
                    break
                self._sampled_ms = now
                if self._recording:
                    self._recording.sample(sample)
                event = self.counter.sample(sample[0], sample[1], sample[2], sample[3], sample[4])
                if event:
                    self._on(event, now, _TIMEOUT)
        except OSError as failure:
            self._failing = _READS_TO_TRUST
            detail = failure.errno if type(failure.errno) is int and failure.errno > 0 else 0
        else:
            if ticks_diff(now, self._sampled_ms) >= _SILENCE_MS:
                self._failing = _READS_TO_TRUST
            elif self._failing and self._sampled_ms == now:
                self._failing -= 1
        self._alerts.sensors(now, events.SAMPLES_MISSING if self._failing else self._counter_error, detail)

    def _on(self, event, now, cause):
        counter = self.counter
        if event == events.PRESS:
            self.cues = 0
        elif event == events.CUE:
            self.cues |= counter.cue
        elif event == events.JUDGED:
            self._open_rep = 1
            self.verdicts += 1
            self.faults = counter.rep.faults
        elif event == events.AMENDED:
            self.faults |= counter.cue
        elif event == events.REP:
            self._open_rep = 0
        elif event == events.ERROR:
            self._counter_error = counter.error
        elif event == events.RECOVERED:
            self._counter_error = events.OK
        if self._calibrating:
            self._heed_calibration(self._calibrating, self._calibrating.take(event, now), now)
        else:
            self._tell(event, counter, now)
            self.logbook.note(event, counter, now, cause)

    def _tell(self, event, counter, now):
        player = self.player
        if event == events.CUE:
            player.play(patterns.cue(counter.cue), now)
        elif event == events.JUDGED:
            player.play(patterns.verdict(self.faults), now)
        elif event == events.AMENDED:
            player.play(patterns.verdict(counter.cue), now)
        elif event == events.READY:
            player.play(patterns.READY, now)
        elif event == events.SESSION_END and self.logbook.in_session:
            player.play(patterns.SESSION_END, now)
            self._diagnose(now)
        self._play(self.guide.take(event, counter.rep.faults, now), now)

    def _play(self, signal, now):
        if signal:
            self.player.play(signal, now)

    def _guide(self, now):
        if self._calibrating:
            self._heed_calibration(self._calibrating, self._calibrating.tick(now), now)
            return
        signal = self.guide.tick(self.counter.state != AWAY, now)
        if signal == patterns.TICK or signal == patterns.COUNTDOWN:
            self.player.play_in_time(signal, now)
        else:
            self._play(signal, now)

    def _heed_calibration(self, calibrating, signal, now):
        """Give its ``signal``; where that is the outcome, live by it."""
        found = calibrating.calibration
        if found.is_over:
            from pulseblock.core.calibration import DONE

            if found.phase == DONE and not self._keep(found.result()):
                signal = patterns.ERROR
            self._leave_calibration()
        self._play(signal, now)

    def _keep(self, values):
        if not update_object(self._board.files + SETTINGS, values):
            return False
        self._settings.update(values)
        self.logbook.recalibrated(self._settings)
        return True

    def _leave_calibration(self):
        self._calibrating = None
        self._counter_error = events.OK
        self._open_rep = 0
        self.counter = Counter(self._settings)

    def _finish(self, now, cause):
        event = self.counter.finish()
        while event:
            self._on(event, now, cause)
            event = self.counter.finish()

    def _heed_button(self, now):
        self._down = self._board.button()
        press = self._button.update(self._down, now)
        if press == SHORT:
            self._heed_short_press(now)
        elif press == LONG:
            self._heed_long_press(now)

    def _heed_short_press(self, now):
        if self._calibrating:
            self._heed_calibration(self._calibrating, self._calibrating.proceed(now), now)
        else:
            self._finish(now, _BUTTON)
            self.guide.restart(now)

    def _heed_long_press(self, now):
        """In a session the last rep is void; outside of one a calibration begins, or ends without outcome."""
        if self._calibrating:
            self._leave_calibration()
            self.player.play(patterns.VOID, now)
        elif not self.logbook.in_session:
            self.calibrate()
        elif self.logbook.void(now):
            self.guide.void()
            self.player.play(patterns.VOID, now)

    def _diagnose(self, now):
        self._diagnosed_ms = now
        self._journal.diagnostics(now, self._late_ms, self._board.samples_lost)
        self._late_ms = 0

    def _show(self, now):
        player = self.player
        counter = self.counter
        if counter.state == AWAY:
            player.background(patterns.WAITING, now)
        else:
            player.background(patterns.PRESSING, now)
            player.press_pct = counter.press_pct
        if player.tick(now):
            colour = player.colour
            self._board.light(colour >> 16, colour >> 8 & 0xFF, colour & 0xFF)
            if player.tone != self._tone:
                self._tone = player.tone
                self._board.tone(player.tone)


def start(board):
    """Return the app on ``board``, its settings read from flash and its journal begun."""
    settings = Settings()
    usable = read_settings(settings, board.files + SETTINGS)
    program = None
    try:
        program = read_program(board.files + PROGRAM)
    except ValueError:
        usable = False
    journal = Journal(Files(board.files + "/journal"), board.unique_id, board.ticks_ms)
    journal.begin(board.ticks_ms(), board.boot_cause, board.unix_s())
    app = App(board, settings, journal, not usable, program)
    try:
        os.remove(board.files + CALIBRATE)
    except OSError:
        return app
    app.calibrate()
    return app


running = None  # the app that `main` started, for whoever stops it at the USB port


def main():
    """Run the app on the board that the flash names, until interrupted.

    It says so, once, when it has done its first step: whoever restarted it at the USB port waits for that.
    With the button held it does nothing but say so: a safe boot, for a block whose app or settings fail.
    """
    global running  # noqa: PLW0603  one board, one app
    board = boards.current()
    if board.held():
        print("pulseblock", __version__, "not started: the button is held")
        return
    running = start(board)
    running.step()
    print("pulseblock", __version__, "runs")
    board.run(running)
