"""Labelled traces: ``NAME.csv`` with the truth about its reps in ``NAME.json`` beside it.

What stands before the first hyphen of a name is the person; ``PERSON-calibration`` is their calibration and
everything else a session of theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulseblock_tools.errors import UserError

_CALIBRATION = "calibration"
_EXAMPLE = '{"reps": [{"start_ms": 0, "end_ms": 900, "kind": "good", "faults": []}]}'


@dataclass(frozen=True, slots=True)
class Label:
    """The truth about one rep, in the trace's ms; ``kind`` is the movement behind it."""

    start_ms: int
    end_ms: int
    kind: str
    faults: frozenset[str]


@dataclass(slots=True)
class Person:
    """The traces of one person."""

    name: str
    calibration: Path | None = None
    sessions: list[Path] = field(default_factory=list)


def find_people(folder: Path) -> list[Person]:
    """Return the people whose labelled traces are in a directory, by name.

    Raises UserError where there is none.
    """
    if not folder.is_dir():
        raise UserError(f"{folder}: no directory of labelled traces")
    people: dict[str, Person] = {}
    for trace in sorted(folder.glob("*.csv")):
        if not trace.with_suffix(".json").is_file():
            continue
        name, _, which = trace.stem.partition("-")
        person = people.setdefault(name, Person(name))
        if which == _CALIBRATION:
            person.calibration = trace
        else:
            person.sessions.append(trace)
    found = [person for person in people.values() if person.sessions]
    if not found:
        raise UserError(f"{folder}: no labelled traces: no .csv with its .json beside it")
    return found


def read_labels(trace: Path) -> list[Label]:
    """Read the labels beside a trace, in order of time; raises UserError for what is none."""
    path = trace.with_suffix(".json")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return labels_of(content)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise UserError(f"{path}: no labels, which look like {_EXAMPLE}") from None


def labels_of(content: Mapping[str, Any]) -> list[Label]:
    """Return the labels in the content of such a file; ValueError, KeyError or TypeError where none are."""
    labels = [
        Label(int(rep["start_ms"]), int(rep["end_ms"]), str(rep["kind"]), frozenset(map(str, rep["faults"])))
        for rep in content["reps"]
    ]
    return sorted(labels, key=lambda label: label.start_ms)
