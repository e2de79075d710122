"""``pulseblock calibrate``: a wearer's own settings, from presses and grips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulseblock_tools.replaying.calibrating import Calibrated


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("calibrate")(_command)


def _command(
    trace: Annotated[
        Path | None, typer.Option(metavar="TRACE.csv", help="A recorded calibration; - reads it from stdin.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="CONFIG.json",
            help="Keep the wearer's settings there; others in that file stay.",
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The block's other settings, such as force_full_cn.")
    ] = None,
    port: PortName = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as one JSON object.")] = False,
) -> None:
    """Find one wearer's own settings: reference press, mounting, tempo and drag.

    With the block plugged in the screen guides you, and the block keeps what it found;
    a long press of its button starts the same without a computer, and another one
    ends it. Ctrl-C ends the screen's part only.

    A recording holds: the block between the knees, still, for two seconds; one set
    of about six good presses; over five seconds of rest; and, if the drag is to tell
    presses from grips, one set of about six presses by closing the knees alone.

    Drag is what tells them apart: rotating thighs carry the block a few millimetres
    along with each press, closing knees do not. The separation says by how many
    standard deviations; under 2.5 a missing drag is never called a fault.

    [bold]Examples[/]

      pulseblock calibrate                           with the block plugged in
      pulseblock calibrate --trace calibration.csv
      pulseblock calibrate --trace calibration.csv --output ann.json
      pulseblock replay session.csv --config ann.json
    """
    from pulseblock_tools.settings_file import read_settings, write_settings

    settings = read_settings(config) if config else {}
    found = _of_block(port, config) if trace is None else _of_trace(trace, settings)
    if output is not None:
        write_settings(output, settings | found.settings)
    if json:
        terminal.print_json(found.as_dict())
        return
    terminal.say(*_lines(found))
    if output is not None:
        terminal.note(f"Kept in {output}.")


def _of_trace(trace: Path, settings: dict[str, int]) -> Calibrated:
    from pulseblock_tools.replaying.calibrating import calibrate
    from pulseblock_tools.traces.reading import read_trace

    return calibrate(read_trace(trace), settings)


def _of_block(port: str | None, config: Path | None) -> Calibrated:
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.calibrating.connected import calibrate

    if config is not None:
        raise UserError("--config belongs to --trace: the block has its own settings, 'pulseblock config'")
    return calibrate(chosen(port), terminal.console(stderr=True))


def _lines(found: Calibrated) -> Iterator[str]:
    """What was found, a line each."""
    from pulseblock_tools.replaying.calibrating import TOLD_APART

    values = found.settings
    grips = f" and {found.grips} grips" if found.grips else ""
    yield f"[bold]Calibrated[/] from {found.presses} presses{grips}"
    yield ""
    yield f"reference press    {values['reference_cn'] / 100:.1f} N above the hold"
    yield f"hold               {values['hold_cn'] / 100:.1f} N"
    tempo_ms = values["tempo_ms"]
    yield f"tempo              {tempo_ms / 1000:.2f} s, {60000 / tempo_ms:.0f} a minute"
    yield (
        f"mounting           {values['mount_pitch_cdeg'] / 100:+.1f}° sagittal, "
        f"{values['mount_roll_cdeg'] / 100:+.1f}° frontal"
    )
    yield (
        f"natural tilt       {values['natural_sagittal_cdeg'] / 100:+.1f}° sagittal, "
        f"{values['natural_frontal_cdeg'] / 100:+.1f}° frontal"
    )
    (caudal, down), (caudal_sd, down_sd) = found.travel_mm, found.scatter_mm
    if caudal_sd:
        yield (
            f"drag               {caudal:+.1f} mm caudally (sd {caudal_sd:.1f}), "
            f"{down:+.1f} mm downward (sd {down_sd:.1f})"
        )
    if found.separation:
        yield f"separation         {found.separation:.1f} standard deviations from presses to grips"
    yield ""
    if found.drag == TOLD_APART:
        yield (
            "[green]Presses and grips can be told apart[/]: a press with less than "
            f"{values['grip_drag_pct']} % of the drag is a grip."
        )
    else:
        yield f"[yellow]Presses and grips cannot be told apart[/]: {found.drag}. A missing drag is no fault."
