"""Turns an accelerometer's batches and a force sensor's readings into samples of one time.

Every sample is one that the accelerometer took, at the time it was taken, with the force at that time.
None is invented and none is repeated: where either sensor has nothing, there is no sample.
"""

from array import array

from micropython import const

from .force_track import LOST, WAIT, ForceTrack
from .sample_clock import SampleClock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .accelerometer import Accelerometer
    from .edge import Edge

_SILENCE_US = const(500000)
_ETIMEDOUT = const(110)


class Sampler:
    """Samples from ``accelerometer`` and ``force``, whose drivers this drives.

    ``force`` has ``ready()``, ``read()`` and ``DELAY_US``.  It is read every ``force_period_us``, or as
    often as it is ready when that is 0.  :meth:`tick` is to be called every few milliseconds.
    ``edge`` tells when INT1 rose (:class:`.edge.Edge`); without it times are good to a few milliseconds
    only, since nothing but a question then tells that samples wait.

    ``clock.rate_mhz`` is the accelerometer's measured rate.  ``lost`` counts samples dropped because the
    force at their time is not known; samples that the FIFO lost are ``accelerometer.overruns``.
    """

    def __init__(
        self,
        accelerometer: "Accelerometer",
        force,
        time,
        rate_hz: int,
        force_period_us: int = 0,
        edge: "Edge | None" = None,
    ) -> None:
        self.accelerometer = accelerometer
        self.force = force
        self.clock = SampleClock(rate_hz)
        self.lost = 0
        self._time = time
        self._rate_hz = rate_hz
        self._force_period_us = force_period_us
        self._edge = edge
        self._track = ForceTrack()
        self._batch = array("h", [0] * (3 * accelerometer.batch_max))
        self._times_us = array("i", [0] * accelerometer.batch_max)
        self.start()

    def start(self, watermark: int = 4) -> None:
        """Begin, or begin again after a pause: sampling in batches of ``watermark``."""
        self.accelerometer.start(self._rate_hz, watermark)
        self._watermark = watermark
        self.clock.restart()
        self._track.clear()
        self._in_batch = 0
        self._at = 0
        self._reference_us = self._time.ticks_us()
        self._reference_ms = self._time.ticks_ms()
        self._last_batch_us = self._last_force_us = self._force_due_us = self._reference_us
        self._last_ms = self._time.ticks_add(self._reference_ms, -1)

    def tick(self) -> None:
        """Read the force sensor if it is time; ``OSError`` (ETIMEDOUT) when it was silent for 0.5 s."""
        time = self._time
        now_us = time.ticks_us()
        late_us = time.ticks_diff(now_us, self._force_due_us)
        if late_us < 0:
            return
        force = self.force
        if not force.ready():
            if time.ticks_diff(now_us, self._last_force_us) > _SILENCE_US:
                raise OSError(_ETIMEDOUT, "force sensor: silent for 0.5 s")
            return
        self._track.put(time.ticks_add(now_us, -force.DELAY_US), force.read())
        self._last_force_us = now_us
        period_us = self._force_period_us
        on_time = late_us <= 2 * period_us
        self._force_due_us = time.ticks_add(self._force_due_us, period_us) if on_time else now_us

    def read(self, sample) -> bool:
        """Fill ``sample``, an ``array('i')`` of t_ms, force_cn, ax, ay, az; False while there is none.

        ``OSError`` (ETIMEDOUT) when the accelerometer was silent for 0.5 s, or what the bus raises.
        """
        while self._at < self._in_batch or self._fetch():
            i = self._at
            t_us = self._times_us[i]
            force = self._track.at(t_us)
            if force == WAIT:
                return False
            self._at = i + 1
            if force == LOST:
                self.lost += 1
                continue
            batch = self._batch
            i *= 3
            sample[0] = self._to_ms(t_us)
            sample[1] = force
            sample[2] = batch[i]
            sample[3] = batch[i + 1]
            sample[4] = batch[i + 2]
            return True
        return False

    def _fetch(self) -> bool:
        """Get a batch from the FIFO."""
        accelerometer = self.accelerometer
        time = self._time
        now_us = time.ticks_us()
        if not accelerometer.left:
            # a silent INT1 is asked over the bus before it is believed
            silent = time.ticks_diff(now_us, self._last_batch_us) > _SILENCE_US
            if not (silent or accelerometer.due()):
                return False
            waiting = accelerometer.poll()
            if not waiting:
                if silent:
                    raise OSError(_ETIMEDOUT, "accelerometer: silent for 0.5 s")
                return False
            now_us = time.ticks_us()
            if accelerometer.overrun:
                self.clock.restart()
            if self._edge and self._edge.seen:
                self._edge.seen = False
                self.clock.witness(self._watermark, self._edge.us)
            self.clock.observe(waiting, now_us)
        self._last_batch_us = now_us
        clock = self.clock
        before = accelerometer.left
        count = accelerometer.read_batch(self._batch)
        for _ in range(before - accelerometer.left - count):
            clock.take()  # spoiled ones passed their time too
        clock.take_into(self._times_us, count)
        self._in_batch = count
        self._at = 0
        # the reference was taken somewhere in its millisecond: in the middle, for want of better
        ahead_ms = (time.ticks_diff(now_us, self._reference_us) + 500) // 1000
        self._reference_us = time.ticks_add(self._reference_us, 1000 * ahead_ms)
        self._reference_ms = time.ticks_add(self._reference_ms, ahead_ms)
        return count > 0

    def _to_ms(self, t_us: int) -> int:
        """The millisecond tick of a microsecond tick; later than the last one returned."""
        time = self._time
        ahead_ms = (time.ticks_diff(t_us, self._reference_us) + 500) // 1000
        t_ms = time.ticks_add(self._reference_ms, ahead_ms)
        if time.ticks_diff(t_ms, self._last_ms) <= 0:
            t_ms = time.ticks_add(self._last_ms, 1)
        self._last_ms = t_ms
        return t_ms
