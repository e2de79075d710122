"""Movements that are easily taken for what they are not: each by a wearer who does just that."""

from wearer import Wearer, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RATES = (50, 104, 200)


def faults(wearer, **settings):
    settings.setdefault("rate_hz", wearer.rate_hz)
    played = wearer.play(Counter(Settings(**settings)))
    return [events.fault_names(rep["faults"]) for rep in reps(played)]


def test_the_noise_of_a_force_sensor_is_known_before_anything_counts():
    # one of two values at a time, as some loggers give, about a force that is rising as the recording begins
    for rate in RATES:
        seed = [1]

        def rough(u):
            seed[0] = seed[0] * 75 % 65537
            return 6000 + 800 * u + (900 if seed[0] > 32768 else -900)

        assert faults(Wearer(rate_hz=rate).act(4000, rough), force_only=1) == [], rate
