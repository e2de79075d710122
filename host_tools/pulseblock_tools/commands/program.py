"""``pulseblock program``: what the block guides its wearer through."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.errors import UserError
from pulseblock_tools.plurals import counted
from pulseblock_tools.store.options import Db, Json, Wearer

if TYPE_CHECKING:
    from pulseblock.guide.program import Program


def register(app: typer.Typer) -> None:
    """Add the command and those under it to the app."""
    program = typer.Typer(callback=_overview, invoke_without_command=True, rich_markup_mode="rich")
    program.command("show")(_show)
    program.command("set")(_set)
    program.command("off")(_off)
    program.command("list")(_list)
    program.command("suggest")(_suggest)
    app.add_typer(program, name="program")


def _overview(ctx: typer.Context) -> None:
    """Have the block guide a training by light and sound: reps, sets, rests, tempo.

    It tells the last rep, the end of a set, the last three seconds of a rest, and
    the end of it all. Good reps count towards a set's target, compensated ones do
    not; a set that you end early counts if it had a good rep.

    [bold]Examples[/]

      pulseblock program list                        the presets
      pulseblock program set strength                one of them, on the block
      pulseblock program set --reps 12 --metronome   a change to what is there
      pulseblock program show
      pulseblock program suggest                     from your past four weeks
      pulseblock program off
    """
    if ctx.invoked_subcommand is None:
        ctx.get_help()  # Typer's own help prints itself


def _show(port: PortName = None, json: Json = False) -> None:
    """Show the block's program.

    [bold]Examples[/]

      pulseblock program show
      pulseblock program show --json      null where there is none
    """
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.blocks.program import read

    place = chosen(port)
    with connect(place) as block:
        block.about.require_firmware(place.device)
        program = read(block)
    _tell(program, json)


def _set(
    preset: Annotated[
        str | None, typer.Argument(metavar="PRESET", help="See [bold]list[/]; else what the block has.")
    ] = None,
    reps: Annotated[int | None, typer.Option(metavar="N", help="Good reps a set.")] = None,
    sets: Annotated[int | None, typer.Option(metavar="N", help="Sets.")] = None,
    rest: Annotated[int | None, typer.Option(metavar="S", help="Seconds of rest between sets.")] = None,
    tempo: Annotated[float | None, typer.Option(metavar="S", help="Seconds from press to press.")] = None,
    metronome: Annotated[
        bool | None, typer.Option("--metronome/--no-metronome", help="A tick for every press.")
    ] = None,
    port: PortName = None,
    json: Json = False,
) -> None:
    """Put a program on the block: a preset, or what is there, with your changes.

    [bold]Examples[/]

      pulseblock program set warm-up
      pulseblock program set strength --reps 10 --rest 90
      pulseblock program set --metronome --tempo 3
    """
    from pulseblock.guide.program import PRESETS
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.blocks.program import read, write

    changes = {
        name: value
        for name, value in {
            "reps": reps,
            "sets": sets,
            "rest_s": rest,
            "tempo_ms": None if tempo is None else _milliseconds(tempo),
            "metronome": None if metronome is None else int(metronome),
        }.items()
        if value is not None
    }
    if preset is not None and preset not in PRESETS:
        known = ", ".join(PRESETS)
        raise UserError(f"{preset!r} is no preset: {known}; 'pulseblock program off' for none")
    if preset is None and not changes:
        raise UserError("set what? name a preset ('pulseblock program list') or give options")
    program = _program({**PRESETS[preset], **changes} if preset else changes)
    place = chosen(port)
    with connect(place) as block:
        block.about.require_firmware(place.device)
        if preset is None:
            before = read(block)
            if before is None:
                raise UserError("the block has no program to change: name a preset too")
            program = _program({**before.as_dict(), **changes})
        write(block, program)
    _tell(program, json)


def _off(port: PortName = None, json: Json = False) -> None:
    """Take the program off the block: train freely.

    [bold]Examples[/]

      pulseblock program off
    """
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.blocks.program import write

    place = chosen(port)
    with connect(place) as block:
        block.about.require_firmware(place.device)
        write(block, None)
    _tell(None, json)


def _list(json: Json = False) -> None:
    """List the presets.

    [bold]Examples[/]

      pulseblock program list
      pulseblock program list --json
    """
    from pulseblock.guide.program import PRESETS, Program

    if json:
        terminal.print_json(PRESETS)
        return
    from rich.table import Table

    table = Table("preset", "reps", "sets", "rest", "tempo", box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, values in PRESETS.items():
        one = Program(**values)
        table.add_row(name, str(one.reps), str(one.sets), f"{one.rest_s} s", f"{one.tempo_ms / 1000:g} s")
    terminal.say(table)


def _suggest(wearer: Wearer = None, db: Db = None, json: Json = False) -> None:
    """Suggest a program: plain arithmetic on the wearer's own past four weeks.

    With nine good reps of ten: a tenth more in a set, at least one. With fewer than
    three of four: a tenth fewer. Sets, rest and tempo are the usual ones, medians
    all of them. It knows nothing else of you.

    [bold]Examples[/]

      pulseblock program suggest
      pulseblock program suggest --wearer Ann
    """
    from dataclasses import asdict

    from pulseblock_tools.progress.past import WEEKS, past
    from pulseblock_tools.progress.suggestion import suggest
    from pulseblock_tools.store.database import open_database, reading

    now_utc_ms = time.time_ns() // 1_000_000
    with reading(open_database(db, terminal.note)) as connection:
        found = past(connection, wearer, now_utc_ms)
    suggestion = suggest(found)
    if json:
        terminal.print_json(
            {"program": suggestion.program.as_dict(), "why": suggestion.why, "past": asdict(found)}
        )
        return
    terminal.say(f"[bold]{_in_words(suggestion.program)}[/]", "")
    terminal.say(*suggestion.why, "")
    terminal.say(
        f"Plain arithmetic on the past {WEEKS} weeks: {counted(found.sessions, 'session')}, "
        f"{counted(found.sets, 'set')}, {counted(found.reps, 'rep')}. "
        "No advice: you know better how you feel.",
        "To have it:",
    )
    terminal.say_whole(f"  pulseblock program set strength {_as_options(suggestion.program)}")


def _milliseconds(tempo_s: float) -> int:
    from pulseblock.guide.program import Program

    _, lowest, highest, _ = Program.describe("tempo_ms")
    if not lowest <= tempo_s * 1000 <= highest:
        raise UserError(f"--tempo {tempo_s:g}: from {lowest / 1000:g} to {highest / 1000:g} seconds")
    return round(tempo_s * 1000)


def _program(values: dict[str, int]) -> Program:
    from pulseblock.guide.program import Program

    try:
        return Program(**values)
    except ValueError as error:
        raise UserError(str(error)) from None


def _tell(program: Program | None, json: bool) -> None:
    if json:
        terminal.print_json(program.as_dict() if program else None)
    elif program:
        terminal.say(_in_words(program))
    else:
        terminal.say("No program: the block counts, and guides nobody.")


def _in_words(program: Program) -> str:
    sets = counted(program.sets, "set")
    reps = counted(program.reps, "good rep")
    metronome = ", with the metronome" if program.metronome else ""
    tempo = f"a press every {program.tempo_ms / 1000:g} s{metronome}"
    return f"{sets} of {reps}, {program.rest_s} s of rest, {tempo}"


def _as_options(program: Program) -> str:
    return (
        f"--reps {program.reps} --sets {program.sets} --rest {program.rest_s} "
        f"--tempo {program.tempo_ms / 1000:g}"
    )
