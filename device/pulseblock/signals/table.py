"""The table of signals in words, made from the patterns themselves so that it cannot lie.

For documentation and the tools; the firmware does not import it.
"""

from pulseblock.signals import patterns

# When each signal is given, by its number; the names are in ``patterns.NAMES``.
_MEANINGS = {
    patterns.WAITING: "on, and waiting for the block to be between the knees, level, still and held",
    patterns.PRESSING: "ready or pressing: the light follows the press and is full at the reference press",
    patterns.READY: "the set can begin",
    patterns.GOOD: "a good rep",
    patterns.FAULT + 0: "the force did not return to the hold, or the knees gripped",
    patterns.FAULT + 1: "the pelvis tilted",
    patterns.FAULT + 2: "one hip led",
    patterns.FAULT + 3: "the base was lost: a jolt",
    patterns.FAULT + 4: "press and return were too fast",
    patterns.FAULT + 5: "the press was too weak",
    patterns.FAULT + 6: "the knees left the block",
    patterns.SET_END: "the set is over",
    patterns.SESSION_END: "the session is over",
    patterns.VOID: "the last rep was struck off by a long press of the button",
    patterns.LOW_BATTERY: "the battery is nearly empty",
    patterns.ERROR: "something is wrong with the block; counting goes on if it can",
    patterns.TICK: "the metronome of a program; a grip was counted while calibrating",
    patterns.COUNTDOWN: "the rest between two sets is over in three, two, one",
    patterns.GO: "the rest is over: the next set of the program",
    patterns.LAST_REP: "one more good rep, and the set of the program is done",
    patterns.ALL_DONE: "the program is done",
    patterns.CALIBRATE: "calibration begins: hold the block ready, then do six good presses",
    patterns.GRIP_NOW: "six presses by closing the knees alone, or a short press of the button for none",
    patterns.CALIBRATED: "the block knows the wearer's presses from now on",
    patterns.REFUSED: "the calibration is of no use, or found no room on the flash; nothing was changed",
}

_COLOURS = {
    patterns.RED: "red",
    patterns.ORANGE: "orange",
    patterns.YELLOW: "yellow",
    patterns.GREEN: "green",
    patterns.CYAN: "cyan",
    patterns.BLUE: "blue",
    patterns.VIOLET: "violet",
    patterns.MAGENTA: "magenta",
    patterns.WHITE: "white",
    patterns.DIM_CYAN: "dim cyan",
    patterns.DIM_WHITE: "dim white",
}

_PITCHES = {patterns.LOW: "low", patterns.MID: "middle", patterns.HIGH: "high"}


def rows():
    """Every signal but the cues, as a list of (name, meaning, light, sound), all text.

    The cue of a fault is not a row: it is the fault's own signal at twice the speed, an octave higher.
    """
    return [
        (patterns.NAMES[signal], _MEANINGS[signal], light_in_words(signal), sound_in_words(signal))
        for signal in range(1, len(patterns.NAMES))
    ]


def light_in_words(signal):
    """What the light does: colour, and the flashes' lengths with the gaps between them in ms."""
    if signal == patterns.PRESSING:
        return "white, as bright as the press is strong"
    flashes = _runs(signal, 1)
    colour = " and ".join(_unique(_COLOURS[value] for _, value in flashes if value))
    lengths = " ".join(("%d" if value else "(%d)") % ms for ms, value in flashes)
    return "%s: %s ms%s" % (colour, lengths, ", repeated" if signal == patterns.WAITING else "")


def sound_in_words(signal):
    """What the buzzer does: the pitch and the length of each note, and the gaps between them in ms."""
    notes = _runs(signal, 2)
    if not any(hz for _, hz in notes):
        return "silent"
    while not notes[-1][1]:
        notes.pop()
    return " ".join("%s %d" % (_PITCHES[hz], ms) if hz else "(%d)" % ms for ms, hz in notes) + " ms"


def _runs(signal, column):
    """The pattern as (ms, value) of one of its outputs, neighbours of the same value joined."""
    steps = patterns.STEPS[signal]
    runs = []
    for i in range(0, len(steps), 3):
        ms, value = steps[i], steps[i + column]
        if runs and runs[-1][1] == value:
            ms += runs.pop()[0]
        runs.append((ms, value))
    return runs


def _unique(words):
    seen = []
    for word in words:
        if word not in seen:
            seen.append(word)
    return seen
