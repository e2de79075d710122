"""A block's journal, from bytes to records."""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pulseblock.core.events import ERRORS
from pulseblock.journal import record

from . import records
from .boots import with_boots
from .records import Record
from .scan import RawRecord, SegmentHeader, Span, are_missing, gaps, headers, scan

DECODER_VERSION = 3
"""Raised whenever the same bytes decode differently: what was stored decoded is then to be decoded again."""

_Head = tuple[int, int | None, int]  # sequence, boot, ticks


@dataclass(frozen=True, slots=True)
class Decoded:
    """Segments, records in the order of writing, and the stretches that are damaged."""

    segments: tuple[SegmentHeader, ...]
    records: tuple[Record, ...]
    damaged: tuple[Span, ...]


def decode(data: bytes) -> Decoded:
    """Decode *data*: one segment of a journal, or several one after another.  Never raises.

    The bytes are untrusted: what is not a record beyond doubt is reported as damaged, and so is how many
    records are missing; the good ones around are kept.  Takes time in proportion to the length.
    """
    scanned = scan(data)
    missing = [Span(item.offset, 0, are_missing(count)) for item, count in gaps(scanned.items)]
    damaged = sorted((*scanned.damaged, *missing), key=lambda span: span.offset)
    return Decoded(tuple(headers(scanned.items)), interpret(scanned.items), tuple(damaged))


def segment_header(data: bytes) -> SegmentHeader | None:
    """The header that *data* begins with, or None if it is damaged or of an unknown format."""
    return next(headers(scan(data[: record.HEADER_BYTES]).items), None)


def interpret(items: Iterable[SegmentHeader | RawRecord]) -> tuple[Record, ...]:
    """Give every record among *items*, in the order of writing, its boot and its body a meaning."""
    return tuple(_meaning(raw, boot) for raw, boot in with_boots(items))


def _meaning(raw: RawRecord, boot: int | None) -> Record:
    kind = min(raw.kind, record.REP)
    fields = struct.unpack_from(record.BODY[kind], raw.body)
    if kind == record.REP:
        fields = (raw.kind & ~record.REP, *fields)
    return _MEANINGS[kind]((raw.seq, boot, raw.ticks), *fields)


def _boot(head: _Head, _: int, unix_s: int, cause: int) -> Record:
    return records.Boot(*head, _name(record.BOOT_CAUSES, cause, "cause"), unix_s or None)


def _session_start(head: _Head, *fields: int) -> Record:
    major, minor, patch, settings, calibration, reference = fields
    return records.SessionStart(*head, f"{major}.{minor}.{patch}", settings, calibration, reference or None)


def _set(head: _Head, *fields: int) -> Record:
    reps, good, rhythm, reference, hold = fields
    rhythm_pct = None if rhythm == record.RHYTHM_UNKNOWN else rhythm
    return records.Set(*head, reps, good, rhythm_pct, reference, hold)


def _session_end(head: _Head, sets: int, reps: int, good: int, cause: int) -> Record:
    return records.SessionEnd(*head, _name(record.SESSION_CAUSES, cause, "cause"), sets, reps, good)


def _error(head: _Head, code: int, detail: int) -> Record:
    own = code - record.JOURNAL_FULL
    name = _name(ERRORS, code, "error") if own < 0 else _name(record.FIRMWARE_ERRORS, own, "firmware error")
    return records.Error(*head, name, detail)


def _clock(head: _Head, _: int, unix_s: int, ms: int) -> Record:
    return records.Clock(*head, unix_s * 1000 + ms)


def _diagnostics(head: _Head, *fields: int) -> Record:
    lateness_ms, stall_ms, samples_lost, queue_peak, free_kib, battery = fields
    battery_pct = battery - 1 if battery else None
    return records.Diagnostics(*head, lateness_ms, stall_ms, samples_lost, queue_peak, free_kib, battery_pct)


def _shape(head: _Head, *shares: int) -> Record:
    return records.Shape(*head, tuple(_scaled(share, 1000, record.SHARE_STEPS) for share in shares))


def _rep(head: _Head, *fields: int) -> Record:
    faults, duration, rise, peak, hold, trough, sagittal, frontal, jolt, drag = fields
    duration_ms = duration * record.DURATION_STEP_MS
    return records.Rep(
        *head,
        faults=faults,
        duration_ms=duration_ms,
        rise_ms=_scaled(rise, duration_ms, record.RISE_STEPS),
        peak_cn=peak,
        hold_cn=_scaled(hold, peak, record.SHARE_STEPS),
        trough_cn=_scaled(trough, peak, record.SHARE_STEPS),
        sagittal_cdeg=sagittal * record.TILT_STEP_CDEG,
        frontal_cdeg=frontal * record.TILT_STEP_CDEG,
        jolt_mg=jolt * record.JOLT_STEP_MG,
        drag_pct=None if drag == record.DRAG_UNKNOWN else drag,
    )


_MEANINGS: dict[int, Callable[..., Record]] = {
    record.BOOT: _boot,
    record.SESSION_START: _session_start,
    record.SET: _set,
    record.VOID: lambda head, *fields: records.Void(*head, *fields),
    record.SESSION_END: _session_end,
    record.LOW_BATTERY: lambda head, *fields: records.LowBattery(*head, *fields),
    record.ERROR: _error,
    record.TORN: lambda head, *fields: records.Torn(*head, *fields),
    record.LOST: lambda head, *fields: records.Lost(*head, *fields),
    record.CLOCK: _clock,
    record.DIAGNOSTICS: _diagnostics,
    record.SHAPE: _shape,
    record.REP: _rep,
}


def _scaled(steps: int, whole: int, of: int) -> int:
    return (steps * whole + of // 2) // of


def _name(names: tuple[str, ...], index: int, what: str) -> str:
    return names[index] if index < len(names) else f"{what} {index}"
