"""Frames between the host and runtime.mjs.

Two little-endian uint32 (bytes of header and of body), a JSON header with "op", a body.
"""

import json
import struct
from typing import IO, Any

_SIZES = struct.Struct("<II")


def write_frame(pipe: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    """Send one frame."""
    text = json.dumps(header).encode()
    pipe.write(_SIZES.pack(len(text), len(body)) + text + body)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Wait for one frame; EOFError where the other side is gone."""
    header_size, body_size = _SIZES.unpack(_read(pipe, _SIZES.size))
    return json.loads(_read(pipe, header_size)), _read(pipe, body_size)


def _read(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
