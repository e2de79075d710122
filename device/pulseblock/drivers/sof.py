"""Whether the board is plugged in, for a board without a pin that tells: by the computer's USB frames.

RP2040 data sheet, section 4.1.4, register SOF_RD: the number of the last start of frame that was seen.  A
computer sends one every millisecond; a charger sends none, and is not noticed.
"""

from micropython import const

from pulseblock.core.fixed import ticks_diff

_SOF_RD = const(0x50110048)
_COUNT = const(0x7FF)
_SILENCE_MS = const(100)  # more than a bus reset lasts


class StartOfFrame:
    """``mem32`` is ``machine.mem32``."""

    def __init__(self, mem32, clock) -> None:
        self._mem32 = mem32
        self._ticks_ms = clock.ticks_ms
        self._frame = mem32[_SOF_RD] & _COUNT
        self._seen_ms = clock.ticks_ms()
        self._plugged = True  # until the computer has been silent for long enough

    def is_plugged(self) -> bool:
        """Whether a computer was heard in the last 0.1 s; to be asked every few milliseconds."""
        frame = self._mem32[_SOF_RD] & _COUNT
        now = self._ticks_ms()
        if frame != self._frame:
            self._frame = frame
            self._seen_ms = now
            self._plugged = True
        elif self._plugged and ticks_diff(now, self._seen_ms) >= _SILENCE_MS:
            self._plugged = False
        return self._plugged


def make(machine, time, _part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return StartOfFrame(machine.mem32, time)
