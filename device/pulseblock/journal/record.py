"""The journal's format, version 1: the one place that describes it, for the block and for the host.

A segment file is a header and then records, nothing between them.  Little-endian throughout.

Header, 40 bytes (`HEADER`)
    magic           3s   b"PBJ"
    format          u8   1
    id length       u8   bytes of the unique id that count
    unique id       16s  of the block's processor, zeros after its length
    journal         u32  drawn at random when the journal is first made: a wiped block begins a new journal
    boot            u32  boot that began the segment; boots count from 1
    segment         u32  number of the segment, as in its file's name; never used twice in a journal
    first sequence  u32  of the segment's first record, counted since the journal began
    crc             u24  over the 37 bytes before

Record, 20 bytes (`HEAD`, body, crc)
    kind            u8   see below
    sequence        u16  low bits of the number of the record; goes on from segment to segment, boot to boot
    ticks           u32  bits 0-29: block's clock in ms, wrapping; bits 30-31: boot modulo 4
    body            10s  by kind, zeros after the fields (`BODY`)
    crc             u24  over the 17 bytes before

Every record means the same whatever happened to its neighbours: ticks are whole, forces are in newtons, and
the two bits of boot betray a boot whose own record is lost; only a shape is nothing without its rep.  Sixteen
bytes would leave forces relative to a reference and times relative to a start that other records hold, and a
16-bit CRC, which lets one damaged record in 65,536 through.  A thousand reps a day take 40 KB.

Kinds may be added: a reader that does not know one finds a record that it cannot read, and the others whole.

    kind             ticks        body
    1 boot           of the boot  boot u32, wall clock u32 (Unix s, 0: not set), cause u8 (`BOOT_CAUSES`)
    2 session start  of the event firmware 3 x u8, settings u16, calibration u16 (`fingerprint`),
                                  reference press u16 cN (0: adapts)
    3 set            of its end   reps u16, good u16, rhythm u8 % (255: unknown), reference press u16 cN,
                                  hold u16 cN
    4 void           of the event start u32 ticks of the rep, of this boot, that does not count
    5 session end    of its end   sets u16, reps u16, good u16 (void ones too), cause u8 (`SESSION_CAUSES`)
    6 low battery    of the event battery u16 mV, u8 %
    7 error          of the event code u8 (`core.events.ERRORS`, 0: over; or one of this module's), detail u32
    8 torn           of the event segment u32, position u32, length u16: bytes a power cut left unfinished
    9 lost           of the event records u16, reps among them u16, since u32 ticks: found no room;
                                  u8 how often the clock has wrapped since
    10 clock         of the event boot u32, wall clock u32 Unix s + u16 ms, at these ticks
    11 diagnostics   of the event worst since the last: lateness u16 ms, flash stall u16 ms,
                                  samples lost u16, records waiting u8; free flash u16 KiB,
                                  battery u8 % + 1 (0: unknown)
    12 shape         of its rep   force at ten times, evenly from the rep's start to its end, 10 x u8 in 0.5 %
                                  of its peak, at most 127.5 %; the rep's record comes just before
    128 + faults rep start of the press
                                  fault bits are the kind's low seven, in the order of `core.events`
                                  duration u8 in 40 ms, at most 10.2 s
                                  rise, start to peak, u8 in 1/255 of the recorded duration
                                  peak u16 cN
                                  hold u8, trough u8, each in 0.5 % of the peak, at most 127.5 %
                                  sagittal i8, frontal i8 in 0.1 degree, at most 12.7
                                  jolt u8 in 5 mg, at most 1.275 g
                                  drag i8 in % of the calibrated one, -127..127 (-128: unknown)

A value outside its range is recorded as the nearest in it.  The CRC is CRC-24/OPENPGP (RFC 4880, 6.1):
polynomial 864CFB, start B704CE, most significant bit first; at this length it finds any five wrong bits.
"""

import struct

from micropython import const

from pulseblock.core.events import UNKNOWN
from pulseblock.core.fixed import clamp
from pulseblock.core.shape import POINTS

