"""MicroPython's interpreter in a process of Node's, which answers one request at a time."""

import contextlib
import math
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .flash import Flash
from .node import HERE, find_node, micropython
from .process import Process

_PROGRAMS = ("exec", "keys")  # requests in which a program of the user's runs

Sink = Callable[[str, bytes], None]
"""Takes output while a program runs: "out" for text, "raw" for what goes through sys.stdout.buffer."""


class ComputerDied(Exception):
    """The interpreter's process ended: killed, out of time, or crashed."""


class Unresponsive(ComputerDied):
    """A program did not stop on KeyboardInterrupt, so its process was ended."""


class MicroPythonError(Exception):
    """An exception left the program; ``str()`` is MicroPython's traceback, ``type`` the exception's name."""

    def __init__(self, type_: str, traceback: str) -> None:
        super().__init__(traceback)
        self.type = type_


class Interpreter:
    """Keeps the files it writes on ``flash``; a request that takes longer than ``timeout_s`` kills it.

    ``time`` (ms by clock), ``running``, ``reset_requested`` and ``alarm_ms`` are as the last answer has them.
    ``lock`` is held by the thread whose request is being answered.
    """

    def __init__(self, flash: Flash, timeout_s: float, time: dict[str, int]) -> None:
        self._flash = flash
        self._timeout_s = timeout_s
        self.time = time
        self.running = False
        self.reset_requested = False
        self.alarm_ms: float | None = None
        self.lock = threading.RLock()
        self._process: Process | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="pulseblock-")
        self._interrupt = Path(self._folder.name, "interrupt")
        self._stderr = Path(self._folder.name, "stderr")
        self._interrupt_lock = threading.Lock()
        self._programs = 0
        self._program = 0  # number of the one that runs now
        self._unresponsive = False

    def start(self, config: dict[str, Any]) -> None:
        """Start a fresh one on the files of the flash.

        Raises UserError with RUNTIME_MISSING where Node or MicroPython cannot be had.
        """
        node = find_node()
        paths = (HERE / "runtime.mjs", micropython(node), HERE / "rom", self._interrupt)
        files = self._flash.files
        config = {
            **config,
            "capacity": self._flash.capacity,
            "folders": sorted(self._flash.folders),
            "files": [(path, len(contents)) for path, contents in files.items()],
            "time": self.time,
        }
        with self.lock:
            self._process = Process([node.program, *map(str, paths)], self._stderr)
            self.request("start", config, b"".join(files.values()))

    def kill(self) -> None:
        """End the process at once, from any thread; as after a power cut, the flash keeps what is durable."""
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> str:
        """See the process to its end; gives how it ended."""
        self.kill()
        with self.lock:
            process, self._process = self._process, None
            self.running = self.reset_requested = False
            self.alarm_ms = None
            return process.end() if process else "no process"

    def close(self) -> None:
        """End it for good."""
        self.end()
        self._folder.cleanup()

    def request(
        self,
        op: str,
        fields: dict[str, Any] | None = None,
        body: bytes = b"",
        sink: Sink | None = None,
        timeout_s: float | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request to runtime.mjs and wait for its answer, from any thread.

        ``timeout_s`` instead of the interpreter's own; infinity is allowed.

        Raises ComputerDied, MicroPythonError, OSError (of a file), PowerCut.
        """
        with self.lock:
            process = self._process
            if process is None:
                raise ComputerDied("the virtual block is off")
            timeout_s = self._timeout_s if timeout_s is None else timeout_s
            with self._watched(process, op in _PROGRAMS, timeout_s) as late:
                try:
                    process.send({"op": op, **(fields or {})}, body)
                    header, data = self._answer(process, sink)
                except (EOFError, OSError) as error:
                    raise self._death(late.is_set() and timeout_s) from error
                except BaseException:
                    self.end()  # half an answer cannot be taken up again
                    raise
            self.time = header["time"]
            self.running = header["running"]
            self.reset_requested = header["reset"]
            self.alarm_ms = header["alarm_ms"]
            if "error" in header:
                raise _error(**header["error"])
            return header, data

    def interrupt(self, patience_s: float) -> bool:
        """Raise KeyboardInterrupt in the program that another thread is running here; False if none is.

        After that long the process is ended, and that thread gets Unresponsive.
        """
        with self._interrupt_lock:
            program = self._program
            if program:
                self._interrupt.touch()
                timer = threading.Timer(patience_s, self._end_program, [program])
                timer.daemon = True  # the host's program may end before
                timer.start()
            return bool(program)

    def _end_program(self, program: int) -> None:
        with self._interrupt_lock:
            if self._program == program and self._process is not None:
                self._unresponsive = True
                self._process.kill()

    def _answer(self, process: Process, sink: Sink | None) -> tuple[dict[str, Any], bytes]:
        while True:
            header, data = process.receive()
            match header["op"]:
                case "done":
                    return header, data
                case "flash":
                    self._flash.apply(header["change"], header, data)
                case kind if sink is not None:
                    sink(kind, data)

    @contextlib.contextmanager
    def _watched(self, process: Process, program: bool, timeout_s: float) -> Iterator[threading.Event]:
        """End the process if the block takes too long; sets the event then."""
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(timeout_s, end) if timeout_s < math.inf else None
        if timer:
            timer.daemon = True  # a Ctrl-C before it is cancelled must not wait for it
            timer.start()
        if program:
            self._programs += 1
            self._program = self._programs
        try:
            yield late
        finally:
            if timer:
                timer.cancel()
            with self._interrupt_lock:
                self._program = 0
                self._interrupt.unlink(missing_ok=True)

    def _death(self, late_s: float) -> ComputerDied:
        how = self.end()
        if self._unresponsive:
            self._unresponsive = False
            return Unresponsive("the program did not stop on KeyboardInterrupt")
        if late_s:
            return ComputerDied(f"the virtual block did not answer within {late_s:g} s")
        return ComputerDied(f"the virtual block's interpreter ended with {how}")


def _error(type: str, text: str, errno: int | None = None) -> Exception:
    return MicroPythonError(type, text) if errno is None else OSError(errno, text)
