"""A single LiPo cell on an ADC pin through a divider: millivolts, percent, and whether it is low."""

from micropython import const

from .table import interpolate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import ADC

_REFERENCE_MV = const(3300)
_OVERSAMPLING = const(16)
_STEP_PERCENT = const(2)
_LOW_PERCENT = const(15)
_LOW_OVER_PERCENT = const(20)

# (mV, %) of a LiPo cell under a light load at room temperature
LIPO = (
    (3300, 0),
    (3500, 5),
    (3620, 10),
    (3690, 20),
    (3740, 30),
    (3780, 40),
    (3820, 50),
    (3870, 60),
    (3930, 70),
    (4000, 80),
    (4080, 90),
    (4180, 100),
)


class Charge:
    """Pure: millivolts go in, a percentage without flutter comes out.

    ``percent`` (0..100) moves only when the cell has moved by two per cent, so load and noise do not
    show.  ``low`` comes at 15 % and goes at 20 %.
    """

    def __init__(self, table=LIPO) -> None:
        self._table = table
        self.percent = -1
        self.low = False

    def update(self, millivolts: int) -> int:
        """One measurement; returns ``percent``."""
        now = interpolate(self._table, millivolts)
        if self.percent < 0 or abs(now - self.percent) >= _STEP_PERCENT or now in (0, 100):
            self.percent = now
        if self.percent <= _LOW_PERCENT:
            self.low = True
        elif self.percent >= _LOW_OVER_PERCENT:
            self.low = False
        return self.percent


class Battery:
    """The cell behind ``adc``, whose pin sees 1 / ``divider`` of its voltage.

    On USB power that is the supply's voltage: do not measure then, ``charge`` keeps what was last known.
    """

    def __init__(self, adc: "ADC", divider: int = 3) -> None:
        if not 1 <= divider <= 10:
            raise ValueError("divider: %s is outside 1..10" % divider)
        self._adc = adc
        self._divider = divider
        self.charge = Charge()

    def millivolts(self) -> int:
        """The cell's voltage, mean of 16 conversions."""
        total = 0
        for _ in range(_OVERSAMPLING):
            total += self._adc.read_u16()
        return (total // _OVERSAMPLING * _REFERENCE_MV >> 16) * self._divider

    def poll(self) -> int:
        """Measure; returns the percentage."""
        return self.charge.update(self.millivolts())


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return Battery(machine.ADC(part["adc"]), part["divider"])
