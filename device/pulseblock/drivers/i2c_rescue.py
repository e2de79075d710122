"""Frees an I2C bus that a reset in the middle of a read left hanging.

The part that was being read still holds SDA low, waiting for clocks.  I2C-bus specification UM10204,
section 3.1.16 "Bus clear": nine clocks let it finish its byte, a STOP ends the transfer.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from machine import Pin

_HALF_PERIOD_US = const(5)  # 100 kHz
_CLOCKS = const(9)
_STRETCH_MS = const(25)
_EIO = const(5)


def free_bus(scl: "Pin", sda: "Pin", clock) -> bool:
    """Free the bus; returns whether it was hanging.

    ``scl`` and ``sda`` are open-drain outputs, released (1), with pull-ups.  ``OSError`` (EIO) when
    SCL does not rise within 25 ms, or SDA is still low afterwards: a short, a missing pull-up, or a
    part that needs its power cycled.
    """
    _rise(scl, clock)
    if sda.value():
        return False
    # all nine, even if SDA rises before: a 1 in the middle of the byte looks just like the end of it
    for _ in range(_CLOCKS):
        scl.value(0)
        clock.sleep_us(_HALF_PERIOD_US)
        _rise(scl, clock)
        clock.sleep_us(_HALF_PERIOD_US)
    # STOP: SDA rises while SCL is high
    scl.value(0)
    sda.value(0)
    clock.sleep_us(_HALF_PERIOD_US)
    _rise(scl, clock)
    clock.sleep_us(_HALF_PERIOD_US)
    sda.value(1)
    clock.sleep_us(_HALF_PERIOD_US)
    if not sda.value():
        raise OSError(_EIO, "I2C: SDA stays low after nine clocks")
    return True


def _rise(scl: "Pin", clock) -> None:
    scl.value(1)
    deadline = clock.ticks_add(clock.ticks_ms(), _STRETCH_MS)
    while not scl.value():
        if clock.ticks_diff(deadline, clock.ticks_ms()) <= 0:
            raise OSError(_EIO, "I2C: SCL stays low")
        clock.sleep_us(_HALF_PERIOD_US)
