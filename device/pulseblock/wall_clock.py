"""The wall clock of a board: a sync sets it, a soft reset keeps it, power loss stops it."""

from micropython import const

_SET_S = const(1735689600)  # 2025; a clock that nobody has set since power-on is years behind that


def unix_s(seconds):
    """Return ``seconds``, of Unix time by the board's clock, or 0 where they show that nobody set it."""
    return seconds if seconds >= _SET_S else 0


def put_forward(machine, time, seconds):
    """Set the board's clock to ``seconds`` of Unix time, if it was set at all and has fallen behind them.

    MicroPython 1.29 on the RP2040 stops it in light sleep, though not the ticks.  ``machine`` and ``time``
    are MicroPython's modules.
    """
    if unix_s(seconds) and time.time() < seconds:
        year, month, day, hour, minute, second, weekday, _ = time.gmtime(seconds)
        machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
