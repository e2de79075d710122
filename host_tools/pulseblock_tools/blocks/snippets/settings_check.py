"""Whether the block's own firmware takes some settings."""

import json

from pulseblock.core.settings import Settings


def run(text):
    """Yields why it does not take the settings in `text`, JSON; nothing if it does."""
    try:
        Settings().update(json.loads(text))
    except ValueError as error:
        yield str(error).encode()
