"""Many people at once: the traces of a directory, one after the other."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import people, plans, simulate
from .people import Population
from .plans import Mix
from .sensing import Link
from .traces import Trace


@dataclass(frozen=True)
class Cohort:
    """People, each with a calibration and some sessions; ``seed`` stands for all of them."""

    people: int = 3
    sessions: int = 2
    seed: int = 1
    rates_hz: tuple[int, ...] = (100,)
    """Sample rates, dealt out to the people in turn."""
    population: Population = field(default_factory=Population)
    mix: Mix = field(default_factory=Mix)
    link: Link | None = None
    force_only: bool = False

    @property
    def size(self) -> int:
        """How many traces there are."""
        return self.people * (1 + self.sessions)

    def traces(self) -> Iterator[tuple[str, Trace]]:
        """Name (``p00-calibration``, ``p00-s0`` and so on) and trace, person by person."""
        for i in range(self.people):
            seeds = random.Random(f"{self.seed}/cohort/{i}")
            person = people.draw(seeds.getrandbits(48), self.population)
            rate_hz = self.rates_hz[i % len(self.rates_hz)]
            seed = seeds.getrandbits(48)
            yield (
                f"p{i:02d}-calibration",
                simulate.calibration(person, seed, rate_hz, link=self.link, force_only=self.force_only),
            )
            for k in range(self.sessions):
                seed = seeds.getrandbits(48)
                plan = plans.session(seed, self.mix)
                yield (
                    f"p{i:02d}-s{k}",
                    simulate.session(person, plan, seed, rate_hz, link=self.link, force_only=self.force_only),
                )
