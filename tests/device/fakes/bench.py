"""A board on the bench: fakes of the parts that its file names, on the pins that it names."""

from array import array

from fakes.adc import FakeADC
from fakes.clock import FakeClock
from fakes.hx711 import FakeHX711
from fakes.lis3dh import FakeLIS3DH
from fakes.lsm6dsox import FakeLSM6DSOX
from fakes.pins import FakePin
from fakes.rp2040 import FakeRP2040
from fakes.ws2812 import FakeWs2812

NOWHERE = "/no/such/parts.json"


def board_class(name):
    return __import__("pulseblock.boards." + name, None, None, ("Board",)).Board


class Bench:
    """A board, with the parts that its file names wired to the pins it names."""

    def __init__(self, kind, parts_file=NOWHERE, cause=1, missing=(), wall_s=0):
        self.clock = FakeClock()
        if wall_s:
            self.clock.set_wall(wall_s)
        self.down = False
        self.outside = {}
        accelerometer, force, light = kind.ACCELEROMETER, kind.FORCE, kind.LIGHT
        if accelerometer["part"] == "LIS3DH":
            address, self.imu = 0x18, FakeLIS3DH(self.clock)
        else:
            address, self.imu = 0x6A, FakeLSM6DSOX(self.clock)
        int1 = FakePin(self.imu.int1)
        self.outside[accelerometer["int1"]] = int1
        self.cell = None
        if force["part"] == "HX711":
            self.cell = FakeHX711(self.clock, 100000)
            self.outside[force["dout"]] = self.cell.dout
            self.outside[force["pd_sck"]] = self.cell.pd_sck
        else:
            self.outside[force["adc"]] = self.make_adc(force)
        if light and light["part"] == "WS2812":
            self.outside[light["pin"]] = FakeWs2812(self.clock, light["pixels"])
        if kind.BUTTON:
            self.outside[kind.BUTTON["pin"]] = FakePin(lambda: 0 if self.down else 1)
        if kind.BATTERY:
            self.outside[kind.BATTERY["adc"]] = FakeADC(3800 * 65536 // 9900)
        self.plugged = False
        if kind.USB and kind.USB["part"] == "VBUS":
            self.outside[kind.USB["pin"]] = FakePin(lambda: 1 if self.plugged else 0)
        self.parts = {} if "imu" in missing else {address: self.imu}
        self.chip = FakeRP2040(self.clock, self.parts, self.outside, cause)
        self.imu.on_int1 = lambda: self.chip.interrupt(int1)
        self.chip.sensors.append(self.imu.int1)
        self.chip.powered = lambda: self.plugged
        self.board = kind(self.chip, self.clock, parts_file)
        self.sample = array("i", [0] * 5)
        self.samples = []

    def make_adc(self, _force):
        return FakeADC(20000)

    def tick(self):
        self.board.wait()
        while self.board.read(self.sample):
            self.samples.append(tuple(self.sample))

    def run_for(self, ms):
        end_us = self.clock.us + 1000 * ms
        while self.clock.us < end_us:
            self.tick()


class FakeApp:
    def __init__(self, clock):
        self.steps_us = []
        self.interruptions = 0
        self.slow_us = 0
        self.may_rest = False
        self._clock = clock

    def step(self):
        self.steps_us.append(self._clock.us)
        self._clock.us += self.slow_us

    def interrupted(self):
        self.interruptions += 1
