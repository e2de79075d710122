"""The UF2 that the emulated Pico runs, for the tests that need one."""

import os
from pathlib import Path

import pytest

from emulator.uf2 import VARIABLE, chosen_uf2


@pytest.fixture(scope="session")
def uf2() -> Path:
    """Stock MicroPython."""
    return chosen_uf2(os.environ.get(VARIABLE))
