"""Raspberry Pi Pico, LSM6DSOX and an FSR 406 under the press plate.

The FSR goes from 3V3(OUT) to GP26, the 1 kilo-ohm resistor from GP26 to AGND.  The press plate lets a
sixteenth of the force onto the FSR, so that 160 N on the block are its rated 10 N.  The LiPo feeds VSYS
(through the Schottky diode or charger that keeps it apart from USB), a third of which the Pico has on GP29.
"""

from pulseblock.hardware import Hardware


class Board(Hardware):
    """Pins are GPIO numbers."""

    name = "pico_fsr"
    ACCELEROMETER = {
        "part": "LSM6DSOX",
        "i2c": 0,
        "scl": 5,
        "sda": 4,
        "int1": 6,
        "rate_hz": 104,
        "axes": "+x +y +z",
    }
    FORCE = {"part": "FSR", "adc": 26, "r_ohm": 1000, "plate": 16}
    LIGHT = {"part": "RGB", "red": 18, "green": 19, "blue": 20, "common_anode": False}
    BUZZER = {"pin": 15}
    BUTTON = {"pin": 14}
    BATTERY = {"adc": 29, "divider": 3}
    USB = {"part": "VBUS", "pin": 24}
