"""The virtual block's computer: real MicroPython in a Node process, on flash that the host keeps."""

import math
from array import array
from collections.abc import Sequence
from itertools import chain
from typing import Self

from .flash import Flash
from .interpreter import Interpreter, Sink
from .outputs import Output, decode_outputs

Sample = tuple[int, int, int, int, int]
"""t_ms (int32, any start), force in 0.01 N, accelerations along x, y, z in 1/8192 g."""

MISSING = -(2**31)
"""As a sample's force: the time passes, and the sensor measures nothing."""

JANUARY_2021_MS = 1_609_459_200_000  # where an RP2040's clock starts at power-on
_BATCH = 2000  # samples a request, so that none takes long


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
        self._first_ticks_ms = ticks_ms
        self._inputs = {"button": 0, "battery": 4000, "listening": 0, "attached": 0}
        time = {"ticks": ticks_ms, "sample": 0, "rtc": JANUARY_2021_MS - ticks_ms}
        self._interpreter = Interpreter(self.flash, timeout_s, time)
        self._request = self._interpreter.request

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Power off for good."""
        self._interpreter.close()

    # -- power

    def start(self) -> None:
        """Start a fresh interpreter on the flash; nothing of the firmware runs yet.

        Raises UserError with RUNTIME_MISSING where Node or MicroPython cannot be had.
        """
        self._interpreter.start(
            {
                "heap": self.heap_bytes,
                "pystack": 2048,
                "unique_id": self.unique_id.hex(),
                "inputs": self._inputs,
            }
        )

    def kill(self) -> None:
        """End the process at once, from any thread; as after a power cut, the flash keeps what is durable."""
        self._interpreter.kill()

    def restart(self, *, hard: bool = False) -> None:
        """Start a fresh interpreter on the same files.

        A soft restart keeps clock and time of day, as a board does; a hard one loses both.
        """
        self._interpreter.kill()  # whoever waits for an answer lets go of the lock
        with self._interpreter.lock:
            self._interpreter.end()
            if hard:
                start = self._first_ticks_ms
                self._interpreter.time.update(ticks=start, rtc=JANUARY_2021_MS - start)
            self.start()

    @property
    def running(self) -> bool:
        """Whether the app's step is being driven."""
        return self._interpreter.running

    @property
    def reset_requested(self) -> bool:
        """Whether machine.reset() was called."""
        return self._interpreter.reset_requested

    @property
    def alarm_ms(self) -> float | None:
        """Until a machine.Timer is due, by the time of the last request; None without one."""
        return self._interpreter.alarm_ms

    @property
    def clock_ms(self) -> int:
        """Virtual milliseconds since power-on (and ``ticks_ms``), not wrapped."""
        return self._interpreter.time["ticks"]

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
        return self._interpreter.interrupt(patience_s)

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
