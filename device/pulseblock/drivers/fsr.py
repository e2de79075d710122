"""A force sensing resistor in a voltage divider: Interlink FSR 406 by default.

The FSR sits between the supply and the ADC pin, ``r_ohm`` between the pin and ground.  The ADC's
reference is the supply, so the reading is the ratio r / (r + R_fsr) and the supply cancels; what is
near linear in force is the FSR's conductance 1 / R_fsr = ratio / ((1 - ratio) * r).
"""

from micropython import const

from .table import Curve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import ADC

_OVERSAMPLING = const(16)
_FULL_SCALE = const(65536)

FORCE_MAX_CN = const(65535)

# (0.1 uS, cN on the sensor), read from "Typical Force Curve" of the FSR 400 series data sheet
FSR_406 = (
    (10, 0),
    (330, 20),
    (1000, 49),
    (1670, 98),
    (2860, 245),
    (8000, 981),
    (13300, 1961),
    (22200, 3923),
)


class FSR:
    """Force on the block from an FSR, good to 10-25 %: work in ratios.

    ``r_ohm`` is the divider's resistor, 1000..100000.  ``table`` gives (conductance in 0.1 uS, cN on the
    sensor).  The press plate carries most of the force past the sensor: ``plate`` (1..100) is force on
    the block over force on the sensor.  ``ValueError`` names what is out of range.

    ``saturated``: the last reading lay past the table's end or at the ADC's; its force is a lower bound.
    """

    DELAY_US = 0

    def __init__(self, adc: "ADC", r_ohm: int = 1000, table=FSR_406, plate: int = 1) -> None:
        if not 1000 <= r_ohm <= 100000:
            raise ValueError("r_ohm: %s is outside 1000..100000" % r_ohm)
        if not 1 <= plate <= 100:
            raise ValueError("plate: %s is outside 1..100" % plate)
        self._read_u16 = adc.read_u16
        self._gain = 10000000 // r_ohm
        self._curve = Curve("table", table)
        self._plate = plate
        self.saturated = False

    def start(self) -> None:
        """Nothing to do: the divider always measures."""

    def power_down(self) -> None:
        """Nothing to do: without force the divider draws nothing."""

    def ready(self) -> bool:
        """Whether a reading can be had: always."""
        return True

    def read_level(self) -> int:
        """Mean of 16 conversions: 0..65535 of 65536.

        Four of the RP2040's codes are ten codes wide (errata RP2040-E11).  Over 16 conversions noise
        carries the mean across a wide code; what is left is within 0.15 % of full scale and keeps order.
        """
        read_u16 = self._read_u16
        total = 0
        for _ in range(_OVERSAMPLING // 4):  # by fours, since counting takes longer than converting
            total += read_u16() + read_u16() + read_u16() + read_u16()
        return total // _OVERSAMPLING

    def read(self) -> int:
        """Force on the block, cN, 0..65535."""
        level = self.read_level()
        # past 31/32 of the scale one code is 3 % of the force and more
        curve = self._curve
        if level > _FULL_SCALE - (_FULL_SCALE >> 5):
            conductance = curve.end
        else:
            conductance = level * self._gain // (_FULL_SCALE - level)
        self.saturated = conductance >= curve.end
        force = curve.at(conductance) * self._plate
        return force if force < FORCE_MAX_CN else FORCE_MAX_CN


def make(machine, _time, part):
    """The driver of the part; see :mod:`pulseblock.parts`."""
    return FSR(machine.ADC(part["adc"]), part["r_ohm"], plate=part["plate"])
