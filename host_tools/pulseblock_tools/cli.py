"""The command ``pulseblock``: gathers the commands and turns a user's mistake into one line.

Every file in ``commands/`` adds itself through its ``register(app)``.  What such a file imports at its
top is paid for by every run of every command, so it imports only Typer there and the rest in the
command's body.
"""

import errno
import importlib
import os
import pkgutil
import re
import sys
from collections.abc import Iterable
from typing import Annotated, Any

import typer

import pulseblock
from pulseblock_tools import commands, terminal
from pulseblock_tools.errors import (
    BAD_INPUT,
    EXIT_CODES,
    FAILED,
    INTERRUPTED,
    OF_A_BLOCK,
    OF_EVERY_COMMAND,
    OK,
    RUNTIME_MISSING,
    UserError,
)

_PANELS = {
    "Without a block": ("demo",),
    "Every day": ("sync", "sessions", "show", "report", "serve", "program", "wearer", "void", "export"),
    "The block": ("install", "doctor", "calibrate", "config", "live", "record"),
    "Recordings": ("replay", "simulate", "evaluate", "tune"),
}
_MAY_RUN_MICROPYTHON = {"demo", "replay", "serve"}


def _quiet_first(args: list[str]) -> list[str]:
    """Move ``--quiet`` to where Typer wants an option of every command: before the command's name."""
    ours = args[: args.index("--")] if "--" in args else args
    if "--quiet" not in ours:
        return args
    return ["--quiet", *(arg for arg in ours if arg != "--quiet"), *args[len(ours) :]]


def _print_version(wanted: bool) -> None:
    if wanted:
        print("pulseblock", pulseblock.__version__)
        raise typer.Exit


def _overview(
    ctx: typer.Context,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", help="Results and errors only: no notes, no progress. For every command."),
    ] = False,
    version: Annotated[  # noqa: ARG001  Typer's callback prints it
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Count hip internal-rotation presses on a yoga block, and judge each: good or compensated.

    [bold]Examples[/]

      pulseblock demo            a session on a virtual block
      pulseblock sync            fetch what the block that is plugged in counted
      pulseblock show            the latest session, rep by rep
      pulseblock report --open   progress, as a page in the browser
      pulseblock sync --help     what that command can do

    [dim]Colour is left out when the output is no terminal, or with NO_COLOR set.[/]
    """
    terminal.set_quiet(quiet)
    if ctx.invoked_subcommand is None:
        ctx.get_help()  # Typer's own help prints itself


def build() -> typer.Typer:
    """Gather the commands into one Typer app."""
    app = typer.Typer(
        name="pulseblock",
        callback=_overview,
        invoke_without_command=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for module in pkgutil.iter_modules(commands.__path__, commands.__name__ + "."):
        importlib.import_module(module.name).register(app)
    return app


def command_line() -> Any:
    """Return the command with all those under it, each with a help that is ready for the terminal."""
    command: Any = typer.main.get_command(build())
    _finish_help("pulseblock", command)
    command.commands = {
        name: command.commands.pop(name) for names in _PANELS.values() for name in names
    } | command.commands
    for panel, names in _PANELS.items():
        for name in names:
            command.commands[name].rich_help_panel = panel
    return command


def _finish_help(name: str, command: Any) -> set[int]:
    """Join the help's lines for a terminal of any width, and list the exit codes, which it returns."""
    codes = set(OF_EVERY_COMMAND)
    if any(parameter.envvar == "PULSEBLOCK_PORT" for parameter in command.params):
        codes |= OF_A_BLOCK
    if name in _MAY_RUN_MICROPYTHON:
        codes.add(RUNTIME_MISSING)
    for below, one in getattr(command, "commands", {}).items():
        codes |= _finish_help(below, one)
    command.help = "\n\n".join(map(_joined, (command.help or "").split("\n\n")))
    command.epilog = _exit_codes(codes)
    return codes


def _joined(paragraph: str) -> str:
    """One line of a paragraph; examples, which are indented, stay line by line."""
    if not re.search(r"^ ", paragraph, re.MULTILINE):
        return " ".join(paragraph.split("\n"))
    # in a style of its own, or Typer would take the indentation of a whole text away
    return re.sub(r"^ +", r"[none]\g<0>[/]", paragraph, flags=re.MULTILINE)


def _exit_codes(codes: Iterable[int]) -> str:
    lines = (f"{code:>5}  {EXIT_CODES[code]}" for code in sorted(codes))
    return "\n".join(("[bold]Exit codes[/]", *lines))


def _plain(error: typer.TyperException) -> str:
    return error.format_message().rstrip(".").replace("Value error, ", "")


def main(args: list[str] | None = None) -> int:
    """Run one command line, ``sys.argv`` by default, and return the exit code."""
    line = _quiet_first(sys.argv[1:] if args is None else args)
    terminal.write_what_can_be_shown()
    try:
        outcome = command_line().main(line, "pulseblock", standalone_mode=False)
        sys.stdout.flush()
    except UserError as error:
        terminal.complain(str(error))
        return error.exit_code
    except typer.TyperException as error:  # options and arguments that do not fit
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "pulseblock"
        terminal.complain(f"{_plain(error)}; see '{path} --help'")
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as error:
        if error.errno not in {errno.EPIPE, errno.ENOSPC, errno.EDQUOT}:
            raise
        # the interpreter must not try to flush the rest on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno != errno.EPIPE:  # else whoever read stdout has gone, and knows
            terminal.complain(f"cannot write: {(error.strerror or str(error)).lower()}")
        return FAILED
    return outcome if isinstance(outcome, int) else OK  # typer.Exit arrives as its code
