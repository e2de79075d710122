"""What of a session is worth keeping, and the counts that somebody watching wants to see."""

from pulseblock import __version__
from pulseblock.core import events
from pulseblock.core.settings import CALIBRATED
from pulseblock.journal.record import fingerprint


class Logbook:
    """Turns the counter's events into records of ``journal`` (a `journal.Journal`, begun).

    A session is opened by its first verdict, so that handling the block leaves no empty sessions; it then
    counts from when the block was ready.

    ``in_session`` says whether one is open; ``count`` is the reps of the set, voided ones left out;
    ``reps``, ``sets``, ``sessions`` and ``voids`` are numbers since the start.

    ``verdicts`` is how many were given, ``faults`` are those of the last one, and ``cues`` those cued in the
    press that goes on; ``open_rep`` is 1 from a rep's verdict until it is final.  In a calibration too.
    """

    def __init__(self, journal, settings):
        self._journal = journal
        self._version = tuple(int(part) for part in __version__.split("."))
        self.recalibrated(settings)
        self._ready_ms = 0
        self._set_voids = 0
        self._hold_cn = self._rep_reference_cn = 0  # of the last rep
        self.in_session = False
        self.count = self.reps = self.sets = self.sessions = self.voids = 0
        self.verdicts = self.faults = self.cues = self.open_rep = 0

    def recalibrated(self, settings):
        """The wearer's settings have changed, which sessions from now on tell."""
        self._settings = fingerprint(settings, settings.names())
        self._calibration = fingerprint(settings, CALIBRATED)
        self._reference_cn = settings.reference_cn

    def follow(self, event, counter):
        """Follow the rep that goes on, whatever it is done for."""
        if event == events.PRESS:
            self.cues = 0
        elif event == events.CUE:
            self.cues |= counter.cue
        elif event == events.JUDGED:
            self.open_rep = 1
            self.verdicts += 1
            self.faults = counter.rep.faults
        elif event == events.AMENDED:
            self.faults |= counter.cue
        elif event == events.REP:
            self.open_rep = 0

    def note(self, event, counter, ticks, cause):
        """Keep what ``event`` says of ``counter``; ``cause`` is that of a session's end (SESSION_CAUSES)."""
        if event == events.REP:
            self._rep(counter)
        elif event == events.JUDGED:
            self._open(counter)
        elif event == events.READY:
            self._ready_ms = ticks
        elif event == events.SET_END:
            self._journal.set_end(ticks, counter.rounds, self._rep_reference_cn, self._hold_cn)
            self.sets += 1
        elif event == events.SESSION_END and self.in_session:
            self._journal.session_end(ticks, cause, counter.rounds)
            self.in_session = False
            self.sessions += 1
            self.count = 0

    def void(self, ticks):
        """Strike off the last rep; returns False where there is none to strike off."""
        if not self._journal.void(ticks):
            return False
        self._set_voids += 1
        self.count = max(0, self.count - 1)
        self.voids += 1
        return True

    def _open(self, counter):
        if not self.in_session:
            self.in_session = True
            self._journal.session_start(
                self._ready_ms, self._version, self._settings, self._calibration, self._reference_cn
            )
        if not counter.rounds.set_count:
            self._set_voids = 0
            self.count = 0

    def _rep(self, counter):
        rep = counter.rep
        self._journal.rep(rep)
        self._hold_cn = rep.hold_cn
        self._rep_reference_cn = rep.reference_cn
        self.reps += 1
        self.count = counter.rounds.set_count - self._set_voids
