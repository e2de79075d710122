"""``pulseblock simulate``: labelled traces of people who do not exist."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.store.options import Json

if TYPE_CHECKING:
    from pulseblock_tools.simulator.people import Population
    from pulseblock_tools.simulator.plans import Activity

_DEFAULT = "drawn for each person"


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("simulate")(_command)


def _command(
    *,
    output: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the traces go: a new or an empty directory.")
    ] = Path("simulated"),
    people: Annotated[int, typer.Option(metavar="N", help="How many people: 1..1000.")] = 3,
    sessions: Annotated[int, typer.Option(metavar="K", help="Sessions of each, 0..100.")] = 2,
    seed: Annotated[
        int, typer.Option(metavar="S", help="The same number gives the same traces, on every machine.")
    ] = 1,
    rate: Annotated[
        list[int] | None,
        typer.Option(
            metavar="HZ", help="Samples a second, 50..200; several are dealt out in turn.", show_default="100"
        ),
    ] = None,
    activity: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Done before, between and after the sets; several in turn: walking, carrying, handling,"
            " floor, phone, laughing or knocks.",
        ),
    ] = None,
    no_reps: Annotated[
        bool, typer.Option("--no-reps", help="No sets at all: whatever is counted is a mistake.")
    ] = False,
    force_only: Annotated[bool, typer.Option("--force-only", help="Leave the accelerations out.")] = False,
    noise_mg: Annotated[
        float | None,
        typer.Option(metavar="MG", help="Accelerometer noise, 0..20 mg rms.", show_default=_DEFAULT),
    ] = None,
    mount_deg: Annotated[
        float | None,
        typer.Option(
            metavar="DEG",
            help="Mounting error on each of the three axes, 0..15 degrees.",
            show_default=_DEFAULT,
        ),
    ] = None,
    fsr_creep: Annotated[
        float | None,
        typer.Option(
            metavar="PCT",
            help="Creep of the force sensor, 0..10 % a decade of seconds.",
            show_default=_DEFAULT,
        ),
    ] = None,
    force_bits: Annotated[
        int | None,
        typer.Option(
            metavar="BITS",
            help="Resolution of the force sensor, 5..16 bits over 250 N.",
            show_default="0.01 N",
        ),
    ] = None,
    missing_pct: Annotated[
        float, typer.Option(metavar="PCT", help="Samples that never arrive, 0..50 %.")
    ] = 0.0,
    repeated_pct: Annotated[
        float, typer.Option(metavar="PCT", help="Samples that repeat the one before, 0..50 %.")
    ] = 0.0,
    late_pct: Annotated[float, typer.Option(metavar="PCT", help="Samples up to 30 ms late, 0..50 %.")] = 0.0,
    json: Json = False,
) -> None:
    """Write labelled traces of people who do not exist.

    For each person there is [bold]pNN-calibration.csv[/], with reference presses and
    deliberate grips, and [bold]pNN-sK.csv[/] for each session. The truth is in the
    [bold].json[/] beside each: when every rep starts, peaks and ends, and its faults.

    [bold]Examples[/]

      pulseblock simulate                               3 people, in simulated/
      pulseblock simulate --people 40 --rate 50 --rate 200   a rate for each half
      pulseblock simulate --noise-mg 2 --mount-deg 8    a poor block, set askew
      pulseblock simulate --missing-pct 2 --late-pct 2  a poor link
      pulseblock simulate --activity laughing           laughter between sets
      pulseblock simulate --activity walking --no-reps  nothing to be counted

      pulseblock replay simulated/p00-s0.csv            count one of them
    """
    from dataclasses import replace

    from pulseblock_tools.simulator import plans, sensing, traces
    from pulseblock_tools.simulator.cohort import Cohort
    from pulseblock_tools.simulator.people import Population

    _check("--people", people, 1, 1000)
    _check("--sessions", sessions, 0, 100)
    rates = tuple(rate or (100,))
    for hz in rates:
        _check("--rate", hz, 50, 200)
    for name, share in (
        ("--missing-pct", missing_pct),
        ("--repeated-pct", repeated_pct),
        ("--late-pct", late_pct),
    ):
        _check(name, share, 0, 50)
    mix = plans.Mix(activities=_activities(activity or []))
    worsened = missing_pct or repeated_pct or late_pct
    cohort = Cohort(
        people,
        sessions,
        seed,
        rates,
        population=_population(Population(), noise_mg, mount_deg, fsr_creep, force_bits),
        mix=replace(mix, sets=(0, 0)) if no_reps else mix,
        link=sensing.Link(missing_pct / 100, repeated_pct / 100, late_pct / 100) if worsened else None,
        force_only=force_only,
    )
    _make_empty(output)
    reps, seconds = 0, 0.0
    try:
        for name, trace in terminal.track(cohort.traces(), "Simulating", cohort.size):
            traces.write(trace, output / f"{name}.csv")
            reps += len(trace.labels["reps"])
            seconds += trace.rows[-1][0] / 1000
    except OSError as error:
        raise UserError(f"cannot write to {output}: {error.strerror}", FAILED) from None
    if json:
        seconds = round(seconds, 3)
        terminal.print_json({"output": str(output), "traces": cohort.size, "reps": reps, "seconds": seconds})
    else:
        terminal.say(f"{cohort.size} traces in {output}: {reps} reps, {seconds / 60:.0f} minutes")


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # not a number is not between either
        raise UserError(f"{name} {value:g}: must lie in {low:g}..{high:g}")


def _activities(names: list[str]) -> tuple[Activity, ...]:
    from pulseblock_tools.simulator.plans import ACTIVITIES

    known = {str(name): name for name in ACTIVITIES}
    for name in names:
        if name not in known:
            raise UserError(f"--activity {name}: must be one of {', '.join(known)}")
    return tuple(known[name] for name in names)


def _population(
    population: Population,
    noise_mg: float | None,
    mount_deg: float | None,
    fsr_creep: float | None,
    force_bits: int | None,
) -> Population:
    """``population`` with whatever was asked for, the same for everybody."""
    from dataclasses import replace

    from pulseblock_tools.simulator.sensing import with_force_bits

    if noise_mg is not None:
        _check("--noise-mg", noise_mg, 0, 20)
        population = replace(population, noise_mg=(noise_mg, noise_mg))
    if mount_deg is not None:
        _check("--mount-deg", mount_deg, 0, 15)
        population = replace(population, mount_deg=mount_deg, exact_mount=True)
    if fsr_creep is not None:
        _check("--fsr-creep", fsr_creep, 0, 10)
        population = replace(population, creep_per_decade=(fsr_creep / 100, fsr_creep / 100))
    if force_bits is not None:
        _check("--force-bits", force_bits, 5, 16)
        population = replace(population, force_step_n=with_force_bits(force_bits))
    return population


def _make_empty(output: Path) -> None:
    """Create the directory; one that holds anything is left alone."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        occupied = next(output.iterdir(), None)
    except (FileExistsError, NotADirectoryError):
        raise UserError(f"{output} is no directory; choose another with --output") from None
    except OSError as error:
        raise UserError(f"cannot use {output}: {error.strerror}; choose another with --output") from None
    if occupied is not None:
        raise UserError(f"{output} is not empty; choose another with --output, or empty it first")
