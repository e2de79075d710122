"""The force sensor: what it measures for a while."""

import json
import time

from pulseblock import boards


def run(ms):
    """Yields one object; `absent` on a board that has none to be tested, `error` where it does not answer."""
    board = boards.current()
    if hasattr(board, "make_force"):
        try:
            found = measure(board, getattr(board, "time", time), ms)
        except OSError as error:
            found = {"error": str(error)}
    else:
        found = {"absent": True}
    yield json.dumps(found).encode()


def measure(board, time, ms):
    """Forces over `ms`, cN, a load cell's below 0 too.

    `level`, 0..65535, is the most of an ADC; `rate_hz` how often a load cell's converter is ready, and
    `mean_counts` what it says.
    """
    part = board.parts["FORCE"]
    force = board.make_force()
    counts = hasattr(force, "read_raw")
    total_counts = count = total = squares = level = saturated = 0
    lowest, highest = 1 << 29, -(1 << 29)
    began = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), began) < ms:
        time.sleep_ms(5)
        if not force.ready():
            continue
        if counts:
            raw = force.read_raw()
            total_counts += raw
            value = (raw - part["tare"]) * 100 // part["counts_per_n"]
        else:
            value = force.read()
            level = max(level, force.read_level())
        saturated += force.saturated
        count += 1
        total += value
        squares += value * value
        lowest = min(lowest, value)
        highest = max(highest, value)
    counted = count or 1
    return {
        "part": part["part"],
        "count": count,
        "mean_cn": total // counted,
        "variance_cn2": (squares - total * total // counted) // counted,
        "lowest_cn": lowest,
        "highest_cn": highest,
        "level": None if counts else level,
        "rate_hz": count * 1000 // ms if counts else None,
        "mean_counts": total_counts // counted if counts else None,
        "saturated": saturated,
    }
