"""What came of the calibration that the interrupted app went through."""

import json

from pulseblock import app
from pulseblock.core.calibration import DONE


def run():
    """Yields JSON: null where there was none, else what `pulseblock_tools.calibrating` reads."""
    found = app.running.calibration if app.running else None
    if found is None:
        yield b"null"
        return
    presses = found.presses
    answer = {
        "phase": found.phase,
        "reason": found.reason,
        "drag": found.drag,
        "faults": found.faults,
        "presses": presses.count,
        "presses_seen": presses.seen,
        "press_cn": presses.press_cn[: presses.count],
        "grips": found.grips.count,
        "travel_um": (found.drag_y_um, found.drag_z_um),
        "scatter_um": (found.scatter_y_um, found.scatter_z_um),
        "settings": found.result() if found.phase == DONE else {},
    }
    yield json.dumps(answer).encode()
