"""The plugin that runs device tests on MicroPython: a failure is readable, a missing runtime never silent."""

import os
import subprocess
import sys

import pytest

from plugins.runtimes import ROOT, with_source
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.interpreter import MicroPythonError


def run_device_tests(**environment: str) -> str:
    """Output of pytest over one file of tests/device, for somebody whose cache cannot be written."""
    nowhere = {"XDG_CACHE_HOME": "/dev/null", "HOME": "/dev/null"}
    base = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "tests/device/test_runtime.py"]
    return subprocess.run(
        command, cwd=ROOT, env=base | nowhere | environment, capture_output=True, text=True, check=False
    ).stdout


def test_without_a_runtime_tests_are_skipped_and_the_reason_is_shown() -> None:
    output = run_device_tests()
    assert "no MicroPython: cannot install MicroPython for the virtual block" in output
    assert "5 skipped" in output
    assert "failed" not in output


def test_without_a_runtime_tests_fail_in_ci() -> None:
    output = run_device_tests(CI="1")
    assert "no MicroPython: cannot install MicroPython for the virtual block" in output
    assert "5 failed" in output


def test_a_traceback_names_files_of_this_checkout_and_shows_their_lines(computer: Computer) -> None:
    computer.flash.copy_tree(ROOT / "device" / "pulseblock", "/lib/pulseblock")
    computer.restart()
    with pytest.raises(MicroPythonError) as raised:
        computer.exec("from pulseblock.core.settings import Settings\nSettings().set('rate_hz', -1)")
    shown = with_source(str(raised.value)).splitlines()
    (where,) = (i for i, line in enumerate(shown) if "device/pulseblock/core/settings.py" in line)
    assert "raise ValueError" in shown[where + 1]
    assert shown[-1].startswith("ValueError: rate_hz: -1 ")
