"""Bytes of heap that a sample takes, the collector off."""

import gc

_SAMPLES = 1000


def a_sample(counting):
    """Over a thousand samples of a course."""
    counting.begin()
    counting.go(100)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    counting.go(_SAMPLES)
    taken = gc.mem_alloc() - before
    gc.enable()
    return taken / _SAMPLES
