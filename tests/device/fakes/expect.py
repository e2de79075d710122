"""What tests of drivers ask for, on CPython and on MicroPython alike."""

import micropython


def raises(kind, action, *arguments):
    """Call ``action``; returns the exception of ``kind`` that it must raise."""
    try:
        action(*arguments)
    except kind as error:
        return error
    raise AssertionError("%s was not raised" % kind.__name__)


def without_heap(action):
    """Call ``action``; where there is a heap to lock, an allocation in it raises MemoryError."""
    lock = getattr(micropython, "heap_lock", None)
    if lock is None:
        return action()
    lock()
    try:
        return action()
    finally:
        micropython.heap_unlock()
