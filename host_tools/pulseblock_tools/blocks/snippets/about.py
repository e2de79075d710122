"""What the board is and runs, as JSON."""

import json
import sys
from binascii import hexlify

from machine import unique_id


def file_system():
    """The class of the file system at the root; "" where MicroPython cannot tell."""
    try:
        import vfs

        for mounted, path in vfs.mount():
            if path == "/":
                return type(mounted).__name__
    except (ImportError, TypeError):  # TypeError: an older MicroPython does not list them
        pass
    return ""


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
            "file_system": file_system(),
            "firmware": firmware,
            "board": board,
        }
    ).encode()
