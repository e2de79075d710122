"""Drag: how far the press carried the block along, by regression over one rep.

Both faces of a block between inward-rotating thighs move the same few millimetres with the press, so
the acceleration is of opposite sign to the second time-derivative of force.  The regression

    a(t) ~ c0 + c1 t + c2 t^2 + alpha F(t) + beta F''(t)

over the steps of one rep keeps apart what breathing does to it (the parabola), what moves with force as
tilt (alpha) and as drag (beta).  It is least squares by running sums, solved by eliminating 1, t, t^2
and F in turn.  Over one slow press F and F'' are nearly each other's mirror image; a weak prior that
holds alpha near zero, as strong as a few degrees' worth of breathing, keeps noise from passing between
them.  Minus beta, with F in reference presses, is a travel: metres per reference press, given in um.
As F'' is smoothed over its lag and the acceleration is not, it comes out up to 15 % long for an abrupt
press; calibration's does so too.  Of the same fit in floating point it is within 0.5 % and 50 um.

===========  ==================================================  ==============
quantity     format                                              range
===========  ==================================================  ==============
t            of every second step, a new scale at every doubling  0 .. 1023
t^2          Q10 of t^2                                          0 .. 1022
F            (force - hold) / reference, Q8                      -1023 .. 1023
F''          second difference of F over the lag of 100 ms, Q11  -1023 .. 1023
a (y and z)  difference from the reference posture, Q13 g        -1023 .. 1023
sums         256 x 1023 x 1023 at most                           below 2^28
===========  ==================================================  ==============
"""

from micropython import const

from pulseblock.core.fixed import clamp, digit_bits, isqrt, muldiv, muldiv_by

# On top of the 60 ms that force and posture come with: a second derivative needs both.
_SMOOTH_MS = const(140)
_LAG_MS = const(100)
# A press is known only once it has risen; the regression runs this far behind to see its onset too.
_BEHIND_MS = const(150)
_LIMIT = const(1023)
_BEND_MOST = const(1300)  # an abrupt edge is cut off at _LIMIT; one beyond this is no measure any more
_MOST = const(256)  # regressed steps: 5 s and more, longer than any press that could drag
_LEAST = const(8)
_LEAST_STRENGTH = const(4)
_FIRST_PACE = const(32)
_TILT_PRIOR_SHIFT = const(4)  # to have no tilt at all is worth 1/16 of the variance of F
_BETA_SHIFT = const(14)
_TRAVEL_Q11 = const(5021)  # 9.80665 m/s^2 / 2^13 x 2^11, in um a ms^2
_TRAVEL_MAX = const(32767)

# columns of the regression: what explains, and what is explained
_ONE = const(0)
_TIME = const(1)
_SQUARE = const(2)
_FORCE = const(3)
_BEND = const(4)
_Y = const(5)
_Z = const(6)
_EXPLAINING = const(5)
_COLUMNS = const(7)


