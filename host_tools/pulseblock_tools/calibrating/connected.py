"""Calibrate with a block plugged in: the block guides by light and sound as ever, the screen by words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from pulseblock.app import CALIBRATE
from pulseblock.guide.calibrating import PATIENCE_MS
from pulseblock_tools.blocks import connect, settings
from pulseblock_tools.blocks.ports import Port
from pulseblock_tools.calibrating.guidance import Guidance, Step
from pulseblock_tools.calibrating.outcome import outcome
from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.live.feed import listen
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.live.picture import picture
from pulseblock_tools.live.show import Show, can_draw
from pulseblock_tools.live.watch import Watch
from pulseblock_tools.replaying.calibrating import Calibrated

_MOST_MS = 6 * PATIENCE_MS  # of the block's clock: by then it has ended by itself


def calibrate(port: Port, console: Console) -> Calibrated:
    """Ask the block at *port* for a calibration, guide the wearer on *console*, return what was found.

    The block has it on its flash then.  Raises UserError where it refuses or is left, and as `connect`.
    """
    with connect(port) as block:
        block.about.require_firmware(port.device)
        settings.read(block)  # the block adds to no file that it cannot use
        block.write_file(CALIBRATE, b"")
    guidance = Guidance()
    with contextlib.closing(listen(port)) as feed, _screen(console, guidance) as screen:
        began_ms = None
        for frame in (frame for frames in feed for frame in frames):
            began_ms = frame.t_ms if began_ms is None else began_ms
            screen.update(frame)
            if guidance.is_over or frame.t_ms - began_ms > _MOST_MS:
                break
    if guidance.step is Step.CANCELLED:
        raise UserError("the calibration was ended with the block's button; nothing was changed", FAILED)
    with connect(port) as block:
        return outcome(block)


class _Lines:
    def __init__(self, console: Console, guidance: Guidance) -> None:
        self._console = console
        self._guidance = guidance
        console.print(guidance.step.value)

    def update(self, frame: Frame) -> None:
        for line in self._guidance.update(frame):
            self._console.print(line, markup=False)


class _Picture:
    def __init__(self, live: Live, guidance: Guidance) -> None:
        self._live = live
        self._guidance = guidance
        self._watch = Watch()

    def update(self, frame: Frame) -> None:
        self._guidance.update(frame)
        self._watch.update(frame)
        said = Text(self._guidance.step.value, style="bold")
        self._live.update(Group(said, picture(self._watch, "pulseblock calibrate")), refresh=True)


@contextmanager
def _screen(console: Console, guidance: Guidance) -> Iterator[Show]:
    """Give what takes the frames: a live picture in a terminal, lines anywhere else."""
    if not can_draw(console):
        yield _Lines(console, guidance)
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield _Picture(live, guidance)
