"""A session to look at, as the kind of file that its name asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pulseblock_tools.errors import UserError
from pulseblock_tools.explaining.curves import follow
from pulseblock_tools.explaining.findings import Rule
from pulseblock_tools.explaining.page import page
from pulseblock_tools.files import write_text
from pulseblock_tools.replaying.replay import Rep
from pulseblock_tools.traces.trace import Trace

_PAGE = (".html", ".htm")
_PICTURE = ".png"


def check(path: Path) -> None:
    """Raise UserError for a file of a kind that is not drawn, or not here."""
    if path.suffix.lower() not in (*_PAGE, _PICTURE):
        raise UserError(f"{path}: a plot ends in .html or .png")
    if path.suffix.lower() == _PICTURE:
        try:
            import matplotlib.figure  # noqa: F401
        except ImportError:
            raise UserError(
                f"{path}: a PNG needs Matplotlib: pip install 'pulseblock[plot]', or write an .html"
            ) from None


def write(
    path: Path, trace: Trace, settings: Mapping[str, int], reps: Sequence[Rep], rules: list[Rule]
) -> None:
    """Draw a trace and its reps; raises UserError where the file cannot be written."""
    curves = follow(trace, settings)
    if path.suffix.lower() == _PICTURE:
        from pulseblock_tools.explaining.picture import draw

        draw(path, Path(trace.name).name, curves, reps, rules)
    else:
        write_text(path, page(Path(trace.name).name, curves, reps, rules))
