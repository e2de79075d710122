"""Blocks at the computer's ports: finding one, and talking to the MicroPython on it.

    with connect(find(None)) as block:
        block.about.firmware
        for part in block.run_snippet("read_file", path="/settings.json"): ...

The app on the block is interrupted meanwhile, and runs again afterwards; `Block` is what the commands use,
`link.Link` the one place that knows mpremote and pyserial.
"""

from pulseblock_tools.blocks.block import Block, connect
from pulseblock_tools.blocks.ports import Port, find

__all__ = ["Block", "Port", "connect", "find"]
