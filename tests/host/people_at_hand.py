"""A few simulated people in a directory, as labelled traces: made once, copied for each test."""

import functools
import tempfile
from pathlib import Path

from pulseblock_tools.simulator import traces
from pulseblock_tools.simulator.cohort import Cohort

PEOPLE = Cohort(people=3, sessions=1, seed=12, rates_hz=(50,))


@functools.cache
def people() -> Path:
    """The directory; nobody writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="people-"))
    for name, trace in PEOPLE.traces():
        traces.write(trace, folder / f"{name}.csv")
    return folder
