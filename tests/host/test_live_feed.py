"""Frames on the wire: each that arrives whole is found, whatever is around it and however it is cut up."""

from hypothesis import given
from hypothesis import strategies as st

from pulseblock import telemetry
from pulseblock.usb_listener import SYNC, WIRE_SIZE, wrap
from pulseblock_tools.live.feed import Unwrapper
from pulseblock_tools.live.frame import Frame

payloads = st.binary(min_size=telemetry.SIZE, max_size=telemetry.SIZE)
quiet = st.binary(max_size=80).map(lambda noise: noise.replace(SYNC[:1], b"."))


def on_wire(payload: bytes) -> bytes:
    wire = bytearray(WIRE_SIZE)
    wrap(payload, wire)
    return bytes(wire)


def unwrapped(data: bytes, cuts: list[int]) -> list[Frame]:
    unwrapper = Unwrapper()
    ends = sorted(cut % (len(data) + 1) for cut in cuts)
    pieces = [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]
    return [frame for piece in pieces for frame in unwrapper.take(piece)]


@given(st.lists(st.tuples(quiet, payloads)), st.lists(st.integers(0, 10_000)))
def test_every_frame_is_found_between_what_is_none(sent: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    data = b"".join(noise + on_wire(payload) for noise, payload in sent)
    assert unwrapped(data, cuts) == [Frame.decode(payload) for _, payload in sent]


@given(st.binary(max_size=400), payloads, st.lists(st.integers(0, 10_000)))
def test_after_any_rubbish_frames_are_found_again(rubbish: bytes, payload: bytes, cuts: list[int]) -> None:
    # half a frame may hide what follows it, for as long as it is itself
    data = rubbish + bytes(WIRE_SIZE) + on_wire(payload)
    assert unwrapped(data, cuts)[-1:] == [Frame.decode(payload)]


@given(payloads, st.integers(0, WIRE_SIZE - 1), st.integers(1, 255))
def test_a_spoiled_frame_is_left_out(payload: bytes, at: int, change: int) -> None:
    spoiled = bytearray(on_wire(payload))
    spoiled[at] ^= change
    assert Frame.decode(payload) not in unwrapped(bytes(spoiled), [])


@given(st.binary(max_size=4000))
def test_what_waits_stays_small(rubbish: bytes) -> None:
    unwrapper = Unwrapper()
    unwrapper.take(rubbish)
    assert len(unwrapper._waiting) < WIRE_SIZE
