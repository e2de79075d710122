"""How long a battery lasts: currents from data sheets, and what the firmware does with them, measured.

What the light and the buzzer do is measured over sessions of simulated wearers on the virtual block; how busy
the processor is comes from `speed`.  Nobody has measured a block's current yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from pulseblock.drivers.fsr import FSR_406
from pulseblock.drivers.gamma import gamma
from pulseblock.hardware import STEP_US
from pulseblock.light_sleep import WAY_BACK_US
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.outputs import Light, Output, Tone
from pulseblock_tools.virtual.visit import Visit, visit

BATTERY_MAH = 500
_CELL_V = 3.7
_USABLE = 0.85  # until the low-battery signal
_TRAINING_MIN_A_DAY = 20
_PICKED_UP_A_DAY = 5  # times, each of which keeps the block awake for a minute
_WEARERS = (1, 2, 3)

_PICO_V = 5.0  # at which its currents below were measured; its converter takes the same power at 3.7 V
_SUPPLY_V = 3.3
_CONVERTER = 0.85  # efficiency of the Pico's RT6150 at these currents, by its data sheet

_WORKING_MA, _WAITING_MA, _ASLEEP_MA = 25.0, 21.0, 1.3  # of a Pico
_ASLEEP_FROM = "data sheet, SLEEP; measured 1.0 to 1.5 mA by others"


@dataclass(frozen=True)
class Current:
    """What a part draws, mA, at ``volts``, of which the cell has to give the power."""

    part: str
    ma: float
    volts: float
    source: str

    @property
    def from_cell_ma(self) -> float:
        """What the cell gives for it."""
        loss = _CONVERTER if self.volts == _SUPPLY_V else 1.0
        return self.ma * self.volts / _CELL_V / loss


@dataclass(frozen=True)
class Outputs:
    """Means over sessions: duty of each colour and of the buzzer, 0..1, and current through the FSR, mA.

    ``dark`` is the share of the time with neither light nor sound.
    """

    red: float
    green: float
    blue: float
    buzzer: float
    fsr_ma: float
    dark: float


def napping(outputs: Outputs, busy: float) -> float:
    """Share of a training on battery that the processor naps, if each step takes ``busy`` of its time.

    A nap is whole milliseconds of what a step leaves, less those that its end is given.
    """
    naps_ms = max(0, (STEP_US * (1 - busy) - WAY_BACK_US) // 1000)
    return outputs.dark * naps_ms * 1000 / STEP_US


def training(outputs: Outputs, busy: float, naps: float) -> list[Current]:
    """What a `pico_fsr` draws while somebody trains.

    ``busy`` and ``naps`` are the shares of the time in which the processor works and naps.
    """
    led = [
        (outputs.red, (3.3 - 2.0) / 0.330),  # volts over kilo-ohms of the guide's resistors
        (outputs.green, (3.3 - 3.0) / 0.100),
        (outputs.blue, (3.3 - 3.0) / 0.100),
    ]
    waits = 1 - busy - naps
    return [
        Current(f"Pico working, {busy:.0%} of the time", _WORKING_MA * busy, _PICO_V, "25 mA, assumed"),
        Current(
            f"Pico waiting, {waits:.0%}",
            _WAITING_MA * waits,
            _PICO_V,
            "21 mA, as users of MicroPython measured (its issue 8770)",
        ),
        Current(f"Pico in light sleep, {naps:.0%}", _ASLEEP_MA * naps, _PICO_V, _ASLEEP_FROM),
        Current("LSM6DSOX, high performance", 0.17, _SUPPLY_V, "data sheet"),
        Current("FSR and 1 kΩ", outputs.fsr_ma, _SUPPLY_V, "its curve, under the sessions' forces"),
        Current("light", sum(duty * ma for duty, ma in led), _SUPPLY_V, "usual LEDs, measured duty"),
        Current("piezo, 20 nF at 2 kHz", 0.13 * outputs.buzzer, _SUPPLY_V, "C x V x f, measured duty"),
    ]


def asleep() -> list[Current]:
    """What it draws asleep."""
    return [
        Current("Pico in light sleep", _ASLEEP_MA, _PICO_V, _ASLEEP_FROM),
        Current("a look around, four times a second", _WAITING_MA * 0.002 * 4, _PICO_V, "2 ms each, assumed"),
        Current("LSM6DSOX, low power at 26 Hz", 0.026, _SUPPLY_V, "data sheet, at 52 Hz"),
    ]


def without_light(outputs: Outputs) -> Outputs:
    """The same sessions with the setting light_pct at 0."""
    return replace(outputs, red=0, green=0, blue=0, dark=1 - outputs.buzzer)


def total_ma(currents: list[Current]) -> float:
    """What the cell gives for all of them."""
    return sum(current.from_cell_ma for current in currents)


def hours(ma: float) -> float:
    """How long a cell gives so much."""
    return BATTERY_MAH * _USABLE / ma


def days(training_ma: float, asleep_ma: float) -> float:
    """How long it lasts somebody who trains every day."""
    training_h = _TRAINING_MIN_A_DAY / 60
    awake_h = _PICKED_UP_A_DAY / 60
    a_day = training_ma * (training_h + awake_h) + asleep_ma * (24 - training_h - awake_h)
    return BATTERY_MAH * _USABLE / a_day


def habits() -> str:
    """Whom `days` is for."""
    return f"{_TRAINING_MIN_A_DAY} minutes of training a day, picked up {_PICKED_UP_A_DAY} times more"


def outputs() -> Outputs:
    """Measure the sessions."""
    sessions = [_measured(visit(wearer)) for wearer in _WEARERS]
    return Outputs(*(mean(values) for values in zip(*sessions, strict=True)))


def _measured(visited: Visit) -> Iterator[float]:
    with VirtualBlock() as block:
        told = block.run(visited.samples)
    end_ms = visited.samples[-1][0]
    lights = [output for output in told if isinstance(output, Light)]
    for colour in ("red", "green", "blue"):
        yield _mean([(light.t_ms, gamma(getattr(light, colour)) / 65535) for light in lights], end_ms)
    yield _mean([(tone.t_ms, float(tone.hz > 0)) for tone in told if isinstance(tone, Tone)], end_ms)
    yield mean(_fsr_ma(force_cn) for _, force_cn, *_ in visited.samples)
    yield _mean(list(_darkness(told)), end_ms)


def _darkness(told: list[Output]) -> Iterator[tuple[int, float]]:
    """When it became dark and silent, 1, or ceased to be so, 0."""
    lit = sounds = False
    yield 0, 1.0
    for output in told:
        if isinstance(output, Light):
            lit = any(output[1:])
        elif isinstance(output, Tone):
            sounds = output.hz > 0
        yield output.t_ms, float(not lit and not sounds)


def _mean(steps: list[tuple[int, float]], end_ms: int) -> float:
    """Of a value that is 0 at first, and then what each (time, value) says, until ``end_ms``."""
    ends = [ms for ms, _ in steps[1:]] + [end_ms]
    return sum(value * (end - ms) for (ms, value), end in zip(steps, ends, strict=True)) / end_ms


def _fsr_ma(force_cn: int, plate: int = 16) -> float:
    """Through a typical FSR with its share of a force on it, and 1 kilo-ohm."""
    on_sensor = force_cn / plate
    points = list(pairwise(FSR_406))
    (g0, f0), (g1, f1) = next((pair for pair in points if on_sensor <= pair[1][1]), points[-1])
    siemens = (g0 + (g1 - g0) * (on_sensor - f0) / (f1 - f0)) * 1e-7
    return 1000 * _SUPPLY_V * siemens / (1 + 1000 * siemens)
