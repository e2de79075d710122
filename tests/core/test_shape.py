"""A shape against numpy's interpolation of the same force, at any rate, over any rep."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pulseblock.core.shape import LONGEST_MS, POINTS, Shape
from pulseblock.core.stream import Stream

WRAP = 1 << 30


@settings(max_examples=200, deadline=None)
@given(
    forces=st.lists(st.integers(0, 65535), min_size=1, max_size=60),
    repeated=st.integers(1, 40),
    rate_hz=st.integers(50, 200),
    begin_ms=st.integers(0, WRAP - 1),
    ago_ms=st.integers(0, 8000),
    whole_ms=st.integers(-100, 8000),
)
def test_a_shape_is_the_force_at_even_times(forces, repeated, rate_hz, begin_ms, ago_ms, whole_ms):
    stream = Stream(rate_hz)
    shape = Shape(stream.steps, stream.step_ms_q8)
    forces *= repeated
    step_ms = stream.step_ms_q8 / 256
    for force in forces:
        shape.put(force)
    now_ms = begin_ms + round((len(forces) - 1) * step_ms)
    points = [-1] * POINTS
    start_ms = now_ms - ago_ms
    told = shape.read(now_ms % WRAP, start_ms % WRAP, (start_ms + whole_ms) % WRAP, points)
    held_ms = min((len(forces) - 2) * step_ms, LONGEST_MS + 20)
    if 0 <= whole_ms <= ago_ms <= min(held_ms - 1, LONGEST_MS):
        assert told
    elif not 0 <= whole_ms <= ago_ms <= held_ms + 20:
        assert not told
    if not told:
        assert points == [-1] * POINTS
        return
    steps_ago = (ago_ms - np.floor(whole_ms * np.arange(POINTS) / (POINTS - 1))) / step_ms
    at = len(forces) - 1 - steps_ago
    expected = np.interp(at, np.arange(len(forces)), forces)
    # the place between two steps is known to a 256th of their distance, and rounded as the forces are
    between = np.abs(np.diff(forces, prepend=forces[0], append=forces[-1]))
    steepest = max(between[int(i)] + between[int(i) + 1] + between[max(int(i) - 1, 0)] for i in at)
    assert np.abs(np.array(points) - expected).max() <= steepest / 100 + 1
    assert all(min(forces) <= point <= max(forces) for point in points)
