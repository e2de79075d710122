"""The process that runs runtime.mjs, and the frames that go to it and come back.

A frame is two little-endian uint32 (bytes of header and of body), a JSON header with "op", a body.
"""

import contextlib
import json
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SIZES = struct.Struct("<II")


class Process:
    """Starts the command; what it complains about goes to the file ``stderr``."""

    def __init__(self, command: Sequence[str], stderr: Path) -> None:
        self._stderr = stderr
        with stderr.open("wb") as file:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                start_new_session=True,  # a Ctrl-C in the terminal is the host's to handle
            )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._in, self._out = self._popen.stdin, self._popen.stdout

    def send(self, header: dict[str, Any], body: bytes = b"") -> None:
        """Send a frame; OSError where the process is gone."""
        text = json.dumps(header).encode()
        self._in.write(_SIZES.pack(len(text), len(body)) + text + body)
        self._in.flush()

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """Wait for a frame; EOFError where the process is gone."""
        header_size, body_size = _SIZES.unpack(self._read(_SIZES.size))
        return json.loads(self._read(header_size)), self._read(body_size)

    def kill(self) -> None:
        """End it, from any thread; `send` and `receive` notice."""
        self._popen.kill()

    def end(self) -> str:
        """See it to its end; gives its exit status and what it complained about."""
        self._popen.kill()
        with contextlib.suppress(BrokenPipeError), self._popen:
            pass  # closes the pipes and waits
        return f"status {self._popen.returncode}\n{self._stderr.read_text(errors='replace')}".strip()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._popen.poll() is None

    def _read(self, size: int) -> bytes:
        data = self._out.read(size)
        if len(data) < size:
            raise EOFError
        return data
