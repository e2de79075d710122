"""The accelerometer: its self-test, and a second of what it measures of a block that lies still."""

import json
import time
from array import array

from pulseblock import boards


def run():
    """Yields one object; `absent` on a board that has none to be tested, `error` where it does not answer."""
    board = boards.current()
    if hasattr(board, "make_accelerometer"):
        try:
            found = measure(board, getattr(board, "time", time))
        except OSError as error:
            found = {"error": str(error)}
    else:
        found = {"absent": True}
    yield json.dumps(found).encode()


def measure(board, time):
    """The change in the self-test and its limits, mg; mean, mg, and variance, mg^2 * 1000, of each axis."""
    part = board.parts["ACCELEROMETER"]["part"]
    driver = __import__("pulseblock.drivers." + part.lower(), None, None, ("SELF_TEST_MG",))
    accelerometer = board.make_accelerometer()
    change = accelerometer.self_test()
    accelerometer.start(board.rate_hz, 4)
    batch = array("h", [0] * (3 * accelerometer.batch_max))
    count = 0
    totals = [0, 0, 0]
    squares = [0, 0, 0]
    began = time.ticks_ms()
    while count < board.rate_hz and time.ticks_diff(time.ticks_ms(), began) < 3000:
        time.sleep_ms(5)
        accelerometer.poll()
        got = accelerometer.read_batch(batch)
        for at in range(3 * got):
            totals[at % 3] += batch[at]
            squares[at % 3] += batch[at] * batch[at]
        count += got
    took_ms = time.ticks_diff(time.ticks_ms(), began)
    overruns = accelerometer.overruns
    accelerometer.power_down()
    counted = count or 1
    return {
        "part": part,
        "self_test_mg": list(change),
        "limits_mg": list(driver.SELF_TEST_MG),
        "count": count,
        "rate_hz": board.rate_hz,
        "rate_mhz": count * 1000000 // (took_ms or 1),
        "overruns": overruns,
        "mean_mg": [total * 1000 // (counted * 8192) for total in totals],
        "variance_mg2_e3": [
            (squares[axis] - totals[axis] * totals[axis] // counted) * 1000 // counted * 1000000 // 8192**2
            for axis in range(3)
        ],
    }
