"""The program on a block: a JSON file, an empty object for none."""

from typing import Any

from pulseblock.guide.program import Program
from pulseblock_tools.blocks import json_file
from pulseblock_tools.blocks.block import Block

PROGRAM_FILE = "/program.json"


def read(block: Block) -> Program | None:
    """Return the block's program, None for none; UserError where its app cannot use it."""
    return json_file.read(
        block,
        PROGRAM_FILE,
        _program,
        "the block's program cannot be used, so it guides nobody",
        "'pulseblock program off' removes it",
    )


def write(block: Block, program: Program | None) -> None:
    """Put a program, or none, on the block; UserError where its own firmware refuses it."""
    json_file.write(block, PROGRAM_FILE, program.as_dict() if program else {}, "program_check")


def _program(values: dict[str, Any]) -> Program | None:
    return Program(**values) if values else None
