"""What happened as plain lines of ASCII: for pipes, logs and screen readers."""

from pulseblock_tools.plurals import counted

from .watch import Happening
from .words import clock, error_in_words, faults_in_short, verdict_in_words


def line(happening: Happening) -> str:
    """Return one line for one happening."""
    match happening.kind:
        case "cue":
            text = f"cue: {faults_in_short(happening.faults)}"
        case "rep":
            text = f"rep {happening.number}: {verdict_in_words(happening.faults)}"
        case "void":
            text = "the last rep does not count"
        case "set":
            text = f"set {happening.number} finished: {_tally(happening)}"
        case "session":
            text = f"session finished: {_tally(happening)}"
        case "error":
            text = f"error: {error_in_words(happening.error)}" if happening.error else "error over"
        case "ready":
            text = "ready"
    return f"{clock(happening.t_ms):>7}  {text}"


def _tally(happening: Happening) -> str:
    return f"{counted(happening.reps, 'rep')}, {happening.good} good"
