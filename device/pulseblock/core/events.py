"""What the counter can say after a sample, and the words for it.

Events are plain integers, at most one a sample; what belongs to an event is read from the counter.
"""

from micropython import const

NONE = const(0)
READY = const(1)  # the block is between the knees, level, still and held: presses count from now on
NOT_READY = const(2)  # the block left the ready posture
PRESS = const(3)  # what looks like a press began; one without a verdict was none
CUE = const(4)  # `Counter.cue` holds the fault whose limit was just crossed, the press still going on
JUDGED = const(5)  # the press returned: `Counter.rep.faults` holds the verdict so far
AMENDED = const(6)  # `Counter.cue` holds a fault that the last of the return added
REP = const(7)  # `Counter.rep` is final
SET_END = const(8)  # `Counter.set_count`, `set_good` and `rhythm_pct` describe the set
SESSION_END = const(9)
ERROR = const(10)  # `Counter.error` says which sensor fails, and how
RECOVERED = const(11)  # no error any more

EVENTS = (
    "none",
    "ready",
    "not_ready",
    "press",
    "cue",
    "judged",
    "amended",
    "rep",
    "set_end",
    "session_end",
    "error",
    "recovered",
)

# Fault bits of a verdict; 0 is a good rep.
GRIP = const(1)
PELVIS = const(2)
ASYMMETRY = const(4)
UNSTABLE = const(8)
RUSHED = const(16)
PASSIVE = const(32)
CONTACT = const(64)

FAULTS = ("grip", "pelvis", "asymmetry", "unstable", "rushed", "passive", "contact")

# Error codes.
OK = const(0)
FORCE_SATURATED = const(1)
ACCELERATION_STUCK = const(2)
ACCELERATION_SATURATED = const(3)
ACCELERATION_ABSENT = const(4)
SAMPLES_MISSING = const(5)

ERRORS = (
    "ok",
    "force sensor saturated",
    "accelerometer stuck",
    "accelerometer saturated",
    "accelerometer absent",
    "samples missing",
)

UNKNOWN = const(-1000)  # a share that the evidence does not give


def fault_names(faults):
    """Return the names of the fault bits set in `faults`, in the order of `FAULTS`."""
    return [name for bit, name in enumerate(FAULTS) if faults >> bit & 1]
