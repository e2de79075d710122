"""The adapter over mpremote: the one place that knows its transport, and pyserial beneath it.

mpremote's interface is not stable; what is used of it, and what a new version must be checked for, is
``SerialTransport`` of 1.27 and later: its constructor, ``enter_raw_repl(soft_reset, timeout_overall)``,
``exec_raw_no_follow``, ``exit_raw_repl``, ``close`` and the attribute ``serial``.  What a program answers is
read here, since mpremote reads byte by byte: a program sends text, which print() makes, and parts, which
``snippets/link.py`` frames.  All of it is untrusted.
"""

import contextlib
import io
import os
import struct
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar
from zlib import crc32

from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport
from serial import SerialException, serial_for_url

from pulseblock_tools.blocks import ports
from pulseblock_tools.errors import FAILED, LOST_CONNECTION, UserError

_MOST_PATIENCE = 1000


def patience(text: str) -> float:
    """How many times as long as usual to wait for a block: what PULSEBLOCK_PATIENCE is for slow ones.

    An emulated block may take twenty times as long as a real one.
    """
    try:
        factor = float(text or 1)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= _MOST_PATIENCE:
        raise UserError(f"PULSEBLOCK_PATIENCE: {text} is no number from 1 to {_MOST_PATIENCE}")
    return factor


PATIENCE = patience(os.environ.get("PULSEBLOCK_PATIENCE", ""))

ENTRY_S = (3.0 * PATIENCE, 5.0 * PATIENCE, 10.0 * PATIENCE)
"""How long each attempt at stopping the block's program waits.

Longer than the app takes to write its journal: another Ctrl-C would break into that.
"""

ANSWER_S = 10.0 * PATIENCE  # without a byte, and the block is gone
_QUIET_S = 0.05 * PATIENCE  # and it has said all that it had to say

MAGIC = b"\x10PB"
HEAD = struct.Struct("<HHI")
PART_BYTES = 4096
END_OF_PARTS = 0xFFFF  # in place of a length
_TEXT_BYTES = 1 << 20

_END = b"\x04"
_PROMPT = b">>> "
_ENTER_RAW = b"\r\x01"
_RAW_BANNER = b"raw REPL; CTRL-B to exit\r\n"
_SOFT_REBOOT = b"soft reboot\r\n"

Result = TypeVar("Result")


class LostConnection(UserError):
    """The block does not answer any more."""

    def __init__(self, message: str) -> None:
        super().__init__(message, LOST_CONNECTION)


class Garbled(LostConnection):
    """What arrived is not what was sent; to ask again may help."""


class ProgramFailed(UserError):
    """A program on the block ended with an exception; ``traceback`` is what MicroPython printed of it."""

    def __init__(self, traceback: str) -> None:
        self.traceback = traceback
        last = traceback.strip().rpartition("\n")[2][:200]
        super().__init__(f"the block could not do it: {last or 'no reason given'}", FAILED)


