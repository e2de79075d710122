"""``pulseblock replay``: the counting core over a recorded trace."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.replaying import Runtime

if TYPE_CHECKING:
    from pulseblock_tools.replaying.replay import Rep, SetEnd


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("replay")(_command)


def _command(
    trace: Annotated[
        Path, typer.Argument(metavar="TRACE.csv", help="The trace, with a header; - reads it from stdin.")
    ],
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help='Settings of the counter, in JSON: {"rushed_ms": 500}')
    ] = None,
    runtime: Annotated[
        Runtime, typer.Option(help="Run the core in this process, or on the MicroPython of a virtual block.")
    ] = "cpython",
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a rep, and nothing else.")
    ] = False,
) -> None:
    """Count and judge the reps of a recorded trace.

    A trace is CSV with the columns [bold]t_ms,force_n[/] (milliseconds, newtons)
    and, where acceleration was recorded, [bold]ax_g,ay_g,az_g[/]: 10 to 1000
    rows a second. Other columns are left alone.

    [bold]Examples[/]

      pulseblock replay session.csv                        a table of the reps
      pulseblock replay session.csv --json                 for other programs
      pulseblock replay session.csv --config mine.json     with other settings
      pulseblock replay session.csv --runtime micropython  as the block does it
      zcat session.csv.gz | pulseblock replay -            from another program

    [bold]JSON[/]

      start_ms, peak_ms, end_ms   in the trace's own clock
      peak_n                      force at the peak
      verdict                     good or compensated
      faults                      their names; [] for a good rep
    """
    from pulseblock_tools.replaying.replay import Rep, SensorError, replay
    from pulseblock_tools.settings_file import read_settings
    from pulseblock_tools.traces.reading import read_trace

    settings = read_settings(config) if config else {}
    recording = read_trace(trace)
    results = replay(recording, settings, runtime, lambda rows, n: terminal.track(rows, "Replaying", n))
    if recording.force_only and not json:
        terminal.note("No acceleration in the trace: only the force is judged.")
    to_show: list[Rep | SetEnd] = []
    for result in results:
        if isinstance(result, SensorError):
            terminal.note(f"At {_seconds(result.at_ms)} s: {result.what}.")
        elif not json:
            to_show.append(result)
        elif isinstance(result, Rep):
            terminal.print_json(result.as_dict())
    if not json:
        _show(to_show)


def _show(results: Iterable[Rep | SetEnd]) -> None:
    """Print the reps as a table, and how each set went."""
    from rich.table import Table

    from pulseblock_tools.replaying.replay import Rep

    reps = Table(
        "rep", "start s", "peak s", "end s", "peak N", "verdict", "faults", box=None, header_style="bold"
    )
    sets = Table("set", "reps", "good", "rhythm", box=None, header_style="bold")
    for column in (*reps.columns[:5], *sets.columns):
        column.justify = "right"
    count = good = 0
    for result in results:
        if isinstance(result, Rep):
            count += 1
            good += not result.faults
            reps.add_row(
                str(count),
                *map(_seconds, (result.start_ms, result.peak_ms, result.end_ms)),
                f"{result.peak_n:.1f}",
                f"[{'red' if result.faults else 'green'}]{result.verdict}[/]",
                ", ".join(result.faults),
            )
        else:
            reps.add_section()
            rhythm = f"{result.rhythm_pct} %" if result.reps > 2 else "-"
            sets.add_row(str(sets.row_count + 1), str(result.reps), _share(result.good, result.reps), rhythm)
    if not count:
        terminal.say("No reps.")
        return
    terminal.say(reps, "", sets, "", f"[bold]{count} reps, {_share(good, count)} good[/]")


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.2f}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)"
