"""A virtual block at its USB port, for the tests of the commands that talk to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from pulseblock_tools.blocks import Port, connect
from pulseblock_tools.blocks.block import Block
from pulseblock_tools.virtual.block import VirtualBlock

IMPATIENT = (2.0,)


@contextmanager
def at_usb(block: VirtualBlock) -> Iterator[Block]:
    """Connect to the block once whoever had its port has left."""
    wait_until_free(block)
    with connect(Port(block.usb.url), patience_s=IMPATIENT) as connected:
        yield connected


def wait_until_free(block: VirtualBlock) -> None:
    deadline = time.monotonic() + 5
    while block.usb.connected and time.monotonic() < deadline:
        time.sleep(0.005)
