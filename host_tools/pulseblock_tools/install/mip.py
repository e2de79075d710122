"""``device/package.json``, by which ``mpremote mip install`` puts the firmware's sources on a board.

It holds what the boards need; ``python -m pulseblock_tools.install.mip > device/package.json`` makes it.
"""

import json
from collections.abc import Collection

import pulseblock
from pulseblock_tools.install import firmware


def package(boards: Collection[str]) -> str:
    """Return the text of the file for these boards; the addresses in it are relative to its own."""
    needed = {path for board in boards for path in firmware.modules(board).values()}
    places = [path.relative_to(firmware.SOURCE.parent).as_posix() for path in sorted(needed)]
    description = {"urls": [[place, place] for place in places], "version": pulseblock.__version__}
    return json.dumps(description, indent=1) + "\n"


if __name__ == "__main__":
    print(package(firmware.boards().keys() - {firmware.VIRTUAL}), end="")
