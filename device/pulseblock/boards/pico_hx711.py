"""Raspberry Pi Pico, LSM6DSOX and a load cell behind an HX711, for newtons that can be trusted.

The HX711 runs from 3V3(OUT), its RATE pin high (80 conversions a second).  ``counts_per_n`` and ``tare``
are those of a full bridge of 50 kg at 1 mV/V and of no load; a real cell's go into `/parts.json`.
"""

from pulseblock.hardware import Hardware


class Board(Hardware):
    """Pins are GPIO numbers."""

    name = "pico_hx711"
    ACCELEROMETER = {
        "part": "LSM6DSOX",
        "i2c": 0,
        "scl": 5,
        "sda": 4,
        "int1": 6,
        "rate_hz": 104,
        "axes": "+x +y +z",
    }
    FORCE = {"part": "HX711", "dout": 16, "pd_sck": 17, "gain": 128, "counts_per_n": 4380, "tare": 0}
    LIGHT = {"part": "RGB", "red": 18, "green": 19, "blue": 20, "common_anode": False}
    BUZZER = {"pin": 15}
    BUTTON = {"pin": 14}
    BATTERY = {"adc": 29, "divider": 3}
    USB = {"part": "VBUS", "pin": 24}
