"""A JSON object in a file on a block, as its app reads it."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pulseblock_tools.blocks.block import Block
from pulseblock_tools.errors import FAILED, UserError

Made = TypeVar("Made")


def read(block: Block, path: str, make: Callable[[dict[str, Any]], Made], trouble: str, advice: str) -> Made:
    """Return what *make* makes of the object in a file, of an empty one without the file.

    Raises UserError, in words *trouble* and *advice*, where there is no object or *make* raises ValueError.
    """
    contents = block.read_file(path)
    try:
        values = {} if contents is None else json.loads(contents)
        if not isinstance(values, dict):
            raise ValueError("no object")
        return make(values)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{trouble}: {error}; {advice}", FAILED) from None


def write(block: Block, path: str, values: Mapping[str, int], check: str) -> None:
    """Put an object in a file; UserError where the block's own firmware, by the snippet *check*, refuses it.

    The old file stays until the new one is there whole.
    """
    text = json.dumps(values, separators=(",", ":"))
    refused = block.do(check, text=text).decode(errors="replace")
    if refused:
        raise UserError(
            f"the block's firmware {block.about.firmware} refuses that: {refused[:200]}; "
            "'pulseblock install' brings it up to date",
            FAILED,
        )
    block.write_file(path, text.encode())
