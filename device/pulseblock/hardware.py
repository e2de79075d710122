"""A real board, put together from the pins and parts that its file names.

A board's file is a class with data only; each part is a dict, None where the board has none::

    ACCELEROMETER  part "LSM6DSOX" or "LIS3DH", i2c (unit), scl, sda, int1, rate_hz, axes (see drivers.axes)
    FORCE          part "FSR": adc, r_ohm, plate; or "HX711": dout, pd_sck, gain, counts_per_n, tare
    LIGHT          part "RGB": red, green, blue, common_anode; "WS2812": pin, pixels; "LED": pin, active_low
    BUZZER         pin
    BUTTON         pin
    BATTERY        adc, divider, usb (a pin that is high on USB power, or None)

What differs from one block to the next - a tare, a mounting - is not in that file: `/parts.json` on the
block's flash may hold other values for what the board's file names, as {"FORCE": {"tare": -81234}}.
"""

import json

from micropython import const

from pulseblock.drivers.button import Button
from pulseblock.wall_clock import unix_s

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from pulseblock.drivers.sampler import Sampler

PARTS_FILE = "/parts.json"
PARTS = ("ACCELEROMETER", "FORCE", "LIGHT", "BUZZER", "BUTTON", "BATTERY")

TICK_US = const(4800)  # two looks at the force a sample, and outputs as smooth as 200 Hz
_I2C_HZ = const(400000)
_I2C_TIMEOUT_US = const(10000)

_UNKNOWN = const(0)  # of `journal.record.BOOT_CAUSES`
_POWER = const(1)
_WATCHDOG = const(3)


