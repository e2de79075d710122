"""Power-on of a real board, so that what the firmware takes of the heap can be told from all else.

What stands in for the parts is made when this is imported, before anything of the firmware is; what drivers
make of `machine` later is weighed, since the real one has its pins, channels and buses outside of the heap.
"""

import gc

from fakes.clock import FakeClock
from fakes.hx711 import FakeHX711
from fakes.lsm6dsox import FakeLSM6DSOX
from fakes.pins import FakePin
from fakes.rp2040 import FakeRP2040


class StandIns:
    """``bytes`` of heap that stand-ins took when drivers made them."""

    def __init__(self):
        self.bytes = 0

    def weighed(self, make):
        """The same as ``make``, a class or a function, but weighed."""
        return _Weighed(self, make)


class _Weighed:
    def __init__(self, stand_ins, make):
        self._stand_ins = stand_ins
        self._make = make

    def __call__(self, *values, **named):
        before = gc.mem_alloc()
        made = self._make(*values, **named)
        self._stand_ins.bytes += gc.mem_alloc() - before
        return made

    def __getattr__(self, name):
        return getattr(self._make, name)


stand_ins = StandIns()
_clock = FakeClock()
_imu = FakeLSM6DSOX(_clock)
_int1 = FakePin(_imu.int1)
_imu.on_int1 = _int1.rise
_cell = FakeHX711(_clock, 100000)
# of all boards: their INT1, and DOUT and PD_SCK
_outside = {6: _int1, 24: _int1, 16: _cell.dout, 17: _cell.pd_sck}
_chip = FakeRP2040(_clock, {0x6A: _imu}, _outside)
for _name in ("Pin", "ADC", "PWM", "I2C"):
    setattr(_chip, _name, stand_ins.weighed(getattr(_chip, _name)))


class Block:
    """A board with the app on it, started as its /main.py does."""

    def __init__(self, name):
        from pulseblock import app

        boards = __import__("pulseblock.boards." + name, None, None, ("Board",))
        self._board = boards.Board(_chip, _clock, "")
        self._app = app.start(self._board)

    def live(self, steps):
        """Let it live for so many steps."""
        for _ in range(steps):
            self._board.wait()
            self._app.step()
        assert self._board.sampler

    def calibrate(self):
        """Begin a calibration."""
        self._app.calibrate()
