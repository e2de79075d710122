"""The raw trace recorder: what it takes from memory and flash, and what it never does."""

from binascii import crc32
from struct import calcsize, unpack_from

from fakes.expect import without_heap
from fakes.folder import EIO, FakeFolder

from pulseblock.journal import trace_frame
from pulseblock.journal.trace_frame import Frame
from pulseblock.journal.trace_recorder import FAILED, FULL, OFF, RECORDING, TraceRecorder, name_of

STILL = (500, 0, 0, 8192)


def frames(data):
    """(number, ticks, count) of the frames of a file, each whole."""
    found = []
    at = 0
    while at < len(data):
        magic, version, length, number, _, ticks, count = unpack_from(trace_frame.HEAD, data, at)
        assert (magic, version) == (trace_frame.MAGIC, trace_frame.FORMAT)
        end = at + length - trace_frame.CRC_BYTES
        assert unpack_from("<I", data, end)[0] == crc32(data[at:end])
        found.append((number, ticks, count))
        at += length
    return found


def press(i):
    """A sample of a press a second, on a block that trembles."""
    force = 1000 + 40 * abs(i % 100 - 50) + 7 * (i * 31 % 11)
    return force, i * 17 % 23 - 11, i * 29 % 31 - 15, 8192 + i * 13 % 27 - 13


def record_samples(recorder, count, every=1, start=0):
    for i in range(start, start + count):
        recorder.sample(i * 10, *press(i))
        if i % every == 0:
            recorder.service(True)


def test_the_head_of_a_frame_has_its_size():
    assert calcsize(trace_frame.HEAD) == trace_frame.HEAD_BYTES


def test_sampling_takes_no_memory_at_any_value():
    recorder = TraceRecorder(FakeFolder(), 100)
    recorder.start(1, 0)
    extremes = ((0, -32768, -32768, -32768), (65535, 32767, 32767, 32767))

    def sample():
        for i in range(2000):
            recorder.sample((i * 50001) & 0x3FFFFFFF, *extremes[i % 2])

    without_heap(sample)
    assert recorder.dropped


def test_the_hardest_samples_still_fit_a_frame():
    frame = Frame()
    extremes = ((0, -32768, -32768, -32768), (65535, 32767, 32767, 32767))
    t_ms = 0
    while frame.add(t_ms, *extremes[frame.count % 2]):
        t_ms += 1 if frame.count % 2 else 60000
    frame.seal(0, 1)
    assert frame.count > 30
    assert frame.length <= trace_frame.FRAME_BYTES
    assert len(frame.data) == trace_frame.FRAME_BYTES


def test_every_sample_reaches_flash_at_some_350_bytes_a_second():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    assert recorder.start(7, 0) == RECORDING
    record_samples(recorder, 6000)
    assert recorder.stop() == RECORDING
    assert recorder.status == OFF
    found = frames(folder.kept[name_of(1)])
    assert sum([count for _, _, count in found]) == 6000
    assert [number for number, _, _ in found] == list(range(len(found)))
    assert len(folder.kept[name_of(1)]) / 60 < 360


def test_a_stream_of_over_125_hz_is_halved():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 200)
    recorder.start(1, 0)
    record_samples(recorder, 400)
    recorder.stop()
    assert sum([count for _, _, count in frames(folder.kept[name_of(1)])]) == 200


def test_a_press_of_nine_seconds_fits_in_memory():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 0)
    for i in range(900):
        recorder.sample(i * 10, *press(i))
        recorder.service(False)
    assert recorder.dropped == 0
    assert folder.kept[name_of(1)] == b""


def test_what_does_not_fit_in_memory_is_a_gap_and_recording_goes_on():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 0)
    for i in range(4000):
        recorder.sample(i * 10, *press(i))
    dropped = recorder.dropped
    assert 0 < dropped < 3000
    recorder.service(True)
    record_samples(recorder, 1000, start=4000)
    recorder.stop()
    assert recorder.dropped == dropped
    found = frames(folder.kept[name_of(1)])
    assert sum([count for _, _, count in found]) == 5000 - dropped
    assert found[-1][1] > 40000


def test_a_pause_of_over_a_minute_begins_a_frame():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 0)
    for t_ms in (0, 10, 60010, 120011, (1 << 30) - 5, 5):
        recorder.sample(t_ms, *STILL)
    recorder.stop()
    assert frames(folder.kept[name_of(1)]) == [(0, 0, 3), (1, 120011, 1), (2, (1 << 30) - 5, 2)]


def test_a_power_cut_takes_only_the_end():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 0)
    record_samples(recorder, 6000)
    kept = frames(folder.after_power_cut().kept[name_of(1)])
    assert sum([count for _, _, count in kept]) > 6000 - 1500


def test_flash_is_flushed_a_block_at_a_time():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 0)
    record_samples(recorder, 6000)
    assert folder.flushes <= 6000 * 3.6 / 4096


def test_traces_together_have_a_cap():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100, cap_bytes=5000)
    for _ in range(2):
        recorder.start(1, 0)
        record_samples(recorder, 800)
        recorder.stop()
    used = sum([len(data) for data in folder.kept.values()])
    assert 5000 - trace_frame.FRAME_BYTES < used <= 5000
    assert sorted(folder.kept) == [name_of(1), name_of(2)]
    assert recorder.start(1, 0) == FULL
    recorder.sample(0, *STILL)
    assert recorder.stop() == FULL


def test_the_space_that_the_journal_may_need_is_left():
    folder = FakeFolder(capacity=20000)
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 15000)
    record_samples(recorder, 6000)
    assert recorder.status == FULL
    assert folder.free() >= 15000


def test_failing_flash_ends_the_trace_and_keeps_what_was_flushed():
    folder = FakeFolder()
    recorder = TraceRecorder(folder, 100)
    recorder.start(1, 0)
    record_samples(recorder, 3000)
    kept = folder.kept[name_of(1)]
    folder.refusing = EIO
    record_samples(recorder, 3000, start=3000)
    assert recorder.status == FAILED
    assert frames(kept)
    assert recorder.start(1, 0) == FAILED
    folder.refusing = 0
    assert recorder.start(1, 0) == RECORDING
    assert name_of(2) in folder.kept
