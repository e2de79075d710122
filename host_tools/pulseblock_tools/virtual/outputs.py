"""What the firmware shows and tells, as the virtual board reports it."""

import struct
from typing import NamedTuple


class Light(NamedTuple):
    """The RGB LED changed; levels 0-255."""

    t_ms: int
    red: int
    green: int
    blue: int


class Tone(NamedTuple):
    """The buzzer changed; 0 Hz is silence."""

    t_ms: int
    hz: int


class Telemetry(NamedTuple):
    """A telemetry frame went out."""

    t_ms: int
    frame: bytes


Output = Light | Tone | Telemetry

_HEAD = struct.Struct("<iHH")


def decode_outputs(data: bytes) -> list[Output]:
    """Outputs in the order they happened; ``t_ms`` is the time of the sample being handled, as it was fed."""
    outputs: list[Output] = []
    at = 0
    while at < len(data):
        t_ms, kind, size = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        payload = data[at : at + size]
        at += size
        match kind:
            case 0:
                outputs.append(Light(t_ms, *payload))
            case 1:
                outputs.append(Tone(t_ms, int.from_bytes(payload, "big")))
            case _:
                outputs.append(Telemetry(t_ms, payload))
    return outputs
