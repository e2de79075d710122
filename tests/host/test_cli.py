"""The command line as its users meet it: help, errors in one line, exit codes, colour, interrupts."""

import builtins
import os
import pty
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import typer

import pulseblock
from pulseblock_tools import __main__, cli, commands, errors, terminal

COMMAND = Path(sys.executable).with_name("pulseblock")
TRACE = Path(__file__).parents[1] / "fixtures" / "three-presses.csv"

pytestmark = pytest.mark.usefixtures("fresh_terminal")


@pytest.fixture
def run(command_line):
    return command_line


def with_command(monkeypatch, body) -> None:
    """Make ``pulseblock probe`` run *body*."""
    build = cli.build

    def build_with_probe() -> typer.Typer:
        app = build()
        app.command("probe")(body)
        return app

    monkeypatch.setattr(cli, "build", build_with_probe)


def test_the_version_is_that_of_the_firmware(run):
    assert run("--version") == (0, f"pulseblock {pulseblock.__version__}\n", "")


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_help_shows_examples_and_every_exit_code(run, args):
    code, out, err = run(*args)
    assert (code, err) == (0, "")
    assert "Examples" in out
    assert "pulseblock demo" in out
    for exit_code, meaning in errors.EXIT_CODES.items():
        assert f"{exit_code}  {meaning}" in out


def commands_below(command, *path: str) -> dict[tuple[str, ...], typer.core.TyperCommand]:
    below = {(*path, name): one for name, one in getattr(command, "commands", {}).items()}
    return below | {
        key: one for name, found in below.items() for key, one in commands_below(found, *name).items()
    }


EVERY_COMMAND = commands_below(cli.command_line())


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
def test_every_command_teaches_by_example_and_lists_its_exit_codes(run, path):
    code, out, err = run(*path, "--help")
    assert (code, err) == (0, "")
    examples, _, codes = out.split("Examples")[1].partition("Exit codes")
    assert f"   pulseblock {' '.join(path)}" in examples
    listed = {int(number) for number in re.findall(r"^ +(\d+)  ", codes, re.MULTILINE)}
    takes_a_port = "PULSEBLOCK_PORT" in out
    assert listed - {errors.RUNTIME_MISSING} == errors.OF_EVERY_COMMAND | (
        errors.OF_A_BLOCK if takes_a_port or listed & errors.OF_A_BLOCK else set()
    )
    assert not takes_a_port or listed >= errors.OF_A_BLOCK


@pytest.mark.parametrize("path", EVERY_COMMAND, ids=" ".join)
def test_the_text_of_a_help_fills_its_lines(run, monkeypatch, path):
    width = 60
    monkeypatch.setenv("COLUMNS", str(width))
    _, _usage, *paragraphs = re.split(r"\n *\n", run(*path, "--help")[1].split("Examples")[0])
    for paragraph in paragraphs:
        lines = [line.strip() for line in paragraph.splitlines()]
        for line, after in pairwise(lines):
            assert len(line) + 1 + len(after.split()[0]) > width - 2, f"{line!r} is cut short"


def test_every_command_that_prints_data_does_so_as_json_too():
    without = {
        " ".join(path)
        for path, command in EVERY_COMMAND.items()
        if not hasattr(command, "commands") and not any("--json" in one.opts for one in command.params)
    }
    assert without == {"demo", "serve"}  # which are to be looked at


def test_the_overview_puts_every_command_where_it_belongs(run):
    out = run("--help")[1]
    assert "─ Commands ─" not in out
    assert all(f"│ {name} " in out for name, *below in EVERY_COMMAND if not below)


def test_every_file_of_commands_adds_something():
    files = [path.stem for path in Path(commands.__file__).parent.glob("*.py") if path.stem != "__init__"]
    assert len([path for path in EVERY_COMMAND if len(path) == 1]) >= len(files) > 0


