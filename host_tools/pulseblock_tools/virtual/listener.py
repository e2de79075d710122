"""Whoever listens to telemetry at the virtual USB port, as `pulseblock.usb_listener` has it on boards."""

import time
from collections.abc import Callable, Iterable

from pulseblock import usb_listener

from .computer import Computer
from .outputs import Output, Telemetry

LEASE_S = usb_listener.LEASE_MS / 1000
_ENDS = b"\x03" + bytes([usb_listener.STOP])  # with Ctrl-C the app ends


class Listener:
    """Takes the port's input while the app runs, and then its telemetry; ``send`` takes bytes for the port.

    The lease runs by the host's clock, since the block's may stand still or hurry.
    """

    def __init__(self, send: Callable[[bytes], None], computer: Computer) -> None:
        self._send = send
        self._computer = computer
        self._until = 0.0

    def heed(self, keys: bytes) -> None:
        """Take what has arrived."""
        for key in keys:
            if key == usb_listener.START:
                if not self._until:
                    self._computer.set_inputs(attached=1)
                self._until = time.monotonic() + LEASE_S
            elif key in _ENDS:
                self._leave()

    def pass_on(self, outputs: Iterable[Output]) -> None:
        """Send the telemetry among what the block showed."""
        if time.monotonic() >= self._until:
            self._leave()
            return
        wire = bytearray(usb_listener.WIRE_SIZE)
        for output in outputs:
            if isinstance(output, Telemetry):
                usb_listener.wrap(output.frame, wire)
                self._send(bytes(wire))

    def _leave(self) -> None:
        if self._until:
            self._until = 0.0
            self._computer.set_inputs(attached=0)
