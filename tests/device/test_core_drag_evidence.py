"""What is evidence of a drag, or of its lack: reps made up by their measures, no samples."""

from pulseblock.core import calibration as c
from pulseblock.core.calibration import Calibration
from pulseblock.core.rep import Rep
from pulseblock.core.reps import Reps
from pulseblock.core.settings import Settings
from pulseblock.core.travel import Travel

PRESSES_UM = (6800, 7400, 7000, 6600, 7200, 7000)
GRIPS_UM = (200, -300, 100, 400, -100, 300)


def drag(y_um, ug_per_mm=300, reference_cn=5000):
    """A rep of this caudal drag, every mm of which shows that acceleration."""
    rep = Rep()
    rep.peak_cn, rep.hold_cn, rep.reference_cn = 6500, 1500, reference_cn
    rep.drag_y_um, rep.drag_ug_per_mm = y_um, ug_per_mm
    return rep


def kept(drags):
    reps = Reps()
    for rep in drags:
        reps.add(rep, True)
    reps.measure_by(5000)
    return reps


def calibrated(presses, grips):
    calibration = Calibration(Settings())
    for rep in presses:
        calibration.presses.add(rep, True)
    for rep in grips:
        calibration.grips.add(rep, True)
    calibration.phase = c.PRESSES
    calibration.finish()
    return calibration


def near(value, expected, tolerance):
    assert abs(value - expected) <= tolerance, (value, expected)


def test_drags_that_show_alike_count_alike():
    reps = kept([drag(y) for y in PRESSES_UM])
    assert reps.mean_y == 7000
    assert reps.squares_y == sum([((y - 7000) >> 3) ** 2 for y in PRESSES_UM])


def test_to_show_more_than_the_median_counts_no_more():
    assert kept([drag(7000), drag(7000), drag(8500, 3000)]).mean_y == 7500


def test_a_drag_that_hardly_shows_hardly_counts():
    reps = kept([drag(y) for y in PRESSES_UM] + [drag(24000, 30)])
    near(reps.mean_y, 7000, 50)
    usual = Travel(7000, 0, 1000, 1000)
    mean, variance = reps.shares(usual)
    near(mean, 100, 1)
    assert variance < 10 * 10 * 6


def test_a_drag_in_another_reference_is_weighed_in_the_wearers():
    # twice the reference is half the share of it: the same press, the same evidence of it
    reps = kept([drag(7000), drag(3500, 600, 2500), drag(14000, 150, 10000)])
    assert (reps.mean_y, reps.squares_y, reps.ug_per_mm()) == (7000, 0, 300)


def test_one_slow_press_and_one_slow_grip_leave_a_wearer_told_apart():
    found = calibrated(
        [drag(y) for y in PRESSES_UM[:5]] + [drag(24000, 40)],
        [drag(y) for y in GRIPS_UM[:5]] + [drag(12000, 40)],
    )
    assert found.drag == c.TOLD_APART
    near(found.drag_y_um, 7000, 300)
    assert found.separation_pct > 500
