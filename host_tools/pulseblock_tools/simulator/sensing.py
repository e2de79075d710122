"""What the block's sensors make of the true force and motion, and what the link does to the samples."""

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Vector = tuple[float, float, float]
Reading = tuple[int, float, float, float, float]
"""t_ms, force_n, ax_g, ay_g, az_g."""

_CREEP_SECONDS = (1.0, 10**0.5, 10.0, 10**1.5, 100.0, 10**2.5)  # half a decade apart


@dataclass(frozen=True)
class Sensors:
    """One block's force sensor and accelerometer, as built and mounted.

    The defaults are a perfect block.
    """

    noise_mg: float = 0.0
    """Accelerometer noise, white, mg rms on each axis."""
    offset_mg: Vector = (0.0, 0.0, 0.0)
    """Accelerometer offset on x, y, z, mg."""
    mount_deg: Vector = (0.0, 0.0, 0.0)
    """Rotation of the accelerometer against the block about x, then y, then z, degrees."""
    accel_gain: Vector = (1.0, 1.0, 1.0)
    """Accelerometer sensitivity on x, y, z, as a factor."""
    accel_range_g: float = 4.0
    """Accelerations beyond this read as this."""
    accel_step_mg: float = 0.122
    """Accelerometer resolution, mg a count."""
    force_noise_n: float = 0.0
    """Force noise, white, N rms."""
    force_gain: float = 1.0
    """Force read for force applied, once: an FSR is good to 10-25 %."""
    creep_per_decade: float = 0.0
    """Growth of the force read, under a constant load, for each decade of seconds (0.05 = 5 %)."""
    force_limit_n: float = 655.0
    """Forces beyond this read as this: the sensor's saturation, or the converter's full scale."""
    force_step_n: float = 0.01
    """Force resolution, N a count."""


def with_force_bits(bits: int, full_scale_n: float = 250.0) -> float:
    """Force step (N) of a converter of ``bits`` bits over ``full_scale_n``, for ``Sensors.force_step_n``."""
    return float(full_scale_n / 2**bits)


@dataclass(frozen=True)
class Link:
    """What happens to samples between sensor and trace; shares are of all samples, 0..1."""

    missing: float = 0.0
    """Share of samples that never arrive."""
    repeated: float = 0.0
    """Share of samples that carry the values of the one before."""
    late: float = 0.0
    """Share of samples stamped late; those behind them queue up, 1 ms apart at least."""
    late_ms: int = 30
    """The longest delay of a late sample, ms."""


@dataclass(frozen=True)
class SensorFault:
    """A sensor that fails from ``start_s`` to ``end_s``."""

    start_s: float
    end_s: float
    kind: Literal["stuck", "saturated", "unplugged"]
    """``stuck`` repeats the last good values, ``saturated`` reads full scale, ``unplugged`` reads zero."""
    channel: Literal["force", "accel", "block"] = "force"
    """Which part fails; ``block`` is both, and unplugging it leaves a gap in the trace."""


def _mount_matrix(mount_deg: Vector) -> tuple[Vector, Vector, Vector]:
    """Rows of the rotation from the block's axes to the accelerometer's."""
    (sx, cx), (sy, cy), (sz, cz) = ((math.sin(r), math.cos(r)) for r in map(math.radians, mount_deg))
    return (
        (cy * cz, cx * sz + sx * sy * cz, sx * sz - cx * sy * cz),
        (-cy * sz, cx * cz - sx * sy * sz, sx * cz + cx * sy * sz),
        (sy, -sx * cy, cx * cy),
    )


class _ForceSensor:
    """Creep, gain, noise, saturation and resolution, in the order in which they arise."""

    def __init__(self, sensors: Sensors, rng: random.Random) -> None:
        self._sensors = sensors
        self._gauss = rng.gauss
        self._share = sensors.creep_per_decade / 2.0
        self._memory = [0.0] * len(_CREEP_SECONDS)

    def read(self, force_n: float, seconds: float) -> float:
        s = self._sensors
        value = force_n
        if self._share:
            # an unloaded FSR reads nothing at once, however long it was pressed before
            contact = min(1.0, force_n)
            for i, tau in enumerate(_CREEP_SECONDS):
                self._memory[i] += (force_n - self._memory[i]) * min(1.0, seconds / tau)
                value += self._share * contact * self._memory[i]
        value = value * s.force_gain + s.force_noise_n * self._gauss(0.0, 1.0)
        value = min(max(value, 0.0), s.force_limit_n)
        return round(round(value / s.force_step_n) * s.force_step_n, 2)


