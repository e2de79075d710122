"""No allocation per sample, and no big integer: a whole trace runs with the heap locked."""

from wearer import Wearer, bump

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings

RUNTIMES = ("cpython", "micropython", "installed")

try:
    from micropython import heap_lock, heap_unlock
except ImportError:  # CPython has no such lock; there the same trace proves the count

    def heap_lock():
        pass

    def heap_unlock():
        pass


def eventful(rate_hz):
    """A session with every fault, handling and a wrapping clock."""
    wearer = Wearer(rate_hz=rate_hz, start_ms=(1 << 30) - 9000).ready()
    wearer.press().rest(400).press(1500).rest(400).press(rise_ms=130, top_ms=30, fall_ms=130).rest(400)
    wearer.press(sagittal_deg=bump(9), frontal_deg=bump(9)).rest(400)
    wearer.press(jolt_mg=lambda u: 350 if 0.3 < u < 0.5 else 0, drag_mg=30).rest(400)
    wearer.press(to_cn=4500).act(600, 4500).rest(400).press(top_ms=6000).rest(400)
    wearer.press(to_cn=0).let_go(500).rest(6500).press().rest(600).take_out()
    return wearer


def count_locked(counter, samples):
    """Feed samples with the heap locked; return the number of reps."""
    count = 0
    heap_lock()
    try:
        for i in range(0, len(samples), 5):
            event = counter.sample(samples[i], samples[i + 1], samples[i + 2], samples[i + 3], samples[i + 4])
            if event == events.REP:
                count += 1
    finally:
        heap_unlock()
    return count


def test_a_whole_session_needs_no_memory():
    for rate in (50, 100, 104, 200):
        counter = Counter(Settings(rate_hz=rate))
        assert count_locked(counter, eventful(rate).samples) == 9


def test_nor_with_calibration_and_full_scale_readings():
    wearer = eventful(100)
    for i in range(0, len(wearer.samples), 5):
        if i % 7 == 0:
            wearer.samples[i + 1] = 65535 if i % 2 else 0
            for axis in (2, 3, 4):
                wearer.samples[i + axis] = 32767 if (i + axis) % 2 else -32768
    counter = Counter(Settings(reference_cn=800, drag_y_um=32767, drag_z_um=-32767, drag_evidence_ug=100))
    count_locked(counter, wearer.samples)


def test_nor_when_samples_go_missing():
    wearer = eventful(100)
    kept = [i for i in range(0, len(wearer.samples), 5) if i % 1500 > 200]
    samples = type(wearer.samples)("i")
    for i in kept:
        for j in range(5):
            samples.append(wearer.samples[i + j])
    count_locked(Counter(Settings()), samples)
