"""The settings on a block: a JSON file that holds those that differ from the defaults."""

import difflib
from collections.abc import Mapping
from typing import Any

from pulseblock.core.settings import Settings
from pulseblock_tools.blocks import json_file
from pulseblock_tools.blocks.block import Block
from pulseblock_tools.errors import UserError

SETTINGS_FILE = "/settings.json"
BOARDS_OWN = "rate_hz"
"""The one that the app takes from the board, whatever the file says."""


def check_name(name: str) -> str:
    """Return the name; UserError, with one that may be meant, where no setting is called so."""
    if name not in Settings.names():
        close = difflib.get_close_matches(name, Settings.names(), 1)
        hint = f"did you mean {close[0]}?" if close else "'pulseblock config get' lists them all"
        raise UserError(f"{name}: no such setting; {hint}")
    return name


def check_value(name: str, text: str) -> int:
    """Return the value that a text gives a setting; UserError, with the range, where it cannot be."""
    default, lowest, highest = Settings.describe(check_name(name))
    if name == BOARDS_OWN:
        raise UserError(f"{name}: each board has its own, which no setting changes")
    try:
        value = int(text, 10)
    except ValueError:
        value = lowest - 1
    if not lowest <= value <= highest:
        raise UserError(f"{name}: {text} is not a whole number from {lowest} to {highest} (usual: {default})")
    return value


def read(block: Block) -> dict[str, int]:
    """Return what the block's file sets; UserError where its app cannot use it."""
    return json_file.read(
        block,
        SETTINGS_FILE,
        _checked,
        "the block's settings cannot be used, so it goes by the defaults",
        "'pulseblock config reset' removes them",
    )


def write(block: Block, values: Mapping[str, int]) -> None:
    """Have the block's file set these and nothing else; UserError where its own firmware refuses them."""
    differing = {name: values[name] for name in sorted(values) if values[name] != Settings.describe(name)[0]}
    json_file.write(block, SETTINGS_FILE, differing, "settings_check")


def _checked(values: dict[str, Any]) -> dict[str, int]:
    Settings().update(values)
    return values
