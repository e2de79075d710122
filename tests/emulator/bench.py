"""The emulated Pico as a test has it: a program of its own, on which power can fail at any time."""

from __future__ import annotations

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
_SETTLED_MS = 1500
_LOOK_S = 0.5


class Bench:
    """One Pico, off at first: its flash is the file ``image``, and its serial port ``port``."""

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

    @property
    def log(self) -> str:
        """The end of what went wrong in it."""
        return self._log.read_text()[-3000:]

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
        return self.wait(what, patience_s=60)[1]

    def wait(self, *whats: str, patience_s: float = _PATIENCE_S) -> Any:
        """The next line that begins with one of these; AssertionError where the Pico says none."""
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            for line in self._seen:
                if line[0] in whats:
                    self._seen.remove(line)
                    return line
            was_on = self.is_on
            try:
                self._seen.append(self._lines.get(timeout=_LOOK_S))
            except queue.Empty:
                if not was_on:
                    break
        raise AssertionError(f"the emulated Pico says none of {whats}: {self._seen}\n{self.log}")

    def forget(self) -> None:
        """What was told before does not count any more."""
        self.do("tell")
        self._seen.clear()

    def wait_heard(self, text: str) -> None:
        """Wait until the firmware prints that."""
        deadline = time.monotonic() + _PATIENCE_S
        while text not in (heard := self.do("tell")[2]):
            assert time.monotonic() < deadline, f"{text!r} is not in {heard!r}"
            time.sleep(_LOOK_S)

    def settle(self) -> None:
        """Wait until nothing has been written to flash for a while: MicroPython has made its file system."""
        since_ms, before, _ = self.do("tell")
        now_ms = since_ms
        while now_ms - since_ms < _SETTLED_MS:
            time.sleep(0.1)
            now_ms, writes, _ = self.do("tell")
            if writes != before:
                since_ms, before = now_ms, writes

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