class Link:
    """A port, opened, and the MicroPython behind it; raises UserError where it cannot be.

    After `stop` programs can be run, after `restart` the block's own runs again.
    """

    def __init__(self, device: str, answer_s: float = ANSWER_S) -> None:
        self.device = device
        self._heard = False
        self._answering = False
        self._transport = _open(device)
        self._serial: Any = self._transport.serial
        self._serial.timeout = self._serial.write_timeout = answer_s

    def close(self) -> None:
        """Give the port back; what runs on the block is not touched."""
        try:
            self._transport.close()
        except OSError:  # the cable is gone, and mpremote stops halfway
            with contextlib.suppress(OSError):
                self._serial.close()

    def stop(self, patience_s: Sequence[float] = ENTRY_S) -> None:
        """Interrupt what runs on the block, as Ctrl-C does, and enter the raw REPL: once per *patience_s*."""
        for timeout_s in patience_s:
            try:
                with _silenced():
                    self._transport.enter_raw_repl(soft_reset=False, timeout_overall=timeout_s)
            except TransportError:
                continue
            except OSError as error:
                raise self._lost(error) from error
            self._heard = True
            self._answering = False
            if self._leave_one_prompt(timeout_s):
                return
        raise LostConnection(
            f"nothing at {self.device} answers as MicroPython does: is it the block's port? "
            "If so, unplug the block, switch it off and on, and try again"
        )

    def text(self, source: str, answer_s: float | None = None) -> str:
        """Run a program and return what it printed; *answer_s* is how long it may be silent.

        Raises ProgramFailed, LostConnection.
        """
        parts = self._answer(source, answer_s)
        while True:
            try:
                next(parts)
            except StopIteration as end:
                return str(end.value)

    def parts(self, source: str, answer_s: float | None = None) -> Iterator[bytes]:
        """Run a program and pass on the parts it sends, each as it comes; raises also Garbled."""
        yield from self._answer(source, answer_s, in_parts=True)

    def finish(self, patience_s: Sequence[float] = ENTRY_S) -> None:
        """Be at the raw REPL's prompt: stop the program whose answer nobody read to its end."""
        if self._answering:
            self.stop(patience_s)

    def restart(self) -> None:
        """Leave the raw REPL and have MicroPython start afresh; what boot.py and main.py print comes next."""
        self.finish()
        self._attempt(self._transport.exit_raw_repl)
        self.listen([_PROMPT], ANSWER_S)
        self._attempt(self._serial.write, b"\x04")
        if self.listen([_SOFT_REBOOT], ANSWER_S)[0] is None:
            raise LostConnection(f"the block at {self.device} does not restart: switch it off and on")

    def listen(self, for_: Sequence[bytes], timeout_s: float) -> tuple[bytes | None, str]:
        """Read until one of *for_* has come, at most *timeout_s*; which one (or None), and all that came."""
        heard = bytearray()
        before, self._serial.timeout = self._serial.timeout, 0.05
        try:
            deadline = time.monotonic() + timeout_s
            while time.monotonic() < deadline and len(heard) < _TEXT_BYTES:
                heard += self._attempt(self._serial.read, 1)
                for wanted in for_:
                    if heard.endswith(wanted):
                        return wanted, heard.decode(errors="replace")
        finally:
            with contextlib.suppress(OSError):
                self._serial.timeout = before
        return None, heard.decode(errors="replace")

    def send(self, data: bytes) -> None:
        """Send bytes to the program that runs on the block."""
        self._attempt(self._serial.write, data)

    def receive(self, timeout_s: float) -> bytes:
        """Read what the program sends, as soon as there is something; nothing after *timeout_s*."""
        self._serial.timeout = timeout_s
        data: bytes = self._attempt(self._serial.read, 1)
        self._heard = self._heard or bool(data)
        return data + self._attempt(self._serial.read, self._serial.in_waiting) if data else b""

    # -- programs

    def _answer(
        self, source: str, answer_s: float | None, *, in_parts: bool = False
    ) -> Generator[bytes, None, str]:
        """Start a program; gives its parts, and returns its text when it has ended."""
        self.finish()
        self._answering = True
        before = self._serial.timeout
        with _silenced():
            self._attempt(self._transport.exec_raw_no_follow, source)
        self._serial.timeout = answer_s or before
        try:
            text, is_complete = yield from self._parts()
            failure = self._text()
        finally:
            with contextlib.suppress(OSError):
                self._serial.timeout = before
        self._answering = False
        if failure:
            raise ProgramFailed(failure)
        if in_parts and not is_complete:
            raise self._garbled()
        return text

    def _parts(self) -> Generator[bytes, None, tuple[str, bool]]:
        """Give the parts of an answer; returns its text, and whether the last part was the last one sent."""
        text = bytearray()
        number = 0
        is_complete = False
        while True:
            byte = self._read(1)
            if byte == _END:
                return text.decode(errors="replace"), is_complete
            text += byte
            if text.endswith(MAGIC):
                del text[-len(MAGIC) :]
                part = self._part(number)
                if part is not None:
                    yield part
                is_complete = part is None
                number = (number + 1) & 0xFFFF
            elif len(text) > _TEXT_BYTES:
                raise self._garbled()

    def _part(self, number: int) -> bytes | None:
        """Read a part, after its magic; None where it only says that there are no more."""
        head = self._read(HEAD.size)
        own_number, length, crc = HEAD.unpack(head)
        part = self._read(length) if length <= PART_BYTES else b""
        if own_number != number or crc32(part, crc32(head[:-4])) != crc:
            raise self._garbled()
        if length > PART_BYTES and length != END_OF_PARTS:
            raise self._garbled()
        return None if length == END_OF_PARTS else part

    def _text(self) -> str:
        text = bytearray()
        while (byte := self._read(1)) != _END:
            text += byte
            if len(text) > _TEXT_BYTES:
                raise self._garbled()
        return text.decode(errors="replace")

    def _read(self, size: int) -> bytes:
        data: bytes = self._attempt(self._serial.read, size)
        if len(data) < size:
            raise LostConnection(
                f"the block at {self.device} stopped answering: unplug it and plug it in again"
            )
        return data

    def _leave_one_prompt(self, timeout_s: float) -> bool:
        """Have the raw REPL's prompt, and nothing else, unread; False if it does not come.

        A block that was slow answers every attempt at stopping it.  mpremote is content with the first
        answer, and would take the next one for a program's.
        """
        before, self._serial.timeout = self._serial.timeout, _QUIET_S
        try:
            deadline = time.monotonic() + timeout_s
            while self._attempt(self._serial.read, PART_BYTES) and time.monotonic() < deadline:
                pass
        finally:
            with contextlib.suppress(OSError):
                self._serial.timeout = before
        self._attempt(self._serial.write, _ENTER_RAW)
        return self.listen([_RAW_BANNER], timeout_s)[0] is not None

    # -- failures

    def _attempt(self, action: Callable[..., Result], *arguments: object) -> Result:
        try:
            return action(*arguments)
        except (TransportError, OSError, struct.error) as error:  # mpremote unpacks what a read gave
            raise self._lost(error) from error

    def _garbled(self) -> Garbled:
        return Garbled(
            f"what the block at {self.device} sends arrives garbled: try another cable or USB socket"
        )

    def _lost(self, error: Exception) -> UserError:
        # a network port that is in use is closed again at once
        if not self._heard and isinstance(error, SerialException) and "://" in self.device:
            return ports.busy(self.device)
        return LostConnection(f"lost the block at {self.device}: was its cable pulled?")


def _silenced() -> contextlib.AbstractContextManager[Any]:
    """Keep back what mpremote prints: whatever it does not understand."""
    return contextlib.redirect_stdout(io.StringIO())


def _open(device: str) -> Any:
    try:
        return SerialTransport(device)
    except (TransportError, OSError, ValueError) as error:
        raise ports.refusal(device, _cause(device, error)) from error


def _cause(device: str, error: Exception) -> Exception:
    """Why mpremote could not open the port, which it does not pass on: found by opening it once more."""
    try:
        serial_for_url(device, exclusive=True).close()
    except (OSError, ValueError) as cause:
        return cause
    return error
