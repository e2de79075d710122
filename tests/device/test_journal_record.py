"""Each record says what it was given, as nearly as its format promises, and nothing else passes for one."""

from struct import calcsize, unpack_from

from fakes.expect import without_heap

from pulseblock.core.events import CONTACT, GRIP, UNKNOWN
from pulseblock.core.rep import Rep
from pulseblock.core.settings import Settings
from pulseblock.journal import record


def a_rep(**measured):
    rep = Rep()
    for name, value in measured.items():
        setattr(rep, name, value)
    return rep


def packed(rep, sequence=0, boot=0):
    slot = bytearray(record.RECORD_BYTES)
    record.pack_rep(slot, rep)
    record.finish(slot, sequence, boot)
    return slot


def body(slot):
    return unpack_from(record.BODY[record.REP], slot, record.BODY_AT)


def test_the_crc_is_crc_24_of_openpgp():
    assert record.crc24(b"123456789", 0, 9) == 0x21CF02
    assert record.crc24(b"__123456789__", 2, 11) == 0x21CF02


def test_the_parts_of_the_format_fit_together():
    assert calcsize(record.HEADER) + record.CRC_BYTES == record.HEADER_BYTES
    assert calcsize(record.HEAD) == record.BODY_AT
    assert record.CRC_AT + record.CRC_BYTES == record.RECORD_BYTES
    for kind in record.BODY:
        assert calcsize(record.BODY[kind]) <= record.CRC_AT - record.BODY_AT


def test_erased_and_zeroed_flash_hold_no_record():
    assert not record.sealed(bytes(record.RECORD_BYTES), 0, record.RECORD_BYTES)
    assert not record.sealed(b"\xff" * record.RECORD_BYTES, 0, record.RECORD_BYTES)


def test_a_changed_byte_breaks_the_seal():
    slot = packed(a_rep(peak_cn=4200))
    assert record.sealed(slot, 0, record.RECORD_BYTES)
    for i in range(record.RECORD_BYTES):
        slot[i] ^= 0x10
        assert not record.sealed(slot, 0, record.RECORD_BYTES)
        slot[i] ^= 0x10


def test_a_record_carries_kind_sequence_ticks_and_two_bits_of_boot():
    slot = packed(a_rep(start_ms=0x2ABCDEF1, faults=GRIP | CONTACT), sequence=0x1BEEF, boot=7)
    kind, sequence, stamp = unpack_from(record.HEAD, slot, 0)
    assert kind == record.REP | GRIP | CONTACT
    assert sequence == 0xBEEF
    assert stamp & record.TICKS_MASK == 0x2ABCDEF1
    assert stamp >> 30 == 3


def test_a_record_can_be_numbered_again():
    slot = packed(a_rep(start_ms=5), sequence=1, boot=3)
    record.finish(slot, 2, 1)
    assert slot == packed(a_rep(start_ms=5), sequence=2, boot=1)


def test_a_rep_is_recorded_in_its_steps():
    rep = a_rep(duration_ms=1200, rise_ms=480, peak_cn=4000, hold_cn=1000, trough_cn=1100)
    rep.sagittal_cdeg, rep.frontal_cdeg, rep.jolt_mg, rep.drag_pct = -234, 351, 123, -40
    assert body(packed(rep)) == (30, 102, 4000, 50, 55, -23, 35, 25, -40)


def test_values_beyond_their_range_are_the_nearest_within():
    rep = a_rep(duration_ms=60000, rise_ms=60000, peak_cn=70000, hold_cn=1 << 20, trough_cn=-5)
    rep.sagittal_cdeg, rep.frontal_cdeg, rep.jolt_mg, rep.drag_pct = 9000, -9000, 30000, 999
    assert body(packed(rep)) == (255, 255, 65535, 200, 0, 127, -127, 255, 127)


def test_a_press_of_nothing_divides_nothing():
    assert body(packed(a_rep(hold_cn=500, rise_ms=300)))[:5] == (0, 0, 0, 0, 0)


