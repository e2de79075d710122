"""What the wearer can tell apart, and how the player shares two outputs between many signals."""

from pulseblock.signals import patterns, table
from pulseblock.signals.player import Player, dimmed, meter

TICK_MS = 10
ONE_SHOTS = tuple(range(patterns.READY, len(patterns.NAMES)))
FAULTS = tuple(range(patterns.FAULT, patterns.FAULT + 7))
CUES = tuple(patterns.CUE | fault for fault in FAULTS)
VERDICTS = (patterns.GOOD,) + FAULTS


def played(signal, **settings):
    """What a person perceives: the (colour, tone) at every 10 ms until the signal is over."""
    player = Player(**settings)
    player.play(signal, 0)
    seen = []
    now = 0
    while True:
        player.tick(now)
        if not player.signal:
            return seen
        seen.append((player.colour, player.tone))
        now += TICK_MS


def brightness(colour):
    """0 dark, 1 dim, 2 bright: what is left of a colour (weights of Rec. 601, gamma 2.2)."""
    light = [((colour >> shift & 255) / 255) ** 2.2 for shift in (16, 8, 0)]
    luma = 0.299 * light[0] + 0.587 * light[1] + 0.114 * light[2]
    return 0 if luma == 0 else 1 if luma < 0.1 else 2


def differing_ms(a, b, perceived):
    """For how long two signals, begun together, are perceived as different."""
    nothing = (0, 0)
    total = 0
    for i in range(max(len(a), len(b))):
        one = perceived(*(a[i] if i < len(a) else nothing))
        other = perceived(*(b[i] if i < len(b) else nothing))
        if one != other:
            total += TICK_MS
    return total


def assert_distinct(signals, perceived, at_least_ms):
    shown = [(signal, played(signal)) for signal in signals]
    for i in range(len(shown)):
        for j in range(i):
            ms = differing_ms(shown[i][1], shown[j][1], perceived)
            pair = (patterns.name(shown[i][0]), patterns.name(shown[j][0]), ms)
            assert ms >= at_least_ms, pair


def test_signals_are_told_apart_without_colour():
    assert_distinct(ONE_SHOTS, lambda colour, hz: (brightness(colour), hz), 100)


def test_signals_are_told_apart_without_sound():
    assert_distinct(ONE_SHOTS, lambda colour, hz: colour, 100)


def test_signals_are_told_apart_by_brightness_alone():
    assert_distinct(ONE_SHOTS, lambda colour, hz: brightness(colour), 100)


def test_signals_are_told_apart_by_sound_alone():
    assert_distinct(ONE_SHOTS, lambda colour, hz: hz, 100)


def test_signals_are_told_apart_by_the_rhythm_of_their_sound_or_by_its_tune():
    # an ear that knows no absolute pitch still hears which notes are higher than the first
    def tune(signal):
        notes = [hz for _, hz in played(signal)]
        first = next(hz for hz in notes if hz)
        return [(0, 0 if not hz else 1 if hz < first else 2 if hz == first else 3) for hz in notes]

    for a in VERDICTS:
        for b in VERDICTS:
            if a != b:
                assert differing_ms(tune(a), tune(b), lambda _, hz: hz) >= 100, (a, b)


def test_every_fault_has_its_own_hue():
    colours = []
    for fault in FAULTS:
        colours += {colour for colour, _ in played(fault) if colour}
    assert len(set(colours)) == len(colours) == 7
    assert patterns.GREEN not in colours


def test_cues_are_told_apart_without_colour_and_without_sound():
    assert_distinct(CUES, lambda colour, hz: (brightness(colour), hz), 50)
    assert_distinct(CUES, lambda colour, hz: brightness(colour), 50)
    assert_distinct(CUES, lambda colour, hz: hz, 50)


def test_a_cue_is_its_verdict_twice_as_fast_and_an_octave_higher():
    for fault in FAULTS:
        assert patterns.duration_ms(patterns.CUE | fault) == patterns.duration_ms(fault) // 2
        verdict, said = played(fault), played(patterns.CUE | fault)
        assert [(colour, hz * 2) for colour, hz in verdict[::2]] == said


