"""Every signal as data: what is shown and sounded, for how long, and what may interrupt what.

A pattern is a flat tuple of steps, three integers each: duration (ms), colour (0xRRGGBB, levels as the eye
counts them: the light's driver applies the gamma), tone (Hz, 0 is silence).  One-shot patterns end dark and
silent; the loop, `WAITING`, starts again at its end.

The wearer lies on their back and does not see the block; others do not tell red from green; a buzzer may
be muted.  So each signal has its own rhythm, the light keeps the rhythm of the sound, and colour or pitch
only add to it.  The shapes are meant to be guessed: a grip drones on, a pelvis sags, one hip pulls the
tune to one side, a jolt rattles, a rushed press scurries, a passive one hardly ticks, lost knees call twice.

Verdicts last at most `VERDICT_MS`: shorter than the rest between two presses, even at a brisk tempo.
"""

from micropython import const

VERDICT_MS = const(600)

# A signal is one of these integers; telemetry sends them, so they keep their value from version to version.
NONE = const(0)
WAITING = const(1)
PRESSING = const(2)
READY = const(3)
GOOD = const(4)
FAULT = const(5)  # the first of seven, in the order of the fault bits: FAULT + 0 is grip, + 6 contact
SET_END = const(12)
SESSION_END = const(13)
VOID = const(14)
LOW_BATTERY = const(15)
ERROR = const(16)
TICK = const(17)
COUNTDOWN = const(18)
GO = const(19)
LAST_REP = const(20)
ALL_DONE = const(21)
CALIBRATE = const(22)
GRIP_NOW = const(23)
CALIBRATED = const(24)
REFUSED = const(25)

CUE = const(32)  # CUE | (FAULT + n): that fault, said while the press is still going on

NAMES = (
    "none",
    "waiting",
    "pressing",
    "ready",
    "good",
    "grip",
    "pelvis",
    "asymmetry",
    "unstable",
    "rushed",
    "passive",
    "contact",
    "set finished",
    "session finished",
    "rep voided",
    "low battery",
    "error",
    "tick",
    "countdown",
    "go",
    "last rep",
    "program finished",
    "calibration",
    "now grip",
    "calibrated",
    "calibration refused",
)

# Of two signals that want the outputs at once the higher rank has them, and of equals the newer.
RANKS = bytes((0, 0, 0, 1, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 3, 1, 4, 1, 1, 2, 2, 2, 2, 2, 2, 2))

# When a rep has several faults its signal is that of the first one here: what the wearer must mend first.
PRECEDENCE = (6, 3, 1, 2, 0, 4, 5)

RED = const(0xFF0000)
ORANGE = const(0xFF4800)
YELLOW = const(0xFFB000)
GREEN = const(0x00FF00)
CYAN = const(0x00C0C0)
BLUE = const(0x0020FF)
VIOLET = const(0x6000FF)
MAGENTA = const(0xFF0080)
WHITE = const(0xFFFFFF)
DIM_CYAN = const(0x005050)
DIM_WHITE = const(0x505050)
DARK = const(0)

# More than a minor seventh apart, and all, an octave up too, where a small piezo is loud.
LOW = const(660)
MID = const(1175)
HIGH = const(2093)

