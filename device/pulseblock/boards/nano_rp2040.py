"""Arduino Nano RP2040 Connect: its own LSM6DSOX, its own yellow LED, an FSR 406 under the press plate.

The board's RGB LED hangs on the Wi-Fi module (u-blox NINA) and could be reached only through that module's
firmware, switched but not dimmed, with the radio's processor drawing current all the time.  It stays dark:
the yellow LED shows every signal by its rhythm.  An RGB LED on free pins is a board file of its own.

The stock MicroPython for this board keeps its files on a FAT drive that shows up over USB.  FAT does not
survive a power cut in the middle of a write; the tools tell when they install, examine and sync.

Nothing on the board measures a battery, nor tells that it is plugged in.  The FSR goes from 3V3 to A0, the
resistor from A0 to GND; piezo on D2, button on D3.
"""

from pulseblock.hardware import Hardware


class Board(Hardware):
    """Pins are GPIO numbers; D2 is 25, D3 is 15, A0 is 26, the yellow LED (D13) is 6."""

    name = "nano_rp2040"
    ACCELEROMETER = {
        "part": "LSM6DSOX",
        "i2c": 0,
        "scl": 13,
        "sda": 12,
        "int1": 24,
        "rate_hz": 104,
        "axes": "+x +y +z",
    }
    FORCE = {"part": "FSR", "adc": 26, "r_ohm": 1000, "plate": 16}
    LIGHT = {"part": "LED", "pin": 6, "active_low": False}
    BUZZER = {"pin": 25}
    BUTTON = {"pin": 15}
    USB = {"part": "SOF"}