class Drag:
    """Regression over one rep at a time; after `solve` gave True, `y_um` and `z_um` are the travel.

    Caudal and downward are meant as gravity has it, not as the accelerometer is mounted.  `strength` is
    the rms of that part of F'' which nothing else explains, Q11, and `ug_per_mm` the acceleration that a
    travel of 1 mm would show by it, rms: how much of the rep could show drag at all.
    """

    def __init__(self, steps, step_ms_q8):
        """`steps` turns ms into steps of the stream, each of `step_ms_q8` (Q8 ms)."""
        self._lag = steps(_LAG_MS)
        lag_ms_q8 = self._lag * step_ms_q8
        self._travel = muldiv(_TRAVEL_Q11, lag_ms_q8 * lag_ms_q8, 1 << 27)
        self._width = steps(_SMOOTH_MS)
        self._length = 2 * self._lag + steps(_BEHIND_MS) + 1
        # what came, and the sum of so much of it up to there; an index before the first counts from the end
        self._force = [0] * self._length
        self._y = [0] * self._length
        self._z = [0] * self._length
        self._force_sums = [0] * self._length
        self._y_sums = [0] * self._length
        self._z_sums = [0] * self._length
        self._newest = 0
        self._odd = False
        self._sums = [[0] * _COLUMNS for _ in range(_EXPLAINING)]
        self._left = [[0] * _COLUMNS for _ in range(_EXPLAINING)]
        self.y_um = self.z_um = self.ug_per_mm = self.strength = 0
        self.begin(0, 1)
        self.end()

    def restart(self, force, y, z):
        """Forget the past after a hole in the samples; units as for `update`."""
        for i in range(self._length):
            self._force[i] = force
            self._y[i] = y
            self._z[i] = z
            self._force_sums[i] = force * self._width
            self._y_sums[i] = y * self._width
            self._z_sums[i] = z * self._width
        self._forget()

    def begin(self, hold, reference):
        """Begin a rep, to be measured by `hold` and `reference`, cN."""
        self._hold = hold
        self._reference = reference
        self._is_open = True
        self._forget()

    def end(self):
        """The rep is over: `solve` still fits it, and what comes now is no more of it."""
        self._is_open = False

    def _forget(self):
        self._n = self._time = 0
        self._is_over = False  # force was beyond the range of the sums
        self._pace = _FIRST_PACE
        for row in range(_EXPLAINING):
            for column in range(_COLUMNS):
                self._sums[row][column] = 0

    def update(self, force, y, z):
        """Take a step: smoothed force in cN, and y and z from the reference posture, Q13 g."""
        before = self._newest
        i = before + 1
        if i == self._length:
            i = 0
        left = i - self._width
        self._newest = i
        past = self._force
        sums = self._force_sums
        sums[i] = sums[before] + force - past[left]
        past[i] = force
        past = self._y
        sums = self._y_sums
        sums[i] = sums[before] + y - past[left]
        past[i] = y
        past = self._z
        sums = self._z_sums
        sums[i] = sums[before] + z - past[left]
        past[i] = z
        self._odd = odd = not self._odd
        if self._is_open and not odd and self._n < _MOST:
            self._regress(i)

    def _regress(self, newest):
        # the second difference belongs to the middle of its three forces, and so does all the rest
        width = self._width
        oldest = newest + 1 - self._length
        middle = oldest + self._lag
        sums = self._force_sums
        force = sums[middle] // width
        bend = sums[oldest] // width - 2 * force + sums[middle + self._lag] // width
        force = (force - self._hold) * 256 // self._reference
        bend = clamp(bend, -65535, 65535) * 2048 // self._reference
        if not (-_LIMIT <= force <= _LIMIT and -_BEND_MOST <= bend <= _BEND_MOST):
            self._is_over = True
            return
        y = clamp(self._y_sums[middle] // width, -_LIMIT, _LIMIT)
        z = clamp(self._z_sums[middle] // width, -_LIMIT, _LIMIT)
        self._add(force, clamp(bend, -_LIMIT, _LIMIT), y, z)

    def _add(self, force, bend, y, z):
        if self._time > _LIMIT:
            self._halve_time()
        time = self._time
        square = time * time >> 10
        self._time = time + self._pace
        self._n += 1
        ones, times, squares, forces, bends = self._sums
        ones[_ONE] += 1
        ones[_TIME] += time
        ones[_SQUARE] += square
        times[_TIME] += time * time
        times[_SQUARE] += time * square
        squares[_SQUARE] += square * square
        ones[_FORCE] += force
        times[_FORCE] += time * force
        squares[_FORCE] += square * force
        forces[_FORCE] += force * force
        ones[_BEND] += bend
        times[_BEND] += time * bend
        squares[_BEND] += square * bend
        forces[_BEND] += force * bend
        bends[_BEND] += bend * bend
        ones[_Y] += y
        times[_Y] += time * y
        squares[_Y] += square * y
        forces[_Y] += force * y
        bends[_Y] += bend * y
        ones[_Z] += z
        times[_Z] += time * z
        squares[_Z] += square * z
        forces[_Z] += force * z
        bends[_Z] += bend * z

    def _halve_time(self):
        self._time >>= 1
        self._pace >>= 1
        for i in range(_SQUARE + 1):
            sums = self._sums[i]
            for j in range(i, _COLUMNS):
                sums[j] >>= i + (j if j <= _SQUARE else 0)

    def solve(self, reference, up_y, up_z):
        """Fit the rep so far; return False, leaving the travel alone, where it can show no drag.

        The travel is that of a press of `reference` cN, whatever `begin` was given.  (`up_y`, `up_z`) is
        gravity's direction in the reference posture, Q13: caudal is across it.
        """
        self.strength = 0
        n = self._n
        if n < _LEAST or self._is_over:
            return False
        left = self._left
        for i in range(_EXPLAINING):
            for j in range(i, _COLUMNS):
                left[i][j] = self._sums[i][j]
        self._eliminate(_ONE)
        left[_FORCE][_FORCE] += left[_FORCE][_FORCE] >> _TILT_PRIOR_SHIFT
        for i in range(_TIME, _BEND):
            self._eliminate(i)
        bend = left[_BEND]
        self.strength = isqrt(max(0, bend[_BEND]) // n)
        if self.strength < _LEAST_STRENGTH:
            return False
        y = self._travel_of(bend[_Y], bend[_BEND], reference)
        z = self._travel_of(bend[_Z], bend[_BEND], reference)
        self.y_um = clamp(y * up_z - z * up_y >> 13, -_TRAVEL_MAX, _TRAVEL_MAX)
        self.z_um = clamp(y * up_y + z * up_z >> 13, -_TRAVEL_MAX, _TRAVEL_MAX)
        self.strength = muldiv(self.strength, self._reference, reference)
        self.ug_per_mm = muldiv(125000, self.strength, self._travel) * 1000 >> 10
        return True

    def _eliminate(self, i):
        # what the column `i` explains of the columns behind it goes; what explains nothing takes nothing
        pivot = self._left[i]
        divisor = pivot[i]
        if divisor <= 0:
            return
        bits = digit_bits(divisor)
        for j in range(i + 1, _EXPLAINING):
            row = self._left[j]
            factor = pivot[j]
            for k in range(j, _COLUMNS):
                row[k] -= muldiv_by(factor, pivot[k], divisor, bits)

    def _travel_of(self, explained, bend, reference):
        beta = muldiv(explained, 1 << _BETA_SHIFT, bend)
        travel = clamp(-muldiv(beta, self._travel, 1 << _BETA_SHIFT), -_TRAVEL_MAX, _TRAVEL_MAX)
        return clamp(muldiv(travel, reference, self._reference), -_TRAVEL_MAX, _TRAVEL_MAX)
