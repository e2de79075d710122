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


def test_what_noise_makes_of_the_grips_says_what_is_evidence():
    quiet = calibrated([drag(y) for y in PRESSES_UM], [drag(y) for y in GRIPS_UM])
    rough = calibrated([drag(y) for y in PRESSES_UM], [drag(6 * y) for y in GRIPS_UM])
    assert (quiet.drag, rough.drag) == (c.TOLD_APART, c.TOLD_APART)
    assert 400 < quiet.evidence_ug < 500  # hardly more than if there were no noise at all in six grips
    assert rough.evidence_ug > 2 * quiet.evidence_ug


def test_how_unlike_the_presses_are_does_not_change_what_noise_is():
    even = calibrated([drag(y) for y in PRESSES_UM], [drag(y) for y in GRIPS_UM])
    uneven = calibrated([drag(7000 + 4 * (y - 7000)) for y in PRESSES_UM], [drag(y) for y in GRIPS_UM])
    assert uneven.separation_pct < even.separation_pct
    assert uneven.evidence_ug == even.evidence_ug


def test_a_wearer_whose_drag_is_less_than_evidence_is_told_so():
    for ug_per_mm, said in ((80, c.TOLD_APART), (50, c.FAINT)):
        found = calibrated([drag(y, ug_per_mm) for y in PRESSES_UM], [drag(y, ug_per_mm) for y in GRIPS_UM])
        assert found.drag == said, ug_per_mm
    assert found.result()["drag_y_um"] == 0


def test_a_drag_stands_apart_from_none_or_from_the_usual_one():
    usual = Travel(6000, 0, 600, 300)
    for share, contrast_ug in ((0, 600), (100, 600), (50, 300), (30, 420), (-40, 840), (130, 780)):
        assert usual.contrast_ug(share, 100) == contrast_ug, share
    assert usual.contrast_ug(0, 50) == 300
    assert usual.contrast_ug(0, 0) == 0
