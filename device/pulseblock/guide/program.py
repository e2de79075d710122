"""A program: how many good reps, in how many sets, with how much rest, and how fast."""

# name: (default, lowest, highest, meaning)
_TABLE = {
    "reps": (10, 1, 100, "good reps a set"),
    "sets": (3, 1, 20, "sets"),
    "rest_s": (45, 10, 600, "rest between sets"),
    "tempo_ms": (2500, 1000, 20000, "from one press to the next"),
    "metronome": (0, 0, 1, "1: a tick for every press"),
}

PRESETS = {
    "warm-up": {"reps": 10, "sets": 2, "rest_s": 30, "tempo_ms": 2000, "metronome": 0},
    "strength": {"reps": 8, "sets": 3, "rest_s": 60, "tempo_ms": 3500, "metronome": 0},
}


class Program:
    """The values of one program, each an attribute."""

    def __init__(self, **values):
        """`values` by name, the others at their defaults; ValueError, with its range, for a wrong one."""
        for name in values:
            if name not in _TABLE:
                raise ValueError("{}: a program has no such value".format(name))
        self.reps = self.sets = self.rest_s = self.tempo_ms = self.metronome = 0
        for name, (default, low, high, _) in _TABLE.items():
            value = values.get(name, default)
            if type(value) is not int or not low <= value <= high:
                raise ValueError("{}: {!r} is no whole number from {} to {}".format(name, value, low, high))
            setattr(self, name, value)

    def as_dict(self):
        """Return all values by name."""
        return {name: getattr(self, name) for name in _TABLE}

    @staticmethod
    def names():
        """Return the names of all values, in the order in which people say them."""
        return ("reps", "sets", "rest_s", "tempo_ms", "metronome")

    @staticmethod
    def describe(name):
        """Return (default, lowest, highest, meaning) of one value."""
        return _TABLE[name]
