"""``pulseblock doctor``: what is right and wrong with a block."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.errors import FAILED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulseblock_tools.doctor.finding import Finding

_MARKS = {"ok": "[green]ok[/]", "skip": "[dim]skip[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("doctor")(_command)


def _command(
    port: PortName = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing: what only a person can see is skipped.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object; asks nothing.")] = False,
) -> None:
    """Examine a block: let it lie still, with nothing on its plate.

    Versions, sensors, light and buzzer, battery, flash, clock and journal: each
    is [bold]ok[/], [bold]warn[/] or [bold]fail[/], with what to do. The exit code is 1 if anything
    fails. What was recorded stays as it is.

    [bold]Examples[/]

      pulseblock doctor           asks what you see and hear
      pulseblock doctor --yes     asks nothing
      pulseblock doctor --json    for other programs
    """
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.block import GUARD_S, QUESTION_S, AppFailed
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.doctor.examining import examine
    from pulseblock_tools.doctor.finding import Finding, worst

    place = chosen(port)
    asks = not yes and not json and sys.stdin.isatty() and sys.stderr.isatty()
    findings: list[Finding] = []
    try:
        with connect(place, guard_s=QUESTION_S if asks else GUARD_S) as block:
            terminal.note("Examining the block")
            findings = examine(block, _ask if asks else None)
            installed = block.about.firmware is not None
        if installed:
            findings.append(Finding("app", "ok", "runs"))
    except AppFailed as failure:
        findings.append(Finding("app", "fail", "does not run", str(failure)))
    verdict = worst(findings)
    if json:
        terminal.print_json({"verdict": verdict, "checks": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    if verdict == "fail":
        raise typer.Exit(FAILED)


def _ask(question: str) -> bool:
    from rich.prompt import Confirm

    return Confirm.ask(question, console=terminal.console(stderr=True), default=True)


def _show(findings: Sequence[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    lines = Table.grid(padding=(0, 2))
    for finding in findings:
        said = Text(finding.found).append(f"\n{finding.advice}" if finding.advice else "", style="bold")
        lines.add_row(_MARKS[finding.verdict], finding.check, said)
    terminal.say(lines)
