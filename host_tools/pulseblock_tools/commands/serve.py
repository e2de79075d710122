"""``pulseblock serve``: the training as a local web page."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.store.options import Db

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from pulseblock_tools.serve.sources import Source


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("serve")(_command)


def _command(
    port: PortName = None,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="A virtual block with a simulated wearer, at the pace of life.")
    ] = False,
    web_port: Annotated[
        int,
        typer.Option("--web-port", metavar="N", min=0, max=65535, help="Of the page. By default a free one."),
    ] = 0,
    newtons: Annotated[
        bool, typer.Option("--newtons", help="Reports tell newtons too: for a block with a load cell.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    db: Db = None,
) -> None:
    """Show the training live in the browser, with sessions and reports behind it.

    The count in figures to be read from the mat, the press against its target, the
    posture as a bubble, each verdict in words, and sound on request. The page is for
    this computer alone, and for whoever has the address that is printed. What a
    virtual wearer does is shown and not kept. Ctrl-C ends it.

    [bold]Examples[/]

      pulseblock serve --open                  with the block plugged in
      pulseblock serve --virtual --open        without one
      pulseblock serve --port /dev/ttyACM1     where there are several
    """
    from pulseblock_tools.store.database import open_database

    run(
        open_database(db, terminal.note),
        _source(port, virtual=virtual),
        web_port=web_port,
        newtons=newtons,
        show=open_,
    )


def run(
    engine: Engine, source: Source, *, web_port: int = 0, newtons: bool = False, show: bool = False
) -> None:
    """Serve until Ctrl-C, and say where; *show* opens a browser there."""
    from pulseblock_tools.serve.server import LocalServer

    server = LocalServer(engine, source, port=web_port, newtons=newtons)
    terminal.say_whole(server.address)
    terminal.note("Open this address in a browser on this computer. Ctrl-C ends it.")
    if show and not webbrowser.open(server.address):
        terminal.note("No browser could be started: open the address yourself.")
    server.run()


def _source(port: str | None, *, virtual: bool) -> Source:
    from pulseblock_tools.serve import sources

    if virtual:
        return sources.VirtualSource()
    return sources.PluggedInSource(port)
