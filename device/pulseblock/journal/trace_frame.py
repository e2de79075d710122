"""Raw traces, packed: the format of their frames, and the packing, which allocates nothing per sample.

A trace file is frames, nothing between them; each stands for itself, so that damage costs only the frames it
touches.  Little-endian.

Frame, at most 512 bytes
    magic    2s   b"PT"
    format   u8   1
    length   u16  bytes of the frame, CRC included
    number   u16  of the frame in its recording, wrapping
    boot     u32
    ticks    u32  of the first sample, ms
    count    u16  samples
    samples       per sample five numbers, how much it differs from the sample before: period (ms since that
                  sample), force, and accelerations x, y, z in steps; the first one from a period of 10 and
                  zeros, and its period is 10 too
    crc      u32  CRC-32 (zlib's) over all before

A step is 4 cN of force and 8/8192 g of acceleration, to the nearest; times are exact.  A number n is written
as 2n, or -2n - 1 if negative, three bits at a time from the lowest, each in a nibble whose top bit says that
another follows; the low nibble of a byte comes first.
"""

import struct
from binascii import crc32

from micropython import const

FORMAT = const(1)
MAGIC = b"PT"
HEAD = "<2sBHHIIH"
HEAD_BYTES = const(17)
CRC_BYTES = const(4)
FRAME_BYTES = const(512)
FIRST_PERIOD_MS = const(10)
LONGEST_PERIOD_MS = const(60000)
FORCE_STEP_CN = const(4)
ACCELERATION_STEP = const(8)

_TICKS_MASK = const(0x3FFFFFFF)
_BEGIN = const(34)  # of the samples, in nibbles
_END = const(1016)
_SAMPLE = const(27)  # nibbles a sample takes at most: 6 each for period and force, 5 for each axis


class Frame:
    """A frame being filled, in a buffer made once; `data[:length]` after `seal`, `count` samples."""

    def __init__(self):
        self.data = bytearray(FRAME_BYTES)
        self._steps = [0, 0, 0, 0]
        self.clear()

    def clear(self):
        """Begin anew."""
        self.count = 0
        self.length = 0
        self._at = _BEGIN
        self._first_ms = self._t_ms = 0
        self._period = FIRST_PERIOD_MS
        for i in range(4):
            self._steps[i] = 0

    def add(self, t_ms, force_cn, x, y, z):
        """Add a sample, as the counter takes it; returns False if it needs the next frame."""
        if self.count == 0:
            self._first_ms = t_ms
            period = FIRST_PERIOD_MS
        else:
            period = (t_ms - self._t_ms) & _TICKS_MASK
            if period > LONGEST_PERIOD_MS or self._at + _SAMPLE > _END:
                return False
        self._t_ms = t_ms
        self._put(period - self._period)
        self._period = period
        self._step(0, (force_cn + FORCE_STEP_CN // 2) // FORCE_STEP_CN)
        self._step(1, (x + ACCELERATION_STEP // 2) // ACCELERATION_STEP)
        self._step(2, (y + ACCELERATION_STEP // 2) // ACCELERATION_STEP)
        self._step(3, (z + ACCELERATION_STEP // 2) // ACCELERATION_STEP)
        self.count += 1
        return True

    def seal(self, number, boot):
        """Complete the frame with its number, its boot and its CRC."""
        end = (self._at + 1) // 2
        self.length = end + CRC_BYTES
        struct.pack_into(
            HEAD, self.data, 0, MAGIC, FORMAT, self.length, number & 0xFFFF, boot, self._first_ms, self.count
        )
        struct.pack_into("<I", self.data, end, crc32(memoryview(self.data)[:end]))

    def _step(self, channel, steps):
        self._put(steps - self._steps[channel])
        self._steps[channel] = steps

    def _put(self, value):
        rest = value * 2 if value >= 0 else -value * 2 - 1
        while rest > 7:
            self._nibble(8 | rest & 7)
            rest >>= 3
        self._nibble(rest)

    def _nibble(self, nibble):
        at = self._at
        if at & 1:
            self.data[at >> 1] |= nibble << 4
        else:
            self.data[at >> 1] = nibble
        self._at = at + 1
