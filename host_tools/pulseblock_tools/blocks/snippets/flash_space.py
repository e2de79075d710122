"""How much room the file system has, and which .mpy files MicroPython reads."""

import json
import os
import sys


def run():
    """Yields one object: bytes of a `block`, number of `blocks`, how many are `free`; MicroPython's `mpy`."""
    _, block, blocks, free = os.statvfs("/")[:4]
    mpy = getattr(sys.implementation, "_mpy", 0)
    yield json.dumps({"block": block, "blocks": blocks, "free": free, "mpy": mpy}).encode()
