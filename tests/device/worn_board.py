"""The app on a real board in a block that is worn, or lies about: from the sensors' registers on."""

from fakes.adc import FakeADC
from fakes.bench import Bench, board_class
from fakes.board import fresh_folder
from fakes.expect import raises
from fakes.wearer import Wearer

from pulseblock import app
from pulseblock.drivers.fsr import FSR_406
from pulseblock.rest import REST_MS

PRESSES = 5
LONGEST_NAP_MS = 10


def session():
    """Set down, taken up, held, five presses."""
    return Wearer().away(1000).hold(2000).presses(PRESSES).hold(1000).samples


def conductance(force_cn):
    """What an FSR of the typical curve has at ``force_cn`` on it, 0.1 uS."""
    for (x0, y0), (x1, y1) in zip(FSR_406, FSR_406[1:]):
        if force_cn <= y1:
            return x0 + (x1 - x0) * (force_cn - y0) // (y1 - y0) if force_cn > y0 else x0
    return FSR_406[-1][0]


class WornADC(FakeADC):
    """The FSR's divider under the force that ``force()`` tells, a ``plate``-th of it."""

    def __init__(self, force, plate):
        super().__init__()
        self._force = force
        self._plate = plate

    def read_u16(self):
        siemens = conductance(self._force() // self._plate) * 1000
        self.ratio = siemens * 65536 // (siemens + 10000000)
        return super().read_u16()


class Worn(Bench):
    """A board in a block that is worn by someone who does what ``samples`` say."""

    def __init__(self, kind, samples, **how):
        self.worn = samples
        super().__init__(kind, **how)
        self.imu.signal = lambda number, axis: self.at(number * self.imu._period_us())[2 + axis]
        self.board.files = fresh_folder()
        self.app = app.start(self.board)

    def make_adc(self, force):
        return WornADC(self.force_cn, force["plate"])

    def at(self, us):
        index = us // 10000
        return self.worn[index if index < len(self.worn) else -1]

    def force_cn(self):
        return self.at(self.clock.us - self.imu._on_us)[1]

    def live(self):
        """Run the board's own loop until the wearer is done, then interrupt it."""
        end_us = self.clock.us + 10000 * len(self.worn)
        while self.clock.us < end_us:
            self.board.wait()
            if self.cell:
                self.cell.counts = self.force_cn() * self.board.parts["FORCE"]["counts_per_n"] // 100
            self.app.step()


class Stop(Exception):
    """Ends a board's endless loop."""


class Sleeper(Worn):
    """A block in use as `samples` say, whose sleeps `asleep` watches.  Nobody has used it for 59 s."""

    def __init__(self, samples, kind="pico_fsr", **how):
        super().__init__(board_class(kind) if isinstance(kind, str) else kind, samples, **how)
        self.chip.while_asleep = self.while_asleep
        self.sleeps_ms = []
        self.naps = 0
        self.woken_ms = []
        self.asleep = lambda: None
        self.stop_ms = 0  # ends the board's loop
        self.app._rest.restart(self.board.ticks_ms() - REST_MS + 1000)
        self._idle = self.chip.idle
        self.chip.idle = self.idle
        self._wake = self.app.wake
        self.app.wake = self.wake

    def at(self, us):
        index = us // 10000
        last = len(self.worn)
        return self.worn[index if index < last else last - 1 - index % 50]  # no sensor ever rests

    def ms(self):
        return self.clock.us // 1000

    def while_asleep(self, ms):
        if ms <= LONGEST_NAP_MS:
            self.naps += 1
            return
        if self.cell:
            assert not self.cell.powered(), "the load cell draws current"
        assert self.imu.current() == "low power"
        self.sleeps_ms.append(self.ms())
        self.asleep()
        self.check()

    def idle(self):
        self._idle()
        if self.cell:
            self.cell.counts = self.force_cn() * self.board.parts["FORCE"]["counts_per_n"] // 100
        self.check()

    def wake(self):
        self.woken_ms.append(self.ms())
        self._wake()

    def check(self):
        if self.ms() >= self.stop_ms:
            raise Stop

    def run_for(self, ms):
        self.stop_ms = self.ms() + ms
        raises(Stop, self.board.run, self.app)