class Hardware:
    """Base of the boards with parts that can be touched; see `pulseblock.boards` for what it offers.

    ``machine`` and ``time`` are MicroPython's modules.  A light, buzzer or battery works from the start.
    Sensors are set up by the first `read`, and set up afresh by the next one after any that failed; between
    reads `wait` looks after them.

    ``listener``: a function that takes telemetry frames, or None.  ``tick_late_us``: by how much a tick has
    come late since power-on, at most.
    """

    name = ""
    files = ""
    ACCELEROMETER: "dict" = {}
    FORCE: "dict" = {}
    LIGHT: "dict | None" = None
    BUZZER: "dict | None" = None
    BUTTON: "dict | None" = None
    BATTERY: "dict | None" = None

    def __init__(self, machine=None, time=None, parts_file=PARTS_FILE):
        if machine is None:
            import machine
        if time is None:
            import time
        self.machine = machine
        self.time = time
        self.parts = adjusted(self, parts_file)
        self.unique_id = machine.unique_id()
        self.ticks_ms = time.ticks_ms
        self.rate_hz = self.parts["ACCELEROMETER"]["rate_hz"]
        self.boot_cause = {machine.PWRON_RESET: _POWER, machine.WDT_RESET: _WATCHDOG}.get(
            machine.reset_cause(), _UNKNOWN
        )
        self.listener: "Callable[[bytearray], object] | None" = None
        self.tick_late_us = 0
        self.sampler: "Sampler | None" = None
        self._lost_before = 0
        self._failure: "OSError | None" = None
        self._due_us = time.ticks_us()
        self._lamp = self._make("LIGHT")
        self._buzzer = self._make("BUZZER")
        self._battery = self._make("BATTERY")
        self._button = self._make("BUTTON")

    # what the app asks for

    @property
    def samples_lost(self):
        """Samples the sensors had but could not keep, since power-on; of an overrun, one."""
        return self._lost_before + (_lost(self.sampler) if self.sampler else 0)

    def unix_s(self):
        """Unix time in seconds, 0 while nobody has set the clock."""
        return unix_s(self.time.time())

    def read(self, sample):
        """The oldest waiting sample; see `pulseblock.boards`."""
        if self._failure:
            failure = self._failure
            self._failure = None
            raise failure
        try:
            if self.sampler is None:
                self.sampler = self._make_sampler()
            return self.sampler.read(sample)
        except OSError:
            self._drop_sampler()
            raise

    def light(self, red, green, blue):
        """Set the light, each 0..255."""
        if self._lamp:
            self._lamp.light(red, green, blue)

    def tone(self, hz):
        """Sound the buzzer, 0 for silence."""
        if self._buzzer:
            self._buzzer.tone(hz)

    def button(self):
        """True while the button is down."""
        return self._button is not None and self._button.is_down()

    def battery_mv(self):
        """Millivolts of the cell; 0 where it is not measured, and on USB power."""
        return 0 if self._battery is None or self._battery.on_usb() else self._battery.millivolts()

    def battery_pct(self):
        """Per cent left, -1 where it is not known."""
        return -1 if self._battery is None else self._battery.poll()

    def listening(self):
        """Whether somebody wants telemetry."""
        return self.listener is not None

    def telemetry(self, frame):
        """Hand the frame to the listener."""
        if self.listener:
            self.listener(frame)

    def run(self, app):
        """Step the app every `TICK_US`, until it is interrupted; then leave it safe."""
        try:
            while True:
                self.wait()
                app.step()
        finally:
            app.interrupted()

    def wait(self):
        """Idle until the next tick is due, then look after the sensors; a missed tick is not made up for."""
        time = self.time
        late = time.ticks_diff(time.ticks_us(), self._due_us)
        if late > self.tick_late_us:
            self.tick_late_us = late
        while late < 0:
            self.machine.idle()
            late = time.ticks_diff(time.ticks_us(), self._due_us)
        self._due_us = time.ticks_add(self._due_us, TICK_US) if late < TICK_US else time.ticks_us()
        if self.sampler:
            try:
                self.sampler.tick()
            except OSError as failure:
                self._failure = failure
                self._drop_sampler()

    # what the doctor asks for

    def is_power_safe(self, vfs=None):
        """Whether the file system survives a power cut: littlefs does, the FAT of a USB drive does not."""
        if vfs is None:
            import vfs

        for file_system, path in vfs.mount():
            if path == "/":
                return isinstance(file_system, vfs.VfsLfs2)
        return False

    def make_accelerometer(self):
        """The accelerometer's driver, on a bus that was freed first.  ``OSError`` if it does not answer."""
        part = self.parts["ACCELEROMETER"]
        return _PARTS[part["part"]](self.machine, self.time, part)

    def make_force(self):
        """The force sensor's driver, started.  ``OSError`` if it does not answer."""
        return self._make("FORCE")

    # inside

    def _make(self, name):
        part = self.parts[name]
        return _PARTS[part.get("part", name)](self.machine, self.time, part) if part else None

    def _make_sampler(self):
        from pulseblock.drivers.edge import Edge
        from pulseblock.drivers.sampler import Sampler

        accelerometer = self.make_accelerometer()
        edge = Edge(_input(self.machine, self.parts["ACCELEROMETER"]["int1"]), self.time)
        force = self.make_force()
        period_us = 0 if self.parts["FORCE"]["part"] == "HX711" else 1000000 // self.rate_hz
        return Sampler(accelerometer, force, self.time, self.rate_hz, period_us, edge)

    def _drop_sampler(self):
        if self.sampler:
            self._lost_before += _lost(self.sampler)
            self.sampler = None


def adjusted(board, parts_file):
    """The board's parts, with the values that ``parts_file`` holds instead; the file may be absent.

    ``ValueError`` says what in it is no JSON, no part, no value of the part, or of another type.
    """
    parts = {name: dict(getattr(board, name)) if getattr(board, name) else None for name in PARTS}
    try:
        with open(parts_file) as file:
            text = file.read()
    except OSError:
        return parts
    try:
        changes = json.loads(text)
    except ValueError:
        raise ValueError("%s: not JSON" % parts_file) from None
    for name, values in changes.items() if isinstance(changes, dict) else ((changes, {}),):
        part = parts.get(name) if isinstance(name, str) else None
        if not part or not isinstance(values, dict):
            raise ValueError("%s: %r is no part of the board %s" % (parts_file, name, board.name))
        for key, value in values.items():
            if key not in part or type(value) is not type(part[key]):
                raise ValueError("%s: %s: %r cannot be %r" % (parts_file, name, key, value))
            part[key] = value
    return parts


