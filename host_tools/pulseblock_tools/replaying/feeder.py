"""The counting core over a row of samples.  This file runs on CPython and on MicroPython alike."""

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

TYPE_CHECKING = False  # MicroPython has no typing to import it from
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REP = events.REP
SET_END = events.SET_END


def reports(values: dict[str, int], samples: "Iterable[tuple[int, ...]]") -> "Iterator[tuple[int, ...]]":
    """Yield what the core reports, as tuples of whole numbers that begin with the event.

    `values` are settings by name; `samples` gives (ticks, cN, and three times Q2.13 g).  After REP and the
    number of the sample come start, peak and end in ticks, the force at the peak in cN and the bits of the
    faults; after SET_END and the sample come the set's reps, its good reps and its rhythm in per cent.
    """
    settings = Settings()
    settings.update(values)
    counter = Counter(settings)
    number = 0
    for number, sample in enumerate(samples):
        event = counter.sample(*sample)
        if event:
            yield from _report(counter, event, number)
    event = counter.finish()
    while event:
        yield from _report(counter, event, number)
        event = counter.finish()


def _report(counter: Counter, event: int, number: int) -> "Iterator[tuple[int, ...]]":
    if event == REP:
        rep = counter.rep
        yield event, number, rep.start_ms, rep.peak_ms, rep.end_ms, rep.peak_cn, rep.faults
    elif event == SET_END:
        rounds = counter.rounds
        yield event, number, rounds.set_count, rounds.set_good, rounds.rhythm_pct
