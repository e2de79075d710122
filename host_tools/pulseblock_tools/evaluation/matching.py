"""Which detected rep stands for which labelled one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulseblock_tools.evaluation.labelled import Label
from pulseblock_tools.replaying.replay import Rep

SLACK_MS = 150


@dataclass(frozen=True, slots=True)
class Match:
    """Pairs of truth and finding, what was not found, and what was found though it was not there."""

    pairs: list[tuple[Label, Rep]]
    missed: list[Label]
    extra: list[Rep]


def match(labels: Sequence[Label], reps: Sequence[Rep]) -> Match:
    """Pair labels and reps one to one, each label with the first rep whose peak lies in it, or almost."""
    pairs, missed, left = [], [], list(reps)
    for label in labels:
        low, high = label.start_ms - SLACK_MS, label.end_ms + SLACK_MS
        rep = next((rep for rep in left if low <= rep.peak_ms <= high), None)
        if rep is None:
            missed.append(label)
        else:
            pairs.append((label, rep))
            left.remove(rep)
    return Match(pairs, missed, left)
