"""The USB cable of the emulated Pico: its serial port as a pseudo-terminal of this computer."""

from __future__ import annotations

import contextlib
import os
import pty
import tty
from pathlib import Path

from rp2040py.usb.cdc import USBCDC

_MOST = 1 << 16  # bytes that wait for whoever opens the port; what is beyond is lost


class Cable:
    """Bytes between ``cdc`` and a pseudo-terminal, whose symbolic link ``link`` outlives power and resets.

    Call `exchange` often, from the emulator's own thread.  ``heard`` is the end of what the Pico has sent.
    """

    def __init__(self, cdc: USBCDC, link: Path) -> None:
        self.heard = b""
        self._cdc = cdc
        # its other side stays open here, else the terminal forgets between two hosts that it is raw
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        beside = link.with_suffix(".new")
        beside.symlink_to(os.ttyname(self._slave))
        beside.replace(link)
        self._to_host = bytearray()
        self._to_pico = bytearray()
        self._asked: tuple[int, int] | None = None  # endpoint and size of the read that waits for bytes
        self._is_connected = False
        self._give = cdc.usb.on_endpoint_read
        self._forget = cdc.usb.on_reset
        cdc.usb.on_endpoint_read = self._read
        cdc.usb.on_reset = self._reset
        cdc.on_serial_data = self._hear
        cdc.on_device_connected = self._connect

    def fileno(self) -> int:
        """What becomes readable when the host says something."""
        return self._master

    def exchange(self) -> None:
        """Pass on what waits."""
        if len(self._to_pico) < _MOST:
            with contextlib.suppress(BlockingIOError):
                said = os.read(self._master, 4096)
                self._to_pico += said if self._is_connected else b""
        fifo = self._cdc.tx_fifo
        while self._to_pico and not fifo.full:
            self._cdc.send_serial_byte(self._to_pico.pop(0))
        if self._asked and not fifo.empty:
            asked, self._asked = self._asked, None
            self._give(*asked)
        with contextlib.suppress(BlockingIOError):
            while self._to_host:
                del self._to_host[: os.write(self._master, self._to_host)]

    def close(self) -> None:
        """Pull it out."""
        os.close(self._master)
        os.close(self._slave)

    def _hear(self, data: bytes | bytearray) -> None:
        self.heard = (self.heard + bytes(data))[-1000:]
        self._to_host += data[: _MOST - len(self._to_host)]

    def _read(self, endpoint: int, size: int) -> None:
        # left to itself rp2040py answers with an empty packet, at once, and the firmware asks again, and has
        # time for little else; a host that has nothing to say says nothing
        if endpoint and self._cdc.tx_fifo.empty:
            self._asked = endpoint, size
        else:
            self._give(endpoint, size)

    def _connect(self) -> None:
        self._is_connected = True

    def _reset(self) -> None:
        self._is_connected = False
        self._to_pico.clear()
        self._asked = None
        self._forget()
