"""The virtual block: computer, flash with the firmware, sensors that are fed, and a USB port."""

import contextlib
import functools
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Self

import pulseblock

from .computer import Computer, Sample
from .flash import Flash, PowerCut
from .interpreter import ComputerDied, MicroPythonError
from .listener import Listener
from .outputs import Output
from .repl import CTRL_C, HardReset, Repl
from .usb_port import UsbPort

FIRMWARE = Path(pulseblock.__file__).parent
_BATCH = 1000  # samples between two looks at the USB port


def install(flash: Flash) -> None:
    """Put the firmware there, as a block that runs it has it."""
    flash.copy_tree(FIRMWARE, "/lib/pulseblock")
    flash.write("/main.py", (FIRMWARE / "main.py").read_bytes())
    flash.write("/board", b"virtual\n")


class VirtualBlock:
    """A block as its wearer has it: entering it switches it on, leaving it takes it away.

    The firmware's step is driven by `run`, from any thread, while it is not stopped at the USB port.
    Without ``flash`` the block has a new one with the firmware; ``usb_port`` 0 lets the system choose.
    """

    def __init__(
        self,
        flash: Flash | None = None,
        *,
        unique_id: bytes = b"virtual0",
        ticks_ms: int = 0,
        usb_port: int = 0,
    ) -> None:
        if flash is None:
            flash = Flash()
            install(flash)
        self.computer = Computer(flash, unique_id=unique_id, ticks_ms=ticks_ms)
        self.usb = UsbPort(self._received, usb_port)
        self._listener = Listener(self.usb.send, self.computer)
        self._repl = Repl(self.computer, self.usb.send, self._listener.heed)
        self._lock = threading.RLock()
        self._input: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._alarm: threading.Timer | None = None
        self._worker = threading.Thread(target=self._serve, name="usb-serve", daemon=True)

    def __enter__(self) -> Self:
        try:
            self.power_on()
        except BaseException:
            self.usb.close()
            self.computer.close()
            raise
        self._worker.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.usb.close()
        self._input.put(None)
        self.computer.kill()
        self._worker.join()
        self._set_alarm(None)
        self.computer.close()

    # -- what happens to a block

    def power_on(self) -> None:
        """Switch on, or off and on again: the firmware starts afresh on what the flash holds.

        Raises MicroPythonError where /main.py fails: its wearer would see a dead block.
        """
        self.cut_power()
        with self._lock:
            self.computer.restart(hard=True)
            try:
                self._repl.start()
            except HardReset:
                self.power_on()

    def cut_power(self) -> None:
        """Switch off at once, in the middle of whatever it does."""
        self.computer.kill()
        self.usb.cut()

    @property
    def running(self) -> bool:
        """Whether the app runs: it has not failed, and nobody has stopped it at the USB port."""
        with self._lock:  # what the port asked for is done first
            return self.computer.running

    def run(self, samples: Sequence[Sample], per_step: int = 1) -> list[Output]:
        """Let the sensors measure these; gives what the block showed meanwhile.

        While the app is stopped the samples pass unseen.  Raises MicroPythonError where the app fails, and
        PowerCut or ComputerDied where the block does.
        """
        outputs: list[Output] = []
        for at in range(0, len(samples), _BATCH):
            while self._worker.is_alive() and self._input.unfinished_tasks:
                time.sleep(0.001)  # the USB port goes first
            with self._lock:
                try:
                    shown = self.computer.run(samples[at : at + _BATCH], per_step, self._repl.printed)
                    self._listener.pass_on(shown)
                    outputs += shown
                except MicroPythonError as error:
                    if error.type != "SystemExit":
                        self._repl.app_ended(str(error))
                        raise
                    self._reset()
                except (ComputerDied, PowerCut):
                    self.usb.cut()
                    raise
        return outputs

    def play(
        self, samples: Iterable[Sample], *, batch_ms: int = 50, realtime: bool = False
    ) -> Iterator[list[Output]]:
        """`run` for a display: what was shown in each ``batch_ms``, as fast as it goes or in real time."""
        start = time.monotonic()
        origin: int | None = None
        batch: list[Sample] = []
        for sample in chain(samples, [None]):
            if batch and (sample is None or sample[0] - batch[0][0] >= batch_ms):
                origin = batch[0][0] if origin is None else origin
                if realtime:
                    time.sleep(max(0.0, start + (batch[-1][0] - origin) / 1000 - time.monotonic()))
                yield self.run(batch)
                batch = []
            if sample is not None:
                batch.append(sample)

    # -- the USB port's threads

    def _received(self, data: bytes) -> None:
        unread, ctrl_c, rest = data.rpartition(CTRL_C)
        if ctrl_c and not self.computer.interrupt():
            self._put(unread)
            if not self._interrupt_what_starts():
                self._put(CTRL_C)
        self._put(rest)

    def _put(self, data: bytes) -> None:
        if data:
            self._input.put(functools.partial(self._repl.receive, data))

    def _interrupt_what_starts(self) -> bool:
        """Interrupt the program that input not yet answered starts; False if it starts none."""
        while self._input.unfinished_tasks:
            if self.computer.interrupt():
                return True
            time.sleep(0.002)
        return False

    def _serve(self) -> None:
        while (answer := self._input.get()) is not None:
            try:
                with self._lock:
                    self._do(answer)
                    self._set_alarm(self.computer.alarm_ms)
            finally:
                self._input.task_done()

    def _set_alarm(self, ms: float | None) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = None if ms is None else threading.Timer(ms / 1000, self._input.put, [self._repl.ring])
        if self._alarm:
            self._alarm.daemon = True
            self._alarm.start()

    def _do(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except HardReset:
            self._reset()
        except (ComputerDied, PowerCut):
            self.usb.cut()

    def _reset(self) -> None:
        """Restart as the program asked; what fails in /main.py then shows at the USB port."""
        with contextlib.suppress(MicroPythonError):
            if self.computer.reset_requested:
                self.power_on()
            else:
                self.computer.restart()
                self._repl.start()
