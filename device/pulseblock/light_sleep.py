"""Light sleep of an RP2040 on battery: between sessions in slices, and in training until the next step.

``machine.lightsleep(ms)`` stops the processor, its PLLs, PWM and the ADC, and USB unless a computer has
configured it.  Ticks go on, and an interrupt ends it early.  It draws some 1.3 mA, where waiting draws 21;
each way back, on which the PLLs lock anew, takes a fraction of a millisecond.

It does harm where a pin's PWM is neither off nor full, since that stays as it happens to be, and where a
computer talks to the board: so the board naps only on battery, dark and silent.  Nothing is lost meanwhile:
the accelerometer's FIFO gathers, its interrupt ends the nap, and force and button are looked at as often as
ever.  From 1.24 on MicroPython stops the wall clock in it: `set_clock` makes up for that.  A watchdog that
bit in light sleep left the processor dead (MicroPython's issue 17228, mended since): each sleep is far
shorter than the watchdog's time.
"""

from micropython import const

from pulseblock.ticks import ticks_add, ticks_diff
from pulseblock.wall_clock import put_forward

WAY_BACK_US = const(1000)  # more than it takes: a nap shall be over when the next step is due
_SHORTEST_MS = const(2)  # less is a delay to MicroPython
_DAY_MS = const(86400000)


class LightSleep:
    """``machine`` and ``time`` are MicroPython's modules; nobody else sets the wall clock from now on."""

    def __init__(self, machine, time):
        self._machine = machine
        self._time = time
        self._slept = False  # since the wall clock was put right
        self._right_s = time.time()  # what it says at `_right_ms`, in ms ticks
        self._right_ms = time.ticks_ms()

    def nap(self, us):
        """Sleep for most of ``us``, in which nothing is due; returns False where that is too short a time."""
        ms = (us - WAY_BACK_US) // 1000
        if ms < _SHORTEST_MS:
            return False
        self.sleep(ms)
        return True

    def sleep(self, ms):
        """Sleep for ``ms`` (2 and more), or until an interrupt."""
        self._slept = True
        self._machine.lightsleep(ms)

    def set_clock(self):
        """Put the wall clock forward by what sleep has cost it; to be called at least once in six days."""
        passed_ms = ticks_diff(self._time.ticks_ms(), self._right_ms)
        if self._slept or passed_ms >= _DAY_MS:
            self._slept = False
            passed_s = passed_ms // 1000
            self._right_s += passed_s
            self._right_ms = ticks_add(self._right_ms, 1000 * passed_s)
            put_forward(self._machine, self._time, self._right_s)
