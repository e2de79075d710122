"""What the faults' names mean, in the firmware's own words."""

import functools

from pulseblock.core.events import FAULTS
from pulseblock.signals import table


@functools.cache
def fault_meanings() -> dict[str, str]:
    """Each fault's name and what was wrong, in the order of the fault bits."""
    said = {name: meaning for name, meaning, _light, _sound in table.rows()}
    return {name: said[name] for name in FAULTS}
