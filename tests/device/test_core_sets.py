"""Ready, set and session: when each begins and ends, and what is taken afresh."""

from wearer import Wearer, bump, named, reps

from pulseblock.core import events
from pulseblock.core.counter import Counter
from pulseblock.core.ready import Ready
from pulseblock.core.rounds import Rounds
from pulseblock.core.settings import Settings

RATES = (50, 100, 104, 200)


def play(wearer, **settings):
    settings.setdefault("reference_cn", 5000)
    return wearer.play(Counter(Settings(rate_hz=wearer.rate_hz, **settings)))


def faults(played):
    return [events.fault_names(rep["faults"]) for rep in reps(played)]


def times(played, event):
    return [t for t, got, _, _ in played if got == event]


def begin(rate, **posture):
    return Wearer(rate_hz=rate).rest(2000, **posture).press(**posture).rest(800, **posture)


# ready


def is_ready(rate, force, **posture):
    return events.READY in [
        event for _, event, _, _ in play(Wearer(rate_hz=rate).act(2500, force, **posture))
    ]


def test_ready_takes_a_second_of_stillness():
    for rate in RATES:
        assert 1000 <= times(play(Wearer(rate_hz=rate).rest(2000)), events.READY)[0] <= 1060, rate
        wearer = Wearer(rate_hz=rate).rest(900).rest(300, jolt_mg=300).rest(2000)
        assert 2200 <= times(play(wearer), events.READY)[0] <= 2400, rate


def test_ready_is_held_and_steadily():
    for rate in RATES:
        assert is_ready(rate, 170) and not is_ready(rate, 130), rate
        assert is_ready(rate, lambda u: 500 + 110 * (int(u * 20) % 2)), rate
        assert is_ready(rate, lambda u: 2000 + bump(450)((3 * u) % 1)), rate
        assert not is_ready(rate, lambda u: 2000 + bump(800)((3 * u) % 1)), rate


def test_ready_neither_shakes_nor_turns():
    for rate in RATES:
        assert is_ready(rate, 1500, jolt_mg=40) and not is_ready(rate, 1500, jolt_mg=90), rate
        for tilt in ("sagittal_deg", "frontal_deg"):
            assert is_ready(rate, 1500, **{tilt: lambda u: bump(2)((2 * u) % 1)}), (rate, tilt)
            assert not is_ready(rate, 1500, **{tilt: lambda u: bump(14)((2 * u) % 1)}), (rate, tilt)


class Lying:
    """A posture that is always level."""

    def __init__(self):
        self.x = self.y = 0
        self.z = 8192
        self.jolt = self
        self.size = 0

    def is_level(self):
        return True


