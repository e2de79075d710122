"""What the live page shows, as plain values made of what a `Watch` knows."""

from typing import Any

from pulseblock.core.counter import AWAY, PRESSING
from pulseblock.core.fixed import ticks_diff
from pulseblock.core.settings import Settings
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.live.watch import Happening, Watch
from pulseblock_tools.live.words import error_in_words, faults_in_short, first_fault, meaning_in_words
from pulseblock_tools.store.wording import duration

_DEFAULTS = Settings()
TARGET_PCT = (65, 125)  # of the reference: from here on a press is certainly not passive
WEAK_PCT: int = _DEFAULTS.get("passive_pct")
LIMIT_DEG: float = _DEFAULTS.get("pelvis_limit_cdeg") / 100

_ADVICE = {
    "grip": "Rotate, do not squeeze",
    "pelvis": "Keep the pelvis still",
    "asymmetry": "Both hips alike",
    "unstable": "Hold the block steady",
    "rushed": "Slower",
    "passive": "Press harder",
    "contact": "Keep the knees on the block",
}

View = dict[str, Any]


def nothing(why: str) -> View:
    """The view while there is no block."""
    return {"connected": False, "doing": why}


class Scene:
    """Follows one block from its first frame on, and tells what to show."""

    def __init__(self) -> None:
        self._watch = Watch()
        self._rest: Happening | None = None  # the set that was finished, until the next press

    def update(self, frame: Frame) -> View:
        """Take the next frame; gives the view.

        ``count`` is that of the set, or at rest of the finished one; ``press`` in per cent of the reference;
        ``sagittal`` and ``frontal`` in degrees, None while there is no posture to measure them from; ``tone``
        in Hz, 0 for silence.  ``say`` is what to do now, a verdict, or at rest the set in words, ``kind``
        which: ``cue``, ``good``, ``bad``, ``rest`` or empty, and ``why`` what is wrong.  ``strip`` has the
        faults of the set's reps, in short; ``reps`` and ``good`` are the session's.
        """
        for happening in self._watch.update(frame):
            if happening.kind == "set":
                self._rest = happening
        if frame.state == PRESSING:
            self._rest = None
        kind, say, why = self._said(frame)
        is_away = frame.state == AWAY
        return {
            "connected": True,
            "trouble": bool(frame.error),
            "doing": self._doing(frame),
            "count": self._count(frame),
            "set": self._watch.set_number,
            "kind": kind,
            "say": say,
            "why": why,
            "press": frame.press_pct,
            "sagittal": None if is_away else frame.sagittal_cdeg / 100,
            "frontal": None if is_away else frame.frontal_cdeg / 100,
            "tone": frame.tone_hz,
            "strip": [faults_in_short(faults) for faults in self._watch.set.faults],
            "reps": len(self._watch.session.faults),
            "good": self._watch.session.good,
        }

    def _count(self, frame: Frame) -> int:
        if self._rest:
            return self._rest.reps
        return frame.count if self._watch.is_judged else 0

    def _doing(self, frame: Frame) -> str:
        if frame.error:
            return f"Error: {error_in_words(frame.error)}"
        if self._rest:
            return f"Rest {duration(ticks_diff(frame.t_ms, self._rest.t_ms))}"
        if frame.state == AWAY:
            return "Not ready: hold the block still and level between the knees"
        return "Pressing" if frame.state == PRESSING else "Ready"

    def _said(self, frame: Frame) -> tuple[str, str, str]:
        if self._rest:
            return "rest", f"Set {self._rest.number}: {self._rest.good} of {self._rest.reps} good", ""
        if frame.cues and frame.state == PRESSING:
            return "cue", _ADVICE[first_fault(frame.cues)], meaning_in_words(frame.cues)
        if not self._count(frame):
            return "", "", ""
        if not frame.faults:
            return "good", "Good", ""
        return "bad", sentence(faults_in_short(frame.faults)), meaning_in_words(frame.faults)


def sentence(words: str) -> str:
    """Return *words* as they begin a sentence."""
    return words[:1].upper() + words[1:]
