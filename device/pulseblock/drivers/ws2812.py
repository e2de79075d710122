"""One WS2812B pixel, or several that show the same colour.

WorldSemi "WS2812B" data sheet: 24 bits a pixel, green, red, blue, most significant first, at 1.25 us
a bit; a pause of 280 us and more (older parts 50 us) shows them.
"""

from .gamma import gamma

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import Pin

_T0H_T0L_T1H_T1L_NS = (400, 850, 800, 450)
_RESET_US = 300


class Ws2812:
    """Shows a colour on ``pixels`` (1..64) LEDs in a row.

    ``bitstream`` is ``machine.bitstream``: it blocks and keeps interrupts away for 30 us a pixel.
    ``ValueError`` when ``pixels`` is out of range.
    """

    def __init__(self, pin: "Pin", clock, bitstream, pixels: int = 1) -> None:
        if not 1 <= pixels <= 64:
            raise ValueError("pixels: %s is outside 1..64" % pixels)
        self._pin = pin
        self._clock = clock
        self._bitstream = bitstream
        self._bits = bytearray(3 * pixels)
        self._shown_us = clock.ticks_us()
        clock.sleep_us(_RESET_US)
        self._show()

    def light(self, red: int, green: int, blue: int) -> None:
        """Show a colour, each part 0..255; nothing is sent when it is already shown."""
        g = gamma(green) >> 8
        r = gamma(red) >> 8
        b = gamma(blue) >> 8
        bits = self._bits
        if bits[0] != g or bits[1] != r or bits[2] != b:
            for at in range(0, len(bits), 3):
                bits[at] = g
                bits[at + 1] = r
                bits[at + 2] = b
            self._show()

    def _show(self) -> None:
        since = self._clock.ticks_diff(self._clock.ticks_us(), self._shown_us)
        if 0 <= since < _RESET_US:
            self._clock.sleep_us(_RESET_US - since)
        self._bitstream(self._pin, 0, _T0H_T0L_T1H_T1L_NS, self._bits)
        self._shown_us = self._clock.ticks_us()


def make(machine, time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    pin = machine.Pin(part["pin"], machine.Pin.OUT)
    return Ws2812(pin, time, machine.bitstream, part["pixels"])
