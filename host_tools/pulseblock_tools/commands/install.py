"""``pulseblock install``: the firmware onto a board."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pulseblock_tools import terminal
from pulseblock_tools.blocks.options import PortName
from pulseblock_tools.errors import LOST_CONNECTION, UserError

if TYPE_CHECKING:
    from pulseblock_tools.blocks import Block
    from pulseblock_tools.install.installing import Outcome

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("install")(_command)


def _command(
    board: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which board it is, and so its pins. Else the one it was before."),
    ] = None,
    port: PortName = None,
    json: Json = False,
) -> None:
    """Put the firmware on a board that runs MicroPython, or bring it up to date.

    Only what differs is copied. Settings and what the block has recorded stay.
    If the cable is pulled, run it again: it goes on where it was.

    [bold]Examples[/]

      pulseblock install --board pico_fsr      the first time
      pulseblock install                       later: a newer firmware
      pulseblock install --board list          the boards there are
    """
    from pulseblock_tools.blocks import connect
    from pulseblock_tools.blocks.options import chosen
    from pulseblock_tools.install.firmware import check_board
    from pulseblock_tools.install.installing import install

    if board == "list":
        _list_boards(json)
        return
    if board is not None:
        check_board(board)
    place = chosen(port)
    try:
        with connect(place) as block, terminal.transfer("Copying") as progress:
            about = block.about
            outcome = install(block, board or _board_of(block), progress)
            terminal.note("Starting the app")
    except UserError as error:
        if error.exit_code == LOST_CONNECTION:
            terminal.note("What was copied stays: run 'pulseblock install' again, and it goes on.")
        raise
    about.tell_risk(terminal.note)
    _tell(outcome, json)


def _board_of(block: Block) -> str:
    """The board that the block is told to be; in a terminal whoever sits there is asked."""
    from pulseblock_tools.install.firmware import boards

    if block.about.board in boards():
        return str(block.about.board)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UserError(f"which board is it? Choose with --board, of {', '.join(boards())}")
    from rich.prompt import Prompt

    from pulseblock_tools.blocks.block import QUESTION_S

    block.allow_silence(QUESTION_S)
    console = terminal.console(stderr=True)
    for name, what in boards().items():
        console.print(f"  {name:12} {what}", markup=False)
    return Prompt.ask("Which board is it", console=console, choices=list(boards()), show_choices=False)


def _list_boards(json: bool) -> None:
    from pulseblock_tools.install.firmware import boards

    if json:
        terminal.print_json(boards())
        return
    from rich.table import Table

    table = Table("board", "what it is", box=None, header_style="bold")
    for name, what in boards().items():
        table.add_row(name, what)
    terminal.say(table)


def _tell(outcome: Outcome, json: bool) -> None:
    if json:
        terminal.print_json(asdict(outcome))
        return
    if outcome.kept:
        terminal.note(f"The /main.py of another program is {outcome.kept} on the board now.")
    done = f"{len(outcome.copied)} files copied, {outcome.unchanged} there already"
    if outcome.removed:
        done += f", {len(outcome.removed)} stale ones removed"
    terminal.say(
        f"{done}: {-(-outcome.total_bytes // 1024)} KiB for the board {outcome.board}.",
        "[bold]The block runs.[/]",
    )
