"""HX711: the AVIA data sheet's serial interface, timing table and power-down."""

from fakes.pins import FakePin

_PERIOD_US = 12500  # RATE high
_SETTLE_US = 50000
_OP_US = 4  # what setting or reading a pin takes MicroPython


class FakeHX711:
    """``counts`` is what the cell gives at gain 128.

    ``lock`` and ``unlock`` keep interrupts away.  While they are let in, one of ``interrupt_us`` strikes
    at every ``interrupt_every``-th change of PD_SCK.
    """

    def __init__(self, clock, counts=0, interrupt_us=0, interrupt_every=7):
        self.clock = clock
        self.counts = counts
        self.connected = True
        self.frozen = False  # never ends a conversion
        self.locks = 0
        self.dout = FakePin(level=self._read_dout)
        self.pd_sck = FakePin(changed=self._set_sck)
        self._interrupt_us = interrupt_us
        self._interrupt_every = interrupt_every
        self._changes = 0
        self._sck = 0
        self._sck_us = 0
        self._power_up()

    def lock(self):
        self.locks += 1
        return 7

    def unlock(self, state):
        assert state == 7, "interrupts are restored to what they were"
        self.locks -= 1

    def powered(self):
        """Whether the chip is awake."""
        return not (self._sck and self.clock.us - self._sck_us > 60)

    def _power_up(self):
        self._gain = 128
        self._settled_us = self.clock.us + _SETTLE_US
        self._word = 0
        self._bit = -1  # pulses of the word that is being read; -1: none
        self._next_us = self._settled_us
        self._waiting = False

    def _run(self):
        if self.frozen:
            return
        while self.clock.us >= self._next_us:
            assert self._bit <= 0 or 25 <= self._bit <= 27, "%d pulses in one conversion" % self._bit
            if self._bit > 0:
                gain = (128, 32, 64)[self._bit - 25]
                if gain != self._gain:
                    self._gain = gain
                    self._settled_us = self._next_us + _SETTLE_US
            settled = self._next_us >= self._settled_us
            # the unsettled output is some mixture of before and after
            value = self.counts * self._gain // 128 if settled else self.counts // 3 - 12345
            self._word = max(-0x800000, min(0x7FFFFF, value)) & 0xFFFFFF
            self._waiting = True
            self._bit = 0
            self._next_us += _PERIOD_US

    def _pass_time(self):
        self.clock.us += _OP_US
        self._changes += 1
        if self._interrupt_us and not self.locks and self._changes % self._interrupt_every == 0:
            self.clock.us += self._interrupt_us

    def _read_dout(self):
        self._pass_time()
        if not self.connected or not self.powered():
            return 1  # pulled up
        if not 0 < self._bit < 25:
            self._run()
        if self._bit <= 0:
            return 0 if self._waiting else 1
        if self._bit > 24:
            return 1
        return self._word >> (24 - self._bit) & 1

    def _set_sck(self, level):
        self._pass_time()
        if level == self._sck:
            return
        high_us = self.clock.us - self._sck_us
        self._sck = level
        self._sck_us = self.clock.us
        if level:
            if self._bit <= 0:
                self._run()
            if self._waiting or self._bit > 0:
                self._waiting = False
                self._bit += 1
            else:
                self._bit = -2  # allowed only as the beginning of a power-down
            return
        if high_us > 60:
            self._power_up()
            return
        assert self._bit != -2, "clocked while no conversion waits"
        assert high_us <= 50, "PD_SCK high for %d us" % high_us
        assert self._bit <= 27, "more than 27 pulses"
