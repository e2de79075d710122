"""What the board itself knows of its state."""

import json

from pulseblock import boards


def run():
    """Yields one object; what a board cannot tell is null."""
    board = boards.current()
    parts = getattr(board, "parts", {})
    plugged = getattr(board, "is_plugged", None)
    yield json.dumps(
        {
            "parts": [part.get("part", name) for name, part in sorted(parts.items()) if part],
            "parts_error": getattr(board, "parts_error", ""),
            "plugged": plugged and plugged(),
            "battery_mv": board.battery_mv(),
            "battery_pct": board.battery_pct(),
            "unix_s": board.unix_s(),
        }
    ).encode()
