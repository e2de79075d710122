"""Scoring people in parallel, a person a task."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from pulseblock_tools.errors import UserError
from pulseblock_tools.evaluation.labelled import Label, Person, read_labels
from pulseblock_tools.evaluation.matching import match
from pulseblock_tools.evaluation.score import Score
from pulseblock_tools.replaying.calibrating import calibrate
from pulseblock_tools.replaying.replay import Rep, replay
from pulseblock_tools.settings_file import read_settings
from pulseblock_tools.traces.reading import read_trace
from pulseblock_tools.traces.trace import Trace

MAX_JOBS = 256

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A rep that was not judged as it is labelled: ``label`` or ``rep`` is None where there is none."""

    trace: str
    label: Label | None
    rep: Rep | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person; ``drag`` is what their calibration said of it, or why there is none."""

    person: str
    score: Score
    wrong: list[Wrong]
    drag: str = ""


def judge(trace: Trace, labels: Sequence[Label], settings: Mapping[str, int]) -> tuple[Score, list[Wrong]]:
    """Count a trace and score it against its labels."""
    found = match(labels, [rep for rep in replay(trace, settings) if isinstance(rep, Rep)])
    wrong = [
        *(Wrong(trace.name, label, rep) for label, rep in found.pairs if label.faults != set(rep.faults)),
        *(Wrong(trace.name, label, None) for label in found.missed),
        *(Wrong(trace.name, None, rep) for rep in found.extra),
    ]
    return Score.of(found), wrong


def calibrated(trace: Trace, settings: Mapping[str, int]) -> tuple[dict[str, int], str]:
    """Return the settings with a calibration's, or as they are where it is refused; and what it said."""
    try:
        result = calibrate(trace, settings)
    except UserError as error:
        return dict(settings), str(error).removeprefix(f"{trace.name}: ")
    return {**settings, **result.settings}, result.drag


def settings_of(person: Person, config_folder: Path | None, calibrating: bool) -> tuple[dict[str, int], str]:
    """Return a person's settings, calibrated where asked for, and what the calibration said."""
    config = config_folder / f"{person.name}.json" if config_folder else None
    settings = read_settings(config) if config and config.is_file() else {}
    if calibrating and person.calibration:
        return calibrated(read_trace(person.calibration), settings)
    return settings, ""


def run_person(
    person: Person, config_folder: Path | None, calibrating: bool, limits: Mapping[str, int]
) -> Outcome:
    """Score the sessions of one person by their settings, with *limits* in their stead where those say so."""
    settings, drag = settings_of(person, config_folder, calibrating)
    settings |= limits
    score, wrong = Score(), list[Wrong]()
    for path in person.sessions:
        one, more = judge(read_trace(path), read_labels(path), settings)
        score += one
        wrong += more
    return Outcome(person.name, score, wrong, drag)


def check_config_folder(people: Sequence[Person], folder: Path) -> None:
    """Raise UserError where nobody has settings there: all would be judged by the defaults, unnoticed."""
    if not any((folder / f"{person.name}.json").is_file() for person in people):
        raise UserError(f"{folder}: no settings of these people, such as {people[0].name}.json")


def run_people(
    people: Sequence[Person],
    config_folder: Path | None,
    *,
    calibrating: bool,
    jobs: int,
    limits: Mapping[str, int] | None = None,
) -> Iterator[Outcome]:
    """Yield the outcomes of people as they come in, on *jobs* processes; *limits* go over their settings."""
    work = partial(run_person, config_folder=config_folder, calibrating=calibrating, limits=limits or {})
    return in_parallel(work, people, jobs)


def in_parallel(work: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """Yield the results of tasks in the order in which they are done, on *jobs* processes."""
    if jobs == 1:
        yield from map(work, tasks)
        return
    # a process that was forked could hold a lock of the progress bar's thread for ever
    with ProcessPoolExecutor(jobs, get_context("spawn"), _leave_interrupts_to_the_parent) as pool:
        with _interrupts_held():
            futures = [pool.submit(work, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back, here for a moment, and for good in processes that start meanwhile.

    A process of its own would else be hit by it in its imports, before it can say that it leaves that to us.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def check_jobs(jobs: int | None) -> int:
    """Return the number of processes that was asked for, or what this machine has room for.

    Raises UserError for a number that cannot be.
    """
    if jobs is None:
        return os.cpu_count() or 1
    if not 1 <= jobs <= MAX_JOBS:
        raise UserError(f"--jobs {jobs}: must lie in 1..{MAX_JOBS}")
    return jobs
