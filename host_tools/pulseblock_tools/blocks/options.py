"""The option ``--port``, and whom to ask where several blocks are plugged in.

Every run of every command reads this file, so it imports nothing heavy at its top.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pulseblock_tools.blocks.ports import Port

PortName = Annotated[
    str | None,
    typer.Option(
        "--port",
        envvar="PULSEBLOCK_PORT",
        metavar="PORT",
        help="Where the block is plugged in: /dev/ttyACM0, COM3, socket://HOST:PORT. Else it is looked for.",
    ),
]


def chosen(device: str | None) -> Port:
    """The port called *device*; else the one with a block, which one is asked in a terminal."""
    from pulseblock_tools.blocks.ports import find

    return find(device, _ask if sys.stdin.isatty() and sys.stderr.isatty() else None)


def _ask(ports: Sequence[Port]) -> Port:
    from rich.prompt import IntPrompt

    from pulseblock_tools import terminal

    console = terminal.console(stderr=True)
    for number, port in enumerate(ports, 1):
        console.print(f"  {number}  {port.device}  {port.board} {port.serial_number}", markup=False)
    numbers = [str(number) for number in range(1, len(ports) + 1)]
    return ports[IntPrompt.ask("Which one", console=console, choices=numbers, show_choices=False) - 1]
