"""A PWM channel of the RP2040."""


class FakePWM:
    """``hz`` and ``duty`` are what the pin gives; ``writes`` counts accesses to the hardware."""

    def __init__(self):
        self.hz = None
        self.duty = None
        self.writes = 0

    def freq(self, hz):
        # machine.PWM refuses others: the divider's range at 125 MHz
        assert isinstance(hz, int) and 8 <= hz <= 62500000
        self.hz = hz
        self.writes += 1

    def duty_u16(self, duty):
        assert isinstance(duty, int) and 0 <= duty <= 65535
        assert duty in (0, 65535) or self.hz is not None, "a tone or a shade without a frequency"
        self.duty = duty
        self.writes += 1