_WAITING = (60, DIM_WHITE, 0, 2940, DARK, 0)
_READY = (120, GREEN, LOW, 60, DARK, 0, 120, GREEN, MID, 60, DARK, 0, 300, GREEN, HIGH)
_GOOD = (80, GREEN, HIGH, 160, GREEN, 0)
_GRIP = (560, MAGENTA, LOW)
_PELVIS = (120, ORANGE, HIGH, 120, DARK, 0, 320, ORANGE, LOW)
_ASYMMETRY = (320, BLUE, LOW, 120, DARK, 0, 120, BLUE, HIGH)
_UNSTABLE = (
    (40, WHITE, MID, 40, DARK, 0, 40, WHITE, MID, 40, DARK, 0)
    + (40, WHITE, MID, 40, DARK, 0, 40, WHITE, MID, 40, DARK, 0)
    + (40, WHITE, MID, 40, DARK, 0, 40, WHITE, MID)
)
_RUSHED = (60, YELLOW, LOW, 60, DARK, 0, 60, YELLOW, MID, 60, DARK, 0, 60, YELLOW, HIGH)
_PASSIVE = (100, DIM_CYAN, LOW, 300, DARK, 0, 100, DIM_CYAN, LOW)
_CONTACT = (220, RED, HIGH, 140, DARK, 0, 220, RED, HIGH)
_SET_END = (120, CYAN, HIGH, 120, DARK, 0, 120, CYAN, MID, 120, DARK, 0, 600, CYAN, HIGH)
_SESSION_END = (400, CYAN, HIGH, 100, DARK, 0, 400, CYAN, MID, 100, DARK, 0, 800, CYAN, LOW)
_VOID = (60, VIOLET, MID, 120, DARK, 0, 60, VIOLET, LOW, 120, DARK, 0, 240, VIOLET, LOW)
_LOW_BATTERY = (200, ORANGE, MID, 400, DARK, 0, 200, ORANGE, MID, 400, DARK, 0, 200, ORANGE, LOW)
_ERROR = (300, RED, LOW, 100, DARK, 0, 300, RED, LOW, 100, DARK, 0, 300, RED, LOW)
_TICK = (100, DIM_WHITE, MID)
_COUNTDOWN = (120, CYAN, LOW)
_GO = (700, GREEN, MID)
_LAST_REP = (80, YELLOW, HIGH, 80, DARK, 0, 240, YELLOW, HIGH)
_ALL_DONE = (
    (120, GREEN, LOW, 80, DARK, 0, 120, GREEN, MID, 80, DARK, 0, 400, GREEN, HIGH, 120, DARK, 0)
    + (120, GREEN, MID, 80, DARK, 0, 800, GREEN, HIGH)
)  # fmt: skip
_CALIBRATE = (300, VIOLET, LOW, 300, DARK, 0, 300, VIOLET, MID, 300, DARK, 0, 300, VIOLET, HIGH)
_GRIP_NOW = (200, MAGENTA, LOW, 200, DARK, 0, 1000, MAGENTA, LOW)
_CALIBRATED = (100, VIOLET, MID, 100, DARK, 0, 100, VIOLET, MID, 300, DARK, 0, 900, VIOLET, HIGH)
_REFUSED = (800, RED, MID, 200, DARK, 0, 800, RED, LOW)

STEPS = (
    (),
    _WAITING,
    (),  # pressing is a meter, not a pattern: the player makes its light from the press
    _READY,
    _GOOD,
    _GRIP,
    _PELVIS,
    _ASYMMETRY,
    _UNSTABLE,
    _RUSHED,
    _PASSIVE,
    _CONTACT,
    _SET_END,
    _SESSION_END,
    _VOID,
    _LOW_BATTERY,
    _ERROR,
    _TICK,
    _COUNTDOWN,
    _GO,
    _LAST_REP,
    _ALL_DONE,
    _CALIBRATE,
    _GRIP_NOW,
    _CALIBRATED,
    _REFUSED,
)


def verdict(faults):
    """Signal of a rep's verdict: ``faults`` is the bit mask of its faults, 0 for a good rep."""
    if not faults:
        return GOOD
    for bit in PRECEDENCE:
        if faults >> bit & 1:
            return FAULT + bit
    raise ValueError("faults: no such bit in %d" % faults)


def cue(faults):
    """Signal of a fault seen while the press is on: the verdict's shape, twice as fast, an octave higher."""
    return CUE | verdict(faults)


def duration_ms(signal):
    """How long a one-shot lasts, or one turn of a loop; 0 for `NONE` and `PRESSING`."""
    steps = STEPS[signal & ~CUE]
    total = 0
    for i in range(0, len(steps), 3):
        total += steps[i]
    return total >> 1 if signal & CUE else total


def name(signal):
    """The signal's name; a cue has the name of its fault."""
    return NAMES[signal & ~CUE]
