"""The report on accuracy: simulated people under all conditions, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pulseblock import __version__
from pulseblock.core.events import FAULTS
from pulseblock_tools.evaluation.conditions import (
    NO_REPS,
    QUIET_S,
    RATES_HZ,
    SESSIONS,
    all_conditions,
    simulate_person,
    simulate_quiet,
)
from pulseblock_tools.evaluation.labelled import labels_of
from pulseblock_tools.evaluation.running import calibrated, in_parallel, judge
from pulseblock_tools.evaluation.score import GOOD, MISSED, Score
from pulseblock_tools.evaluation.tables import percent, three_digits
from pulseblock_tools.replaying.calibrating import TOLD_APART
from pulseblock_tools.replaying.replay import Rep, replay

_ADDUCTION = "grip_adduction"


@dataclass(frozen=True, slots=True)
class Task:
    """One person under one condition, or, without a condition, doing one of ``NO_REPS``."""

    condition: int | None
    person: int
    activity: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a task."""

    task: Task
    usual: Score = field(default_factory=Score)
    """Without calibration."""
    calibrated: Score = field(default_factory=Score)
    drag: str = ""
    found: int = 0
    """Reps where there are none."""


@dataclass(slots=True)
class Result:
    """One condition, over all people."""

    name: str
    people: int = 0
    told_apart: int = 0
    usual: Score = field(default_factory=Score)
    calibrated: Score = field(default_factory=Score)
    told_apart_score: Score = field(default_factory=Score)
    """Calibrated, of those whose calibration tells presses from grips."""

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as ``--json`` prints them."""
        return {
            "condition": self.name,
            "people": self.people,
            "told_apart": self.told_apart,
            "uncalibrated": self.usual.as_dict(),
            "calibrated": self.calibrated.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report tells."""

    people: int
    seed: int
    results: list[Result]
    quiet: dict[str, int]
    """Reps counted in each activity in which there are none."""

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as ``--json`` prints them."""
        return {
            "version": __version__,
            "seed": self.seed,
            "conditions": [result.as_dict() for result in self.results],
            "no_reps": self.quiet,
        }


def tasks(people: int) -> list[Task]:
    """Return all there is to do."""
    conditions = range(len(all_conditions()))
    return [
        *(Task(condition, person) for condition in conditions for person in range(people)),
        *(Task(None, person, activity) for activity in range(len(NO_REPS)) for person in range(people)),
    ]


def run(people: int, seed: int, jobs: int) -> Iterator[Answer]:
    """Yield the answers to all tasks as they come in, on *jobs* processes."""
    return in_parallel(partial(answer, seed=seed), tasks(people), jobs)


def answer(task: Task, seed: int) -> Answer:
    """Simulate and score one task."""
    if task.condition is None:
        trace = simulate_quiet(NO_REPS[task.activity], seed, task.person)
        return Answer(task, found=sum(isinstance(found, Rep) for found in replay(trace, {})))
    simulated = simulate_person(all_conditions()[task.condition], seed, task.person)
    settings, drag = calibrated(simulated.calibration, {})
    usual, own = Score(), Score()
    for trace, labels in simulated.sessions:
        truth = labels_of(labels)
        usual += judge(trace, truth, {})[0]
        own += judge(trace, truth, settings)[0]
    return Answer(task, usual, own, drag)


def gather(answers: Iterable[Answer], people: int, seed: int) -> Report:
    """Add the answers up."""
    results = [Result(condition.name) for condition in all_conditions()]
    quiet = dict.fromkeys(map(str, NO_REPS), 0)
    for one in answers:
        if one.task.condition is None:
            quiet[NO_REPS[one.task.activity]] += one.found
            continue
        result = results[one.task.condition]
        result.people += 1
        result.usual += one.usual
        result.calibrated += one.calibrated
        if one.drag == TOLD_APART:
            result.told_apart += 1
            result.told_apart_score += one.calibrated
    return Report(people, seed, results, quiet)


_TEXT = """\
# Accuracy of version {version}

Made by `pulseblock evaluate --report FILE --people {people} --seed {seed}`.

**These people are simulated.** No one has yet recorded people doing this exercise on such a block.
What stands here says how the counter does on movements that follow from geometry and mechanics, seen
by sensors as poor as their data sheets allow. It does not say how it does on people.

{people} people, {sessions} sessions each, {reps} reps a condition. None of them took part in finding
a limit: they come from a seed of their own. All conditions but the one with other rests sense the
same movements of the same people, dealt out to {rates} Hz in turn unless it says otherwise.

## Without calibration

{usual}

A grip by adduction shows in nothing but the missing drag, which only a calibration can tell. Without
one such a rep counts as good.

## Each person calibrated

From six presses and six grips, as `pulseblock calibrate` does it. *Told apart* are the people whose
presses and grips the calibration can tell apart; for the others a missing drag is never a fault.
*Adduction found* is how many of the grips by adduction are called compensated, in brackets of those
by people told apart.

{calibrated}

## Movements, and what they were called

{everybody}, calibrated. A rep with two faults stands in both columns.

{confusion}

{faults}

## Where there are no reps

{people} people, {quiet_s:.0f} s of each with the block:

{quiet}
"""


def markdown(report: Report) -> str:
    """Return the report as Markdown."""
    first = report.results[0]
    calibrated_rows = (
        [
            result.name,
            f"{result.told_apart} of {result.people}",
            *_figures(result.calibrated),
            f"{percent(result.calibrated.kind_found(_ADDUCTION))} "
            f"({percent(result.told_apart_score.kind_found(_ADDUCTION))})",
        ]
        for result in report.results
    )
    fault_rows = (
        [name, three_digits(fault.f1), str(fault.hit), str(fault.false), str(fault.missed)]
        for name, fault in first.calibrated.faults.items()
    )
    return _TEXT.format(
        version=__version__,
        people=report.people,
        seed=report.seed,
        sessions=SESSIONS,
        reps=first.usual.labelled,
        rates=f"{', '.join(map(str, RATES_HZ[:-1]))} and {RATES_HZ[-1]}",
        usual=_table(["condition", *_HEADS], ([one.name, *_figures(one.usual)] for one in report.results)),
        calibrated=_table(["condition", "told apart", *_HEADS, "adduction found"], calibrated_rows),
        everybody=first.name[0].upper() + first.name[1:],
        confusion=_confusion(first.calibrated),
        faults=_table(["fault", "F1", "hit", "false", "missed"], fault_rows),
        quiet_s=QUIET_S,
        quiet=_table(["activity", "reps counted"], ([name, str(n)] for name, n in report.quiet.items())),
    )


_HEADS = ["exact count", "balanced accuracy", "good called compensated", "macro F1"]


def _figures(score: Score) -> list[str]:
    good = score.good_called_good
    return [
        percent(score.exact_count),
        percent(score.balanced),
        percent(None if good is None else 1 - good, 2),
        three_digits(score.macro_f1),
    ]


def _confusion(score: Score) -> str:
    said = [GOOD, *FAULTS, MISSED]
    rows = ([kind, *(str(score.confusion[kind, what] or "") for what in said)] for kind in score.kinds_seen())
    return _table(["movement", *said], rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
