"""Blocks at the computer's ports: finding one, and talking to the MicroPython on it.

    with connect(find(None)) as block:
        block.about.firmware
        for part in block.run_snippet("read_file", path="/settings.json"): ...

The app on the block is interrupted meanwhile, and runs again afterwards; `Block` is what the commands use,
`link.Link` the one place that knows mpremote and pyserial.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulseblock_tools.blocks.block import Block, connect
    from pulseblock_tools.blocks.ports import Port, find

__all__ = ["Block", "Port", "connect", "find"]

_PLACES = {"Block": "block", "connect": "block", "Port": "ports", "find": "ports"}


def __getattr__(name: str) -> Any:
    """Import mpremote and pyserial when they are needed: every command imports `options`."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
