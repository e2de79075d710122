"""Sessions in words, for people: local time, durations, shares, and what a journal notes."""

from pulseblock_tools.store.details import Note
from pulseblock_tools.store.plain import moment

TIME_UNKNOWN = "time unknown"

_NOTES = {
    "LowBattery": "battery low: {millivolts} mV, {percent} %",
    "Lost": "flash full or failing: {records} records lost, {reps} of them reps",
    "Torn": "a power cut left {length} bytes unfinished",
    "Clock": "clock set",
    "Diagnostics": "at most {lateness_ms} ms late, {samples_lost} samples lost{battery}",
}


def local(utc_ms: int | None, form: str = "%Y-%m-%d %H:%M") -> str:
    """Return a time as the wearer's clock shows it, or that it is unknown."""
    at = moment(utc_ms)
    return TIME_UNKNOWN if at is None else at.astimezone().strftime(form)


def clock_of(start_utc_ms: int | None, after_ms: int) -> str:
    """Return the time of day *after_ms* after a session's start, or if that is unknown how long after it."""
    if start_utc_ms is None:
        return f"+{duration(after_ms)}"
    return local(start_utc_ms + after_ms, "%H:%M:%S")


def duration(ms: int) -> str:
    """Return a duration as ``m:ss``, or ``h:mm:ss`` from an hour on."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def ending(ended_by: str) -> str:
    """Return how a session ended."""
    return "cut short by a computer" if ended_by == "interrupted" else f"ended by {ended_by}"


def share(part: int, whole: int) -> str:
    """Return *part* and what share of *whole* it is."""
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "-"


def sentence(note: Note) -> str:
    """Return what a journal notes beside sets and reps."""
    if note.kind == "Error":
        return (
            "works again"
            if note.fields["code"] == "ok"
            else f"error: {note.fields['code']} ({note.fields['detail']})"
        )
    battery_pct = note.fields.get("battery_pct")  # no part of what older tools stored
    battery = "" if battery_pct is None else f", battery {battery_pct} %"
    return _NOTES[note.kind].format(**note.fields, battery=battery)