def _lost(sampler):
    return sampler.lost + sampler.accelerometer.overruns + sampler.accelerometer.spoiled


def _input(machine, pin):
    return machine.Pin(pin, machine.Pin.IN)


def _released(machine, pin):
    return machine.Pin(pin, machine.Pin.OPEN_DRAIN, machine.Pin.PULL_UP, value=1)


def _accelerometer(driver, machine, time, part):
    from pulseblock.drivers.axes import Axes
    from pulseblock.drivers.i2c_rescue import free_bus

    scl, sda = [_released(machine, part[line]) for line in ("scl", "sda")]
    free_bus(scl, sda, time)
    i2c = machine.I2C(
        part["i2c"],
        scl=machine.Pin(part["scl"]),
        sda=machine.Pin(part["sda"]),
        freq=_I2C_HZ,
        timeout=_I2C_TIMEOUT_US,
    )
    return driver(i2c, time, Axes(part["axes"]), _input(machine, part["int1"]))


def _lsm6dsox(machine, time, part):
    from pulseblock.drivers.lsm6dsox import LSM6DSOX

    return _accelerometer(LSM6DSOX, machine, time, part)


def _lis3dh(machine, time, part):
    from pulseblock.drivers.lis3dh import LIS3DH

    return _accelerometer(LIS3DH, machine, time, part)


def _fsr(machine, _time, part):
    from pulseblock.drivers.fsr import FSR

    return FSR(machine.ADC(part["adc"]), part["r_ohm"], plate=part["plate"])


def _hx711(machine, time, part):
    from pulseblock.drivers.hx711 import HX711

    cell = HX711(
        machine.Pin(part["dout"], machine.Pin.IN, machine.Pin.PULL_UP),
        machine.Pin(part["pd_sck"], machine.Pin.OUT, value=0),
        time,
        machine.disable_irq,
        machine.enable_irq,
        part["gain"],
        part["counts_per_n"],
        part["tare"],
    )
    cell.start()
    return cell


def _rgb(machine, _time, part):
    from pulseblock.drivers.rgb import RgbLed

    red, green, blue = [machine.PWM(machine.Pin(part[colour])) for colour in ("red", "green", "blue")]
    return RgbLed(red, green, blue, part["common_anode"])


def _ws2812(machine, time, part):
    from pulseblock.drivers.ws2812 import Ws2812

    return Ws2812(machine.Pin(part["pin"], machine.Pin.OUT), time, machine.bitstream, part["pixels"])


def _led(machine, _time, part):
    from pulseblock.drivers.led import Led

    return Led(machine.PWM(machine.Pin(part["pin"])), part["active_low"])


def _buzzer(machine, _time, part):
    from pulseblock.drivers.buzzer import Buzzer

    return Buzzer(machine.PWM(machine.Pin(part["pin"])))


def _button(machine, _time, part):
    return Button(machine.Pin(part["pin"], machine.Pin.IN, machine.Pin.PULL_UP))


def _battery(machine, _time, part):
    from pulseblock.drivers.battery import Battery

    usb = part["usb"]
    return Battery(machine.ADC(part["adc"]), part["divider"], None if usb is None else _input(machine, usb))


_PARTS = {
    "LSM6DSOX": _lsm6dsox,
    "LIS3DH": _lis3dh,
    "FSR": _fsr,
    "HX711": _hx711,
    "RGB": _rgb,
    "WS2812": _ws2812,
    "LED": _led,
    "BUZZER": _buzzer,
    "BUTTON": _button,
    "BATTERY": _battery,
}
