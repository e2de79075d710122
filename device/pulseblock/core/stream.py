"""From the sensors' samples to the even steps that everything behind it runs on.

Samples come at 50 to 200 Hz, and some come late, twice or never.  The stream puts them on an even
grid by their times (interpolating over short holes, dropping repeats), and takes the mean of each
`rate_hz // 50` of them, so that filters and limits downstream see 50 to 99 steps a second whatever
the rate.  Over a hole longer than `GAP_MS` nothing is invented.
"""

from micropython import const

from pulseblock.core.fixed import clamp, ticks_add, ticks_diff

GAP_MS = const(250)
GAP_UNKNOWN_MS = const(1 << 28)
_FORCE_MAX = const(65535)
_ACCELERATION_MAX = const(32767)


class Stream:
    """Call `put` for a sample, then `next` until it gives False; after each True read the fields.

    `t_ms` is in ticks, `force` in cN, `x`, `y`, `z` in Q2.13 g; `gap_ms` is the length of the hole before
    this step (0 for none, GAP_UNKNOWN_MS for the first), and `step_ms_q8` is the time of one step in Q8 ms.
    """

    def __init__(self, rate_hz):
        """`rate_hz` is 50 .. 200."""
        self.decimation = rate_hz // 50
        self.step_ms_q8 = self.decimation * 256000 // rate_hz
        self.t_ms = 0
        self.force = self.x = self.y = self.z = 0
        self.gap_ms = 0
        self._rate_hz = rate_hz
        self._started = False
        self._is_made = False  # the step that `next` is to give was made as its last sample came
        self._t = self._force = self._x = self._y = self._z = 0
        self._d_t = self._d_force = self._d_x = self._d_y = self._d_z = 0
        self._points = 0  # grid points from the sample before to this one, in a hole
        self._point = 0
        self._phase = 0  # thousandths of a grid point that the grid lags behind the samples' times
        self._to_come = self.decimation  # grid points until a step is full
        self._sum_force = self._sum_x = self._sum_y = self._sum_z = 0

    def put(self, t_ms, force, x, y, z):
        """Take a sample: ticks, cN (held within 0 .. 65535) and Q2.13 g (held within 16 bits).

        Return whether there may be a step.
        """
        # hardly ever a wrap or anything to clamp, and a call takes ten times as long as to see that
        elapsed = t_ms - self._t
        if not 0 < elapsed <= GAP_MS:
            elapsed = ticks_diff(t_ms, self._t)
        if not 0 <= force <= _FORCE_MAX:
            force = clamp(force, 0, _FORCE_MAX)
        if not (
            -_ACCELERATION_MAX <= x <= _ACCELERATION_MAX
            and -_ACCELERATION_MAX <= y <= _ACCELERATION_MAX
            and -_ACCELERATION_MAX <= z <= _ACCELERATION_MAX
        ):
            x = clamp(x, -_ACCELERATION_MAX, _ACCELERATION_MAX)
            y = clamp(y, -_ACCELERATION_MAX, _ACCELERATION_MAX)
            z = clamp(z, -_ACCELERATION_MAX, _ACCELERATION_MAX)
        if 0 < elapsed <= GAP_MS and self._started:
            phase = self._phase + elapsed * self._rate_hz
            points = (phase + 500) // 1000
            self._phase = phase - points * 1000
            if points > 1:
                self._d_t = elapsed
                self._d_force = force - self._force
                self._d_x = x - self._x
                self._d_y = y - self._y
                self._d_z = z - self._z
        elif -GAP_MS <= elapsed <= 0 and self._started:
            return False  # a repeat, or late: its place on the grid is taken
        else:
            self._start(elapsed)
            points = 1
        self._t = t_ms
        self._force = force
        self._x = x
        self._y = y
        self._z = z
        if points == 1:
            self._is_made = made = self._add(t_ms, force, x, y, z)
            return made
        self._points = points
        self._point = 0
        return points > 1

    def _start(self, elapsed):
        self.gap_ms = elapsed if self._started and elapsed > 0 else GAP_UNKNOWN_MS
        self._started = True
        self._phase = 0
        self._to_come = self.decimation
        self._sum_force = self._sum_x = self._sum_y = self._sum_z = 0

    def next(self):
        """Make the next step out of what was put; return False when there is none yet."""
        if self._is_made:
            self._is_made = False
            return True
        points = self._points
        while self._point < points:
            self._point += 1
            back = points - self._point
            if self._add(
                ticks_add(self._t, -(self._d_t * back // points)),
                self._force - self._d_force * back // points,
                self._x - self._d_x * back // points,
                self._y - self._d_y * back // points,
                self._z - self._d_z * back // points,
            ):
                return True
        return False

    def _add(self, t_ms, force, x, y, z):
        """Take a grid point; return whether a step is full, and made."""
        force += self._sum_force
        x += self._sum_x
        y += self._sum_y
        z += self._sum_z
        if self._to_come > 1:
            self._to_come -= 1
            self._sum_force = force
            self._sum_x = x
            self._sum_y = y
            self._sum_z = z
            return False
        n = self.decimation
        self.t_ms = t_ms
        self.force = force // n
        self.x = x // n
        self.y = y // n
        self.z = z // n
        self._to_come = n
        self._sum_force = self._sum_x = self._sum_y = self._sum_z = 0
        return True

    def steps(self, milliseconds):
        """Return the number of steps nearest to a time in ms below 2^20, at least 1."""
        return max(1, (milliseconds * 256 + self.step_ms_q8 // 2) // self.step_ms_q8)
