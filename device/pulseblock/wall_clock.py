"""The wall clock of a board: a sync sets it, a soft reset keeps it, power loss stops it."""

from micropython import const

_SET_S = const(1735689600)  # 2025; a clock that nobody has set since power-on is years behind that


def unix_s(seconds):
    """Return ``seconds``, of Unix time by the board's clock, or 0 where they show that nobody set it."""
    return seconds if seconds >= _SET_S else 0
