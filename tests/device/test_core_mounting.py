"""An accelerometer mounted askew: supine is where calibration says, and so is ready."""

from wearer import Wearer, named

from pulseblock.core.counter import Counter
from pulseblock.core.settings import Settings


def is_ready(sagittal_deg, frontal_deg, **mounting):
    """Whether a block held still, its accelerometer showing these tilts, is ready."""
    wearer = Wearer().rest(2500, sagittal_deg=sagittal_deg, frontal_deg=frontal_deg)
    return "ready" in named(wearer.play(Counter(Settings(**mounting))))


def test_ready_ends_at_35_degrees_from_the_accelerometers_level():
    assert is_ready(33, 0)
    assert is_ready(0, -33)
    assert not is_ready(37, 0)
    assert not is_ready(0, -37)


def test_the_mounting_moves_supine_with_it():
    assert is_ready(53, 0, mount_pitch_cdeg=2000)
    assert not is_ready(57, 0, mount_pitch_cdeg=2000)
    assert is_ready(-13, 0, mount_pitch_cdeg=2000)
    assert not is_ready(-17, 0, mount_pitch_cdeg=2000)
    assert is_ready(0, 43, mount_roll_cdeg=1000)
    assert not is_ready(0, -27, mount_roll_cdeg=1000)


def test_both_ways_at_once():
    mounting = {"mount_pitch_cdeg": -800, "mount_roll_cdeg": 800}
    assert is_ready(-40, 8, **mounting)
    assert not is_ready(-46, 8, **mounting)
    assert is_ready(24, 8, **mounting)
    assert not is_ready(30, 8, **mounting)


def test_upside_down_is_never_ready():
    assert not is_ready(180, 0)
    assert not is_ready(180, 0, mount_pitch_cdeg=4500)


def test_the_counter_tells_how_the_block_lay_when_ready():
    counter = Counter(Settings())
    Wearer().rest(2500, sagittal_deg=12, frontal_deg=-7).play(counter)
    assert abs(counter.pitch_cdeg - 1200) < 30
    assert abs(counter.roll_cdeg + 700) < 30