def test_verdicts_are_shorter_than_a_trough():
    for signal in VERDICTS:
        assert len(played(signal)) * TICK_MS <= patterns.VERDICT_MS
        assert patterns.duration_ms(signal) <= patterns.VERDICT_MS


def test_other_signals_are_over_within_three_seconds():
    for signal in ONE_SHOTS:
        assert 0 < len(played(signal)) * TICK_MS <= 3000


def test_every_one_shot_ends_dark_and_silent():
    for signal in ONE_SHOTS + CUES:
        player = Player()
        player.play(signal, 0)
        player.tick(0)
        player.tick(patterns.duration_ms(signal))
        assert (player.colour, player.tone, player.signal) == (0, 0, patterns.NONE)


def test_every_one_shot_is_heard_and_seen_at_once():
    for signal in ONE_SHOTS + CUES:
        colour, tone = played(signal)[0]
        assert colour
        assert tone


def test_a_buzzer_can_play_every_note():
    for signal in ONE_SHOTS + CUES:
        for _, hz in played(signal):
            assert hz == 0 or 500 <= hz <= 5000


def test_waiting_goes_on_and_is_silent():
    player = Player()
    player.background(patterns.WAITING, 0)
    turns = []
    for turn in range(2):
        seen = []
        for t in range(0, patterns.duration_ms(patterns.WAITING), TICK_MS):
            player.tick(turn * patterns.duration_ms(patterns.WAITING) + t)
            assert player.tone == 0
            seen.append(player.colour)
        turns.append(seen)
    assert turns[0] == turns[1]
    assert set(turns[0]) != {0}


def test_setting_the_background_again_does_not_restart_it():
    player = Player()
    for now in range(0, 1000, TICK_MS):
        player.background(patterns.WAITING, now)
        player.tick(now)
        assert (player.colour != 0) == (now < patterns.STEPS[patterns.WAITING][0])


def test_the_backgrounds_are_told_apart_by_brightness_alone():
    def shown(signal, press):
        player = Player()
        player.background(signal, 0)
        player.press_pct = press
        levels = []
        for t in range(0, 3000, TICK_MS):
            player.tick(t)
            levels.append((player.colour, 0))
        return levels

    for press in (0, 50, 100):
        pressing = shown(patterns.PRESSING, press)
        assert differing_ms(pressing, shown(patterns.WAITING, 0), lambda c, _: brightness(c)) > 500


def test_the_meter_grows_with_the_press_and_is_full_at_the_reference():
    levels = [meter(press) & 255 for press in range(101)]
    assert levels == sorted(levels)
    assert levels[0] > 0  # ready is not off
    assert levels[50] > 2 * levels[0]
    assert meter(100) == meter(1000) == 0xFFFFFF


def test_the_light_follows_the_press_while_pressing():
    player = Player()
    player.background(patterns.PRESSING, 0)
    for press in (0, 40, 200, 90):
        player.press_pct = press
        assert player.tick(0)
        assert (player.colour, player.tone) == (meter(press), 0)


def test_tick_says_when_an_output_changed():
    player = Player()
    assert not player.tick(0)
    player.play(patterns.GOOD, 0)
    assert player.tick(0)
    assert not player.tick(10)
    assert player.tick(80)  # silent, still green
    assert player.tick(240)  # dark
    assert not player.tick(250)


def test_a_one_shot_gives_way_to_the_background_it_covered():
    player = Player()
    player.background(patterns.PRESSING, 0)
    player.press_pct = 77
    player.play(patterns.GOOD, 0)
    player.tick(0)
    assert player.colour == patterns.GREEN
    player.tick(240)
    assert (player.colour, player.tone) == (meter(77), 0)


def first_shown(running, wanted):
    """The signal shown when `wanted` is played 10 ms into `running`."""
    player = Player()
    player.play(running, 0)
    player.tick(0)
    player.play(wanted, 10)
    player.tick(10)
    return player.signal


def test_cues_and_verdicts_are_never_late():
    shown_late = (
        (patterns.SET_END, patterns.SESSION_END, patterns.READY, patterns.LOW_BATTERY) + VERDICTS + CUES
    )
    for running in shown_late:
        for wanted in VERDICTS + CUES:
            assert first_shown(running, wanted) == wanted


