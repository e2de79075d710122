"""The firmware's app: what is due at each tick of the board's clock, in one plain step function.

    board's sensors -> counter -> event -> signals (light, buzzer), logbook (journal), telemetry

The app never waits and owns no loop: a board calls `App.step` at least as often as its sensors give
samples, and `App.interrupted` when somebody stops the program.
"""

import os

from micropython import const

from pulseblock import __version__, boards, recording
from pulseblock.alerts import Alerts
from pulseblock.button import LONG, SHORT, Button
from pulseblock.core import events
from pulseblock.core.counter import AWAY, PRESSING, Counter
from pulseblock.core.settings import Settings
from pulseblock.feedback import Feedback
from pulseblock.guide.training import RESTING, Guide
from pulseblock.journal.files import Files
from pulseblock.journal.journal import Journal
from pulseblock.logbook import Logbook
from pulseblock.rest import Rest
from pulseblock.sensing import Sensing
from pulseblock.signals import patterns
from pulseblock.signals.player import Player
from pulseblock.stored import read_program, read_settings, update_object
from pulseblock.telemetry import Telemetry
from pulseblock.ticks import ticks_add, ticks_diff

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

    ``calibration`` is the calibration that goes on or was the last, None before the first.
    """

    def __init__(self, board, settings, journal, settings_refused=False, program=None):
        settings.set("rate_hz", board.rate_hz)
        self._board = board
        self._settings = settings
        self._journal = journal
        self._recording = recording.start(board, journal)
        self.counter = Counter(settings)
        self.player = Player(settings.light_pct, settings.sound)
        self.logbook = Logbook(journal, settings)
        now = board.ticks_ms()
        self.guide = Guide(program, now)
        self.calibration = None
        self._calibrating = None
        self._feedback = Feedback(board, self.player, self.guide)
        self._alerts = Alerts(board, journal, self.player, settings_refused, now)
        self._sensing = Sensing(board, self._recording, self._alerts, now)
        self._telemetry = Telemetry(board)
        self._button = Button()
        self._down = False
        self._rest = Rest(now)
        self.may_rest = False
        self._late_ms = 0
        self._diagnosed_ms = now
        self._watched_ms = ticks_add(now, -_WATCH_MS)
        self._served_ms = ticks_add(now, -_SERVE_MS)

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
        self._sensing.feed(now, self)
        self._heed_button(now)
        if self._calibrating:
            self._heed_calibration(self._calibrating, self._calibrating.tick(now), now)
        elif self.guide.program:
            self._feedback.tick(self.counter, now)
        if ticks_diff(now, self._watched_ms) >= _WATCH_MS:
            self._watched_ms = now
            self._alerts.watch(now, self._is_pressing())
            self._consider_rest(now)
            if ticks_diff(now, self._diagnosed_ms) >= _DIAGNOSE_MS:
                self._diagnose(now)
        self._feedback.show(self.counter, now)
        in_trough = not self._is_pressing()
        self._journal.service(in_trough)
        if self._recording:
            self._recording.service(now, self._is_in_use(), in_trough)
        self._telemetry.send(now, self)

    def take(self, event, now, cause=_TIMEOUT):
        """Tell and keep what an event of the counter says; ``cause`` is that of a session's end."""
        counter = self.counter
        self.logbook.follow(event, counter)
        if event == events.ERROR:
            self._sensing.counter_error = counter.error
        elif event == events.RECOVERED:
            self._sensing.counter_error = events.OK
        if self._calibrating:
            self._heed_calibration(self._calibrating, self._calibrating.take(event, now), now)
            return
        in_session = self.logbook.in_session
        if event == events.SESSION_END and in_session:
            self._diagnose(now)
        self._feedback.take(event, counter, in_session, now)
        self.logbook.note(event, counter, now, cause)

    def rest(self):
        """Before the board sleeps: outputs quiet, journal on flash."""
        self._feedback.quiet()
        if self._recording:
            self._recording.stop()
        self._journal.service(True)

    def wake(self):
        """The board has slept, or could not; that no samples came meanwhile is nobody's failure."""
        now = self._board.ticks_ms()
        self._sensing.restart(now)
        self._count_afresh()
        self._rest.restart(now)
        self.may_rest = False

    def interrupted(self):
        """Leave everything safe: outputs quiet, session closed, journal on flash."""
        self._feedback.quiet()
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
        return self.logbook.count + self.logbook.open_rep

    @property
    def error(self):
        """The code of the error that is in force, as in the journal, 0 for none."""
        return self._alerts.error

    @property
    def force_cn(self):
        """Force of the last sample, cN."""
        return self._sensing.sample[1]

    def calibrate(self):
        """Begin a calibration; what of a session is open is closed."""
        from pulseblock.guide.calibrating import Calibrating  # takes memory that few sessions need

        now = self._board.ticks_ms()
        self._finish(now, _BUTTON)
        self.guide.restart(now)
        self._calibrating = Calibrating(self._settings, self._keep, now)
        self.calibration = self._calibrating.calibration
        self.counter = self._calibrating.counter
        self.player.play(patterns.CALIBRATE, now)

    def _is_pressing(self):
        # a sensor that fails in a press leaves the counter waiting in it
        return self.counter.state == PRESSING and not self._sensing.failing

    def _consider_rest(self, now):
        self._rest.update(now, self._is_in_use())
        self.may_rest = (
            self._rest.is_due and self.player.signal < patterns.READY and not self.counter.rounds.in_session
        )

    def _is_in_use(self):
        if self._down or self._calibrating or self.counter.state != AWAY or self.guide.phase == RESTING:
            return True
        return self._sensing.sample[1] >= self._settings.ready_force_cn and not self._sensing.failing

    def _heed_calibration(self, calibrating, signal, now):
        if calibrating.calibration.is_over:
            self._leave_calibration()
        self._feedback.play(signal, now)

    def _keep(self, values):
        if not update_object(self._board.files + SETTINGS, values):
            return False
        self._settings.update(values)
        self.logbook.recalibrated(self._settings)
        return True

    def _leave_calibration(self):
        self._calibrating = None
        self.logbook.open_rep = 0
        self._count_afresh()

    def _count_afresh(self):
        self.counter = Counter(self._settings)
        self._sensing.counter_error = events.OK

    def _finish(self, now, cause):
        event = self.counter.finish()
        while event:
            self.take(event, now, cause)
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
        board = self._board
        self._journal.diagnostics(now, self._late_ms, board.samples_lost, board.battery_pct())
        self._late_ms = 0


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
