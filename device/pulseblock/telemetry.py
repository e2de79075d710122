"""The frame a listener is sent some 25 times a second: one fixed layout, little-endian.

======  ======  =========================================================================
offset  type    field
======  ======  =========================================================================
0       uint32  t_ms: ms ticks of the frame, wrapping at 2^30
4       uint16  force_cn: force, 0.01 N
6       uint16  press_pct: force above the hold, per cent of the reference press, 0..1000
8       int16   sagittal_cdeg: tilt from the reference posture, 0.01 degree
10      int16   frontal_cdeg: the same, frontal
12      uint8   state: `core.counter` AWAY, WAITING, PRESSING or RETURNING
13      uint8   signal: `signals.patterns` number of the one that has the outputs
14      uint8   red, green, blue: what the light shows
17      uint8   error: code in force, as in the journal; 0 is none
18      uint16  tone_hz: what the buzzer sounds, 0 is silence
20      uint16  count: reps of the set, those not yet final and not voided ones included; in a
                calibration its good presses, then its grips
22      uint16  verdicts: given since the start, modulo 2^16; it moves when there is a new one
24      uint16  reps: final ones since the start, modulo 2^16
26      uint8   faults: of the last verdict, bit mask, 0 is good
27      uint8   cues: faults cued in the press that is going on, bit mask
28      uint8   sets: ended since the start, modulo 256
29      uint8   sessions: ended since the start, modulo 256
30      uint8   voids: reps voided since the start, modulo 256
======  ======  =========================================================================
"""

import struct

from micropython import const

from pulseblock.ticks import ticks_add, ticks_diff

LAYOUT = "<IHHhhBBBBBBHHHHBBBBB"
FIELDS = (
    "t_ms",
    "force_cn",
    "press_pct",
    "sagittal_cdeg",
    "frontal_cdeg",
    "state",
    "signal",
    "red",
    "green",
    "blue",
    "error",
    "tone_hz",
    "count",
    "verdicts",
    "reps",
    "faults",
    "cues",
    "sets",
    "sessions",
    "voids",
)
SIZE = const(31)
PERIOD_MS = const(40)


def unpack(frame):
    """Return the frame's fields in the order of `FIELDS`; ``ValueError`` if it is not `SIZE` bytes long."""
    if len(frame) != SIZE:
        raise ValueError("telemetry frame: {} bytes instead of {}".format(len(frame), SIZE))
    return struct.unpack(LAYOUT, frame)


class Telemetry:
    """Sends frames to the listener at ``board``, if there is one, every `PERIOD_MS`."""

    def __init__(self, board):
        self._board = board
        self._frame = bytearray(SIZE)
        self._sent_ms = board.ticks_ms()

    def send(self, now, app):
        """Sends a frame of what ``app`` (an `app.App`) knows, if one is due at ``now`` (ms ticks)."""
        if ticks_diff(now, self._sent_ms) < PERIOD_MS:
            return
        self._sent_ms = ticks_add(self._sent_ms, PERIOD_MS)
        if ticks_diff(now, self._sent_ms) >= PERIOD_MS:
            self._sent_ms = now  # a stall: no burst to make up for it
        if not self._board.listening():
            return
        self._fill(now, app, app.counter, app.player, app.logbook)
        self._board.telemetry(self._frame)

    def _fill(self, now, app, counter, player, logbook):
        struct.pack_into(
            LAYOUT,
            self._frame,
            0,
            now,
            app.force_cn & 0xFFFF,
            counter.press_pct,
            counter.sagittal_cdeg,
            counter.frontal_cdeg,
            counter.state,
            player.signal,
            player.colour >> 16,
            player.colour >> 8 & 0xFF,
            player.colour & 0xFF,
            app.error,
            player.tone,
            app.count & 0xFFFF,
            logbook.verdicts & 0xFFFF,
            logbook.reps & 0xFFFF,
            logbook.faults,
            logbook.cues,
            logbook.sets & 0xFF,
            logbook.sessions & 0xFF,
            logbook.voids & 0xFF,
        )
