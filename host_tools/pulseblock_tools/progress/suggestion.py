"""From what somebody did to what they may try next."""

from dataclasses import dataclass

from pulseblock.guide.program import Program
from pulseblock_tools.errors import UserError
from pulseblock_tools.plurals import counted
from pulseblock_tools.progress.past import WEEKS, Past

LEAST_SESSIONS = 3
MORE_FROM_PCT = 90
FEWER_BELOW_PCT = 75
_STEP_PCT = 10
_REST_STEP_S = 5
_TEMPO_STEP_MS = 100


@dataclass(frozen=True)
class Suggestion:
    """A program, and how its figures came about, a line each."""

    program: Program
    why: tuple[str, ...]


def suggest(past: Past) -> Suggestion:
    """Return what follows from the past four weeks; UserError where they hold too little."""
    if past.sessions < LEAST_SESSIONS or past.good_a_set < 1:
        raise UserError(
            f"the past {WEEKS} weeks hold {counted(past.sessions, 'session')} and "
            f"{counted(past.good, 'good rep')}: a suggestion takes {LEAST_SESSIONS} sessions of good reps; "
            "run 'pulseblock sync' if there were more"
        )
    usual = round(past.good_a_set)
    good_pct = past.good * 100 // past.reps
    step = max(1, usual * _STEP_PCT // 100)
    if good_pct >= MORE_FROM_PCT:
        reps, change = usual + step, f"{MORE_FROM_PCT} % or more: {step} more"
    elif good_pct < FEWER_BELOW_PCT:
        reps, change = usual - step, f"under {FEWER_BELOW_PCT} %: {step} fewer"
    else:
        reps, change = usual, f"{FEWER_BELOW_PCT} to {MORE_FROM_PCT} %: as many"
    values = {"reps": _fit("reps", reps), "sets": _fit("sets", past.sets_a_session)}
    why = [
        f"reps: {usual} good ones in your usual set, {good_pct} % of all good; {change}",
        f"sets: your usual {values['sets']} a session",
    ]
    if past.rest_ms is not None:
        values["rest_s"] = _fit("rest_s", past.rest_ms / 1000, _REST_STEP_S)
        why.append("rest: as you usually rest")
    if past.tempo_ms is not None:
        values["tempo_ms"] = _fit("tempo_ms", past.tempo_ms, _TEMPO_STEP_MS)
        why.append("tempo: as you usually press")
    return Suggestion(Program(**values), tuple(why))


def _fit(name: str, value: float, step: int = 1) -> int:
    _, lowest, highest, _ = Program.describe(name)
    return int(max(lowest, min(highest, round(value / step) * step)))
