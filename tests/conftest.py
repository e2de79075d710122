"""Makes the plugins of this folder known to pytest, and every run of the tests the same."""

import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pulseblock_tools import cli, terminal

sys.path.insert(0, str(Path(__file__).parent))

# Started in the background, Ctrl-C is ignored here and in every program that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")

pytest_plugins = ["plugins.runtimes"]

CommandLine = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fresh_terminal() -> Iterator[None]:
    """The streams are others in each test."""
    terminal.console.cache_clear()
    yield
    terminal.console.cache_clear()
    terminal.set_quiet(False)


@pytest.fixture
def command_line(fresh_terminal: None, capsys: pytest.CaptureFixture[str]) -> CommandLine:  # noqa: ARG001
    """Run a command line in this process; return the exit code, stdout and stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        terminal.console.cache_clear()  # what is set for it may have changed
        code = cli.main([str(word) for word in words])
        return code, *capsys.readouterr()

    return run
