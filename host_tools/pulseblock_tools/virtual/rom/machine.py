"""The virtual block's `machine`: the parts that any board has, in the forms rp2 gives them."""

import time
from binascii import unhexlify

import _virtual


def unique_id():
    """Bytes that differ from block to block."""
    return unhexlify(_virtual.unique_id())


def freq():
    """Clock of the RP2040 it stands for, in Hz."""
    return 125000000


def soft_reset():
    """Restart the interpreter."""
    raise SystemExit


def reset():
    """Restart the board: drops USB, forgets the time of day."""
    _virtual.reset()
    raise SystemExit


class Timer:
    """Calls back once, from the prompt; there is one in all.

    It counts the host's time: while the app is stopped, the block's own stands still.
    """

    ONE_SHOT = 0

    def __init__(self, id):
        pass

    def init(self, *, mode, period, callback):
        """Call `callback` with the timer in `period` ms."""
        if mode != self.ONE_SHOT:
            raise ValueError("only ONE_SHOT")
        _due[:] = (callback, self)
        _virtual.alarm(period)

    def deinit(self):
        """Do not call back."""
        _virtual.alarm(-1)


_due = []  # what calls back, and its timer


def ring():
    """The time has come, says the host."""
    _virtual.alarm(-1)
    callback, timer = _due
    callback(timer)


class RTC:
    """Time of day; runs on the virtual clock, from 2021-01-01 until it is set."""

    def datetime(self, value=None):
        """Get or set (year, month, day, weekday, hour, minute, second, subsecond)."""
        if value is None:
            year, month, day, hour, minute, second, weekday, _ = time.gmtime()
            return (year, month, day, weekday, hour, minute, second, 0)
        year, month, day, _, hour, minute, second, _ = value
        days = time.mktime((year, month, day, 0, 0, 0, 0, 0)) // 86400
        _virtual.set_clock(days, ((hour * 60 + minute) * 60 + second) * 1000)
