"""A passive piezo on a PWM channel.

The channel needs a PWM slice of its own: both channels of a slice share one frequency (RP2040 data
sheet, section 4.5.2).
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import PWM

LOWEST_HZ = const(100)
HIGHEST_HZ = const(10000)
_LOUD = const(32768)  # half the period: a piezo is loudest there


class Buzzer:
    """Sounds one tone at a time, or none."""

    def __init__(self, pwm: "PWM") -> None:
        self._pwm = pwm
        self._hz = 0
        pwm.duty_u16(0)

    def tone(self, hz: int) -> None:
        """Sound ``hz`` (100..10000) until told otherwise; 0 is silence.  ``ValueError`` on anything else."""
        if hz == self._hz:
            return
        if hz and not LOWEST_HZ <= hz <= HIGHEST_HZ:
            raise ValueError("hz: %s is neither 0 nor in %d..%d" % (hz, LOWEST_HZ, HIGHEST_HZ))
        if hz:
            self._pwm.freq(hz)
        if not (hz and self._hz):
            self._pwm.duty_u16(_LOUD if hz else 0)
        self._hz = hz


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return Buzzer(machine.PWM(machine.Pin(part["pin"])))
