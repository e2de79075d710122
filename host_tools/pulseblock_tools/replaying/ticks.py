"""Between a trace's clock, which may start anywhere and run for ever, and the core's ticks, which wrap."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

_WRAP = 1 << 30  # ticks are milliseconds, 0..2^30-1

# The core tells earlier from later up to half a wrap.  A longer jump is told to it as this one of three
# days, which ends every session just as well.
MAX_JUMP_MS = 1 << 28


class Ticks:
    """The ticks of a trace's samples, and the way back."""

    def __init__(self, t_ms: Sequence[int]) -> None:
        """*t_ms* are the samples' rising times in the trace's clock, at least one."""
        self._t_ms = t_ms
        jumps = (min(later - earlier, MAX_JUMP_MS) for earlier, later in pairwise(t_ms))
        self._counts = array("q", accumulate(jumps, initial=0))

    def __iter__(self) -> Iterator[int]:
        return (count % _WRAP for count in self._counts)

    def in_trace_ms(self, ticks: int, seen_at: int) -> int:
        """Return the trace's time of *ticks* that the core gave after the sample number *seen_at*."""
        count = self._counts[seen_at] - (self._counts[seen_at] - ticks) % _WRAP
        sample = max(bisect_right(self._counts, count) - 1, 0)
        return self._t_ms[sample] + count - self._counts[sample]
