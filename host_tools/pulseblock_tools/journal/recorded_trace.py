"""Raw traces that a block recorded, back to what any logger would have written.

``pulseblock.journal.trace_frame`` is the format's documentation.
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO
from zlib import crc32

from pulseblock.journal import trace_frame
from pulseblock_tools.traces.trace import Trace

from .scan import Span

_HEAD_BYTES: int = trace_frame.HEAD_BYTES
_CRC_BYTES: int = trace_frame.CRC_BYTES
_FORCE_STEP_CN: int = trace_frame.FORCE_STEP_CN
_ACCELERATION_STEP: int = trace_frame.ACCELERATION_STEP
_FORCE_LIMIT_CN = 65535
_ACCELERATION_LIMITS = (-32768, 32767)
_ONE_G = 8192
_WRAP = 1 << 30
_NUMBERS = 1 << 16

Sample = tuple[int, int, int, int, int]
"""Ticks (ms), force (cN), accelerations x, y, z (Q2.13 g)."""


@dataclass(frozen=True, slots=True)
class RecordedTrace:
    """Samples in the order of recording, and the stretches of the file that are damaged."""

    samples: tuple[Sample, ...]
    damaged: tuple[Span, ...]

    def trace(self, name: str) -> Trace:
        """The samples as a trace, its time from 0 on: the block's ticks wrap."""
        columns = [array("d") for _ in range(5)]
        elapsed = 0
        before = self.samples[0][0] if self.samples else 0
        for ticks, force_cn, *acceleration in self.samples:
            elapsed += (ticks - before) % _WRAP
            before = ticks
            row = (elapsed, force_cn / 100, *(counts / _ONE_G for counts in acceleration))
            for column, value in zip(columns, row, strict=True):
                column.append(value)
        return Trace(name, columns[0], columns[1], tuple(columns[2:]))


@dataclass(frozen=True, slots=True)
class _Frame:
    length: int
    number: int
    samples: list[Sample]


def decode_trace(data: bytes) -> RecordedTrace:
    """Decode a trace file; never raises.

    A frame that is not whole, or does not come after the one before, is left out and reported.
    """
    samples: list[Sample] = []
    damaged: list[Span] = []
    at = bad_from = 0
    before = -1
    while at < len(data):
        frame = _frame_at(data, at)
        if frame is None or not 0 < (frame.number - before) % _NUMBERS <= _NUMBERS // 2:
            at = data.find(trace_frame.MAGIC, at + 1)
            at = len(data) if at < 0 else at
            continue
        if at > bad_from:
            damaged.append(Span(bad_from, at - bad_from, "unreadable"))
        samples += frame.samples
        before = frame.number
        at += frame.length
        bad_from = at
    if at > bad_from:
        damaged.append(Span(bad_from, at - bad_from, "unreadable"))
    return RecordedTrace(tuple(samples), tuple(damaged))


def write_csv(trace: Trace, file: TextIO) -> None:
    """Write *trace* in the form that ``pulseblock replay`` reads."""
    file.write("t_ms,force_n,ax_g,ay_g,az_g\n")
    for t_ms, force_n, *acceleration in zip(trace.t_ms, trace.force_n, *trace.acceleration_g, strict=True):
        file.write(f"{t_ms:.0f},{force_n:.2f}," + ",".join(f"{g:.4f}" for g in acceleration) + "\n")


def _frame_at(data: bytes, at: int) -> _Frame | None:
    """The whole frame at *at*, or None if there is none."""
    if len(data) - at < _HEAD_BYTES + _CRC_BYTES:
        return None
    magic, version, length, number, _, ticks, count = struct.unpack_from(trace_frame.HEAD, data, at)
    end = at + length - _CRC_BYTES
    if (
        magic != trace_frame.MAGIC
        or version != trace_frame.FORMAT
        or not _HEAD_BYTES + _CRC_BYTES <= length <= min(trace_frame.FRAME_BYTES, len(data) - at)
        or crc32(data[at:end]) != int.from_bytes(data[end : end + _CRC_BYTES], "little")
    ):
        return None
    samples = _samples(data[at + _HEAD_BYTES : end], ticks, count)
    return None if samples is None else _Frame(length, number, samples)


def _samples(packed: bytes, ticks: int, count: int) -> list[Sample] | None:
    differences = _differences(packed)
    period = trace_frame.FIRST_PERIOD_MS
    steps = [0, 0, 0, 0]
    samples: list[Sample] = []
    t_ms = ticks - period
    for _ in range(count):
        try:
            period += next(differences)
            steps = [step + next(differences) for step in steps]
        except StopIteration:
            return None
        t_ms += period
        force, x, y, z = steps
        samples.append((t_ms % _WRAP, _force(force), _acceleration(x), _acceleration(y), _acceleration(z)))
    return samples


def _differences(packed: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in packed:
        for nibble in (byte & 15, byte >> 4):
            value |= (nibble & 7) << shift
            shift += 3
            if nibble < 8:
                yield -(value + 1 >> 1) if value & 1 else value >> 1
                value = shift = 0


def _force(steps: int) -> int:
    return min(max(steps * _FORCE_STEP_CN, 0), _FORCE_LIMIT_CN)


def _acceleration(steps: int) -> int:
    low, high = _ACCELERATION_LIMITS
    return min(max(steps * _ACCELERATION_STEP, low), high)
