"""The reps of one set, as far as calibration needs them, and their statistics."""

from micropython import const

from pulseblock.core.fixed import clamp, muldiv, ticks_diff
from pulseblock.core.median import median

_MOST = const(12)
_TRAVEL_MAX = const(32767)
_UG_PER_MM_MAX = const(20000)


class Reps:
    """What is kept of the reps of one set: `count` usable ones of `seen`, the first 12 of them.

    After `measure_by`, `drags` of them have a drag: `mean_y`, `mean_z`, um, and the sums of its squared
    deviations, `squares_y`, `squares_z`, in units of (8 um)^2.  The less a rep shows of its drag, the more of
    that is noise: one that shows less than the median rep counts as much less, here and in `shares`.
    """

    def __init__(self):
        """Start empty."""
        self.seen = self.count = self.drags = 0
        self.peak_ms = [0] * _MOST
        self.peak_cn = [0] * _MOST
        self.trough_cn = [0] * _MOST
        self.press_cn = [0] * _MOST
        self.hold_cn = [0] * _MOST
        self.sagittal_cdeg = [0] * _MOST
        self.frontal_cdeg = [0] * _MOST
        self._reference_cn = [0] * _MOST
        self._y = [0] * _MOST
        self._z = [0] * _MOST
        self._ug_per_mm = [0] * _MOST
        self._evidence = [0] * _MOST  # that of the median rep and more is 256
        self._work = [0] * _MOST
        self.mean_y = self.mean_z = self.squares_y = self.squares_z = 0

    def add(self, rep, usable):
        """Keep a `rep.Rep`, if it is `usable`."""
        self.seen += 1
        if not usable or self.count >= _MOST:
            return
        i = self.count
        self.count += 1
        self.peak_ms[i] = rep.peak_ms
        self.peak_cn[i] = rep.peak_cn
        self.trough_cn[i] = rep.trough_cn
        self.press_cn[i] = max(0, rep.peak_cn - rep.hold_cn)
        self.hold_cn[i] = rep.hold_cn
        self.sagittal_cdeg[i] = rep.sagittal_cdeg
        self.frontal_cdeg[i] = rep.frontal_cdeg
        if rep.drag_ug_per_mm:
            i = self.drags
            self.drags += 1
            self._reference_cn[i] = rep.reference_cn
            self._y[i] = rep.drag_y_um
            self._z[i] = rep.drag_z_um
            self._ug_per_mm[i] = rep.drag_ug_per_mm

    def median_of(self, values):
        """Return the median over the usable reps of one of the lists."""
        for i in range(self.count):
            self._work[i] = values[i]
        return median(self._work, self.count)

    def deviation_of(self, values, middle):
        """Return the median absolute deviation from `middle` of one of the lists."""
        for i in range(self.count):
            self._work[i] = abs(values[i] - middle)
        return median(self._work, self.count)

    def highest_of(self, values):
        """Return the highest over the usable reps of one of the lists."""
        high = values[0]
        for i in range(1, self.count):
            high = max(high, values[i])
        return high

    def range_of(self, values):
        """Return the highest less the lowest of one of the lists."""
        low = values[0]
        for i in range(1, self.count):
            low = min(low, values[i])
        return self.highest_of(values) - low

    def tempo_ms(self):
        """Return the median interval from peak to peak; 0 for fewer than two reps."""
        for i in range(1, self.count):
            self._work[i - 1] = ticks_diff(self.peak_ms[i], self.peak_ms[i - 1])
        return median(self._work, self.count - 1) if self.count > 1 else 0

    def measure_by(self, reference_cn):
        """Turn the drags, each measured by the reference of its time, into those of one reference press."""
        n = self.drags
        if not n:
            return
        for i in range(n):
            used_cn = self._reference_cn[i]
            self._y[i] = clamp(muldiv(self._y[i], reference_cn, used_cn), -_TRAVEL_MAX, _TRAVEL_MAX)
            self._z[i] = clamp(muldiv(self._z[i], reference_cn, used_cn), -_TRAVEL_MAX, _TRAVEL_MAX)
            self._ug_per_mm[i] = min(muldiv(self._ug_per_mm[i], used_cn, reference_cn), _UG_PER_MM_MAX)
        usual = self.ug_per_mm()
        for i in range(n):
            self._evidence[i] = min(self._ug_per_mm[i] * 256 // usual, 256) if usual else 256
        self.mean_y = self._mean(self._y)
        self.mean_z = self._mean(self._z)
        self.squares_y = self._squares(self._y, self.mean_y, 3)
        self.squares_z = self._squares(self._z, self.mean_z, 3)

    def ug_per_mm(self):
        """Return the acceleration that a travel of 1 mm would show in the usual one of these reps, rms."""
        for i in range(self.drags):
            self._work[i] = self._ug_per_mm[i]
        return median(self._work, self.drags)

    def shares(self, usual):
        """Return mean and variance of these drags as shares of a `travel.Travel`, in per cent."""
        n = self.drags
        for i in range(n):
            self._work[i] = usual.share(self._y[i], self._z[i])
        mean = self._mean(self._work)
        return mean, self._squares(self._work, mean, 0) // (n - 1)

    def _mean(self, values):
        total = weights = 0
        for i in range(self.drags):
            weight = self._evidence[i] * self._evidence[i] >> 8
            total += values[i] * weight
            weights += weight
        return total // weights

    def _squares(self, values, mean, shift):
        total = 0
        for i in range(self.drags):
            deviation = (values[i] - mean) * self._evidence[i] >> 8 + shift
            total += deviation * deviation
        return total
