"""``pulseblock evaluate``: the counter against labelled traces, and the report on its accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.errors import UserError

_PEOPLE, _SEED = 60, 1  # of a report, where nobody says otherwise


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("evaluate")(_command)


def _command(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Labelled traces: pNN-sK.csv, with the truth in pNN-sK.json."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE.json", help="Settings for everybody, over their own: limits to try."),
    ] = None,
    config_dir: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Settings of the people: pNN.json, where there is one."),
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Calibrate each person from pNN-calibration.csv first.")
    ] = False,
    wrong: Annotated[
        bool, typer.Option("--wrong", help="List every rep that was not judged as it is labelled.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the report on simulated people to FILE, in Markdown; takes no DIR."
        ),
    ] = None,
    people: Annotated[
        int | None,
        typer.Option(metavar="N", help="People in the report: 4..1000.", show_default=str(_PEOPLE)),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", help="Which people are in the report.", show_default=str(_SEED))
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Processes at once.", show_default="one a processor")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
) -> None:
    """Score the counter against labelled traces, by person and by fault.

    A detected rep matches a labelled one when its peak lies inside it, 150 ms of
    slack either side, one to one. The figures of "right" are about the verdict,
    good or compensated; those of "F1" are about naming the faults.

    [bold]Examples[/]

      pulseblock evaluate traces/                        as the counter is
      pulseblock evaluate traces/ --calibrate            each person calibrated
      pulseblock evaluate traces/ --config-dir configs/  with own settings
      pulseblock evaluate traces/ --config limits.json   with other limits
      pulseblock evaluate --report ACCURACY.md           people simulated for it
    """
    from pulseblock_tools.evaluation.running import check_jobs

    jobs = check_jobs(jobs)
    if report is not None:
        for name, given in {
            "DIR": folder,
            "--config": config,
            "--config-dir": config_dir,
            "--calibrate": calibrate,
            "--wrong": wrong,
        }.items():
            if given:
                raise UserError(f"--report simulates its own people: give no {name} with it")
        _report(report, _PEOPLE if people is None else people, _SEED if seed is None else seed, jobs, json)
    elif folder is None:
        raise UserError("which traces? pulseblock evaluate DIR, or --report FILE")
    elif people is not None or seed is not None:
        raise UserError("--people and --seed are those of --report: DIR has its people")
    else:
        _evaluate(folder, config, config_dir, calibrate, wrong, jobs, json)


def _evaluate(
    folder: Path,
    config: Path | None,
    config_dir: Path | None,
    calibrate: bool,
    list_wrong: bool,
    jobs: int,
    json: bool,
) -> None:
    from pulseblock_tools.evaluation import tables
    from pulseblock_tools.evaluation.labelled import find_people
    from pulseblock_tools.evaluation.running import check_config_folder, run_people
    from pulseblock_tools.evaluation.score import Score
    from pulseblock_tools.settings_file import read_settings

    limits = None if config is None else read_settings(config)
    people = find_people(folder)
    if config_dir is not None:
        check_config_folder(people, config_dir)
    if calibrate and not any(person.calibration for person in people):
        raise UserError(f"{folder}: nobody to calibrate: no pNN-calibration.csv with its .json beside it")
    running = run_people(
        people, config_dir, calibrating=calibrate, jobs=min(jobs, len(people)), limits=limits
    )
    outcomes = sorted(terminal.track(running, "Evaluating", len(people)), key=lambda one: one.person)
    score = sum((outcome.score for outcome in outcomes), Score())
    if json:
        by_person = {
            outcome.person: outcome.score.as_dict() | ({"drag": outcome.drag} if outcome.drag else {})
            for outcome in outcomes
        }
        terminal.print_json(score.as_dict() | {"people": by_person})
        return
    terminal.say(
        tables.people_table(outcomes), "", tables.confusion_table(score), "", tables.faults_table(score)
    )
    if list_wrong:
        terminal.say("", tables.wrong_table([one for outcome in outcomes for one in outcome.wrong]))
    terminal.say("", *tables.summary_lines(score))


def _report(path: Path, people: int, seed: int, jobs: int, json: bool) -> None:
    from pulseblock_tools.evaluation import report
    from pulseblock_tools.files import write_text

    if not 4 <= people <= 1000:
        raise UserError(f"--people {people}: must lie in 4..1000")
    answers = terminal.track(report.run(people, seed, jobs), "Evaluating", len(report.tasks(people)))
    gathered = report.gather(answers, people, seed)
    write_text(path, report.markdown(gathered))
    if json:
        terminal.print_json(gathered.as_dict())
    else:
        terminal.say(f"Wrote {path}.")