class _Accelerometer:
    """Mounting, sensitivity, offset, noise, range and resolution, in the order in which they arise."""

    def __init__(self, sensors: Sensors, rng: random.Random) -> None:
        self._gauss = rng.gauss
        self._noise = sensors.noise_mg / 1000.0
        self._range = sensors.accel_range_g
        self._step = sensors.accel_step_mg / 1000.0
        rows = _mount_matrix(sensors.mount_deg)
        self._axes = [
            (g * row[0], g * row[1], g * row[2], offset / 1000.0)
            for row, g, offset in zip(rows, sensors.accel_gain, sensors.offset_mg, strict=True)
        ]

    def read(self, x: float, y: float, z: float) -> Vector:
        limit, step = self._range, self._step
        values = []
        for mx, my, mz, offset in self._axes:
            value = mx * x + my * y + mz * z + offset + self._noise * self._gauss(0.0, 1.0)
            values.append(round(round(min(max(value, -limit), limit) / step) * step, 4))
        return values[0], values[1], values[2]


def read(
    motion: Iterable[tuple[float, float, float, float]],
    sensors: Sensors,
    rate_hz: float,
    seed: int,
    *,
    faults: tuple[SensorFault, ...] = (),
    link: Link | None = None,
) -> Iterator[Reading]:
    """Readings of the true ``motion``, as (force N, ax, ay, az in g) at ``rate_hz``.

    Noise and link draw from ``seed`` alone, so that the same movement can be sensed in several ways.
    """
    noise = random.Random(f"{seed}/noise")
    force_sensor, accelerometer = _ForceSensor(sensors, noise), _Accelerometer(sensors, noise)
    readings = _sense(motion, force_sensor, accelerometer, rate_hz)
    if faults:
        readings = _fail(readings, faults, sensors)
    if link is not None:
        readings = _transmit(readings, link, random.Random(f"{seed}/link"))
    return readings


def _sense(
    motion: Iterable[tuple[float, float, float, float]],
    force_sensor: _ForceSensor,
    accelerometer: _Accelerometer,
    rate_hz: float,
) -> Iterator[Reading]:
    period = 1.0 / rate_hz
    for i, (force, x, y, z) in enumerate(motion):
        yield round(i * 1000.0 / rate_hz), force_sensor.read(force, period), *accelerometer.read(x, y, z)


def _fail(
    readings: Iterable[Reading], faults: tuple[SensorFault, ...], sensors: Sensors
) -> Iterator[Reading]:
    rail = sensors.accel_range_g
    good: Reading | None = None
    for reading in readings:
        t_ms, force, *accel = reading
        lost = False
        good = good or reading
        for fault in faults:
            if not fault.start_s * 1000.0 <= t_ms < fault.end_s * 1000.0:
                continue
            if fault.channel != "accel":
                force = {"stuck": good[1], "saturated": sensors.force_limit_n, "unplugged": 0.0}[fault.kind]
            if fault.channel != "force":
                accel = {"stuck": list(good[2:]), "saturated": [rail] * 3, "unplugged": [0.0] * 3}[fault.kind]
            lost = lost or (fault.channel == "block" and fault.kind == "unplugged")
        failed = t_ms, force, accel[0], accel[1], accel[2]
        if failed == reading:
            good = reading
        if not lost:
            yield failed


def _transmit(readings: Iterable[Reading], link: Link, rng: random.Random) -> Iterator[Reading]:
    last_ms = -1
    values: tuple[float, ...] = ()
    for t_ms, *fresh in readings:
        missing, repeated, late = rng.random(), rng.random(), rng.random()
        delay = rng.randint(link.late_ms // 3, link.late_ms)
        if missing < link.missing:
            continue
        if not values or repeated >= link.repeated:
            values = tuple(fresh)
        stamp = max(t_ms + (delay if late < link.late else 0), last_ms + 1)
        last_ms = stamp
        yield stamp, values[0], values[1], values[2], values[3]
