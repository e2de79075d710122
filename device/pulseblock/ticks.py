"""Arithmetic of ticks outside the core: MicroPython's own, in C, where its ticks wrap at 2^30 too."""

from pulseblock.core import fixed

ticks_add = fixed.ticks_add
ticks_diff = fixed.ticks_diff

try:
    import time

    if time.ticks_add((1 << 30) - 1, 1) == 0:  # type: ignore[type-var]  # to its stubs, ticks are opaque
        ticks_add = time.ticks_add
        ticks_diff = time.ticks_diff
except AttributeError:
    pass  # CPython has none
