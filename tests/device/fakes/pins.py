"""GPIO pins."""


class FakePin:
    """An input whose level a function tells, or an output that tells a function what it is set to."""

    IRQ_RISING = 8

    def __init__(self, level=None, changed=None):
        self._level = level
        self._changed = changed
        self._handler = None

    def irq(self, handler, trigger, hard=False):
        assert trigger == self.IRQ_RISING
        assert hard, "a soft interrupt waits for the interpreter"
        self._handler = handler

    @property
    def listened_to(self):
        """Whether an edge interrupts the processor."""
        return self._handler is not None

    def rise(self):
        """What the interrupt controller does at a rising edge."""
        if self._handler:
            self._handler(self)

    def __call__(self, level=None):
        return self.value(level)

    def value(self, level=None):
        if level is not None:
            assert level in (0, 1)
            assert self._changed is not None, "an input was driven"
            self._changed(level)
            return None
        assert self._level is not None, "an output was read"
        return self._level()
