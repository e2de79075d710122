"""A session to count, the same for all: ready, presses, the end of the set."""

from wearer import Wearer

RATE_HZ = 104
PRESSES = 8


def _made():
    wearer = Wearer(rate_hz=RATE_HZ).ready()
    for _ in range(PRESSES):
        wearer.press(drag_mg=lambda u: 20 if u < 0.2 else -20 if u < 0.4 else 0).rest(600)
    return wearer.rest(2000).samples


samples = _made()  # t_ms, force, x, y, z of each, one after another
count = len(samples) // 5