def test_unknown_drag_is_no_number():
    assert body(packed(a_rep(drag_pct=UNKNOWN)))[8] == record.DRAG_UNKNOWN
    assert body(packed(a_rep(drag_pct=-999)))[8] == -127


def test_packing_a_rep_takes_no_memory():
    slot = bytearray(record.RECORD_BYTES)
    rep = a_rep(start_ms=(1 << 30) - 1, duration_ms=900, rise_ms=400, peak_cn=65535, hold_cn=65535)

    def pack():
        record.pack_rep(slot, rep)
        record.finish(slot, 65535, 3)

    without_heap(pack)
    assert record.sealed(slot, 0, record.RECORD_BYTES)


def test_a_header_says_whose_segment_it_is():
    buffer = bytearray(record.HEADER_BYTES)
    record.pack_header(buffer, (b"\x01\x02\x03", 0xDEADBEEF, 7, 9, 0xFFFFFFFE))
    assert record.unpack_header(buffer) == (record.FORMAT, b"\x01\x02\x03", 0xDEADBEEF, 7, 9, 0xFFFFFFFE)
    assert record.unpack_header(buffer[:-1]) is None
    buffer[10] ^= 1
    assert record.unpack_header(buffer) is None


def test_sixteen_bytes_of_an_id_count():
    buffer = bytearray(record.HEADER_BYTES)
    record.pack_header(buffer, (bytes(range(20)), 1, 1, 1, 0))
    assert record.unpack_header(buffer)[1] == bytes(range(16))


def test_fingerprints_tell_settings_apart():
    plain, strict = Settings(), Settings(pelvis_limit_cdeg=300)
    names = Settings.names()
    assert record.fingerprint(plain, names) == record.fingerprint(Settings(), names)
    assert record.fingerprint(plain, names) != record.fingerprint(strict, names)
    assert record.fingerprint(plain, ["rate_hz"]) == record.fingerprint(strict, ["rate_hz"])


def a_shape(*forces, **measured):
    rep = a_rep(**measured)
    rep.shape_cn = list(forces)
    return rep


def packed_shape(rep):
    slot = bytearray(record.RECORD_BYTES)
    record.pack_shape(slot, rep)
    return slot


def test_a_shape_has_the_ticks_of_its_rep_and_shares_of_its_peak():
    forces = (1000, 1250, 2000, 3000, 4000, 3990, 2009, 1100, 0, 5100)
    slot = packed_shape(a_shape(*forces, start_ms=0x2ABCDEF1, peak_cn=4000, faults=GRIP))
    record.finish(slot, 7, 3)
    kind, sequence, stamp = unpack_from(record.HEAD, slot, 0)
    assert (kind, sequence, stamp & record.TICKS_MASK, stamp >> 30) == (record.SHAPE, 7, 0x2ABCDEF1, 3)
    shares = unpack_from(record.BODY[record.SHAPE], slot, record.BODY_AT)
    assert shares == (50, 63, 100, 150, 200, 200, 100, 55, 0, 255)


def test_a_shape_beyond_its_range_is_the_nearest_within():
    forces = (-5, 70000, 1 << 20, 0, 65535, 1, 2, 3, 4, 5)
    shares = unpack_from("10B", packed_shape(a_shape(*forces, peak_cn=65535)), record.BODY_AT)
    assert shares == (0, 200, 200, 0, 200, 0, 0, 0, 0, 0)
    assert bytes(packed_shape(a_shape(*forces, peak_cn=0))[record.BODY_AT : record.CRC_AT]) == bytes(10)


def test_packing_a_shape_takes_no_memory():
    rep = a_shape(*[65535] * 10, start_ms=(1 << 30) - 1, peak_cn=65535)
    slot = bytearray(record.RECORD_BYTES)
    without_heap(lambda: record.pack_shape(slot, rep))
    assert slot[0] == record.SHAPE
