"""The settings on a block: a JSON file that holds those that differ from the defaults."""

import difflib
import json
from collections.abc import Mapping

from pulseblock.core.settings import Settings
from pulseblock_tools.blocks.block import Block
from pulseblock_tools.errors import FAILED, UserError

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
    contents = block.read_file(SETTINGS_FILE)
    if contents is None:
        return {}
    try:
        values = json.loads(contents)
        if not isinstance(values, dict):
            raise ValueError("no object")
        Settings().update(values)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"the block's settings cannot be used, so it goes by the defaults: {error}; "
            "'pulseblock config reset' removes them",
            FAILED,
        ) from None
    return values


def write(block: Block, values: Mapping[str, int]) -> None:
    """Have the block's file set these and nothing else; UserError where its own firmware refuses them.

    The old file stays until the new one is there whole.
    """
    differing = {name: value for name, value in values.items() if value != Settings.describe(name)[0]}
    text = json.dumps(differing, separators=(",", ":"), sort_keys=True)
    refused = block.do("settings_check", text=text).decode(errors="replace")
    if refused:
        raise UserError(
            f"the block's firmware {block.about.firmware} refuses that: {refused[:200]}; "
            "'pulseblock install' brings it up to date",
            FAILED,
        )
    block.write_file(SETTINGS_FILE, text.encode())
