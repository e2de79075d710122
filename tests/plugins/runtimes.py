"""Runs the tests of tests/device on CPython and on MicroPython, from the same files.

Each `def test_x():` there runs as `test_x[cpython]`, in this process, and as `test_x[micropython]`, on a
virtual block that holds the firmware and that folder.  Every file starts on a fresh interpreter.  A file
that is about one of the two says so: `RUNTIMES = ("micropython",)`; one that is about what `pulseblock
install` could break adds `"installed"`: MicroPython with the firmware slimmed and compiled as it is then,
the tests being one more program that uses it.

Any test that needs the virtual block asks for the fixture `micropython_runtime`: without Node or
MicroPython such tests are skipped, and where the environment sets `CI` they fail.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from linecache import getline
from pathlib import Path

import pytest

from pulseblock_tools.errors import UserError
from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import Target, compile_module
from pulseblock_tools.install.slimming import slim
from pulseblock_tools.virtual import node
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import Flash, tree
from pulseblock_tools.virtual.interpreter import ComputerDied, MicroPythonError

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests" / "device"
FIRMWARE = ROOT / "device" / "pulseblock"
PLACES = {"/lib/pulseblock": FIRMWARE, "/tests": TESTS}  # on the block: here

sys.path.insert(0, str(TESTS))  # for the helpers that tests import, as on the block


class Runner:
    """A MicroPython that all device tests of a session share, with the firmware's ``files`` by path."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        flash = Flash()
        for path, data in {**files, **tree(TESTS, "/tests")}.items():
            flash.write(path, data)
        self.computer = Computer(flash)
        self._module = ""

    def run(self, module: str, function: str) -> str:
        """Call the function; gives what it printed.

        Raises MicroPythonError, and ComputerDied, after which the next call starts a new interpreter.
        """
        if module != self._module:
            self.computer.restart()
            self.computer.exec(f"import sys\nsys.path.insert(0, '/tests')\nimport {module}")
            self._module = module
        try:
            return self.computer.exec(f"{module}.{function}()")
        except ComputerDied:
            self._module = ""
            raise


@pytest.fixture(scope="session")
def micropython_runtime() -> None:
    """Nothing, once the virtual block can run."""
    try:
        node.micropython(node.find_node())
    except UserError as error:
        if os.environ.get("CI"):
            pytest.fail(f"no MicroPython: {error}", pytrace=False)
        pytest.skip(f"no MicroPython: {error}")


@pytest.fixture(scope="session")
def micropython_runner(micropython_runtime: None) -> Iterator[Runner]:  # noqa: ARG001
    """The one runner of this session, with the firmware's sources."""
    runner = Runner(tree(FIRMWARE, "/lib/pulseblock"))
    yield runner
    runner.computer.close()


@pytest.fixture(scope="session")
def installed_runner(micropython_runtime: None) -> Iterator[Runner]:  # noqa: ARG001
    """The same with all of the firmware as it is installed."""
    runner = Runner(installed())
    yield runner
    runner.computer.close()


def installed() -> dict[str, bytes]:
    """Every module of the firmware, slimmed for the tests and compiled."""
    paths = {path.relative_to(FIRMWARE.parent).with_suffix(""): path for path in FIRMWARE.rglob("*.py")}
    sources = {".".join(place.parts).removesuffix(".__init__"): paths[place].read_text() for place in paths}
    users = [*firmware.programs(), *(path.read_text() for path in sorted(TESTS.rglob("*.py")))]
    slimmed = slim(sources, users)
    return {firmware.place(name): compile_module(name, slimmed[name], Target("")) for name in slimmed}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Double each device test."""
    if metafunc.definition.path.is_relative_to(TESTS):
        metafunc.fixturenames.append("runtime")
        runtimes = getattr(metafunc.module, "RUNTIMES", ("cpython", "micropython"))
        metafunc.parametrize("runtime", runtimes)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run what is not CPython's on its runner; its traceback is the failure."""
    if not pyfuncitem.path.is_relative_to(TESTS) or pyfuncitem.callspec.params["runtime"] == "cpython":
        return None
    runner: Runner = pyfuncitem._request.getfixturevalue(f"{pyfuncitem.callspec.params['runtime']}_runner")
    module = pyfuncitem.path.relative_to(TESTS).with_suffix("").as_posix().replace("/", ".")
    traceback = ""
    try:
        sys.stdout.write(runner.run(module, pyfuncitem.originalname))
    except MicroPythonError as error:
        traceback = with_source(str(error))
    if traceback:
        pytest.fail(traceback, pytrace=False)
    return True


def with_source(traceback: str) -> str:
    """The traceback with the lines of source it names, and with paths in this checkout."""
    lines = []
    for line in traceback.splitlines():
        found = re.match(r'  File "(.+)", line (\d+)', line)
        place = next((place for place in PLACES if found and found[1].startswith(place + "/")), None)
        if found and place:
            here = PLACES[place] / found[1].removeprefix(place + "/")
            source = getline(str(here), int(found[2])).strip()
            lines += [line.replace(found[1], os.path.relpath(here, ROOT)), f"    {source}"]
        else:
            lines.append(line)
    return "\n".join(lines)
