"""What a block says of itself, checked, and whether these tools can work with it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import pulseblock
from pulseblock_tools.errors import WRONG_FIRMWARE, UserError

OLDEST_FIRMWARE = (0, 1, 0)
"""The oldest firmware that these tools sync."""

POWER_SAFE = {"VfsLfs1": True, "VfsLfs2": True, "VfsFat": False}
"""Whether MicroPython's file systems survive a power cut in the middle of a write."""

_FAT_RISK = (
    "This board keeps its files on FAT, which a power cut in the middle of a write can spoil, with all that "
    "was recorded: put a MicroPython with littlefs on it; until then sync often, and never switch it off "
    "while it counts."
)

_NAMES = ("id", "micropython", "machine", "file_system", "firmware", "board")
_MOST = 200  # characters of a text


@dataclass(frozen=True)
class About:
    """``unique_id`` in hex; versions as text; ``machine`` is the board's name for itself.

    ``file_system`` is MicroPython's class of the one at the root, "" if not known.  ``firmware`` is None
    where the board runs no pulseblock, ``board`` where it is not told which one it is.
    """

    unique_id: str
    micropython: str
    machine: str
    file_system: str
    firmware: str | None
    board: str | None

    @classmethod
    def parse(cls, said: Any, device: str) -> Self:
        """What ``snippets/about.py`` said; UserError where it cannot be."""
        if isinstance(said, dict):
            values = [said.get(name) for name in _NAMES]
            texts = [value for value in values if isinstance(value, str) and len(value) <= _MOST]
            if len(texts) == len(values):
                unique_id, micropython, machine, file_system, firmware, board = texts
                if re.fullmatch(r"([0-9a-f]{2}){1,16}", unique_id):
                    return cls(unique_id, micropython, machine, file_system, firmware or None, board or None)
        raise UserError(f"what the board at {device} says of itself makes no sense", WRONG_FIRMWARE)

    @property
    def power_safe(self) -> bool | None:
        """Whether what it writes survives a power cut; None where that is not known."""
        return POWER_SAFE.get(self.file_system)

    def tell_risk(self, tell: Callable[[str], None]) -> None:
        """Tell what a power cut can do to the block's files, where it can do anything."""
        if self.power_safe is False:
            tell(_FAT_RISK)

    def require_firmware(self, device: str) -> None:
        """Raise UserError unless the block runs firmware that these tools know."""
        if self.firmware is None:
            raise UserError(
                f"the board at {device} runs MicroPython {self.micropython} without pulseblock: "
                "put it there with 'pulseblock install'",
                WRONG_FIRMWARE,
            )
        version = _version(self.firmware)
        if version < OLDEST_FIRMWARE:
            raise UserError(
                f"the block at {device} runs pulseblock {self.firmware}, too old for these tools: "
                "run 'pulseblock install', which keeps what it has recorded",
                WRONG_FIRMWARE,
            )
        if version[:2] > _version(pulseblock.__version__)[:2]:
            raise UserError(
                f"the block at {device} runs pulseblock {self.firmware}, newer than these tools "
                f"({pulseblock.__version__}): run 'pip install --upgrade pulseblock'",
                WRONG_FIRMWARE,
            )


def _version(text: str) -> tuple[int, ...]:
    """Major, minor and patch number; zeros for what is none."""
    found = re.match(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", text)
    return tuple(int(number) for number in found.groups()) if found else (0, 0, 0)
