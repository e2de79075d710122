"""A chain of WS2812B pixels behind ``machine.bitstream``."""

_TOLERANCE_NS = 150
_LIMITS_NS = (400, 850, 800, 450)  # T0H, T0L, T1H, T1L
_LATCH_US = 280


class FakeWs2812:
    """``colours`` is what the pixels show, as (red, green, blue) from the first on."""

    def __init__(self, clock, pixels):
        self.clock = clock
        self.pin = object()
        self.sent = 0
        self._pixels = pixels
        self._data = b""
        self._end_us = clock.us

    @property
    def colours(self):
        self._assert_latched()
        data = self._data
        return [(data[i + 1], data[i], data[i + 2]) for i in range(0, len(data), 3)]

    def bitstream(self, pin, encoding, timing, data):
        assert pin is self.pin
        assert encoding == 0
        for given, due in zip(timing, _LIMITS_NS):
            assert abs(given - due) <= _TOLERANCE_NS
        self._assert_latched()
        assert len(data) == 3 * self._pixels, "24 bits a pixel"
        self._data = bytes(data)
        self.clock.us += len(data) * 10
        self._end_us = self.clock.us
        self.sent += 1

    def _assert_latched(self):
        assert self.clock.us - self._end_us >= _LATCH_US, "no pause before the next frame: pixels pass it on"
