"""One line of what the doctor says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "skip", "warn", "fail"]
_SEVERITY: tuple[Verdict, ...] = ("skip", "ok", "warn", "fail")


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not well; skip: it could not be seen."""

    check: str
    verdict: Verdict
    found: str
    advice: str = ""


def worst(findings: Sequence[Finding]) -> Verdict:
    """Return the verdict over all; "ok" where nothing was looked at."""
    return max(("ok", *(finding.verdict for finding in findings)), key=_SEVERITY.index)
