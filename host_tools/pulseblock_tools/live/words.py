"""Codes and numbers of the firmware in words, taken from the firmware itself."""

import math
from datetime import timedelta

from pulseblock.core.events import ERRORS, FAULTS
from pulseblock.journal.record import FIRMWARE_ERRORS, JOURNAL_FULL
from pulseblock.signals import patterns, table

_MEANINGS = {name: meaning for name, meaning, _, _ in table.rows()}
_NOTES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_A4_HZ = 440
_A4 = 57  # half-tones above C0


def verdict_in_words(faults: int) -> str:
    """Return "good", or what was wrong, the fault to mend first at the beginning."""
    return "; ".join(f"{name}: {_MEANINGS[name]}" for name in _by_precedence(faults)) or "good"


def faults_in_short(faults: int) -> str:
    """Return the faults' names alone, or "good"."""
    return " + ".join(_by_precedence(faults)) or "good"


def first_fault(faults: int) -> str:
    """Return the name of the fault to mend first, of at least one."""
    return _by_precedence(faults)[0]


def meaning_in_words(faults: int) -> str:
    """Return what was wrong with a rep of at least one fault, without the faults' names."""
    return "; ".join(_MEANINGS[name] for name in _by_precedence(faults))


def signal_in_words(signal: int) -> str:
    """Return the name of what the light and the buzzer say."""
    if signal & ~patterns.CUE >= len(patterns.NAMES):
        return f"signal {signal}"
    name: str = patterns.name(signal)
    return f"cue: {name}" if signal & patterns.CUE else name


def note_in_words(hz: int) -> str:
    """Return a tone as the nearest note and its frequency; "silent" for 0."""
    if not hz:
        return "silent"
    half_tones = round(_A4 + 12 * math.log2(hz / _A4_HZ))
    return f"{_NOTES[half_tones % 12]}{half_tones // 12}  {hz} Hz"


def error_in_words(code: int) -> str:
    """Return what an error code of the journal or the telemetry means."""
    own = code - JOURNAL_FULL
    names, number = (ERRORS, code) if own < 0 else (FIRMWARE_ERRORS, own)
    return str(names[number]) if number < len(names) else f"error {code}"


def clock(ms: int) -> str:
    """Return a time as minutes, seconds and tenths: "1:02.3"."""
    minutes, rest = divmod(timedelta(milliseconds=ms), timedelta(minutes=1))
    return f"{minutes}:{rest.total_seconds():04.1f}"


def _by_precedence(faults: int) -> list[str]:
    return [FAULTS[bit] for bit in patterns.PRECEDENCE if faults >> bit & 1]
