"""``device/package.json``, by which ``mpremote mip install`` puts the firmware's sources on a board.

It holds what any board needs; ``python -m pulseblock_tools.install.mip > device/package.json`` makes it.
"""

import json

import pulseblock
from pulseblock_tools.install import firmware


def package() -> str:
    """Return the text of the file, whose addresses are relative to its own."""
    needed = {
        path for board in firmware.boards() if board != firmware.VIRTUAL
        for path in firmware.modules(board).values()
    }  # fmt: skip
    places = [path.relative_to(firmware.SOURCE.parent).as_posix() for path in sorted(needed)]
    description = {"urls": [[place, place] for place in places], "version": pulseblock.__version__}
    return json.dumps(description, indent=1) + "\n"


if __name__ == "__main__":
    print(package(), end="")