def test_exit_codes_are_all_explained():
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert codes == set(errors.EXIT_CODES)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["repaly"], "No such command 'repaly'"),
        (["--nope"], "No such option: --nope; see 'pulseblock --help'"),
        (["replay"], "Missing argument 'TRACE.csv'; see 'pulseblock replay --help'"),
        (["replay", "--jsn", "x.csv"], "No such option: --jsn"),
        (["replay", "x.csv", "--runtime", "pypy"], "'pypy' is not one of 'cpython', 'micropython'"),
        (["replay", "none.csv"], "none.csv: cannot be read: no such file or directory"),
        (["replay", str(TRACE), "--config", "none.json"], "none.json: cannot be read"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(run, args, message):
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert err.startswith("pulseblock: ")
    assert message in err
    assert err.count("\n") == 1


def test_an_error_keeps_its_exit_code_and_its_one_line(run, monkeypatch):
    def fail():
        raise errors.UserError("the block\nsays \x1b[31m\x07 and \udcff é", errors.NO_BLOCK)

    with_command(monkeypatch, fail)
    assert run("probe") == (3, "", "pulseblock: the block says \\x1b[31m\\x07 and \\udcff é\n")


def test_a_defect_of_the_program_is_not_hidden(run, monkeypatch):
    with_command(monkeypatch, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run("probe")


@pytest.mark.parametrize("leave", [KeyboardInterrupt, typer.Abort])
def test_an_interrupt_is_no_error(run, monkeypatch, leave):
    def interrupted() -> None:
        raise leave

    with_command(monkeypatch, interrupted)
    assert run("probe") == (130, "", "")


def test_quiet_may_stand_anywhere_and_leaves_the_results(run, monkeypatch):
    def talk():
        terminal.note("getting on")
        terminal.say("result")

    with_command(monkeypatch, talk)
    assert run("probe") == (0, "result\n", "getting on\n")
    assert run("--quiet", "probe") == run("probe", "--quiet") == (0, "result\n", "")


def test_what_follows_two_dashes_is_no_option(run):
    code, _, err = run("replay", "--", "--quiet")
    assert (code, err) == (2, "pulseblock: --quiet: cannot be read: no such file or directory\n")


def test_commands_import_only_what_they_need():
    slow = {"rich", "sqlalchemy", "numpy", "serial", "mpremote", "pyarrow", "asyncio", "subprocess"}
    script = f"""
import sys
import typer
before = set(sys.modules)
from pulseblock_tools import cli
cli.main(["replay", {str(TRACE)!r}, "--json"])
print(*sorted({slow!r} & (set(sys.modules) - before)))
"""
    lines = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert lines.splitlines()[-1] == ""


def test_a_shell_can_complete():
    completed = subprocess.run(
        [COMMAND],
        env=os.environ
        | {"_PULSEBLOCK_COMPLETE": "complete_bash", "COMP_WORDS": "pulseblock rep", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "replay" in completed.stdout.split()


def in_terminal(*args: object, **environment: str) -> str:
    """Run the command with a terminal for stdout and return what it wrote there."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, *map(str, args)],
        stdout=theirs,
        stderr=theirs,
        env=inherited | {"TERM": "xterm"} | environment,
    ) as process:
        os.close(theirs)
        written = b""
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:  # Linux's way to say that the other end was closed
            pass
        assert process.wait() == 0
    os.close(ours)
    return written.decode()


def test_colour_is_for_terminals_only_and_not_for_those_who_decline():
    assert "\x1b[" in in_terminal("replay", TRACE)
    assert "\x1b[" not in in_terminal("replay", TRACE, NO_COLOR="1")
    piped = subprocess.run([COMMAND, "replay", TRACE], capture_output=True, text=True, check=True)
    assert "compensated" in piped.stdout
    assert "\x1b" not in piped.stdout + piped.stderr


def test_ctrl_c_ends_the_command_cleanly():
    with subprocess.Popen(
        [COMMAND, "replay", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdin.write(b"t_ms,force_n\n")
        process.stdin.flush()
        waits = Path(f"/proc/{process.pid}/wchan")
        for _ in range(200):  # until it waits for more of the trace
            if "pipe" in waits.read_text():
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_ctrl_c_ends_it_as_cleanly_while_it_is_still_starting(monkeypatch, capsys):
    def interrupted(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", interrupted)
        code = __main__.main()
    assert (code, *capsys.readouterr()) == (130, "", "")


def test_python_runs_it_as_a_module_too():
    by_module = subprocess.run(
        [sys.executable, "-m", "pulseblock_tools", "--jsn"], capture_output=True, text=True, check=False
    )
    assert (by_module.returncode, by_module.stdout) == (2, "")
    assert by_module.stderr == "pulseblock: No such option: --jsn; see 'pulseblock --help'\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_an_encoding_cannot_show_is_a_question_mark(encoding):
    shown = subprocess.run(
        [sys.executable, "-m", "pulseblock_tools", "replay", TRACE, "--explain"],
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "≥".encode(encoding, "replace") in shown.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_full_disk_is_one_line(options):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [COMMAND, "replay", TRACE, *options], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"pulseblock: cannot write: no space left on device\n")


def test_a_reader_that_leaves_early_is_no_error():
    with subprocess.Popen(
        [COMMAND, "replay", TRACE, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (1, b"")