FORMAT = const(1)
MAGIC = b"PBJ"

HEADER = "<3sBB16sIIII"
HEADER_BYTES = const(40)
ID_BYTES = const(16)

RECORD_BYTES = const(20)
HEAD = "<BHI"
BODY_AT = const(7)
CRC_AT = const(17)
CRC_BYTES = const(3)

BOOT = const(1)
SESSION_START = const(2)
SET = const(3)
VOID = const(4)
SESSION_END = const(5)
LOW_BATTERY = const(6)
ERROR = const(7)
TORN = const(8)
LOST = const(9)
CLOCK = const(10)
DIAGNOSTICS = const(11)
SHAPE = const(12)
REP = const(128)

BODY = {
    BOOT: "<IIB",
    SESSION_START: "<BBBHHH",
    SET: "<HHBHH",
    VOID: "<I",
    SESSION_END: "<HHHB",
    LOW_BATTERY: "<HB",
    ERROR: "<BI",
    TORN: "<IIH",
    LOST: "<HHIB",
    CLOCK: "<IIH",
    DIAGNOSTICS: "<HHHBHB",
    SHAPE: "<10B",
    REP: "<BBHBBbbBb",
}

BOOT_CAUSES = ("unknown", "power", "reset", "watchdog", "wake")
SESSION_CAUSES = ("unknown", "timeout", "button", "interrupted")

# Error codes of the firmware around the counter; below 64 they are the counter's.
JOURNAL_FULL = const(64)
FLASH_FAILED = const(65)
SETTINGS_REFUSED = const(66)
PARTS_REFUSED = const(67)
FIRMWARE_ERRORS = ("journal full", "flash failed", "settings refused", "parts refused")

DURATION_STEP_MS = const(40)
RISE_STEPS = const(255)
SHARE_STEPS = const(200)
TILT_STEP_CDEG = const(10)
JOLT_STEP_MG = const(5)
DRAG_UNKNOWN = const(-128)
RHYTHM_UNKNOWN = const(255)

TICKS_MASK = const(0x3FFFFFFF)

_CRC_START = const(0xB704CE)
# remainder of each nibble shifted out at the top
_CRC_NIBBLES = (
    0x000000, 0x864CFB, 0x8AD50D, 0x0C99F6, 0x93E6E1, 0x15AA1A, 0x1933EC, 0x9F7F17,
    0xA18139, 0x27CDC2, 0x2B5434, 0xAD18CF, 0x3267D8, 0xB42B23, 0xB8B2D5, 0x3EFE2E,
)  # fmt: skip


def crc24(data, start, end):
    """Return the CRC-24/OPENPGP of `data[start:end]`, 0..2^24-1; `data` is any buffer of bytes."""
    crc = _CRC_START
    for i in range(start, end):
        byte = data[i]
        crc = (crc << 4 & 0xFFFFF0) ^ _CRC_NIBBLES[crc >> 20 ^ byte >> 4]
        crc = (crc << 4 & 0xFFFFF0) ^ _CRC_NIBBLES[crc >> 20 ^ byte & 15]
    return crc


def seal(buffer, size):
    """Write the CRC of a header or record of `size` bytes, which fills `buffer` from its beginning."""
    at = size - CRC_BYTES
    crc = crc24(buffer, 0, at)
    buffer[at] = crc & 255
    buffer[at + 1] = crc >> 8 & 255
    buffer[at + 2] = crc >> 16


def sealed(buffer, start, size):
    """Whether the `size` bytes of `buffer` from `start` carry the CRC that belongs to them."""
    at = start + size - CRC_BYTES
    return crc24(buffer, start, at) == buffer[at] | buffer[at + 1] << 8 | buffer[at + 2] << 16


def fingerprint(settings, names):
    """Return 16 bits that tell settings apart: of `names`, in their order, and their values in `settings`."""
    text = b""
    for name in names:
        text += "{}={};".format(name, settings.get(name)).encode()
    return crc24(text, 0, len(text)) & 0xFFFF