def test_a_tick_comes_in_time_or_not_at_all():
    player = Player()
    player.play_in_time(patterns.TICK, 0)
    player.tick(0)
    assert player.signal == patterns.TICK
    player.play(patterns.GOOD, 10)  # a verdict does not wait for it
    player.tick(10)
    player.play_in_time(patterns.TICK, 20)
    shown = set()
    for now in range(20, 1000, TICK_MS):
        player.tick(now)
        shown.add(player.signal)
    assert shown == {patterns.GOOD, patterns.NONE}


def test_an_error_is_heard_over_everything_and_nothing_cuts_it_short():
    for signal in ONE_SHOTS + CUES:
        assert first_shown(signal, patterns.ERROR) == patterns.ERROR
        assert first_shown(patterns.ERROR, signal) == patterns.ERROR


def test_the_end_of_the_session_waits_for_the_last_verdict_and_replaces_the_end_of_the_set():
    player = Player()
    player.play(patterns.GOOD, 0)
    player.play(patterns.SET_END, 0)
    player.play(patterns.SESSION_END, 0)
    shown = []
    for now in range(0, 4000, TICK_MS):
        player.tick(now)
        if player.signal not in shown:
            shown.append(player.signal)
    assert shown == [patterns.GOOD, patterns.SESSION_END, patterns.NONE]


def test_a_waiting_signal_is_played_from_its_beginning():
    player = Player()
    player.play(patterns.GOOD, 0)
    player.play(patterns.READY, 0)
    player.tick(1000)  # long after the verdict's end
    seen = []
    for now in range(1000, 1000 + patterns.duration_ms(patterns.READY), TICK_MS):
        player.tick(now)
        seen.append((player.colour, player.tone))
    assert seen == played(patterns.READY)


def test_a_muted_output_stays_quiet_and_the_other_is_as_ever():
    for signal in ONE_SHOTS + CUES:
        loud = played(signal)
        assert played(signal, sound=0) == [(colour, 0) for colour, _ in loud]
        assert played(signal, light_pct=0) == [(0, tone) for _, tone in loud]


def test_brightness_scales_each_part_of_a_colour():
    assert dimmed(0xFF8040, 50) == 0x7F4020
    assert dimmed(0xFF8040, 100) == 0xFF8040
    assert dimmed(0xFF8040, 0) == 0


def test_patterns_play_across_the_wrap_of_the_ticks():
    last = (1 << 30) - 1
    for start in (last - 100, last - 79, last):
        player = Player()
        player.play(patterns.GOOD, start)
        seen = []
        for t in range(0, 240, TICK_MS):
            player.tick((start + t) & last)
            seen.append((player.colour, player.tone))
        assert seen == played(patterns.GOOD)


def test_a_rep_with_several_faults_sounds_as_the_first_to_mend():
    assert patterns.verdict(0) == patterns.GOOD
    assert patterns.verdict(0x7F) == patterns.FAULT + 6
    assert patterns.verdict(0b0010011) == patterns.FAULT + 1
    for bit in range(7):
        assert patterns.verdict(1 << bit) == patterns.FAULT + bit
        assert patterns.cue(1 << bit) == patterns.CUE | (patterns.FAULT + bit)


def test_the_tables_of_the_patterns_are_complete():
    assert len(patterns.NAMES) == len(patterns.RANKS) == len(patterns.STEPS) == patterns.REFUSED + 1
    assert sorted(patterns.PRECEDENCE) == list(range(7))
    assert patterns.name(patterns.CUE | patterns.FAULT) == "grip"


def test_the_table_in_words_has_every_signal_and_no_two_rows_alike():
    rows = table.rows()
    assert [row[0] for row in rows] == list(patterns.NAMES[1:])
    assert len({(light, sound) for _, _, light, sound in rows}) == len(rows)
    assert all(meaning for _, meaning, _, _ in rows)


def test_the_table_in_words_says_what_is_played():
    words = {name: (light, sound) for name, _, light, sound in table.rows()}
    assert words["good"] == ("green: 240 ms", "high 80 ms")
    assert words["pelvis"] == ("orange: 120 (120) 320 ms", "high 120 (120) low 320 ms")
    assert words["waiting"] == ("dim white: 60 (2940) ms, repeated", "silent")
