"""A push button; what its presses mean is :mod:`pulseblock.button`'s business."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import Pin


class Button:
    """A button between ``pin``, pulled up, and ground."""

    def __init__(self, pin: "Pin") -> None:
        self._pin = pin

    def is_down(self) -> bool:
        """The contact as it is now, bounce and all."""
        return not self._pin.value()


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return Button(machine.Pin(part["pin"], machine.Pin.IN, machine.Pin.PULL_UP))
