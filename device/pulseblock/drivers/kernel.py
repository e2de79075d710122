"""What is done to every number that the sensors give, as functions of arrays and integers alone.

On a board they are compiled as viper, MicroPython's machine code for integers of 32 bits ("The Viper code
emitter", its manual): seventeen times as fast as native code, with the limits of C.  An index may not be
below 0, no negative number is read from an array, since it would not come back as one where words have 64
bits, and the module can hold nothing but functions.  Compiled otherwise they are plain Python, which does
the same.
"""

from micropython import const

from .pointers import ptr8, ptr16, ptr32

_WAIT = const(-1)  # those of `force_track`
_LOST = const(-2)
_LAST_READING = const(63)
_LONGEST_GAP_US = const(100000)  # a flash erase is 45 ms and up; force changes little in a trough

_TICKS = const(0x3FFFFFFF)  # times are us ticks 0..2^30-1 that wrap
_HALF = const(1 << 29)  # nearer than half of the way round is later, farther is earlier
_FRACTION = const(8)


def unpack_axis(raw: ptr8, low: int, stride: int, batch: ptr16, at: int, end: int, negate: int):
    """Little-endian int16, every ``stride`` bytes from ``raw[low]``, into every third of ``batch[at:end]``.

    With ``negate`` its sign turns; -32768 turned is 32767.
    """
    while at < end:
        value = ((raw[low] | raw[low + 1] << 8) ^ 0x8000) - 0x8000
        if negate:
            value = -value
            if value > 32767:
                value = 32767
        batch[at] = value
        low += stride
        at += 3


def are_tagged(raw: ptr8, end: int, stride: int, sensor: int, parities: int) -> int:
    """1 if every ``stride`` bytes of ``raw[:end]`` there is a tag of the FIFO's ``sensor``, else 0.

    Its lowest three bits are n for one of the bits n that are set in ``parities``.
    """
    at = 0
    while at < end:
        tag = raw[at]
        if tag >> 3 != sensor or not (parities >> (tag & 7)) & 1:
            return 0
        at += stride
    return 1


def times(into: ptr32, count: int, next_us: int, period_q8: int, fraction_q8: int) -> int:
    """Fill ``into`` with ``count`` times that are ``period_q8`` apart; returns the one that comes next."""
    i = 0
    while i < count:
        into[i] = next_us
        fraction_q8 += period_q8
        # ticks_add without the call, and without passing 2^30 where the ticks wrap
        next_us = (next_us - _TICKS + (fraction_q8 >> _FRACTION) - 1) & _TICKS
        fraction_q8 &= 255
        i += 1
    return next_us


def between(us: ptr32, cn: ptr32, newest: int, count: int, t_us: int) -> int:
    """The force at ``t_us`` by the ``count`` last readings of a ring of 64; WAIT or LOST without one."""
    if not count or ((us[newest] - t_us) & _TICKS) >= _HALF:
        return _WAIT
    later = newest
    while count > 1:
        earlier = (later - 1) & _LAST_READING
        since_us = (t_us - us[earlier]) & _TICKS
        if since_us < _HALF:
            gap_us = (us[later] - us[earlier]) & _TICKS
            if gap_us > _LONGEST_GAP_US:
                return _LOST
            # in 16 us, so that the product stays below 2^30
            gap = gap_us >> 4
            if not gap:
                gap = 1
            return cn[earlier] + (cn[later] - cn[earlier]) * (since_us >> 4) // gap
        later = earlier
        count -= 1
    return _LOST
