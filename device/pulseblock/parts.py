"""The parts of a board: what its file says of them, what differs in this one block, and their drivers.

A board's file gives each part as a dict, None where the board has none::

    ACCELEROMETER  part "LSM6DSOX" or "LIS3DH", i2c (unit), scl, sda, int1, rate_hz, axes (see drivers.axes)
    FORCE          part "FSR": adc, r_ohm, plate; or "HX711": dout, pd_sck, gain, counts_per_n, tare
    LIGHT          part "RGB": red, green, blue, common_anode; "WS2812": pin, pixels; "LED": pin, active_low
    BUZZER         pin
    BUTTON         pin
    BATTERY        adc, divider
    USB            part "VBUS": pin, high on USB power; or "SOF": the processor's own USB tells

The driver of a part is the module of `pulseblock.drivers` of the same name, in lower case; its function
``make(machine, time, part)`` makes one.  ``machine`` and ``time`` are MicroPython's modules.

What differs from one block to the next - a tare, a mounting - is not in that file: `PARTS_FILE` on the
block's flash may hold other values for what the board's file names, as {"FORCE": {"tare": -81234}}.  Pins,
kinds of parts and rates are the board's own: with other ones it is another board.
"""

import json

from micropython import const

PARTS = ("ACCELEROMETER", "FORCE", "LIGHT", "BUZZER", "BUTTON", "BATTERY", "USB")
PARTS_FILE = "/parts.json"
_MOST = const(4096)  # bytes of that file
_OF_A_BLOCK = "axes r_ohm plate gain counts_per_n tare common_anode pixels active_low divider"


def own(board):
    """The parts as the board's file has them: a dict by their names in `PARTS`."""
    return {name: dict(getattr(board, name)) if getattr(board, name) else None for name in PARTS}


def adjusted(board, parts_file):
    """The same with the values that ``parts_file`` holds instead; the file may be absent.

    ``ValueError`` says what in it is no JSON, no part, no value of the part that may differ, or of
    another type.
    """
    parts = own(board)
    try:
        with open(parts_file) as file:
            text = file.read(_MOST)
    except OSError:
        return parts
    try:
        changes = json.loads(text)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deep
        raise ValueError("%s: not JSON" % parts_file) from None
    for name, values in changes.items() if isinstance(changes, dict) else ((changes, {}),):
        part = parts.get(name) if isinstance(name, str) else None
        if not part or not isinstance(values, dict):
            raise ValueError("%s: %r is no part of the board %s" % (parts_file, name, board.name))
        for key, value in values.items():
            if key not in part or key not in _OF_A_BLOCK.split() or type(value) is not type(part[key]):
                raise ValueError("%s: %s: %r cannot be %r" % (parts_file, name, key, value))
            part[key] = value
    return parts


def make(parts, name, machine, time):
    """The driver of the part ``name``, None where there is none.

    ``ValueError`` where a value is out of its range; ``OSError`` where an accelerometer does not answer.
    """
    part = parts[name]
    if not part:
        return None
    driver = "pulseblock.drivers." + part.get("part", name).lower()
    return __import__(driver, None, None, ("make",)).make(machine, time, part)
