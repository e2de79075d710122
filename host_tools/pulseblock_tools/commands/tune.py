"""``pulseblock tune``: a search for better limits, told by the figures of people held out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.errors import UserError

if TYPE_CHECKING:
    from pulseblock_tools.evaluation.score import Score


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("tune")(_command)


def _command(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Labelled traces: pNN-sK.csv, the truth in pNN-sK.json."),
    ],
    limit: Annotated[
        list[str] | None,
        typer.Option(metavar="SETTING", help="A limit to search; several may be given.", show_default="all"),
    ] = None,
    folds: Annotated[int, typer.Option(metavar="N", help="In how many groups people are held out.")] = 5,
    config_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Settings of the people: pNN.json, where there is one.")
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Calibrate each person from pNN-calibration.csv first.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.json",
            help="Keep the limits found there, if they do better on people held out.",
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Processes at once.", show_default="one a processor")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
) -> None:
    """Search for limits that judge labelled traces better than the defaults do.

    People are dealt out to groups. Each group in turn is held out, the limits are
    searched on all others, and then the group is judged by them. The figures are of
    people held out alone: what a search reaches on the people it saw is not told.

    [bold]Examples[/]

      pulseblock tune traces/ --calibrate
      pulseblock tune traces/ --limit rushed_ms --limit passive_pct
      pulseblock tune traces/ --output limits.json
    """
    from pulseblock_tools.evaluation import tables, tuning
    from pulseblock_tools.evaluation.labelled import find_people
    from pulseblock_tools.evaluation.running import check_config_folder, check_jobs
    from pulseblock_tools.evaluation.score import Score
    from pulseblock_tools.settings_file import write_settings

    jobs = check_jobs(jobs)
    names = tuple(dict.fromkeys(limit or tuning.LIMITS))
    for name in names:
        if name not in tuning.LIMITS:
            raise UserError(f"--limit {name}: must be one of {', '.join(tuning.LIMITS)}")
    people = find_people(folder)
    if not 2 <= folds <= len(people):
        raise UserError(f"--folds {folds}: must lie in 2..{len(people)}, the number of people")
    if config_dir is not None:
        check_config_folder(people, config_dir)
    counting = tuning.measure_people(people, config_dir, calibrating=calibrate, jobs=jobs)
    groups = tuning.split(list(terminal.track(counting, "Counting", len(people))), folds)
    searching = tuning.run_folds(groups, names, config_dir, calibrating=calibrate, jobs=jobs)
    found = list(terminal.track(searching, "Searching", folds))
    before = sum((outcome.score for fold in found for outcome in fold.before), Score())
    after = sum((outcome.score for fold in found for outcome in fold.after), Score())
    gained = tuning.value_of(after) > tuning.value_of(before)
    limits = tuning.search([one for group in groups for one in group], names) if gained else {}
    if json:
        terminal.print_json(
            {
                "held_out": {"defaults": before.as_dict(), "tuned": after.as_dict()},
                "folds": [fold.limits for fold in found],
                "limits": limits,
            }
        )
    else:
        terminal.say(tables.tuning_table([fold.limits for fold in found]), "", _held_out(before, after), "")
        terminal.say(_verdict(limits, gained=gained))
    if output is not None and limits:
        write_settings(output, limits)
        terminal.note(f"Kept in {output}.")
    elif output is not None:
        terminal.note(f"{output} was not written.")


def _held_out(before: Score, after: Score) -> str:
    from pulseblock_tools.evaluation.tables import percent

    def line(name: str, score: Score) -> str:
        good = score.good_called_good
        macro = "-" if score.macro_f1 is None else f"{score.macro_f1:.4f}"
        return (
            f"{name:10} balanced {percent(score.balanced, 2)}, good called compensated "
            f"{percent(None if good is None else 1 - good, 2)}, macro F1 {macro}"
        )

    return f"[bold]People held out[/]\n{line('defaults', before)}\n{line('tuned', after)}"


def _verdict(limits: dict[str, int], *, gained: bool) -> str:
    if not gained:
        return "[bold]Nothing gained[/] on people held out: keep the defaults."
    said = ", ".join(f"{name} {value}" for name, value in limits.items()) or "the defaults"
    return f"[bold]Found[/] on all people: {said}"
