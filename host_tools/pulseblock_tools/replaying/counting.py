"""The counting core over a trace in this process, for those who look on from sample to sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pulseblock.core.counter import Counter
from pulseblock.core.events import NONE
from pulseblock.core.settings import Settings
from pulseblock_tools.replaying.ticks import Ticks
from pulseblock_tools.traces.resampling import resample
from pulseblock_tools.traces.trace import Trace


class Counting:
    """One counter and the samples of one trace; ``counter`` can be read at every step."""

    def __init__(self, trace: Trace, settings: Mapping[str, int]) -> None:
        """*settings* and what is raised are as of ``replay()``."""
        self.samples = resample(trace, settings.get("rate_hz"))
        self.settings = Settings()
        self.settings.update({**settings, "rate_hz": self.samples.rate_hz})
        if self.samples.force_only:
            self.settings.set("force_only", 1)
        self.ticks = Ticks(self.samples.t_ms)
        self.counter = Counter(self.settings)

    def steps(self) -> Iterator[tuple[int, int]]:
        """Yield for every sample its number and the event that it brought, then those of the end."""
        samples, counter = self.samples, self.counter
        rows = zip(self.ticks, samples.force_cn, samples.ax, samples.ay, samples.az, strict=True)
        for number, row in enumerate(rows):
            yield number, counter.sample(*row)
        while (event := counter.finish()) != NONE:
            yield len(samples) - 1, event

    def events(self) -> Iterator[tuple[int, int]]:
        """Yield the number of the sample and the event, where there is one."""
        return ((number, event) for number, event in self.steps() if event != NONE)