def test_hold_and_posture_are_the_means_of_the_second_and_the_next_begins_anew():
    ready = Ready(Settings())
    lying = Lying()
    for start_ms, base in ((0, 1000), (1010, 1400)):
        for ms in range(0, 1010, 10):
            lying.x, lying.y, lying.z = ms // 10, -ms // 5, 8000 + ms // 10
            assert ready.update(start_ms + ms, base + ms // 10, lying) == (ms == 1000)
        assert (ready.hold, ready.x, ready.y, ready.z) == (base + 50, 50, -100, 8050)


# set


def test_a_set_ends_after_five_seconds_without_a_press():
    for rate in RATES:
        for pause_ms, sets in ((4600, 1), (5400, 2)):
            played = play(begin(rate).rest(pause_ms - 800).press().rest(800))
            assert len(times(played, events.SET_END)) == sets, (rate, pause_ms)
        ends = times(play(begin(rate).rest(7000)), events.SET_END)
        assert 8000 <= ends[0] <= 8500, (rate, ends)  # the return ends at 3100, and is known to be over


def test_the_posture_is_the_sets_however_long_its_rests():
    for rate in RATES:
        wearer = begin(rate).press(sagittal_deg=lambda u: 8 * min(1, 2 * u)).rest(3500, sagittal_deg=8)
        wearer.press(sagittal_deg=8).rest(3500, sagittal_deg=8).press(sagittal_deg=8)
        assert faults(play(wearer.rest(500, sagittal_deg=8))) == [[]] + [["pelvis"]] * 3, rate


def test_every_set_takes_the_hold_afresh():
    for rate in RATES:
        wearer = begin(rate).rest(6000)
        wearer.hold_cn = 2200
        got = reps(play(wearer.rest(1400).press().rest(800)))
        assert abs(got[0]["hold_cn"] - 1500) < 40 and abs(got[1]["hold_cn"] - 2200) < 40, (rate, got[1])


def test_a_block_let_go_of_for_five_seconds_is_to_be_made_ready_again():
    for rate in RATES:
        wearer = begin(rate).let_go(6000)
        wearer.hold_cn = 500
        played = play(wearer.rest(2000).press().rest(800))
        assert named(played).count("ready") == 2, (rate, named(played))
        assert named(played).index("set_end") < named(played).index("not_ready"), rate
        assert faults(played) == [[], []] and abs(reps(played)[1]["hold_cn"] - 500) < 40, rate


def test_samples_that_are_missing_for_as_long_end_it_as_well():
    for rate in RATES:
        for from_ms in (2500, 2900, 3600):  # in the press, in its return and after it
            wearer = begin(rate).rest(8000)
            s = wearer.samples
            kept = [i for i in range(0, len(s), 5) if not from_ms < s[i] < from_ms + 6000]
            wearer.samples = type(s)("i", [s[i + k] for i in kept for k in range(5)])
            counter = Counter(Settings(rate_hz=rate, reference_cn=5000))
            for i in range(0, len(wearer.samples), 5):
                counter.sample(*wearer.samples[i : i + 5])
                if wearer.samples[i] >= from_ms + 6100:
                    break
            assert not counter.rounds.in_set, (rate, from_ms)
            assert counter.rounds.session_count == (from_ms > 2500), (rate, from_ms)


# leaving


def test_the_ready_posture_is_left_at_45_degrees():
    for rate in RATES:
        for tilt in ("sagittal_deg", "frontal_deg"):
            for degrees, left in ((40, False), (-40, False), (50, True), (-50, True)):
                wearer = begin(rate).rest(600, **{tilt: lambda u, d=degrees: d * u})
                left_ms = times(play(wearer.rest(600, **{tilt: degrees})), events.NOT_READY)[0]
                assert (left_ms < wearer.now_ms() - 100) == left, (rate, tilt, degrees)


def test_a_squeeze_as_the_block_is_turned_away_is_no_rep():
    for rate in RATES:
        wearer = begin(rate).act(300, lambda u: 1500 + 5000 * u)
        wearer.act(300, 6500, sagittal_deg=lambda u: 80 * u).act(300, 1500, sagittal_deg=80)
        assert faults(play(wearer.act(1500, 0, sagittal_deg=80))) == [[]], rate


def test_a_press_that_was_held_before_the_block_is_turned_away_is_one():
    for rate in RATES:
        wearer = (
            begin(rate).act(300, lambda u: 1500 + 5000 * u).act(300, 6500).act(700, lambda u: 6500 - 600 * u)
        )
        wearer.act(500, 5900, sagittal_deg=lambda u: 80 * u).act(1500, 0, sagittal_deg=80)
        assert len(reps(play(wearer))) == 2, rate


def test_what_was_cut_off_is_not_counted_again_after_a_hole():
    for rate in RATES:
        wearer = begin(rate).press(fall_ms=200, sagittal_deg=lambda u: 80 * max(0, 2 * u - 1))
        wearer.rest(1500, sagittal_deg=80)
        s = wearer.samples
        kept = [i for i in range(0, len(s), 5) if not 5300 < s[i] < 6200]
        wearer.samples = type(s)("i", [s[i + k] for i in kept for k in range(5)])
        assert len(reps(play(wearer))) <= 2, rate


# session


def test_a_session_ends_once_the_block_was_out_for_a_minute():
    for rate in RATES:
        for out_ms, sessions in ((58000, 1), (61500, 2)):
            wearer = begin(rate).let_go(300).act(out_ms - 600, 0, sagittal_deg=80).let_go(300)
            played = play(wearer.rest(2000).press().rest(800))
            assert len(times(played, events.SESSION_END)) == sessions, (rate, out_ms)
            assert len(reps(played)) == 2, (rate, out_ms)


def test_a_block_held_but_turned_away_is_out_as_well():
    for rate in RATES:
        ends = times(play(begin(rate).rest(63000, sagittal_deg=80)), events.SESSION_END)
        assert 63900 <= ends[0] <= 64300, (rate, ends)


# force alone


def test_force_alone_begins_with_the_lowest_force_of_its_first_half_second():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).rest(320).press().rest(800)
        (rep,) = reps(play(wearer, force_only=1))
        assert abs(rep["hold_cn"] - 1500) < 60, (rate, rep["hold_cn"])


