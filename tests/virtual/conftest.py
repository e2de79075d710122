"""Computers and blocks that the tests of this folder share, and a firmware small enough to predict."""

from collections.abc import Iterator

import pytest

from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import Flash

ECHO = b"""\
import _virtual
from array import array
from uctypes import addressof

sample = array("i", [0] * 5)
seen = 0

def step():
    global seen
    while _virtual.read(addressof(sample)):
        seen += 1
        _virtual.light(sample[2], sample[3], sample[4])
        if sample[1] == 13:
            raise ValueError("unlucky")

def interrupted():
    _virtual.light(0, 0, 0)
    print("quiet")

_virtual.drive(step, interrupted)
"""
"""A firmware that counts samples, and shows each one's acceleration as a colour."""


@pytest.fixture(autouse=True)
def _runtime(micropython_runtime: None) -> None:
    """Every test here needs the virtual block."""


@pytest.fixture(scope="module")
def computer(micropython_runtime: None) -> Iterator[Computer]:  # noqa: ARG001
    """A computer for a whole file of tests; each leaves it running, with what it put on the flash."""
    with Computer() as computer:
        yield computer


@pytest.fixture(scope="session")
def echo() -> bytes:
    """Source of that firmware."""
    return ECHO


@pytest.fixture
def echo_flash() -> Flash:
    """Flash with that firmware."""
    flash = Flash()
    flash.write("/main.py", ECHO)
    return flash


@pytest.fixture
def block(echo_flash: Flash, micropython_runtime: None) -> Iterator[VirtualBlock]:  # noqa: ARG001
    """A block of its own, running that firmware."""
    with VirtualBlock(echo_flash) as block:
        yield block
