"""The program on a block: a JSON file, an empty object for none."""

import json

from pulseblock.guide.program import Program
from pulseblock_tools.blocks.block import Block
from pulseblock_tools.errors import FAILED, UserError

PROGRAM_FILE = "/program.json"


def read(block: Block) -> Program | None:
    """Return the block's program, None for none; UserError where its app cannot use it."""
    contents = block.read_file(PROGRAM_FILE)
    if contents is None:
        return None
    try:
        values = json.loads(contents)
        if not isinstance(values, dict):
            raise ValueError("no object")
        return Program(**values) if values else None
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"the block's program cannot be used, so it guides nobody: {error}; 'pulseblock program off' "
            "removes it",
            FAILED,
        ) from None


def write(block: Block, program: Program | None) -> None:
    """Put a program, or none, on the block; UserError where its own firmware refuses it.

    The old one stays until the new one is there whole.
    """
    values = program.as_dict() if program else {}
    text = json.dumps(values, separators=(",", ":"))
    refused = block.do("program_check", text=text).decode(errors="replace")
    if refused:
        raise UserError(
            f"the block's firmware {block.about.firmware} refuses that: {refused[:200]}; "
            "'pulseblock install' brings it up to date",
            FAILED,
        )
    block.write_file(PROGRAM_FILE, text.encode())
