"""What the board is and runs, as JSON."""

import json
import sys
from binascii import hexlify

from machine import unique_id


def run():
    """Yields one object of texts; those not known are empty."""
    firmware = board = ""
    try:
        import pulseblock

        firmware = pulseblock.__version__
    except (ImportError, AttributeError, ValueError):  # ValueError: compiled for another MicroPython
        pass
    try:
        with open("/board") as file:
            board = file.read(64).strip()
    except (OSError, UnicodeError):
        pass
    yield json.dumps(
        {
            "id": hexlify(unique_id()).decode(),
            "micropython": ".".join([str(part) for part in sys.implementation.version[:3]]),
            "machine": getattr(sys.implementation, "_machine", sys.platform)[:64],
            "firmware": firmware,
            "board": board,
        }
    ).encode()
