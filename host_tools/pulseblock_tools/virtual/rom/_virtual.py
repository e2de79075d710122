"""How `pulseblock.boards.virtual` reaches the program that plays the parts of the board.

Every call takes and gives small integers and allocates nothing; a buffer goes by its address
(`uctypes.addressof`).

``drive(step, interrupted)``   have ``step()`` called after every sample, ``interrupted()`` on Ctrl-C
``read(address)``              1, with the oldest waiting sample in an ``array('i')`` of five: ticks in ms,
                               force in 0.01 N, three accelerations in 1/8192 g; 0 where none waits
``ticks()``                    time of the latest sample, 0..2^30-1 ms
``light(red, green, blue)``    each 0..255
``tone(hz)``                   0 for silence
``telemetry(address, size)``   sends one frame
``button()``                   1 while it is down
``battery()``                  millivolts
``listening()``                1 while somebody wants telemetry
``unique_id()``, ``set_clock(days, ms)``, ``reset()``, ``alarm(ms)``   for `machine`
"""

# ruff: noqa: F401
from _host import (
    alarm,
    battery,
    button,
    drive,
    light,
    listening,
    read,
    reset,
    set_clock,
    telemetry,
    ticks,
    tone,
    unique_id,
)
