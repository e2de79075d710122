"""The command ``pulseblock``: gathers the commands and turns a user's mistake into one line.

Every file in ``commands/`` adds itself through its ``register(app)``.  What such a file imports at its
top is paid for by every run of every command, so it imports only Typer there and the rest in the
command's body.
"""

import importlib
import os
import pkgutil
import sys
from typing import Annotated

import typer

import pulseblock
from pulseblock_tools import commands, terminal
from pulseblock_tools.errors import BAD_INPUT, EXIT_CODES, FAILED, INTERRUPTED, OK, UserError

_EPILOG = "[bold]Exit codes[/]\n" + "\n".join(f"{code:>5}  {meaning}" for code, meaning in EXIT_CODES.items())


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

      pulseblock demo                        a session on a virtual block
      pulseblock replay session.csv          count and judge a recorded trace
      pulseblock replay session.csv --json   the same, one JSON object a rep
      pulseblock replay --help               what that command can do

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
        epilog=_EPILOG,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for module in pkgutil.iter_modules(commands.__path__, commands.__name__ + "."):
        importlib.import_module(module.name).register(app)
    return app


def main(args: list[str] | None = None) -> int:
    """Run one command line, ``sys.argv`` by default, and return the exit code."""
    line = _quiet_first(sys.argv[1:] if args is None else args)
    try:
        outcome = typer.main.get_command(build()).main(line, "pulseblock", standalone_mode=False)
        sys.stdout.flush()
    except UserError as error:
        terminal.complain(str(error))
        return error.exit_code
    except typer.TyperException as error:  # options and arguments that do not fit
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "pulseblock"
        terminal.complain(f"{error.format_message().rstrip('.')}; see '{path} --help'")
        return BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read stdout has gone; the interpreter must not try to flush the rest on its way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return outcome if isinstance(outcome, int) else OK  # typer.Exit arrives as its code
