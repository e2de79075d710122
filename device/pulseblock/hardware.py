"""A real board: an RP2040, and the parts that the board's file names (see `pulseblock.parts`)."""

from micropython import const

from pulseblock import parts, usb_listener
from pulseblock.drivers.axes import Axes
from pulseblock.drivers.edge import Edge
from pulseblock.drivers.sampler import Sampler
from pulseblock.drivers.watchdog import Watchdog
from pulseblock.light_sleep import LightSleep
from pulseblock.wall_clock import unix_s

STEP_US = const(9600)  # as often as there are samples; outputs are as smooth as 100 Hz

_HELD_MS = const(50)  # a contact that bounces, or a capacitor across it, is over before

# A slice of sleep: well below the watchdog's time, and short enough for a press of the button to last.
_SLICE_MS = const(250)
_LONGEST_SLEEP_MS = const(21600000)  # 6 hours; then the app has its turn, to keep its diagnostics

_POWER = const(1)  # of `journal.record.BOOT_CAUSES`
_RESET = const(2)
_WATCHDOG = const(3)


class Hardware:
    """Base of the boards with parts that can be touched; see `pulseblock.boards` for what it offers.

    ``machine`` and ``time`` are MicroPython's modules.  A light, buzzer or battery works from the start.
    Sensors are set up by the first `read`, and set up afresh by the next one after any that failed; between
    reads `wait` looks after them.

    ``listener``: who takes telemetry, a `usb_listener.UsbListener`, or None.
    """

    name = ""
    files = ""
    ACCELEROMETER: "dict" = {}
    FORCE: "dict" = {}
    LIGHT: "dict | None" = None
    BUZZER: "dict | None" = None
    BUTTON: "dict | None" = None
    BATTERY: "dict | None" = None
    USB: "dict | None" = None

    def __init__(self, machine=None, time=None, parts_file=parts.PARTS_FILE):
        on_board = machine is None
        if machine is None:
            import machine
        if time is None:
            import time
        self.machine = machine
        self.time = time
        self.unique_id = machine.unique_id()
        self.ticks_ms = time.ticks_ms
        self._watchdog = Watchdog(machine)
        self._light_sleep = LightSleep(machine, time)
        self._on_battery = False  # whether the loop runs on it
        self._lit = False
        self._sounds = False
        self.boot_cause = _POWER
        if machine.reset_cause() == machine.WDT_RESET:
            self.boot_cause = _WATCHDOG if self._watchdog.has_reset() else _RESET
        self.parts_error = ""
        try:
            self._build(parts.adjusted(self, parts_file))
        except ValueError as error:
            self.parts_error = str(error)
            self._build(parts.own(self))
        self.rate_hz = self.parts["ACCELEROMETER"]["rate_hz"]
        self._needs_looks = self.parts["FORCE"]["part"] == "HX711"
        self.listener = usb_listener.at_port(time.ticks_ms) if on_board else None
        self.late_ms = 0
        self.sampler: "Sampler | None" = None
        self._lost_before = 0
        self._failure: "OSError | None" = None
        self._due_us = time.ticks_us()

    def _build(self, parts_now):
        """Make every driver that needs no answer from its part; ``ValueError`` where a value is bad."""
        self.parts = parts_now
        Axes(parts_now["ACCELEROMETER"]["axes"])  # refused now, rather than at every read
        self._force = self._make("FORCE")
        self._battery = self._make("BATTERY")
        self._usb = self._make("USB")
        self._button = self._make("BUTTON")
        self._lamp = self._make("LIGHT")
        self._buzzer = self._make("BUZZER")

    # what the app asks for

    @property
    def samples_lost(self):
        """Samples the sensors had but could not keep, since power-on; of an overrun, one."""
        return self._lost_before + (_lost(self.sampler) if self.sampler else 0)

    def unix_s(self):
        """Unix time in seconds, 0 while nobody has set the clock."""
        self._light_sleep.set_clock()
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
            self._lit = red or green or blue
            self._lamp.light(red, green, blue)

    def tone(self, hz):
        """Sound the buzzer, 0 for silence."""
        if self._buzzer:
            self._sounds = hz
            self._buzzer.tone(hz)

    def button(self):
        """True while the button is down."""
        return self._button is not None and self._button.is_down()

    def held(self):
        """Whether the button is held down, and no contact just bounces."""
        if not self.button():
            return False
        self.time.sleep_ms(_HELD_MS)
        return self.button()

    def battery_mv(self):
        """Millivolts of the cell; 0 where it is not measured, and on USB power."""
        return 0 if self._battery is None or self.is_plugged() else self._battery.millivolts()

    def battery_pct(self):
        """Per cent left, -1 where it is not known; on USB power, what was left before."""
        if self._battery is None:
            return -1
        return self._battery.charge.percent if self.is_plugged() else self._battery.poll()

    def listening(self):
        """Whether somebody wants telemetry."""
        return self.listener is not None and self.listener.listens()

    def telemetry(self, frame):
        """Hand the frame to the listener."""
        if self.listener:
            self.listener.send(frame)

    def run(self, app):
        """Step the app every `STEP_US`, until it is interrupted; then leave it safe.

        On battery the watchdog looks on, the processor naps between two steps while the block is dark and
        silent, and a block at rest sleeps.  On USB none of that: somebody may stop the program at the
        prompt, and light sleep would stop the USB's clock.
        """
        self._due_us = self.time.ticks_us()
        try:
            while True:
                self.wait()
                self._on_battery = not self.is_plugged()
                if self._on_battery:
                    self._watchdog.feed()
                else:
                    self._watchdog.stop()
                    self._light_sleep.set_clock()
                app.step()
                if app.may_rest and self._on_battery:
                    self._rest(app)
        except KeyboardInterrupt:
            # a program that failed on battery is reset; one that somebody stopped stays so
            self._watchdog.stop()
            raise
        finally:
            self._on_battery = False
            app.interrupted()
            self._light_sleep.set_clock()

    def wait(self):
        """Idle until the next step is due, and look after the sensors; a missed step is not made up for."""
        # a load cell's conversion carries no time: twice as many looks tell twice as well when it came
        if self._needs_looks:
            self._idle(STEP_US // 2)
            self._look_after_sensors()
            self._idle(STEP_US - STEP_US // 2)
        else:
            self._idle(STEP_US)
        self._look_after_sensors()

    def _idle(self, period_us):
        time = self.time
        may_nap = self._on_battery and not self._lit and not self._sounds
        late = time.ticks_diff(time.ticks_us(), self._due_us)
        while late < 0:
            if not (may_nap and not self.is_plugged() and self._light_sleep.nap(-late)):
                self.machine.idle()
            late = time.ticks_diff(time.ticks_us(), self._due_us)
        self.late_ms = late // 1000
        self._due_us = time.ticks_add(self._due_us, period_us) if late < period_us else time.ticks_us()

    def _look_after_sensors(self):
        if self.sampler:
            try:
                self.sampler.tick()
            except OSError as failure:
                self._failure = failure
                self._drop_sampler()

    # what the doctor asks for

    def is_plugged(self):
        """Whether the board is plugged in; a board that cannot tell is taken to be."""
        return self._usb is None or self._usb.is_plugged()

    def make_accelerometer(self):
        """The accelerometer's driver, on a bus that was freed first.  ``OSError`` if it does not answer."""
        return self._make("ACCELEROMETER")

    def make_force(self):
        """The force sensor's driver, started.  ``OSError`` if it does not answer."""
        self._force.start()
        return self._force

    # inside

    def _make(self, name):
        return parts.make(self.parts, name, self.machine, self.time)

    def _make_sampler(self):
        accelerometer = self.make_accelerometer()
        edge = Edge(accelerometer.int1, self.time)
        force = self.make_force()
        period_us = 0 if self._needs_looks else 1000000 // self.rate_hz
        return Sampler(accelerometer, force, self.time, self.rate_hz, period_us, edge)

    def _drop_sampler(self):
        if self.sampler:
            self._lost_before += _lost(self.sampler)
            self.sampler = None

    def _rest(self, app):
        """Sleep until the block is moved, the button pressed or USB plugged in."""
        app.rest()
        self._drop_sampler()
        try:
            accelerometer = self.make_accelerometer()
            accelerometer.wake_on_motion()
        except OSError:
            pass  # nothing would wake it: it stays awake
        else:
            self._force.power_down()
            self._sleep(accelerometer)
        self._due_us = self.time.ticks_us()
        app.wake()

    def _sleep(self, accelerometer):
        time = self.time
        began_ms = time.ticks_ms()
        # Light sleep with a time limit keeps the ticks going, which dormant mode would not.  INT1's interrupt
        # may end a slice early; nothing depends on it, since its level is looked at after each.
        while time.ticks_diff(time.ticks_ms(), began_ms) < _LONGEST_SLEEP_MS:
            self._watchdog.feed()
            self._light_sleep.sleep(_SLICE_MS)
            if accelerometer.due() or self.button() or self.is_plugged():
                break
        self._light_sleep.set_clock()


def _lost(sampler):
    return sampler.lost + sampler.accelerometer.overruns + sampler.accelerometer.spoiled
