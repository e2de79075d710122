"""Drag: how far the press carried the block along, by regression over one rep.

Both faces of a block between inward-rotating thighs move the same few millimetres with the press, so
the acceleration is of opposite sign to the second time-derivative of force.  The regression

    a(t) ~ c0 + c1 t + alpha F(t) + beta F''(t)

over the steps of one rep keeps apart what moves with force as tilt (alpha) and as drag (beta).  It is
ordinary least squares by running sums, each inside 2^30, solved by eliminating 1, t and F in turn.
Minus beta, with F in reference presses, is a travel: metres per reference press, given in um.

===========  ==================================================  ==============
quantity     format                                              range
===========  ==================================================  ==============
t            every second step since the start, x 4              0 .. 1020
F            (force - hold) / reference, Q8                      -1023 .. 1023
F''          second difference of F over the lag of 60 ms, Q12   -1023 .. 1023
a (y and z)  difference from the reference posture, Q13 g        -1023 .. 1023
sums         256 x 1023 x 1023 at most                           below 2^28
===========  ==================================================  ==============
"""

from micropython import const

from pulseblock.core.fixed import clamp, isqrt, muldiv

_LAG_MS = const(60)
# A press is known only once it has risen; the regression runs this far behind to see its onset too.
_BEHIND_MS = const(100)
_LIMIT = const(1023)
_MOST = const(256)  # regressed steps: 5 s and more, longer than any press that could drag
_LEAST = const(8)
_LEAST_STRENGTH = const(8)
_BETA_SHIFT = const(14)
_TRAVEL_Q10 = const(5021)  # 9.80665 m/s^2 / 2^13 x 2^12, in um a ms^2
_TRAVEL_MAX = const(32767)


class Drag:
    """Regression over one rep at a time; `y_um` and `z_um` are the travel after `solve` gave True.

    `strength` is the rms of that part of F'' which neither the mean, a trend nor F explains, Q12: how
    much of the rep could show drag at all.
    """

    def __init__(self, steps, step_ms_q8):
        """`steps` turns ms into steps of the stream, each of `step_ms_q8` (Q8 ms)."""
        self._lag = steps(_LAG_MS)
        behind = steps(_BEHIND_MS)
        lag_ms_q8 = self._lag * step_ms_q8
        self._travel = muldiv(_TRAVEL_Q10, lag_ms_q8 * lag_ms_q8, 1 << 26)
        self._length = 2 * self._lag + behind + 1
        self._smooth = [0] * self._length
        self._past_y = [0] * self._length
        self._past_z = [0] * self._length
        self._next = 0
        self._odd = False
        self.y_um = self.z_um = self.strength = 0
        self.begin(0, 1)

    def restart(self, smooth, y, z):
        """Forget the past after a hole in the samples; units as for `update`."""
        for i in range(self._length):
            self._smooth[i] = smooth
            self._past_y[i] = y
            self._past_z[i] = z
        self.begin(self._hold, self._reference)

    def begin(self, hold, reference):
        """Begin a rep, to be measured by `hold` and `reference`, cN."""
        self._hold = hold
        self._reference = reference
        self._n = self._t = self._f = self._d = 0
        self._tt = self._tf = self._td = self._ff = self._fd = self._dd = 0
        self._y = self._yt = self._yf = self._yd = 0
        self._z = self._zt = self._zf = self._zd = 0

    def update(self, smooth, y, z):
        """Take a step: doubly smoothed force in cN, and y and z from the reference posture, Q13 g."""
        length = self._length
        lag = self._lag
        i = self._next
        self._smooth[i] = smooth
        self._past_y[i] = y
        self._past_z[i] = z
        self._next = i + 1 if i + 1 < length else 0
        self._odd = not self._odd
        if self._odd or self._n >= _MOST:
            return
        # the second difference belongs to the middle of its three forces, and so does all the rest
        oldest = self._next
        middle = (oldest + lag) % length
        force = self._smooth[middle]
        bend = clamp(self._smooth[oldest] - 2 * force + self._smooth[(middle + lag) % length], -65535, 65535)
        self._add(
            clamp((force - self._hold) * 256 // self._reference, -_LIMIT, _LIMIT),
            clamp(bend * 4096 // self._reference, -_LIMIT, _LIMIT),
            clamp(self._past_y[middle], -_LIMIT, _LIMIT),
            clamp(self._past_z[middle], -_LIMIT, _LIMIT),
        )

    def _add(self, f, d, y, z):
        t = self._n * 4
        self._n += 1
        self._t += t
        self._f += f
        self._d += d
        self._tt += t * t
        self._tf += t * f
        self._td += t * d
        self._ff += f * f
        self._fd += f * d
        self._dd += d * d
        self._y += y
        self._yt += y * t
        self._yf += y * f
        self._yd += y * d
        self._z += z
        self._zt += z * t
        self._zf += z * f
        self._zd += z * d

    def solve(self):
        """Fit the rep so far; return False, leaving the travel alone, where it can show no drag."""
        n = self._n
        self.strength = 0
        if n < _LEAST:
            return False
        t, f, d = self._t, self._f, self._d
        tt = self._tt - muldiv(t, t, n)
        tf = self._tf - muldiv(t, f, n)
        td = self._td - muldiv(t, d, n)
        ff = self._ff - muldiv(f, f, n) - muldiv(tf, tf, tt)
        if ff < n:
            return False
        fd = self._fd - muldiv(f, d, n) - muldiv(tf, td, tt)
        dd = self._dd - muldiv(d, d, n) - muldiv(td, td, tt) - muldiv(fd, fd, ff)
        self.strength = isqrt(max(0, dd) // n)
        if self.strength < _LEAST_STRENGTH:
            return False
        self.y_um = self._fit(self._y, self._yt, self._yf, self._yd, tt, tf, td, ff, fd, dd)
        self.z_um = self._fit(self._z, self._zt, self._zf, self._zd, tt, tf, td, ff, fd, dd)
        return True

    def _fit(self, a, at, af, ad, tt, tf, td, ff, fd, dd):
        n = self._n
        at -= muldiv(a, self._t, n)
        af -= muldiv(a, self._f, n) + muldiv(at, tf, tt)
        ad -= muldiv(a, self._d, n) + muldiv(at, td, tt) + muldiv(af, fd, ff)
        beta = muldiv(ad, 1 << _BETA_SHIFT, dd)
        return clamp(-muldiv(beta, self._travel, 1 << _BETA_SHIFT), -_TRAVEL_MAX, _TRAVEL_MAX)

    def expected_ug(self, travel_um):
        """Return the rms acceleration in ug that a drag of `travel_um` would show in the solved rep."""
        return muldiv(travel_um * 125, self.strength, self._travel) * 1000 >> 10
