"""What a board's MicroPython says at its USB port: friendly REPL, raw REPL, raw-paste, soft reset.

The friendly REPL is MicroPython's own.  The raw one is played here, since this port of MicroPython cannot
read input while it runs, as raw-paste asks: the source is gathered, then run.
"""

import contextlib
import math
import re
import struct
from collections.abc import Callable
from enum import Enum, auto

from .computer import Computer
from .interpreter import MicroPythonError, Unresponsive

CTRL_A, CTRL_B, CTRL_C, CTRL_D = b"\x01", b"\x02", b"\x03", b"\x04"
RAW_BANNER = b"raw REPL; CTRL-B to exit\r\n>"
KEYBOARD_INTERRUPT = (
    'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nKeyboardInterrupt: \n'
)
WINDOW = 128  # bytes of raw-paste's flow control, as on RP2040
UNREAD = 512  # bytes of input kept while nobody reads


class Mode(Enum):
    """Who reads what arrives, while no program runs."""

    FRIENDLY = auto()
    RAW = auto()
    PASTE = auto()


class HardReset(Exception):
    """A program called machine.reset()."""


class Repl:
    """The REPL of one computer; ``send`` takes the bytes for the other side.

    ``app_reads`` sees what comes while the app runs, Ctrl-C too.
    """

    def __init__(
        self,
        computer: Computer,
        send: Callable[[bytes], None],
        app_reads: Callable[[bytes], None] = lambda _: None,
    ) -> None:
        self._computer = computer
        self._app_reads = app_reads
        self._send_on = send
        self._mode = Mode.FRIENDLY
        self._input = b""
        self._source = bytearray()
        self._window = WINDOW
        self._tail = b""  # last bytes sent

    def start(self) -> None:
        """Do what a board does at power-on: /boot.py, /main.py, and a prompt unless the app runs on.

        Raises MicroPythonError once the prompt is there, where main.py failed; HardReset.
        """
        failure = None
        self._mode = Mode.FRIENDLY
        self._input = b""
        self._source.clear()
        try:
            self._computer.run_files("/boot.py", "/main.py", sink=self.printed)
        except MicroPythonError as error:
            failure = error
        if failure and failure.type == "SystemExit":
            self._soft_reset(Mode.FRIENDLY)
        elif not self._computer.running:
            self._prompt(str(failure or ""))
        if failure:
            raise failure

    def receive(self, data: bytes) -> None:
        """Take bytes from the other side, and answer them.

        Raises HardReset, and what ends the computer: ComputerDied, PowerCut.
        """
        self._input += data
        if self._computer.running:
            self._app_reads(data)
        readers = {Mode.FRIENDLY: self._friendly, Mode.RAW: self._raw, Mode.PASTE: self._paste}
        while self._input:
            read = self._app if self._computer.running else readers[self._mode]
            if not read():
                break

    def ring(self) -> None:
        """A machine.Timer is due, unless the interpreter that set it is gone."""
        if self._computer.alarm_ms is not None:
            try:
                self._computer.exec("import machine\nmachine.ring()", self.printed)
            except MicroPythonError as error:
                if self._computer.reset_requested:
                    raise HardReset from error
                self.printed("out", str(error).encode())

    def app_ended(self, traceback: str) -> None:
        """Say why the app does not run any more; the program that started it ends with that."""
        if self._mode == Mode.RAW:
            self._end_of_program(traceback)
        else:
            self._prompt(traceback)

    # -- readers; False when they need more input

    def _app(self) -> bool:
        _, ctrl_c, rest = self._input.partition(CTRL_C)
        if not ctrl_c:
            self._input = self._input[:UNREAD]
            return False
        self._input = rest
        traceback = KEYBOARD_INTERRUPT
        try:
            self._computer.interrupt_app(self.printed)
        except MicroPythonError as error:
            traceback = str(error)
        self.app_ended(traceback)
        return True

    def _friendly(self) -> bool:
        keys = self._input[: self._input.find(CTRL_A) + 1] or self._input
        try:
            used, ended = self._computer.type(keys, self.printed)
        except Unresponsive:
            self._computer.restart()
            self._input = b""
            self._prompt(KEYBOARD_INTERRUPT)
            return False
        self._input = self._input[used:]
        if ended:
            self._soft_reset(Mode.FRIENDLY)
        elif self._tail.endswith(RAW_BANNER):
            self._mode = Mode.RAW
        return True

    def _raw(self) -> bool:
        control = self._gather(rb"[\x01-\x04]")
        if not control:
            return False
        source = bytes(self._source)
        self._source.clear()
        if control == CTRL_D:
            self._send(b"OK")
            if source:
                self._run(source)
            else:
                self._send(b"\r\n")
                self._soft_reset(Mode.RAW)
        elif control == CTRL_B:
            self._prompt("")
        elif control == CTRL_A:
            if source == b"\x05A":
                self._mode = Mode.PASTE
                self._window = WINDOW
                self._send(b"R\x01" + struct.pack("<H", WINDOW) + b"\x01")
            elif source[:1] == b"\x05" and len(source) == 2:
                self._send(b"R\x00>")
            else:
                self._send(RAW_BANNER)
        return True

    def _paste(self) -> bool:
        before = len(self._source)
        control = self._gather(rb"[\x03\x04]")
        self._window -= len(self._source) - before
        while self._window <= 0:
            self._window += WINDOW
            self._send(b"\x01")
        if not control:
            return False
        source = bytes(self._source)
        self._source.clear()
        self._mode = Mode.RAW
        self._send(b"\x04")
        if control == CTRL_D:
            self._run(source)
        else:
            self._end_of_program(KEYBOARD_INTERRUPT)
        return True

    def _gather(self, controls: bytes) -> bytes:
        """Move input up to a control character to the source; gives that character, if there is one."""
        found = re.search(controls, self._input)
        end = found.start() if found else len(self._input)
        self._source += self._input[:end]
        self._input = self._input[end + 1 :]
        return found[0] if found else b""

    # -- programs and resets

    def _run(self, source: bytes) -> None:
        traceback = ""
        try:
            self._computer.exec(source, self.printed, timeout_s=math.inf)
        except Unresponsive:
            self._computer.restart()
            traceback = KEYBOARD_INTERRUPT
        except MicroPythonError as error:
            if error.type == "SystemExit":
                self._send(b"\x04\x04")
                self._soft_reset(Mode.RAW)
                return
            traceback = str(error)
        if not self._computer.running:  # else it is the app's loop, on a board, and goes on
            self._end_of_program(traceback)

    def _end_of_program(self, traceback: str) -> None:
        self._mode = Mode.RAW
        self._send(b"\x04")
        self.printed("out", traceback.encode())
        self._send(b"\x04>")

    def _soft_reset(self, mode: Mode) -> None:
        if self._computer.reset_requested:
            raise HardReset
        self._send(b"MPY: soft reboot\r\n")
        self._computer.restart()
        if mode == Mode.FRIENDLY:
            with contextlib.suppress(MicroPythonError):  # it has been printed
                self.start()
        else:
            try:
                self._computer.run_files("/boot.py", sink=self.printed)
            except MicroPythonError as error:
                self.printed("out", str(error).encode())
            self._mode = Mode.RAW
            self._send(RAW_BANNER)

    # -- output

    def _prompt(self, traceback: str) -> None:
        self._mode = Mode.FRIENDLY
        self.printed("out", traceback.encode())
        self._computer.type(CTRL_B, self.printed)

    def printed(self, kind: str, data: bytes) -> None:
        """Send a program's output: text with a carriage return before each line feed, as boards do."""
        if kind == "out":
            returned = self._tail.endswith(b"\r") and data.startswith(b"\n")
            data = re.sub(rb"(?<!\r)\n", b"\r\n", data)[returned:]
        self._send(data)

    def _send(self, data: bytes) -> None:
        self._tail = (self._tail + data)[-len(RAW_BANNER) :]
        self._send_on(data)
