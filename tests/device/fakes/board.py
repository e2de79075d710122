"""A board without parts: samples are what the test feeds, light and buzzer lists of what they were told."""

import os

_FOLDER = "/board"  # on the virtual block, whose flash is as small as a Pico's
_kept = []


def fresh_folder():
    """An empty folder, which takes the place of the one before."""
    try:
        from tempfile import TemporaryDirectory
    except ImportError:
        if "board" in os.listdir("/"):
            _remove(_FOLDER)
        os.mkdir(_FOLDER)
        return _FOLDER
    while _kept:
        _kept.pop().cleanup()
    _kept.append(TemporaryDirectory(prefix="pulseblock-test-"))
    return _kept[0].name


def _remove(folder):
    for name in os.listdir(folder):
        path = folder + "/" + name
        if os.stat(path)[0] & 0x4000:
            _remove(path)
        else:
            os.remove(path)
    os.rmdir(folder)


class FakeBoard:
    """Implements `pulseblock.boards`; ``now`` is its clock.

    ``lights``, ``tones`` and ``frames`` are lists of (ms, value): 0xRRGGBB, Hz, bytes.
    ``down`` is the button, ``broken`` an OSError that the sensors raise instead of measuring.
    """

    name = "fake"
    rate_hz = 100
    boot_cause = 1
    samples_lost = 0
    late_ms = 0
    parts_error = ""
    unique_id = b"fake"

    def __init__(self, files=None, now=0):
        self.files = files or fresh_folder()
        self.now = now
        self.lights = []
        self.tones = []
        self.frames = []
        self.down = False
        self.broken = None
        self.millivolts = 4000
        self.percent = 80
        self.listener = False
        self.wall_s = 0
        self._waiting = []

    def ticks_ms(self):
        return self.now

    def unix_s(self):
        return self.wall_s

    def read(self, sample):
        if self.broken:
            raise self.broken
        if not self._waiting:
            return False
        for i, value in enumerate(self._waiting.pop(0)):
            sample[i] = value
        return True

    def light(self, red, green, blue):
        assert all(0 <= level <= 255 for level in (red, green, blue))
        self.lights.append((self.now, red << 16 | green << 8 | blue))

    def tone(self, hz):
        self.tones.append((self.now, hz))

    def button(self):
        return self.down

    def held(self):
        return self.down

    def battery_mv(self):
        return self.millivolts

    def battery_pct(self):
        return self.percent

    def listening(self):
        return self.listener

    def telemetry(self, frame):
        self.frames.append((self.now, bytes(frame)))

    def play(self, app, samples, per_step=1):
        """Measures the (ms after now, force, x, y, z) of ``samples``, stepping the app after every few."""
        began = self.now
        for i, (ms, force, x, y, z) in enumerate(samples):
            self.now = began + ms & 0x3FFFFFFF
            if not self.broken:
                self._waiting.append((self.now, force, x, y, z))
            if i % per_step == per_step - 1:
                app.step()

    def idle(self, app, ms):
        """Time passes without a sample."""
        for _ in range(0, ms, 10):
            self.now = self.now + 10 & 0x3FFFFFFF
            app.step()
