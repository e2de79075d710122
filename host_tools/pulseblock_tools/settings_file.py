"""The counter's settings as a JSON file: one flat object of whole numbers, as on the board."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulseblock.core.settings import Settings
from pulseblock_tools.errors import UserError
from pulseblock_tools.files import write_text

MAX_BYTES = 65536


def read_settings(path: Path) -> dict[str, int]:
    """Return the settings that a file names, each checked against its range.

    Raises UserError, with the setting's name and range, for one that cannot be.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None
    if len(content) > MAX_BYTES:
        raise UserError(f"{path}: over {MAX_BYTES} bytes: no file of settings")
    try:
        values = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise UserError(f"{path}, row {error.lineno}: no JSON: {error.msg.lower()}") from None
    except (UnicodeDecodeError, RecursionError):
        raise UserError(f"{path}: no JSON") from None
    except ValueError as error:
        raise UserError(f"{path}: {error}") from None
    if not isinstance(values, dict):
        raise UserError(f'{path}: settings are one JSON object, such as {{"rushed_ms": 500}}')
    try:
        Settings().update(values)
    except ValueError as error:
        raise UserError(f"{path}: {error}{_suggestion(values)}") from None
    return values


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)}: given twice")
    return values


def _suggestion(values: dict[str, Any]) -> str:
    """Say which setting may have been meant by the first that does not exist."""
    unknown = [name for name in values if name not in Settings.names()]
    close = difflib.get_close_matches(unknown[0], Settings.names(), 1) if unknown else []
    return f"; did you mean {close[0]}?" if close else ""


def write_settings(path: Path, values: Mapping[str, int]) -> None:
    """Write settings to a file, those of it that *values* does not name staying as they are.

    Raises UserError, and leaves the file alone, where it holds no settings or cannot be written.
    """
    kept = read_settings(path) if path.exists() else {}
    write_text(path, json.dumps(kept | dict(values), indent=1) + "\n")
