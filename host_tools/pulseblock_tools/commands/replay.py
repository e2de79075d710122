"""``pulseblock replay``: the counting core over a recorded trace."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.plurals import counted
from pulseblock_tools.replaying import Runtime

if TYPE_CHECKING:
    from pulseblock_tools.explaining.findings import Rule
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
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what was measured of each rep beside its limits.")
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw force, tilts and jolts with the reps: .html, or .png."),
    ] = None,
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
      pulseblock replay session.csv --explain              why each verdict
      pulseblock replay session.csv --plot session.html    the same to look at
      zcat session.csv.gz | pulseblock replay -            from another program

    [bold]JSON[/]

      start_ms, peak_ms, end_ms   in the trace's own clock
      peak_n                      force at the peak
      verdict                     good or compensated
      faults                      their names; [] for a good rep
      measured                    with --explain: each quantity beside its limit
    """
    from pulseblock_tools.explaining import findings
    from pulseblock_tools.explaining import plot as plotting
    from pulseblock_tools.replaying.replay import Rep, SensorError, replay
    from pulseblock_tools.settings_file import read_settings
    from pulseblock_tools.traces.reading import read_trace

    if plot is not None:
        plotting.check(plot)
    settings = read_settings(config) if config else {}
    recording = read_trace(trace)
    results = replay(recording, settings, runtime, lambda rows, n: terminal.track(rows, "Replaying", n))
    if recording.force_only and not json:
        terminal.note("No acceleration in the trace: only the force is judged.")
    rules = findings.rules_of(settings)
    reps: list[Rep] = []
    to_show: list[Rep | SetEnd] = []
    for result in results:
        if isinstance(result, SensorError):
            terminal.note(f"At {_seconds(result.at_ms)} s: {result.what}.")
        elif not json:
            to_show.append(result)
        elif isinstance(result, Rep):
            reasons = {"measured": findings.as_dict(findings.findings(result, rules))} if explain else {}
            terminal.print_json(result.as_dict() | reasons)
        if isinstance(result, Rep):
            reps.append(result)
    if not json:
        _show(to_show)
    if explain and reps and not json:
        _explain(reps, rules)
    if plot is not None:
        plotting.write(plot, recording, settings, reps, rules)
        terminal.note(f"Drawn in {plot}.")


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
    terminal.say(reps, "", sets, "", f"[bold]{counted(count, 'rep')}, {_share(good, count)} good[/]")


def _explain(reps: Iterable[Rep], rules: list[Rule]) -> None:
    """Print what was measured of each rep, under its limits."""
    from rich.table import Table

    from pulseblock_tools.explaining.findings import findings

    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("rep", justify="right")
    for rule in rules:
        table.add_column(f"{rule.name}\n{rule.said}", justify="right", no_wrap=True)
    table.add_column("faults")
    for number, rep in enumerate(reps, 1):
        measured = (f"[red]{one.said}[/]" if one.broken else one.said for one in findings(rep, rules))
        table.add_row(str(number), *measured, ", ".join(rep.faults))
    terminal.say("", table)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.2f}"


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)"