def test_until_its_first_press_the_hold_is_the_lowest_force_so_far():
    for rate in RATES:
        wearer = Wearer(rate_hz=rate).act(1500, 4000).act(600, lambda u: 4000 - 3000 * u)
        wearer.hold_cn = 1000
        rep = reps(play(wearer.rest(600).press().rest(800), force_only=1))[0]
        assert abs(rep["hold_cn"] - 1000) < 60, (rate, rep["hold_cn"])


def test_knees_that_come_back_to_the_block_press_nothing_without_posture_either():
    for rate in RATES:
        wearer = (
            begin(rate).press(to_cn=0).let_go(900).act(200, lambda u: 1500 * u).rest(900).press().rest(900)
        )
        played = play(wearer, force_only=1)
        assert faults(played) == [[], ["contact"], []], rate
        assert abs(reps(played)[2]["hold_cn"] - 1500) < 60, (rate, reps(played)[2]["hold_cn"])


def test_a_press_from_nothing_at_the_end_counts_whatever_came_before():
    for rate in RATES:
        wearer = begin(rate).press(to_cn=0).let_go(900).act(500, lambda u: 6500 * u).act(100, 6500)
        assert len(reps(play(wearer, force_only=1))) == 3, rate


# what a set and a session count


def test_a_set_counts_its_own_reps_and_a_session_those_of_its_sets():
    wearer = begin(100).press().rest(500).press(sagittal_deg=bump(8)).rest(6000).press().rest(500)
    wearer.press(1500).rest(6000)
    counter = Counter(Settings(reference_cn=5000))
    counted = []
    samples = wearer.samples
    for i in range(0, len(samples), 5):
        if counter.sample(*samples[i : i + 5]) == events.SET_END:
            rounds = counter.rounds
            counted.append((rounds.set_count, rounds.set_good))
    rounds = counter.rounds
    assert counted == [(3, 2), (2, 1)]
    assert (rounds.session_count, rounds.session_good, rounds.session_sets) == (5, 3, 2)


def rhythm(*intervals_ms):
    """The rhythm of a set of reps whose peaks lie so far apart, after a set with another rhythm."""
    rounds = Rounds(Settings())
    peak_ms = (1 << 30) - 3000  # the clock wraps meanwhile
    for intervals in ((1000, 3000, 1000), intervals_ms):
        rounds.press(peak_ms)
        rounds.rep(peak_ms, True)
        for interval_ms in intervals:
            peak_ms = (peak_ms + interval_ms) & 0x3FFFFFFF
            rounds.rep(peak_ms, True)
        assert rounds.end_set()
    return rounds.rhythm_pct


def test_rhythm_is_what_the_median_deviation_leaves_of_the_median_interval():
    assert rhythm(2000, 2000, 2000) == 100
    assert rhythm(2000, 2400, 2000, 1600, 1800) == 90
    assert rhythm(1000, 3000, 2000) == 50
    assert rhythm(2000, 2000, 10, 2000, 9000) == 100
    assert rhythm(10, 5000, 20000) == 1  # 4990 of 5000
    assert rhythm(*([2000] * 200)) == 100


def test_fewer_than_two_intervals_have_no_rhythm():
    assert rhythm() == 0
    assert rhythm(2000) == 0


def test_a_set_without_a_rep_is_none():
    rounds = Rounds(Settings())
    assert not rounds.end_set()
    rounds.press(0)
    assert rounds.in_set and not rounds.end_set() and not rounds.in_set
