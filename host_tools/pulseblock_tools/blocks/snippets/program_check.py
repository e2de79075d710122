"""Whether the block's own firmware takes a program."""

import json


def run(text):
    """Yields why it does not take the program in `text`, JSON; nothing if it does."""
    try:
        from pulseblock.guide.program import Program

        Program(**json.loads(text))
    except (ImportError, ValueError) as error:
        yield str(error).encode()
