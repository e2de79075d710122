"""Scores: sums over sessions that can be added up, and the figures that follow from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pulseblock.core.events import FAULTS
from pulseblock_tools.evaluation.matching import Match

GOOD = "good"
MISSED = "missed"
NOTHING = "nothing"  # the kind of what was found though it was not there


@dataclass(slots=True)
class FaultScore:
    """How often a fault was rightly named, wrongly named and not named."""

    hit: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: FaultScore) -> FaultScore:
        return FaultScore(self.hit + other.hit, self.false + other.false, self.missed + other.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, 0..1; None where the fault is neither there nor named."""
        return _share(2 * self.hit, 2 * self.hit + self.false + self.missed)


@dataclass(slots=True)
class Score:
    """What became of some sessions; scores add up."""

    sessions: int = 0
    exact: int = 0
    """Sessions with every rep found, and none besides."""
    labelled: int = 0
    found: int = 0
    matched: int = 0
    good: int = 0
    good_right: int = 0
    compensated: int = 0
    compensated_right: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """Matched reps by the movement behind them, and those of them with the right verdict."""
    kinds_right: Counter[str] = field(default_factory=Counter)
    faults: dict[str, FaultScore] = field(default_factory=lambda: {name: FaultScore() for name in FAULTS})
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often the movement (or NOTHING) was called good, each fault, or MISSED."""

    @classmethod
    def of(cls, match: Match) -> Score:
        """Score one session."""
        count = len(match.pairs)
        exact = not match.missed and not match.extra
        score = cls(1, int(exact), count + len(match.missed), count + len(match.extra), count)
        for label, rep in match.pairs:
            is_right = bool(label.faults) == bool(rep.faults)
            score.kinds[label.kind] += 1
            score.kinds_right[label.kind] += is_right
            if label.faults:
                score.compensated += 1
                score.compensated_right += is_right
            else:
                score.good += 1
                score.good_right += is_right
            for name, fault in score.faults.items():
                fault.hit += name in label.faults and name in rep.faults
                fault.false += name not in label.faults and name in rep.faults
                fault.missed += name in label.faults and name not in rep.faults
            score.confusion.update((label.kind, said) for said in rep.faults or [GOOD])
        score.confusion.update((label.kind, MISSED) for label in match.missed)
        for rep in match.extra:
            score.confusion.update((NOTHING, said) for said in rep.faults or [GOOD])
        return score

    def __add__(self, other: Score) -> Score:
        return Score(
            self.sessions + other.sessions,
            self.exact + other.exact,
            self.labelled + other.labelled,
            self.found + other.found,
            self.matched + other.matched,
            self.good + other.good,
            self.good_right + other.good_right,
            self.compensated + other.compensated,
            self.compensated_right + other.compensated_right,
            self.kinds + other.kinds,
            self.kinds_right + other.kinds_right,
            {name: self.faults[name] + other.faults[name] for name in self.faults},
            self.confusion + other.confusion,
        )

    @property
    def exact_count(self) -> float | None:
        """Share of sessions counted exactly."""
        return _share(self.exact, self.sessions)

    @property
    def good_called_good(self) -> float | None:
        """Share of good reps that are called good."""
        return _share(self.good_right, self.good)

    @property
    def compensated_called_so(self) -> float | None:
        """Share of compensated reps that are called compensated."""
        return _share(self.compensated_right, self.compensated)

    @property
    def balanced(self) -> float | None:
        """Balanced accuracy of the verdict: the mean of both."""
        good, compensated = self.good_called_good, self.compensated_called_so
        return None if good is None or compensated is None else (good + compensated) / 2

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 of the faults that are there or were named."""
        seen = [fault.f1 for fault in self.faults.values() if fault.f1 is not None]
        return sum(seen) / len(seen) if seen else None

    def kind_found(self, kind: str) -> float | None:
        """Share of the matched reps of a movement whose verdict is right."""
        return _share(self.kinds_right[kind], self.kinds[kind])

    def kinds_seen(self) -> list[str]:
        """Return the movements in the confusion table, NOTHING last."""
        return sorted({kind for kind, _ in self.confusion}, key=lambda kind: (kind == NOTHING, kind))

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as ``--json`` prints them; shares are 0..1, or null of nothing."""
        return {
            "sessions": self.sessions,
            "exact_count": self.exact_count,
            "labelled": self.labelled,
            "found": self.found,
            "missed": self.labelled - self.matched,
            "extra": self.found - self.matched,
            "good": self.good,
            "good_called_good": self.good_called_good,
            "compensated": self.compensated,
            "compensated_called_so": self.compensated_called_so,
            "balanced": self.balanced,
            "macro_f1": self.macro_f1,
            "kinds": {kind: self.kind_found(kind) for kind in sorted(self.kinds)},
            "faults": {
                name: {"f1": fault.f1, "hit": fault.hit, "false": fault.false, "missed": fault.missed}
                for name, fault in self.faults.items()
            },
            "confusion": {
                kind: {said: n for (of, said), n in sorted(self.confusion.items()) if of == kind}
                for kind in self.kinds_seen()
            },
        }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
