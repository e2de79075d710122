"""Computers and blocks that the tests of this folder share, and a firmware small enough to predict."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from serial.urlhandler import protocol_socket
from sqlalchemy.engine import Engine

from pulseblock_tools.blocks import block as blocks_block
from pulseblock_tools.store.database import open_database
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import Flash
from virtual.training import Trainee

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


@pytest.fixture(autouse=True)
def _swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pyserial and we ourselves wait for on real boards takes no time here."""
    monkeypatch.setattr(protocol_socket, "time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr(blocks_block, "_STEADY_S", 0.02)


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


@pytest.fixture(scope="module")
def shared_block(micropython_runtime: None) -> Iterator[VirtualBlock]:  # noqa: ARG001
    """A block that runs the firmware, for a whole file of tests."""
    with VirtualBlock() as block:
        yield block


@pytest.fixture
def trainee() -> Iterator[Trainee]:
    """A wearer with a block that runs the firmware."""
    with Trainee() as trainee:
        yield trainee


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database of its own."""
    engine = open_database(str(tmp_path / "pulseblock.db"))
    yield engine
    engine.dispose()
