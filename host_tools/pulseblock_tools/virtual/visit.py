"""A simulated wearer comes, trains on a virtual block, and ends the session with the button."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from pulseblock_tools.live.frame import Frame
from pulseblock_tools.simulator.simulate import demo_session
from pulseblock_tools.traces.resampling import resample
from pulseblock_tools.traces.trace import Trace

from .block import VirtualBlock
from .computer import Sample
from .outputs import Telemetry

RATE_HZ = 100  # of the virtual board's sensors
_FRAME_MS = 40
_BUTTON_MS = 200  # a short press ends the session
_FAREWELL_MS = 2600  # and its signal takes so long


@dataclass(frozen=True)
class Visit:
    """What the sensors measure of a session, and of the wearer's reaching for the button at ``button_ms``."""

    samples: Sequence[Sample]
    button_ms: int

    @property
    def length_s(self) -> float:
        """How long it takes."""
        return (self.samples[-1][0] - self.samples[0][0]) / 1000


def visit(seed: int, start_ms: int = 0) -> Visit:
    """The visit of the wearer that *seed* stands for, from *start_ms* of the block's clock on."""
    t_ms, force_n, *acceleration_g = (
        array("d", column) for column in zip(*demo_session(seed, RATE_HZ).rows, strict=True)
    )
    sensed = resample(Trace("demo", t_ms, force_n, tuple(acceleration_g)), RATE_HZ)
    samples = list(zip(sensed.t_ms, sensed.force_cn, sensed.ax, sensed.ay, sensed.az, strict=True))
    # in the hand it goes on as it was: back and forth over the last second
    step_ms = 1000 // RATE_HZ
    end_ms = samples[-1][0]
    times = range(end_ms + step_ms, end_ms + _BUTTON_MS + _FAREWELL_MS, step_ms)
    held = cycle(samples[: -1 - RATE_HZ : -1] + samples[-RATE_HZ:])
    samples += [(ms, *sample[1:]) for ms, sample in zip(times, held, strict=False)]
    button_ms = samples[-1][0] - _BUTTON_MS - _FAREWELL_MS + start_ms
    return Visit([(ms + start_ms, force, x, y, z) for ms, force, x, y, z in samples], button_ms)


def perform(block: VirtualBlock, visited: Visit, pace: float) -> Iterator[Frame]:
    """Let the block live through a visit, each moment in its time multiplied by *pace*; gives its frames."""
    for batch in _paced(visited.samples, pace):
        pressed = visited.button_ms < batch[0][0] <= visited.button_ms + _BUTTON_MS
        block.computer.set_inputs(button=int(pressed))
        for output in block.run(batch):
            if isinstance(output, Telemetry):
                yield Frame.decode(output.frame)


def _paced(samples: Sequence[Sample], pace: float) -> Iterator[Sequence[Sample]]:
    """Pass the samples on, a frame's worth at a time."""
    size = _FRAME_MS * RATE_HZ // 1000
    began = time.monotonic()
    for at in range(0, len(samples), size):
        due = began + (samples[at][0] - samples[0][0]) / 1000 * pace
        time.sleep(max(0.0, due - time.monotonic()))
        yield samples[at : at + size]
