"""One LED of one colour on a PWM channel: it shows how bright a colour is, not which."""

from .gamma import gamma

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import PWM

_FREQUENCY_HZ = 1000


class Led:
    """Stands in for an RGB LED: every signal has a rhythm of its own, which is all that is left here.

    ``active_low``: the pin sinks the current.
    """

    def __init__(self, pwm: "PWM", active_low: bool = False) -> None:
        self._pwm = pwm
        self._turn = 65535 if active_low else 0
        self._shown = 0
        pwm.freq(_FREQUENCY_HZ)
        pwm.duty_u16(self._turn)

    def light(self, red: int, green: int, blue: int) -> None:
        """Shine as bright as the brightest part of the colour, each 0..255."""
        level = red if red > green else green
        level = level if level > blue else blue
        if level != self._shown:
            self._shown = level
            self._pwm.duty_u16(gamma(level) ^ self._turn)


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return Led(machine.PWM(machine.Pin(part["pin"])), part["active_low"])
