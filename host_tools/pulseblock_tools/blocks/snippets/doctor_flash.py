"""Whether what is written to flash is there afterwards."""

import json
import os
import time
from binascii import crc32

_PATH = "/doctor.tmp"


def run(size):
    """Yields one object: `good`, whether `size` bytes came back; `ms`, what writing took; `error`."""
    chunk = bytearray(range(256))
    wanted = got = 0
    error = ""
    began = time.ticks_ms()
    took = 0
    try:
        with open(_PATH, "wb") as file:
            for number in range(size // 256):
                chunk[0] = number & 0xFF
                wanted = crc32(chunk, wanted)
                file.write(chunk)
        took = time.ticks_diff(time.ticks_ms(), began)
        with open(_PATH, "rb") as file:
            while file.readinto(chunk):
                got = crc32(chunk, got)
    except OSError as failure:
        error = str(failure)
    try:
        os.remove(_PATH)
    except OSError:
        pass  # it was not made
    yield json.dumps({"good": wanted == got and not error, "ms": took, "error": error}).encode()
