"""``pulseblock demo``: a wearer, a block and a session, all of it virtual but the firmware."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.errors import UserError

if TYPE_CHECKING:
    from pulseblock_tools.virtual.block import VirtualBlock
    from pulseblock_tools.virtual.visit import Visit

SHOW_S = 18.0  # how long the picture runs, unless in real time


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("demo")(_command)


def _command(
    seed: Annotated[int, typer.Option(metavar="N", help="Another number is another wearer.")] = 1,
    realtime: Annotated[bool, typer.Option("--realtime", help="At the pace of life: some 45 s.")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="As a local web page, at the pace of life, until Ctrl-C.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="With --serve: show it in the browser.")] = False,
) -> None:
    """Watch a session on a virtual block.

    A simulated wearer does two short sets, some reps of them badly. The block's own
    firmware, on real MicroPython, counts and judges them, and keeps a log. That is
    synced over the virtual block's USB port into a database for the moment, and shown
    as [bold]pulseblock show[/] does. In a terminal there is a live picture, at about twice
    the pace of life; in a pipe there are lines, as fast as they come.

    [bold]Examples[/]

      pulseblock demo                  under half a minute
      pulseblock demo --seed 7         another wearer, other faults
      pulseblock demo --realtime       as it would sound and look on the mat
      pulseblock demo --serve --open   live in the browser, with a report
      pulseblock demo --quiet          nothing but the session in the end
    """
    from pulseblock_tools.virtual.block import VirtualBlock
    from pulseblock_tools.virtual.visit import visit

    if serve:
        _serve(seed, show=open_)
        return
    if open_:
        raise UserError("--open shows the page of --serve: give both")
    visited = visit(seed)
    with VirtualBlock() as block:
        _perform(block, visited, realtime)
        _sync_and_show(block)


def _perform(block: VirtualBlock, visited: Visit, realtime: bool) -> None:
    """Let the block live through the visit, and show it unless nobody wants to see it."""
    from pulseblock_tools.live.show import can_draw, show
    from pulseblock_tools.virtual.visit import perform

    console = terminal.console()
    watched = not terminal.is_quiet()
    block.computer.set_inputs(listening=int(watched))
    quick = SHOW_S / visited.length_s if watched and can_draw(console) else 0.0
    with show(console, "pulseblock demo") if watched else nullcontext() as screen:
        for frame in perform(block, visited, 1.0 if realtime else quick):
            if screen:
                screen.update(frame)


def _serve(seed: int, *, show: bool) -> None:
    """Let one wearer after another train, in the browser; their sessions last as long as the demo."""
    from pulseblock_tools.commands.serve import run
    from pulseblock_tools.serve.sources import VirtualSource
    from pulseblock_tools.store.database import open_database

    with TemporaryDirectory(prefix="pulseblock-demo-", ignore_cleanup_errors=True) as folder:
        engine = open_database(f"{folder}/demo.db")
        try:
            run(engine, VirtualSource(seed, engine), show=show)
        finally:
            engine.dispose()


def _sync_and_show(block: VirtualBlock) -> None:
    """Do what a wearer does then: plug the block in, sync, and look at the session."""
    from pulseblock_tools.blocks import Port, connect
    from pulseblock_tools.commands.show import show
    from pulseblock_tools.store.database import open_database
    from pulseblock_tools.sync.syncing import sync

    with TemporaryDirectory(prefix="pulseblock-demo-", ignore_cleanup_errors=True) as folder:
        database = str(Path(folder, "pulseblock.db"))
        engine = open_database(database)
        try:
            with connect(Port(block.usb.url)) as plugged_in:
                sync(plugged_in, engine)
        finally:
            engine.dispose()
        terminal.say("From the log on the block, synced over USB into a database:", "")
        show(db=database)
