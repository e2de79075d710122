"""The emulated Pico as a test has it: a program of its own, on which power can fail at any time."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emulator.parts import Sample

_TESTS = Path(__file__).parents[1]
_PATIENCE_S = 600.0  # an emulated second of hard work takes twenty


class Bench:
    """One Pico, off at first; its folder has its flash, ``image``, and ``port``, a link to its serial port."""

    def __init__(self, folder: Path, uf2: Path) -> None:
        self.image = folder / "flash"
        self.port = folder / "ttyACM0"
        self._log = folder / "log"
        self._uf2 = uf2
        self._pico: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[Any] = queue.Queue()
        self._seen: list[Any] = []

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pico:
            self._pico.kill()
            self._pico.wait()

    @property
    def is_on(self) -> bool:
        """Whether it has power."""
        return self._pico is not None and self._pico.poll() is None

    def power_on(self) -> None:
        """Switch it on."""
        assert not self.is_on
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_TESTS), str(_TESTS / "device")])}
        with self._log.open("ab") as log:
            self._pico = subprocess.Popen(
                [sys.executable, "-m", "emulator.pico", self._uf2, self.image, self.port],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environment,
            )  # fmt: skip
        self._seen.clear()
        self._lines = queue.Queue()
        threading.Thread(target=self._read, args=(self._pico.stdout, self._lines), daemon=True).start()

    def do(self, what: str, argument: object = None) -> Any:
        """Have it done; see `emulator.pico`."""
        self._say(what, argument)
        return self.wait(what, 60)[1]

    def wait(self, what: str, patience_s: float = _PATIENCE_S) -> Any:
        """The next line that begins with *what*; AssertionError, with what was said instead, without one."""
        deadline = time.monotonic() + patience_s
        while True:
            for line in self._seen:
                if line[0] == what:
                    self._seen.remove(line)
                    return line
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
                if line is not None:
                    self._seen.append(line)
                    continue
            log = self._log.read_text()[-3000:]
            raise AssertionError(f"the emulated Pico says no {what!r}: {self._seen} {log}")

    def wear(self, samples: Sequence[Sample]) -> None:
        """Have somebody wear the block as the samples are, to their end or until power fails."""
        self._say("wear", samples)

    def power_off(self) -> None:
        """Power fails."""
        self._say("off", None)
        self.wait_lost()

    def wait_lost(self) -> None:
        """Wait until power has failed."""
        self.wait("lost")
        assert self._pico
        self._pico.wait(60)

    def _say(self, what: str, argument: object) -> None:
        assert self._pico
        assert self._pico.stdin
        self._pico.stdin.write(json.dumps([what, argument]) + "\n")
        self._pico.stdin.flush()

    @staticmethod
    def _read(stdout: Any, lines: queue.Queue[Any]) -> None:
        for line in stdout:
            lines.put(json.loads(line))
        lines.put(None)
