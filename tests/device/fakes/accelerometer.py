"""An accelerometer on its bus, and its driver."""

from array import array

from fakes.clock import FakeClock
from fakes.i2c import FakeI2C
from fakes.pins import FakePin
from pulseblock.drivers.axes import Axes

STRAIGHT = Axes("+x +y +z")


class AccelerometerBench:
    """The driver ``Driver`` with the fake ``Part``, which answers at ``address``."""

    def __init__(self, Driver, Part, address, axes=STRAIGHT, **options):
        self.clock = FakeClock()
        self.part = Part(self.clock, **options)
        self.i2c = FakeI2C(self.clock, {address: self.part})
        self.sensor = Driver(self.i2c, self.clock, axes, FakePin(self.part.int1))
        self.batch = array("h", [0] * (3 * self.sensor.batch_max))

    def run_for(self, ms):
        self.clock.sleep_ms(ms)

    def drain(self):
        """Every sample that waits: a list of (x, y, z)."""
        samples = []
        self.sensor.poll()
        while self.sensor.left:
            for at in range(self.sensor.read_batch(self.batch)):
                samples.append(tuple(self.batch[3 * at : 3 * at + 3]))
        return samples
