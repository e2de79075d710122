"""``pulseblock config``: the settings on the block."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Name = Annotated[str | None, typer.Argument(metavar="NAME", help="Of a setting.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the command and those under it to the app."""
    config = typer.Typer(callback=_overview, invoke_without_command=True, rich_markup_mode="rich")
    config.command("get")(_get)
    # values may be negative, and no options for that
    config.command("set", context_settings={"ignore_unknown_options": True})(_set)
    config.command("reset")(_reset)
    app.add_typer(config, name="config")


def _overview(ctx: typer.Context) -> None:
    """See and change the settings on the block: limits of the faults, calibration, light and sound.

    Settings are whole numbers; the unit is the end of the name. What cannot be is
    refused here and on the block, and changes nothing.

    [bold]Examples[/]

      pulseblock config get                     all of them, with their ranges
      pulseblock config get rushed_ms
      pulseblock config set rushed_ms 700
      pulseblock config set --file ann.json     a calibration, say
      pulseblock config reset rushed_ms         back to the default
      pulseblock config reset                   all of them, calibration too
    """
    if ctx.invoked_subcommand is None:
        ctx.get_help()  # Typer's own help prints itself


def _get(name: Name = None, port: PortName = None, json: Json = False) -> None:
    """Show the settings, or the value of one.

    [bold]Examples[/]

      pulseblock config get --json > mine.json
      pulseblock config get pelvis_limit_cdeg
    """
    from pulseblock.core.settings import Settings
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.blocks.settings import BOARDS_OWN, check_name, read

    if name is not None:
        check_name(name)
    place = chosen(port)
    with connect(place) as block:
        block.about.require_firmware(place.device)
        changed = read(block)
    values = {one: value for one, value in Settings(**changed).as_dict().items() if one != BOARDS_OWN}
    if name is not None:
        values = {name: values.get(name, Settings().get(name))}
    if json:
        terminal.print_json(values)
    elif name is not None:
        terminal.say(str(values[name]))
    else:
        _show(values, changed)


def _show(values: Mapping[str, int], changed: Mapping[str, int]) -> None:
    from rich.table import Table

    from pulseblock.core.meanings import MEANINGS
    from pulseblock.core.settings import Settings

    table = Table("setting", "value", "default", "range", "meaning", box=None, header_style="bold")
    for column in table.columns[:4]:
        column.no_wrap = True
    table.columns[1].justify = table.columns[2].justify = "right"
    for name, value in values.items():
        default, lowest, highest = Settings.describe(name)
        style = "bold" if changed.get(name, default) != default else ""
        table.add_row(name, str(value), str(default), f"{lowest}..{highest}", MEANINGS[name], style=style)
    terminal.say(table)


def _set(
    name: Name = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="A whole number.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="CONFIG.json", help="Set all that the file names.")
    ] = None,
    port: PortName = None,
    json: Json = False,
) -> None:
    """Change one setting, or all those that a file names.

    [bold]Examples[/]

      pulseblock config set sound 0
      pulseblock config set --file ann.json
    """
    from pulseblock_tools.blocks.settings import BOARDS_OWN, check_value
    from pulseblock_tools.settings_file import read_settings

    if (file is None) == (name is None or value is None):
        raise UserError("give a setting's NAME and VALUE, or --file")
    if name is not None and value is not None:
        new = {name: check_value(name, value)}
    else:
        new = read_settings(file) if file else {}
        if new.pop(BOARDS_OWN, None) is not None:
            terminal.note(f"{BOARDS_OWN} is left out: each board has its own.")
    _change(lambda before: {**before, **new}, port, json)


def _reset(name: Name = None, port: PortName = None, json: Json = False) -> None:
    """Put one setting, or all, back to the default.

    [bold]Examples[/]

      pulseblock config reset light_pct
      pulseblock config reset              what the wearer's calibration found too
    """
    from pulseblock_tools.blocks.settings import check_name

    only = None if name is None else check_name(name)
    _change(
        lambda before: {one: value for one, value in before.items() if only and one != only},
        port,
        json,
        whatever_there_is=name is None,
    )


def _change(
    change: Callable[[dict[str, int]], dict[str, int]],
    port: str | None,
    json: bool,
    whatever_there_is: bool = False,
) -> None:
    """Change what the block's file sets; ``whatever_there_is`` even if that cannot be used."""
    from pulseblock.core.settings import Settings
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.blocks.settings import read, write

    place = chosen(port)
    with connect(place) as block:
        block.about.require_firmware(place.device)
        try:
            before = read(block)
        except UserError:
            if not whatever_there_is:
                raise
            before = {}
        after = change(before)
        write(block, after)
    old, new = Settings(**before), Settings(**after)
    changed = [name for name in Settings.names() if old.get(name) != new.get(name)]
    if json:
        terminal.print_json({name: {"before": old.get(name), "now": new.get(name)} for name in changed})
        return
    for name in changed:
        terminal.say(f"{name}: {old.get(name)} -> {new.get(name)}")
    if not changed:
        terminal.say("Nothing to change.")
