"""Telemetry frames from a block that goes on with its work: over its USB port, as long as somebody asks.

``pulseblock.usb_listener`` tells what goes over the wire.
"""

import contextlib
import time
from collections.abc import Generator

from pulseblock import telemetry
from pulseblock.usb_listener import LEASE_MS, START, STOP, SYNC, WIRE_SIZE
from pulseblock_tools.blocks.link import Link
from pulseblock_tools.blocks.locking import locked
from pulseblock_tools.blocks.ports import Port
from pulseblock_tools.errors import WRONG_FIRMWARE, UserError
from pulseblock_tools.live.frame import Frame

ASK_S = LEASE_MS / 1000 / 4
SILENCE_S = 3.0
_READ_S = 0.02


class Unwrapper:
    """Finds the frames in what arrives, in pieces of any size; what is no frame is left out."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def take(self, data: bytes) -> list[Frame]:
        """Return the frames that are complete now."""
        self._waiting += data
        frames: list[Frame] = []
        while True:
            start = self._waiting.find(SYNC)
            if start < 0:
                del self._waiting[: len(self._waiting) - self._waiting.endswith(SYNC[:1])]
                return frames
            del self._waiting[:start]
            if len(self._waiting) < WIRE_SIZE:
                return frames
            frame = bytes(self._waiting[len(SYNC) : len(SYNC) + telemetry.SIZE])
            good = sum(frame) == int.from_bytes(self._waiting[WIRE_SIZE - 2 : WIRE_SIZE], "little")
            if good:
                frames.append(Frame.decode(frame))
            del self._waiting[: WIRE_SIZE if good else 1]


def listen(port: Port, silence_s: float = SILENCE_S) -> Generator[list[Frame], None, None]:
    """Pass on the frames that a block's app sends, those of each moment together; ends only when closed.

    The app is not interrupted, and sends no more afterwards.  UserError: LostConnection, and WRONG_FIRMWARE
    where for *silence_s* there comes nothing.
    """
    with locked(port.device), contextlib.closing(Link(port.device)) as link:
        unwrapper = Unwrapper()
        ask_at = 0.0
        silent_from = time.monotonic()
        try:
            while True:
                now = time.monotonic()
                if now >= ask_at:
                    link.send(bytes([START]))
                    ask_at = now + ASK_S
                frames = unwrapper.take(link.receive(_READ_S))
                if frames:
                    silent_from = now
                elif now - silent_from > silence_s:
                    raise UserError(
                        f"the block at {port.device} tells nothing: its app may be stopped, or older than "
                        "these tools; 'pulseblock doctor' says, and starts it again",
                        WRONG_FIRMWARE,
                    )
                yield frames
        finally:
            with contextlib.suppress(UserError):
                link.send(bytes([STOP]))