def pack_header(buffer, header):
    """Fill `buffer` (bytearray of HEADER_BYTES) with a segment's header, sealed.

    `header` is (unique id, of which 16 bytes count, journal, boot, segment, first sequence).
    """
    unique_id, journal, boot, segment, first = header
    known = unique_id[:ID_BYTES]
    struct.pack_into(HEADER, buffer, 0, MAGIC, FORMAT, len(known), known, journal, boot, segment, first)
    seal(buffer, HEADER_BYTES)


def unpack_header(buffer):
    """Return (format, unique id, journal, boot, segment, first sequence) of a header, None if not whole.

    Every format to come keeps the header's layout, so that a reader can tell which one it has before it.
    """
    if len(buffer) < HEADER_BYTES or not sealed(buffer, 0, HEADER_BYTES):
        return None
    fields = struct.unpack_from(HEADER, buffer, 0)
    if fields[0] != MAGIC or fields[2] > ID_BYTES:
        return None
    return (fields[1], fields[3][: fields[2]]) + fields[4:]


def begin(slot, kind, ticks):
    """Start a record in `slot` (buffer of RECORD_BYTES): kind and ticks, and a body of zeros.

    The caller packs `BODY[kind]` at BODY_AT, with values in their ranges.
    """
    slot[0] = kind
    for i in range(BODY_AT, CRC_AT):
        slot[i] = 0
    struct.pack_into("<HH", slot, 3, ticks & 0xFFFF, ticks >> 16 & 0x3FFF)


def finish(slot, sequence, boot):
    """Number the record in `slot`, give it its boot, and seal it; may be done again with other numbers."""
    struct.pack_into("<H", slot, 1, sequence & 0xFFFF)
    slot[6] = slot[6] & 0x3F | (boot & 3) << 6
    seal(slot, RECORD_BYTES)


def _rounded(value, step):
    return (value + step // 2) // step


def _share(value, whole):
    """`value` in 0.5 % of `whole`, 0..255; both cN."""
    return 0 if whole == 0 else clamp(_rounded(value * SHARE_STEPS, whole), 0, 255)


def pack_rep(slot, rep):
    """Fill `slot` with a rep, all but its number: `rep` is the core's, in its units.

    Reads start_ms, rise_ms, duration_ms, peak_cn, hold_cn, trough_cn (0..65535), sagittal_cdeg, frontal_cdeg,
    jolt_mg, drag_pct (or UNKNOWN) and faults.
    """
    begin(slot, REP | rep.faults & 127, rep.start_ms)
    duration = clamp(_rounded(rep.duration_ms, DURATION_STEP_MS), 0, 255)
    recorded_ms = duration * DURATION_STEP_MS
    rise = 0
    if recorded_ms:
        rise = _rounded(clamp(rep.rise_ms, 0, recorded_ms) * RISE_STEPS, recorded_ms)
    peak = clamp(rep.peak_cn, 0, 65535)
    drag = DRAG_UNKNOWN if rep.drag_pct == UNKNOWN else clamp(rep.drag_pct, -127, 127)
    struct.pack_into(
        BODY[REP],
        slot,
        BODY_AT,
        duration,
        rise,
        peak,
        _share(clamp(rep.hold_cn, 0, 65535), peak),
        _share(clamp(rep.trough_cn, 0, 65535), peak),
        clamp(_rounded(rep.sagittal_cdeg, TILT_STEP_CDEG), -127, 127),
        clamp(_rounded(rep.frontal_cdeg, TILT_STEP_CDEG), -127, 127),
        clamp(_rounded(rep.jolt_mg, JOLT_STEP_MG), 0, 255),
        drag,
    )


def pack_shape(slot, rep):
    """Fill `slot` with a rep's shape, all but its number: `rep` is the core's, in its units.

    Reads start_ms, peak_cn and shape_cn.
    """
    begin(slot, SHAPE, rep.start_ms)
    peak = clamp(rep.peak_cn, 0, 65535)
    for i in range(POINTS):
        slot[BODY_AT + i] = _share(clamp(rep.shape_cn[i], 0, 65535), peak)
