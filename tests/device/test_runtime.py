"""What the core's rules rest on: integers and memory of the virtual block are those of a board."""

import sys

import micropython

RUNTIMES = ("micropython",)

HALF = 2**29


def allocates(function):
    """Whether the function asks for memory."""
    micropython.heap_lock()
    try:
        function()
    except MemoryError:
        return True
    finally:
        micropython.heap_unlock()
    return False


def test_is_micropython():
    assert sys.implementation.name == "micropython"
    assert sys.implementation.version[:2] == (1, 29)


def test_the_largest_small_integer_is_2_to_the_30_less_1():
    assert not allocates(lambda: HALF + (HALF - 1))
    assert allocates(lambda: HALF + HALF)


def test_the_smallest_small_integer_is_minus_2_to_the_30():
    assert not allocates(lambda: -HALF - HALF)
    assert allocates(lambda: -HALF - HALF - 1)


def test_a_float_allocates_and_an_integer_quotient_does_not():
    assert allocates(lambda: HALF / 3)
    assert not allocates(lambda: HALF // 3)


def test_a_list_allocates_when_it_grows():
    values = []
    assert allocates(lambda: values.extend(range(100)))
