"""The RP2040's watchdog, which can be switched off again.

``machine.WDT`` has no way to stop it; register CTRL has (RP2040 data sheet, section 4.7.6).
"""

from micropython import const

TIMEOUT_MS = const(8000)  # 8.3 s is the most it can; a flash erase takes 0.4 s at worst

_CTRL = const(0x40058000)
_CLEAR = const(0x3000)  # the alias that clears the bits written to it (section 2.1.2)
_ENABLE = const(1 << 30)
_SCRATCH4 = const(0x4005801C)
_ARMED = const(0x6AB73121)  # what the SDK leaves there when it arms the watchdog, and not when it resets


class Watchdog:
    """Resets a board whose program hangs for `TIMEOUT_MS`; off until the first `feed`."""

    def __init__(self, machine) -> None:
        self._machine = machine
        self._running = None

    def has_reset(self) -> bool:
        """Whether, of the resets that ``machine.reset_cause`` calls the watchdog's, the last one was.

        True once: soft resets change neither the cause nor the note of the SDK.
        """
        has_reset = self._machine.mem32[_SCRATCH4] == _ARMED
        self._machine.mem32[_SCRATCH4] = 0
        return has_reset

    def feed(self) -> None:
        """The program goes on; starts the watchdog if it is off."""
        if self._running:
            self._running.feed()
        else:
            self._running = self._machine.WDT(timeout=TIMEOUT_MS)

    def stop(self) -> None:
        """Switch it off."""
        if self._running:
            self._running = None
            self._machine.mem32[_CTRL + _CLEAR] = _ENABLE
            self._machine.mem32[_SCRATCH4] = 0
