"""A telemetry frame with names; ``pulseblock.telemetry`` documents the bytes."""

from dataclasses import dataclass
from typing import Self

from pulseblock import telemetry


@dataclass(frozen=True, slots=True)
class Frame:
    """What the block senses, thinks and shows at one moment; fields as in ``pulseblock.telemetry``."""

    t_ms: int
    force_cn: int
    press_pct: int
    sagittal_cdeg: int
    frontal_cdeg: int
    state: int
    signal: int
    red: int
    green: int
    blue: int
    error: int
    tone_hz: int
    count: int
    verdicts: int
    reps: int
    faults: int
    cues: int
    sets: int
    sessions: int
    voids: int

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Decode the bytes of one frame; ValueError where there are too few or too many."""
        return cls(*telemetry.unpack(data))
