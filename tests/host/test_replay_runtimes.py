"""CPython and MicroPython: one core, one result."""

import json
from array import array
from pathlib import Path

import pytest

from pulseblock_tools import cli
from pulseblock_tools.errors import LOST_CONNECTION, RUNTIME_MISSING, UserError
from pulseblock_tools.replaying.replay import replay
from pulseblock_tools.traces.reading import read_trace
from pulseblock_tools.traces.trace import Trace
from pulseblock_tools.virtual import computer, interpreter

TRACE = Path(__file__).parents[1] / "fixtures" / "three-presses.csv"
SHARED = Path(__file__).parents[3] / "shared"


def as_force_only(trace: Trace) -> Trace:
    return Trace(trace.name, trace.t_ms, trace.force_n)


def as_hostile(trace: Trace) -> Trace:
    """Return the trace at full scale, with a clock that starts just before the ticks wrap."""
    return Trace(
        trace.name,
        array("d", (t + 2**30 - 3000 for t in trace.t_ms)),
        array("d", (force * 60 for force in trace.force_n)),
        tuple(array("d", (value * 50 for value in axis)) for axis in trace.acceleration_g),
    )


def both(trace: Trace, **settings: int) -> tuple[list, list]:
    return list(replay(trace, settings, "cpython")), list(replay(trace, settings, "micropython"))


@pytest.mark.usefixtures("micropython_runtime")
@pytest.mark.parametrize("settings", [{}, {"rate_hz": 200}, {"force_only": 1, "rushed_ms": 3000}])
def test_both_runtimes_give_the_same(settings):
    on_cpython, on_micropython = both(read_trace(TRACE), **settings)
    assert on_cpython == on_micropython
    assert len(on_cpython) == 4


@pytest.mark.usefixtures("micropython_runtime")
@pytest.mark.parametrize("change", [as_force_only, as_hostile])
def test_both_runtimes_give_the_same_for_odd_traces(change):
    on_cpython, on_micropython = both(change(read_trace(TRACE)))
    assert on_cpython == on_micropython


@pytest.mark.usefixtures("micropython_runtime")
def test_both_runtimes_print_the_same_lines(capsys):
    assert cli.main(["replay", str(TRACE), "--json"]) == 0
    on_cpython = capsys.readouterr()
    assert cli.main(["replay", str(TRACE), "--json", "--runtime", "micropython"]) == 0
    assert capsys.readouterr() == on_cpython
    assert len([json.loads(line) for line in on_cpython.out.splitlines()]) == 3


@pytest.mark.usefixtures("micropython_runtime")
@pytest.mark.parametrize("name", ["traces/p00-s0.csv", "traces/p02-s0.csv", "recordings/freeform-01.csv"])
def test_both_runtimes_give_the_same_for_shared_traces(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no {name}: this checkout stands without ../shared")
    on_cpython, on_micropython = both(read_trace(path))
    assert on_cpython == on_micropython
    assert len(on_cpython) > 5


def test_a_runtime_that_is_missing_is_told_in_one_line(capsys, monkeypatch):
    def nowhere() -> None:
        raise UserError("no Node", RUNTIME_MISSING)

    monkeypatch.setattr(interpreter, "find_node", nowhere)
    assert cli.main(["replay", str(TRACE), "--json", "--runtime", "micropython"]) == RUNTIME_MISSING
    assert capsys.readouterr() == ("", "pulseblock: no Node\n")


@pytest.mark.usefixtures("micropython_runtime")
def test_a_runtime_that_dies_is_told_in_one_line(capsys, monkeypatch):
    write = computer.Computer.write

    def killed(self, path: str, contents: bytes) -> None:
        self.kill()
        write(self, path, contents)

    monkeypatch.setattr(computer.Computer, "write", killed)
    assert cli.main(["replay", str(TRACE), "--json", "--runtime", "micropython"]) == LOST_CONNECTION
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("pulseblock: the virtual block's MicroPython ended: ")
    assert err.count("\n") == 1
