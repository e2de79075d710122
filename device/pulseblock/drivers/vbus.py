"""Whether the board is plugged in, by a pin that is high while there is USB power."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import Pin


class Vbus:
    """The Pico has such a pin on GP24 (Pico data sheet, section 2.1)."""

    def __init__(self, pin: "Pin") -> None:
        self._pin = pin

    def is_plugged(self) -> bool:
        """Whether there is USB power, from a computer or from a charger."""
        return bool(self._pin.value())


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return Vbus(machine.Pin(part["pin"], machine.Pin.IN))
