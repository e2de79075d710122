"""From frames, some of which may be lost, to what happened."""

from dataclasses import dataclass, field
from typing import Literal

from pulseblock.core.counter import AWAY, PRESSING

from .frame import Frame

Kind = Literal["ready", "cue", "rep", "void", "set", "session", "error"]


@dataclass(frozen=True)
class Happening:
    """Something that happened; ``t_ms`` is the block's clock.

    ``faults`` belongs to a cue (the new ones) and a rep, ``number`` to a rep (in its set) and a set (in the
    session), ``reps`` and ``good`` to a set and a session, ``error`` to an error (0: over).
    """

    t_ms: int
    kind: Kind
    faults: int = 0
    number: int = 0
    reps: int = 0
    good: int = 0
    error: int = 0


@dataclass
class Tally:
    """Reps of a set or a session, by their faults, in order; voided ones are gone."""

    faults: list[int] = field(default_factory=list)

    @property
    def good(self) -> int:
        """Number of good reps."""
        return self.faults.count(0)


class Watch:
    """Follows one block from its first frame on.

    ``set`` and ``session`` hold the final reps of the set and the session that goes on or was the last;
    ``frame`` is the last frame, None before the first; ``set_number`` counts from 1.
    """

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self.set = Tally()
        self.session = Tally()
        self.set_number = 1
        self._set_over = self._session_over = False
        self._verdicts_before: int | None = None  # when the set began, unless that was not seen

    @property
    def is_judged(self) -> bool:
        """Whether a rep of the set was: until then a frame tells count and verdict of the set before."""
        return self.frame is not None and self.frame.verdicts != self._verdicts_before

    def update(self, frame: Frame) -> list[Happening]:
        """Take the next frame; returns what happened since the one before, in order."""
        before, self.frame = self.frame, frame
        if before is None:
            return []
        happened: list[Happening] = []
        if frame.state != AWAY and before.state == AWAY:
            happened.append(Happening(frame.t_ms, "ready"))
        if frame.state == PRESSING or frame.reps != before.reps:
            self._begin_what_is_over(before)
        if new := frame.cues & ~before.cues:
            happened.append(Happening(frame.t_ms, "cue", faults=new))
        if frame.reps != before.reps:
            self.set.faults.append(frame.faults)
            self.session.faults.append(frame.faults)
            happened.append(Happening(frame.t_ms, "rep", faults=frame.faults, number=len(self.set.faults)))
        if frame.voids != before.voids:
            self._void()
            happened.append(Happening(frame.t_ms, "void"))
        if frame.sets != before.sets:
            self._set_over = True
            happened.append(self._sum(frame, "set", self.set))
        if frame.sessions != before.sessions:
            self._session_over = True
            happened.append(self._sum(frame, "session", self.session))
        if frame.error != before.error:
            happened.append(Happening(frame.t_ms, "error", error=frame.error))
        return happened

    def _begin_what_is_over(self, before: Frame) -> None:
        if self._set_over or self._session_over:
            self._verdicts_before = before.verdicts
        if self._session_over:
            self.session, self.set, self.set_number = Tally(), Tally(), 1
        elif self._set_over:
            self.set, self.set_number = Tally(), self.set_number + 1
        self._set_over = self._session_over = False

    def _void(self) -> None:
        for tally in (self.set, self.session):
            if tally.faults:
                tally.faults.pop()

    def _sum(self, frame: Frame, kind: Kind, tally: Tally) -> Happening:
        return Happening(frame.t_ms, kind, number=self.set_number, reps=len(tally.faults), good=tally.good)
