"""An RGB LED on three PWM channels."""

from .gamma import gamma

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import PWM

_FREQUENCY_HZ = 1000  # no flicker that an eye or a camera sees


class RgbLed:
    """Shows a colour; red, green and blue are PWM channels whose duty 0 is dark.

    ``common_anode``: the pins sink the current, so a duty is turned round before it goes out.
    """

    def __init__(self, red: "PWM", green: "PWM", blue: "PWM", common_anode: bool = False) -> None:
        self._channels = (red, green, blue)
        self._turn = 65535 if common_anode else 0
        self._shown = bytearray(3)
        for channel in self._channels:
            channel.freq(_FREQUENCY_HZ)
            channel.duty_u16(self._turn)

    def light(self, red: int, green: int, blue: int) -> None:
        """Show a colour, each part 0..255; only what changed is written to the hardware."""
        self._set(0, red)
        self._set(1, green)
        self._set(2, blue)

    def _set(self, part: int, level: int) -> None:
        if self._shown[part] != level:
            self._shown[part] = level
            self._channels[part].duty_u16(gamma(level) ^ self._turn)


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    red, green, blue = [machine.PWM(machine.Pin(part[colour])) for colour in ("red", "green", "blue")]
    return RgbLed(red, green, blue, part["common_anode"])
