"""The virtual block's computer: real MicroPython in a Node process, on flash that the host keeps."""

import contextlib
import math
import tempfile
import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Self

from .flash import Flash
from .node import HERE, find_node, micropython
from .outputs import Output, decode_outputs
from .process import Process

Sample = tuple[int, int, int, int, int]
"""t_ms (int32, any start), force in 0.01 N, accelerations along x, y, z in 1/8192 g."""

MISSING = -(2**31)
"""As a sample's force: the time passes, and the sensor measures nothing."""

JANUARY_2021_MS = 1_609_459_200_000  # where an RP2040's clock starts at power-on
_BATCH = 2000  # samples a request, so that none takes long
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


class Computer:
    """One board's processor, memory and flash.  Entering it powers it on; leaving it frees the process.

    ``heap_bytes`` is what MicroPython starts with (it takes more when that is full, since this port frees
    memory only between two calls from the host); ``ticks_ms`` where its clock starts, to try the
    wrap-round at 2^30.  A request that takes longer than ``timeout_s`` kills the process.
    """

    def __init__(
        self,
        flash: Flash | None = None,
        *,
        unique_id: bytes = b"virtual0",
        heap_bytes: int = 192 * 1024,
        ticks_ms: int = 0,
        timeout_s: float = 60.0,
    ) -> None:
        self.flash = Flash() if flash is None else flash
        self.unique_id = unique_id
        self.heap_bytes = heap_bytes
        self.timeout_s = timeout_s
        self.running = False  # the app's step is being driven
        self.reset_requested = False  # machine.reset() was called
        self.alarm_ms: float | None = None  # until a machine.Timer is due, by the time of the last request
        self._first_ticks_ms = ticks_ms
        self._time = {"ticks": ticks_ms, "sample": 0, "rtc": JANUARY_2021_MS - ticks_ms}
        self._inputs = {"button": 0, "battery": 4000, "listening": 0, "attached": 0}
        self._process: Process | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="pulseblock-")
        self._interrupt = Path(self._folder.name, "interrupt")
        self._stderr = Path(self._folder.name, "stderr")
        self._lock = threading.RLock()
        self._interrupt_lock = threading.Lock()
        self._programs = 0
        self._program = 0  # number of the one that runs now
        self._unresponsive = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Power off for good."""
        self.kill()
        with self._lock:
            self._bury()
        self._folder.cleanup()

    # -- power

    def start(self) -> None:
        """Start a fresh interpreter on the flash; nothing of the firmware runs yet.

        Raises UserError with RUNTIME_MISSING where Node or MicroPython cannot be had.
        """
        node = find_node()
        paths = (HERE / "runtime.mjs", micropython(node), HERE / "rom", self._interrupt)
        config = {
            "heap": self.heap_bytes,
            "pystack": 2048,
            "unique_id": self.unique_id.hex(),
            "capacity": self.flash.capacity,
            "folders": sorted(self.flash.folders),
            "files": [(path, len(contents)) for path, contents in self.flash.files.items()],
            "inputs": self._inputs,
            "time": self._time,
        }
        with self._lock:
            self._process = Process([node.program, *map(str, paths)], self._stderr)
            self._request("start", config, b"".join(self.flash.files.values()))

    def kill(self) -> None:
        """End the process at once, from any thread; as after a power cut, the flash keeps what is durable."""
        process = self._process
        if process is not None:
            process.kill()

    def restart(self, *, hard: bool = False) -> None:
        """Start a fresh interpreter on the same files.

        A soft restart keeps clock and time of day, as a board does; a hard one loses both.
        """
        self.kill()
        with self._lock:
            self._bury()
            if hard:
                self._time.update(ticks=self._first_ticks_ms, rtc=JANUARY_2021_MS - self._first_ticks_ms)
            self.start()

    def _bury(self) -> str:
        """See the process to its end; gives how it ended."""
        process, self._process = self._process, None
        self.running = self.reset_requested = False
        self.alarm_ms = None
        return process.end() if process else "no process"

    # -- programs

    def exec(self, source: str | bytes, sink: Sink | None = None, *, timeout_s: float | None = None) -> str:
        """Run source in ``__main__``; give what it printed, or pass it to ``sink`` as it comes.

        ``timeout_s`` instead of the computer's own; infinity is allowed.  Raises MicroPythonError where an
        exception leaves the program (SystemExit too).
        """
        printed = bytearray()
        sink = sink or (lambda _, data: printed.extend(data))
        source = source.encode() if isinstance(source, str) else source
        self._request("exec", body=source, sink=sink, timeout_s=timeout_s)
        return printed.decode(errors="replace")

    def type(self, keys: bytes, sink: Sink) -> tuple[int, bool]:
        """Type into MicroPython's own REPL; Ctrl-B on an empty line gives banner and prompt.

        Gives how many keys it took, and whether the last one ended it (Ctrl-D, or a program's SystemExit).
        """
        header, _ = self._request("keys", body=keys, sink=sink, timeout_s=math.inf)
        return header["used"], header["forced_exit"]

    def run_files(self, *paths: str, sink: Sink | None = None) -> None:
        """Run those of the files that there are, in ``__main__``."""
        for path in paths:
            if path in self.flash.files:
                self.exec(f"execfile({path!r})", sink)

    def interrupt(self, patience_s: float = 2.0) -> bool:
        """Raise KeyboardInterrupt in the program that another thread is running here; False if none is.

        It is seen when the program prints, writes a file or looks at the time (as sleep does).  One that
        does none of that for so long is ended with its process, and that thread gets Unresponsive.
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

    # -- the app

    def run(self, samples: Sequence[Sample], per_step: int = 1, sink: Sink | None = None) -> list[Output]:
        """Let the sensor measure these, and drive the app's step once every ``per_step`` samples.

        Gives what the firmware showed meanwhile, and passes to ``sink`` what it printed.  Without an app
        the samples pass unseen.  Raises MicroPythonError where the step fails; the app has ended then.
        """
        outputs: list[Output] = []
        for at in range(0, len(samples), _BATCH):
            rows = array("i", chain.from_iterable(samples[at : at + _BATCH]))
            _, data = self._request("run", {"per_step": per_step}, rows.tobytes(), sink)
            outputs += decode_outputs(data)
        return outputs

    def interrupt_app(self, sink: Sink | None = None) -> None:
        """Stop the app as KeyboardInterrupt stops a board's loop: it is told, and not driven any more."""
        self._request("interrupt", sink=sink)

    def set_inputs(self, **values: int) -> None:
        """What other inputs read from now on: ``button`` 0 or 1, ``battery`` in mV.

        ``listening`` and ``attached`` 0 or 1: whether somebody wants telemetry, here and at the USB port.
        """
        self._inputs.update(values)
        self._request("inputs", {"values": values})

    @property
    def clock_ms(self) -> int:
        """Virtual milliseconds since power-on (and ``ticks_ms``), not wrapped."""
        return self._time["ticks"]

    # -- files, as the running interpreter sees them

    def write(self, path: str, contents: bytes) -> None:
        """Write a file whose folder exists; durable at once."""
        self._request("write", {"path": path}, contents)

    def read(self, path: str) -> bytes:
        """Contents of a file."""
        return self._request("read", {"path": path})[1]

    def files(self) -> dict[str, int]:
        """Size of every file by path."""
        sizes: dict[str, int] = self._request("files")[0]["files"]
        return sizes

    # -- requests

    def _request(
        self,
        op: str,
        fields: dict[str, Any] | None = None,
        body: bytes = b"",
        sink: Sink | None = None,
        timeout_s: float | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request to runtime.mjs and wait for its answer; one at a time, from any thread.

        Raises ComputerDied, MicroPythonError, OSError (of a file), PowerCut.
        """
        with self._lock:
            process = self._process
            if process is None:
                raise ComputerDied("the virtual block is off")
            timeout_s = self.timeout_s if timeout_s is None else timeout_s
            with self._watched(process, op in _PROGRAMS, timeout_s) as late:
                try:
                    process.send({"op": op, **(fields or {})}, body)
                    header, data = self._answer(process, sink)
                except (EOFError, OSError) as error:
                    raise self._death(late.is_set() and timeout_s) from error
                except BaseException:
                    self._bury()  # half an answer cannot be taken up again
                    raise
            self._time = header["time"]
            self.running = header["running"]
            self.reset_requested = header["reset"]
            self.alarm_ms = header["alarm_ms"]
            if "error" in header:
                raise _error(**header["error"])
            return header, data

    def _answer(self, process: Process, sink: Sink | None) -> tuple[dict[str, Any], bytes]:
        while True:
            header, data = process.receive()
            match header["op"]:
                case "done":
                    return header, data
                case "flash":
                    self.flash.apply(header["change"], header, data)
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
        how = self._bury()
        if self._unresponsive:
            self._unresponsive = False
            return Unresponsive("the program did not stop on KeyboardInterrupt")
        if late_s:
            return ComputerDied(f"the virtual block did not answer within {late_s:g} s")
        return ComputerDied(f"the virtual block's interpreter ended with {how}")


def _error(type: str, text: str, errno: int | None = None) -> Exception:
    return MicroPythonError(type, text) if errno is None else OSError(errno, text)
