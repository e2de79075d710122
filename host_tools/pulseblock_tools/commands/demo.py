"""``pulseblock demo``: a wearer, a block and a session, all of it virtual but the firmware."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from itertools import cycle
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal

if TYPE_CHECKING:
    from pulseblock_tools.journal.sessions import Session, SessionRep
    from pulseblock_tools.virtual.block import VirtualBlock
    from pulseblock_tools.virtual.computer import Sample

RATE_HZ = 100  # of the virtual board's sensors
SHOW_S = 18.0  # how long the picture runs, unless in real time
_FRAME_MS = 40
_BUTTON_MS = 200  # a short press ends the session
_FAREWELL_MS = 2600  # and its signal takes so long


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("demo")(_command)


def _command(
    seed: Annotated[int, typer.Option(metavar="N", help="Another number is another wearer.")] = 1,
    realtime: Annotated[bool, typer.Option("--realtime", help="At the pace of life: some 45 s.")] = False,
) -> None:
    """Watch a session on a virtual block.

    A simulated wearer does two short sets, some reps of them badly. The block's own
    firmware, on real MicroPython, counts and judges them, and keeps a log; the
    summary is read back from that. In a terminal there is a live picture, at about
    twice the pace of life; in a pipe there are lines, as fast as they come.

    [bold]Examples[/]

      pulseblock demo              under half a minute
      pulseblock demo --seed 7     another wearer, other faults
      pulseblock demo --realtime   as it would sound and look on the mat
      pulseblock demo --quiet      nothing but the summary
    """
    from pulseblock_tools.virtual.block import VirtualBlock

    samples = _wearer(seed)
    with VirtualBlock() as block:
        _perform(block, samples, realtime)
        session = _last_session(block)
    _summarize(session)


def _wearer(seed: int) -> list[Sample]:
    """What the sensors measure of a session, and of the wearer's reaching for the button after it."""
    from array import array

    from pulseblock_tools.simulator.simulate import demo_session
    from pulseblock_tools.traces.resampling import resample
    from pulseblock_tools.traces.trace import Trace

    t_ms, force_n, *acceleration_g = (
        array("d", column) for column in zip(*demo_session(seed, RATE_HZ).rows, strict=True)
    )
    sensed = resample(Trace("demo", t_ms, force_n, tuple(acceleration_g)), RATE_HZ)
    samples = list(zip(sensed.t_ms, sensed.force_cn, sensed.ax, sensed.ay, sensed.az, strict=True))
    # in the hand it goes on as it was: back and forth over the last second
    step_ms = 1000 // RATE_HZ
    times = range(samples[-1][0] + step_ms, samples[-1][0] + _BUTTON_MS + _FAREWELL_MS, step_ms)
    held = cycle(samples[: -1 - RATE_HZ : -1] + samples[-RATE_HZ:])
    return samples + [(ms, *sample[1:]) for ms, sample in zip(times, held, strict=False)]


def _perform(block: VirtualBlock, samples: list[Sample], realtime: bool) -> None:
    """Let the block live through the samples, and show it unless nobody wants to see it."""
    from pulseblock_tools.live.frame import Frame
    from pulseblock_tools.live.show import can_draw, show
    from pulseblock_tools.virtual.outputs import Telemetry

    console = terminal.console()
    watched = not terminal.is_quiet()
    block.computer.set_inputs(listening=int(watched))
    length_s = (samples[-1][0] - samples[0][0]) / 1000
    quick = SHOW_S / length_s if watched and can_draw(console) else 0.0
    button_ms = samples[-1][0] - _BUTTON_MS - _FAREWELL_MS
    with show(console, "pulseblock demo") if watched else nullcontext() as screen:
        for batch in _paced(samples, 1.0 if realtime else quick):
            block.computer.set_inputs(button=int(button_ms < batch[0][0] <= button_ms + _BUTTON_MS))
            for output in block.run(batch):
                if screen and isinstance(output, Telemetry):
                    screen.update(Frame.decode(output.frame))


def _paced(samples: list[Sample], pace: float) -> Iterator[Sequence[Sample]]:
    """Pass the samples on, a frame's worth at a time, each in its time multiplied by ``pace``."""
    size = _FRAME_MS * RATE_HZ // 1000
    began = time.monotonic()
    for at in range(0, len(samples), size):
        due = began + (samples[at][0] - samples[0][0]) / 1000 * pace
        time.sleep(max(0.0, due - time.monotonic()))
        yield samples[at : at + size]


def _last_session(block: VirtualBlock) -> Session:
    """The session as the block's own log tells it."""
    from pulseblock_tools.journal.reading import read_journal

    files = block.computer.flash.files
    log = [path for path in files if path.startswith("/journal/") and path.endswith(".pbj")]
    journal = read_journal((int(path[len("/journal/") : -len(".pbj")]), files[path]) for path in log)
    return journal.sessions[-1]


def _summarize(session: Session) -> None:
    """Print each set and the session."""
    from rich.table import Table

    sets = Table("set", "reps", "good", "rhythm", "faults", box=None, header_style="bold")
    for column in sets.columns[:4]:
        column.justify = "right"
    for one in session.sets:
        rhythm = "-" if one.rhythm_pct is None else f"{one.rhythm_pct} %"
        sets.add_row(str(one.number), str(len(one.reps)), _good(one.reps), rhythm, _faults(one.reps))
    terminal.say(
        "From the log on the block:",
        "",
        sets,
        "",
        f"[bold]{len(session.reps)} reps, {_good(session.reps)} good[/]",
    )


def _good(reps: Sequence[SessionRep]) -> str:
    good = sum(rep.record.good for rep in reps)
    return f"{good} ({100 * good / len(reps):.0f} %)" if reps else "0"


def _faults(reps: Sequence[SessionRep]) -> str:
    counted = Counter(name for rep in reps for name in rep.record.fault_names)
    return ", ".join(f"{name} {count}" for name, count in counted.most_common())
