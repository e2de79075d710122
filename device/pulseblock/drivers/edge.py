"""When a pin last rose, by interrupt."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import Pin


class Edge:
    """``us``: ticks of the last rising edge; ``seen``: there was one since ``seen`` was last cleared."""

    def __init__(self, pin: "Pin", clock) -> None:
        self.us = 0
        self.seen = False
        self._ticks_us = clock.ticks_us
        pin.irq(self._rose, pin.IRQ_RISING, hard=True)

    def _rose(self, _pin: "Pin") -> None:
        # runs inside the interrupt: nothing here may allocate
        self.us = self._ticks_us()
        self.seen = True
