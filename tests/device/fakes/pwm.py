"""A PWM channel of the RP2040."""


class FakePWM:
    """``hz`` and ``duty`` are what the pin gives; ``writes`` counts accesses to the hardware.

    ``sharing`` are the channels of the same slice, which has one frequency (data sheet, section 4.5.2).
    """

    def __init__(self):
        self.sharing = ()
        self.hz = None
        self.duty = None
        self.writes = 0

    def freq(self, hz):
        # machine.PWM refuses others: the divider's range at 125 MHz
        assert isinstance(hz, int) and 8 <= hz <= 62500000
        for other in self.sharing:
            assert other is self or other.hz in (None, hz), "another channel of the slice sounds or flickers"
        self.hz = hz
        self.writes += 1

    def duty_u16(self, duty):
        assert isinstance(duty, int) and 0 <= duty <= 65535
        assert duty in (0, 65535) or self.hz is not None, "a tone or a shade without a frequency"
        self.duty = duty
        self.writes += 1
