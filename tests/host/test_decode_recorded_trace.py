"""A recorded trace comes back as it was sampled, but for its steps and what damage took."""

from __future__ import annotations

import io
import math
import random
from pathlib import Path

import pytest
from fakes.folder import FakeFolder
from hypothesis import given, settings
from hypothesis import strategies as st

from pulseblock.journal.trace_recorder import RECORDING, TraceRecorder, name_of
from pulseblock_tools.journal.recorded_trace import RecordedTrace, Sample, decode_trace, write_csv
from pulseblock_tools.journal.scan import Span
from pulseblock_tools.traces.reading import read_trace
from pulseblock_tools.traces.resampling import resample

SHARED = Path(__file__).parents[3] / "shared" / "traces"
fuzz = settings(deadline=None, derandomize=True, max_examples=100)


def recorded(samples: list[Sample], rate_hz: int = 100) -> bytes:
    folder = FakeFolder()
    recorder = TraceRecorder(folder, rate_hz)
    assert recorder.start(3, 0) == RECORDING
    for sample in samples:
        recorder.sample(*sample)
        recorder.service(True)
    recorder.stop()
    assert not recorder.dropped
    return folder.kept[name_of(1)]


def presses(count: int, seed: int = 1, noise_counts: float = 8) -> list[Sample]:
    """A press every second and a half at 100 Hz, on a block with a sensor's noise (1 mg)."""
    chance = random.Random(seed)
    samples = []
    for i in range(count):
        force = 1000 + max(0, round(4000 * math.sin(i / 24))) + round(chance.gauss(0, 5))
        x, y, z = (round(chance.gauss(0, noise_counts)) for _ in range(3))
        samples.append((i * 10, force, x, y, z + 8192))
    return samples


def assert_near(found: tuple[Sample, ...], given: list[Sample]) -> None:
    assert len(found) == len(given)
    for sample, original in zip(found, given, strict=True):
        assert sample[0] == original[0]
        assert abs(sample[1] - original[1]) <= 2
        assert all(abs(a - b) <= 4 for a, b in zip(sample[2:], original[2:], strict=True))


def test_samples_come_back_to_the_nearest_step_and_at_their_times() -> None:
    samples = presses(3000)
    decoded = decode_trace(recorded(samples))
    assert not decoded.damaged
    assert_near(decoded.samples, samples)


int16 = st.integers(-32768, 32767)


@fuzz
@given(
    st.lists(st.tuples(st.integers(0, 200000), st.integers(0, 65535), int16, int16, int16), max_size=120),
    st.integers(0, (1 << 30) - 1),
)
def test_any_samples_come_back(rows: list[tuple[int, int, int, int, int]], start: int) -> None:
    samples = []
    for pause, *values in rows:
        start = (start + pause) % (1 << 30)
        samples.append((start, *values))
    decoded = decode_trace(recorded(samples))
    assert not decoded.damaged
    assert_near(decoded.samples, samples)


def test_it_takes_some_350_bytes_a_second() -> None:
    for noise_counts, most in ((8, 345), (16, 395)):
        assert len(recorded(presses(6000, noise_counts=noise_counts))) / 60 <= most


def test_a_trace_begins_at_0_and_its_ticks_may_wrap() -> None:
    trace = RecordedTrace((((1 << 30) - 10, 1234, 0, 0, 8192), (0, 1300, 4096, 0, 8192)), ()).trace("t")
    assert list(trace.t_ms) == [0, 10]
    assert list(trace.force_n) == [12.34, 13.0]
    assert [list(axis) for axis in trace.acceleration_g] == [[0, 0.5], [0, 0], [1, 1]]
    assert len(RecordedTrace((), ()).trace("t").t_ms) == 0


def test_what_is_written_is_a_trace_that_can_be_read(tmp_path: Path) -> None:
    decoded = decode_trace(recorded(presses(500)))
    trace = decoded.trace("recorded")
    with (tmp_path / "trace.csv").open("w") as file:
        write_csv(trace, file)
    again = read_trace(tmp_path / "trace.csv")
    assert again.t_ms == trace.t_ms
    assert again.force_n == trace.force_n
    for axis, other in zip(again.acceleration_g, trace.acceleration_g, strict=True):
        assert all(abs(a - b) <= 0.00005 for a, b in zip(axis, other, strict=True))


def test_csv_has_the_columns_and_digits_of_any_trace() -> None:
    text = io.StringIO()
    write_csv(RecordedTrace(((5, 1234, -8192, 4, 8192),), ()).trace("t"), text)
    assert text.getvalue() == "t_ms,force_n,ax_g,ay_g,az_g\n0,12.34,-1.0000,0.0005,1.0000\n"


def test_damage_costs_only_the_frames_it_touches() -> None:
    samples = presses(3000)
    data = recorded(samples)
    damaged = data[:2000] + b"?" + data[2001:]
    decoded = decode_trace(damaged)
    assert len(decoded.damaged) == 1
    (span,) = decoded.damaged
    assert span.offset <= 2000 < span.offset + span.length <= span.offset + 512
    assert set(decoded.samples) < set(decode_trace(data).samples)
    assert len(decoded.samples) > 3000 - 200


def test_a_repeated_frame_counts_once() -> None:
    data = recorded(presses(900))
    length = int.from_bytes(data[3:5], "little")
    decoded = decode_trace(data[:length] + data)
    assert decoded.samples == decode_trace(data).samples
    assert decoded.damaged == (Span(length, length, "unreadable"),)


@fuzz
@given(st.data())
def test_no_tampering_makes_samples_up(data: st.DataObject) -> None:
    whole = recorded(presses(900))
    real = set(decode_trace(whole).samples)
    tampered = whole
    for _ in range(data.draw(st.integers(1, 4))):
        first = data.draw(st.integers(0, len(tampered)))
        end = first + data.draw(st.integers(0, 700))
        part = tampered[first:end]
        new = data.draw(st.sampled_from([b"", part + part, part[::-1], b"PT\x01\xff\xff"]))
        tampered = tampered[:first] + new + tampered[end:]
    found = decode_trace(tampered).samples
    assert set(found) <= real
    assert len(found) == len(set(found)), "a frame counted twice"


@fuzz
@given(st.binary(max_size=600))
def test_any_bytes_are_decoded_without_a_crash(data: bytes) -> None:
    decoded = decode_trace(data)
    assert not decoded.samples
    assert sum(span.length for span in decoded.damaged) == len(data)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared traces are not here")
def test_people_in_training_take_some_350_bytes_a_second() -> None:
    rates = []
    for path in sorted(SHARED.glob("p0[0-3]-s0.csv")):
        samples = resample(read_trace(path))
        rows = list(zip(samples.t_ms, samples.force_cn, samples.ax, samples.ay, samples.az, strict=True))
        rates.append(len(recorded(rows)) / (rows[-1][0] - rows[0][0]) * 1000)
    assert max(rates) < 410
    assert sum(rates) / len(rates) < 350
