"""Scores for people to read, as Rich tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.table import Table

from pulseblock.core.events import FAULTS
from pulseblock.core.settings import Settings
from pulseblock_tools.evaluation.running import Outcome, Wrong
from pulseblock_tools.evaluation.score import GOOD, MISSED, NOTHING, Score

_SAID = (GOOD, *FAULTS, MISSED)


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as a percentage, or a dash where there is none."""
    return "-" if share is None else f"{100 * share:.{digits}f} %"


def three_digits(figure: float | None) -> str:
    """Return a figure of 0..1, or a dash where there is none."""
    return "-" if figure is None else f"{figure:.3f}"


def people_table(outcomes: Sequence[Outcome]) -> Table:
    """One row a person."""
    table = _table("person", "sessions", "exact count", "good right", "comp. right", "F1")
    with_drag = any(outcome.drag for outcome in outcomes)
    if with_drag:
        table.add_column("presses and grips")
    for outcome in outcomes:
        score = outcome.score
        figures = score.exact_count, score.good_called_good, score.compensated_called_so
        shares = [*map(percent, figures), three_digits(score.macro_f1)]
        table.add_row(outcome.person, str(score.sessions), *shares, *([outcome.drag] if with_drag else []))
    return table


def faults_table(score: Score) -> Table:
    """One row a fault."""
    table = _table("fault", "F1", "hit", "false", "missed")
    for name, fault in score.faults.items():
        table.add_row(name, three_digits(fault.f1), str(fault.hit), str(fault.false), str(fault.missed))
    return table


def confusion_table(score: Score) -> Table:
    """One row a movement, one column for what it was called; a rep with two faults stands in both.

    The columns have the first four letters, so that the table fits into 80.
    """
    table = _table("movement", *(said[:4] for said in _SAID), "right")
    for kind in score.kinds_seen():
        counts = (score.confusion[kind, said] for said in _SAID)
        table.add_row(kind, *(str(n) if n else "." for n in counts), percent(score.kind_found(kind), 0))
    return table


def wrong_table(wrong: Sequence[Wrong]) -> Table:
    """One row a rep that was not judged as it is labelled."""
    table = Table("trace", "at s", "movement", "labelled", "said", box=None, header_style="bold")
    for one in wrong:
        start_ms = one.label.start_ms if one.label else one.rep.start_ms if one.rep else 0
        table.add_row(
            one.trace,
            f"{start_ms / 1000:.1f}",
            one.label.kind if one.label else NOTHING,
            (", ".join(sorted(one.label.faults)) or GOOD) if one.label else "-",
            (", ".join(one.rep.faults) or GOOD) if one.rep else MISSED,
        )
    return table


def tuning_table(found: Sequence[Mapping[str, int]]) -> Table:
    """One row a limit that any search would change, a column for each search, by the group it did not see."""
    table = _table("limit", "default", *(f"not {number}" for number in range(1, len(found) + 1)))
    for name in dict.fromkeys(name for limits in found for name in limits):
        default = Settings.describe(name)[0]
        table.add_row(name, str(default), *(str(limits.get(name, default)) for limits in found))
    return table


def summary_lines(score: Score) -> list[str]:
    """The figures of all sessions, a line each."""
    missed, extra = score.labelled - score.matched, score.found - score.matched
    return [
        f"exact count                {percent(score.exact_count)} of {score.sessions} sessions",
        f"labelled, found            {score.labelled}, {score.found}: {missed} missed, {extra} extra",
        f"good called good           {percent(score.good_called_good, 2)} of {score.good}",
        f"compensated called so      {percent(score.compensated_called_so, 2)} of {score.compensated}",
        f"balanced accuracy          {percent(score.balanced, 2)}",
        f"macro F1 over faults       {three_digits(score.macro_f1)}",
    ]


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table
