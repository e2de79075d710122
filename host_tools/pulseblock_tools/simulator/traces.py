"""A labelled trace, and its two files: a table of samples and the truth beside it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from .performance import Performance, Rep, Span
from .sensing import Reading

COLUMNS = ("t_ms", "force_n", "ax_g", "ay_g", "az_g")


class RepLabel(TypedDict):
    """The truth about one rep, times in the trace's own ms."""

    start_ms: int
    peak_ms: int
    end_ms: int
    kind: str
    verdict: str
    faults: list[str]


class Labels(TypedDict):
    """The truth about a trace."""

    rate_hz: float
    reps: list[RepLabel]


@dataclass(frozen=True)
class Trace:
    """Samples, and what was really done."""

    rows: Sequence[Reading]
    labels: Labels
    spans: tuple[Span, ...] = ()
    """What went on when; not part of the files."""
    reps: tuple[Rep, ...] = ()
    """The labelled reps with what is known of their making; not part of the files."""
    force_only: bool = False
    """Leave the accelerations out of the file."""


def label(performance: Performance, rate_hz: float) -> Labels:
    """Labels of ``performance`` for a trace at ``rate_hz``; times fall on its samples."""

    def on_sample(seconds: float) -> int:
        return round(round(seconds * rate_hz) * 1000.0 / rate_hz)

    return {
        "rate_hz": rate_hz,
        "reps": [
            {
                "start_ms": on_sample(rep.start),
                "peak_ms": on_sample(rep.peak),
                "end_ms": on_sample(rep.end),
                "kind": rep.kind,
                "verdict": "compensated" if rep.faults else "good",
                "faults": list(rep.faults),
            }
            for rep in performance.reps
        ],
    }


def write(trace: Trace, path: Path) -> None:
    """Write ``path`` (.csv) and the labels beside it (.json)."""
    columns = 2 if trace.force_only else 5
    line = ",".join(("%d", "%.2f", "%.4f", "%.4f", "%.4f")[:columns]) + "\n"
    with path.open("w", encoding="ascii", newline="") as table:
        table.write(",".join(COLUMNS[:columns]) + "\n")
        table.writelines(line % row[:columns] for row in trace.rows)
    path.with_suffix(".json").write_text(json.dumps(trace.labels, indent=1), encoding="ascii")
