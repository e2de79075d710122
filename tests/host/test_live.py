"""From telemetry to a picture and to lines: nothing invented, nothing lost that a frame still tells."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pulseblock import telemetry
from pulseblock.core import events
from pulseblock.core.counter import AWAY, PRESSING, RETURNING, WAITING
from pulseblock.journal import record
from pulseblock.signals import patterns
from pulseblock_tools.live.digits import big
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.live.lines import line
from pulseblock_tools.live.picture import WIDTH, picture
from pulseblock_tools.live.show import show
from pulseblock_tools.live.watch import Happening, Watch
from pulseblock_tools.live.words import (
    clock,
    error_in_words,
    note_in_words,
    signal_in_words,
    verdict_in_words,
)

NOTHING = Frame.decode(bytes(telemetry.SIZE))
READY = replace(NOTHING, state=WAITING)

frames = st.binary(min_size=telemetry.SIZE, max_size=telemetry.SIZE).map(Frame.decode)


def watched(*frames_):
    """The watch after these frames, and all that happened."""
    watch = Watch()
    happened = [happening for frame in frames_ for happening in watch.update(frame)]
    return watch, happened


def reps(*faults):
    """Frames of a set in which each rep has these faults."""
    frame = READY
    for number, fault in enumerate(faults, 1):
        yield (frame := replace(frame, state=PRESSING))
        yield (frame := replace(frame, state=RETURNING, verdicts=number, count=number, faults=fault))
        yield (frame := replace(frame, state=WAITING, reps=number))


def drawn(watch):
    """The picture as plain text."""
    console = Console(file=io.StringIO(), width=100)
    console.print(picture(watch, "a title"))
    return console.file.getvalue()


# Frames


def test_a_frame_is_decoded_field_by_field():
    data = bytes(range(telemetry.SIZE))
    frame = Frame.decode(data)
    assert frame.t_ms == 0x03020100
    assert [getattr(frame, name) for name in telemetry.FIELDS] == list(telemetry.unpack(data))


@pytest.mark.parametrize("size", [0, telemetry.SIZE - 1, telemetry.SIZE + 1, 1000])
def test_a_frame_of_another_size_is_refused(size):
    with pytest.raises(ValueError, match=f"{size} bytes"):
        Frame.decode(bytes(size))


# What happened


def test_the_first_frame_is_where_the_story_begins():
    late = replace(READY, reps=40, sets=3, verdicts=40, count=7)
    assert watched(late)[1] == []


def test_a_set_is_told_rep_by_rep():
    *played, last = [READY, *reps(0, events.PELVIS, 0)]
    watch, happened = watched(
        NOTHING, *played, last, replace(last, sets=1), replace(last, sets=1, sessions=1)
    )
    assert [(h.kind, h.number, h.faults) for h in happened[:4]] == [
        ("ready", 0, 0),
        ("rep", 1, 0),
        ("rep", 2, events.PELVIS),
        ("rep", 3, 0),
    ]
    assert [(h.kind, h.reps, h.good) for h in happened[4:]] == [("set", 3, 2), ("session", 3, 2)]
    assert watch.set.faults == [0, events.PELVIS, 0]


def test_a_rep_counts_with_its_final_faults():
    judged = replace(READY, state=RETURNING, verdicts=1, count=1)
    amended = replace(judged, faults=events.GRIP)
    watch, happened = watched(READY, judged, amended, replace(amended, state=WAITING, reps=1))
    assert [h.faults for h in happened] == [events.GRIP]
    assert watch.set.good == 0


def test_a_cue_is_told_once():
    cued = replace(READY, state=PRESSING, cues=events.PELVIS)
    both = replace(cued, cues=events.PELVIS | events.UNSTABLE)
    _, happened = watched(READY, cued, cued, both, both)
    assert [(h.kind, h.faults) for h in happened] == [("cue", events.PELVIS), ("cue", events.UNSTABLE)]


def test_the_next_set_begins_with_its_first_press():
    *_, last = reps(0, 0)
    over = replace(last, sets=1)
    watch, _ = watched(READY, *reps(0, 0), over)
    assert (watch.set_number, len(watch.set.faults)) == (1, 2)
    watch.update(replace(over, state=PRESSING, count=0))
    assert (watch.set_number, len(watch.set.faults), len(watch.session.faults)) == (2, 0, 2)


def test_the_next_session_begins_at_one_again():
    *_, last = reps(0)
    watch, _ = watched(READY, *reps(0), replace(last, sets=1, sessions=1))
    watch.update(replace(last, sets=1, sessions=1, state=PRESSING))
    assert (watch.set_number, watch.set.faults, watch.session.faults) == (1, [], [])


def test_a_voided_rep_is_gone():
    *_, last = reps(0, events.GRIP)
    watch, happened = watched(READY, *reps(0, events.GRIP), replace(last, voids=1, count=1))
    assert happened[-1].kind == "void"
    assert watch.set.faults == watch.session.faults == [0]


def test_an_error_is_told_when_it_begins_and_when_it_ends():
    broken = replace(READY, error=events.SAMPLES_MISSING)
    _, happened = watched(READY, broken, broken, READY)
    assert [h.error for h in happened] == [events.SAMPLES_MISSING, 0]


@given(st.lists(frames, max_size=5))
def test_no_sequence_of_frames_breaks_watch_lines_or_picture(sequence):
    watch = Watch()
    for frame in sequence:
        for happening in watch.update(frame):
            assert line(happening).isascii()
        assert 0 <= watch.set.good <= len(watch.set.faults) <= len(watch.session.faults)
        drawing = drawn(watch)
        assert max(map(len, drawing.splitlines())) == WIDTH
        assert drawing.count("\n") == 15


# Lines


@pytest.mark.parametrize(
    ("happening", "text"),
    [
        (Happening(3100, "ready"), " 0:03.1  ready"),
        (Happening(7640, "rep", number=1), " 0:07.6  rep 1: good"),
        (
            Happening(68000, "rep", number=12, faults=events.PELVIS),
            " 1:08.0  rep 12: pelvis: the pelvis tilted",
        ),
        (Happening(9000, "cue", faults=events.UNSTABLE), " 0:09.0  cue: unstable"),
        (Happening(9000, "void"), " 0:09.0  the last rep does not count"),
        (Happening(9000, "set", number=2, reps=6, good=4), " 0:09.0  set 2 finished: 6 reps, 4 good"),
        (Happening(9000, "set", number=1, reps=1, good=0), " 0:09.0  set 1 finished: 1 rep, 0 good"),
        (Happening(9000, "session", reps=12, good=8), " 0:09.0  session finished: 12 reps, 8 good"),
        (Happening(9000, "error", error=events.SAMPLES_MISSING), " 0:09.0  error: samples missing"),
        (Happening(9000, "error"), " 0:09.0  error over"),
    ],
)
def test_a_line_says_when_and_what(happening, text):
    assert line(happening) == text


# Words


def test_several_faults_come_in_the_order_of_mending():
    words = verdict_in_words(events.GRIP | events.CONTACT)
    assert words.startswith("contact: the knees left the block; grip: ")


def test_every_fault_has_words_of_its_own():
    words = {verdict_in_words(1 << bit) for bit in range(7)}
    assert len(words) == 7
    assert all(": " in text for text in words)


def test_signals_and_errors_have_names():
    assert signal_in_words(patterns.GOOD) == "good"
    assert signal_in_words(patterns.CUE | (patterns.FAULT + 1)) == "cue: pelvis"
    assert error_in_words(record.SETTINGS_REFUSED) == "settings refused"
    assert error_in_words(200) == "error 200"


@pytest.mark.parametrize(
    ("hz", "note"), [(0, "silent"), (440, "A4  440 Hz"), (2093, "C7  2093 Hz"), (660, "E5  660 Hz")]
)
def test_a_tone_is_named_as_a_note(hz, note):
    assert note_in_words(hz) == note


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00.0"), (59949, "0:59.9"), (60000, "1:00.0"), (3_723_400, "62:03.4")]
)
def test_a_time_is_minutes_and_seconds(ms, text):
    assert clock(ms) == text


@given(st.integers(0, 2**30 - 1))
def test_seconds_never_read_sixty(ms):
    minutes, seconds = clock(ms).split(":")
    assert 0 <= float(seconds) < 60
    assert abs(int(minutes) * 60 + float(seconds) - ms / 1000) <= 0.1


# Picture


def test_the_picture_has_all_that_the_wearer_wants_to_know():
    frame = replace(
        READY,
        t_ms=12300,
        state=PRESSING,
        press_pct=80,
        sagittal_cdeg=610,
        frontal_cdeg=-120,
        signal=patterns.CUE | (patterns.FAULT + 1),
        red=255,
        green=72,
        tone_hz=4186,
        cues=events.PELVIS,
    )
    drawing = drawn(watched(READY, *reps(0, events.GRIP), replace(frame, reps=2, count=2, verdicts=2))[0])
    for text in (
        "a title",
        "set 1, pressing",
        "! pelvis: the pelvis tilted",
        "80 %",
        "+6.1°",
        "-1.2°",
        "cue: pelvis",
        "♪ C8  4186 Hz",
        "✔ ✘grip",
        "0:12.3",
        *big(2).splitlines(),
    ):
        assert text in drawing


def test_the_picture_of_a_set_begins_at_none():
    rep = replace(READY, reps=6, count=6, verdicts=6, faults=events.GRIP)
    rest = replace(rep, sets=1)
    assert big(6).splitlines()[0] in drawn(watched(READY, rep, rest)[0])
    drawing = drawn(watched(READY, rep, rest, replace(rest, state=PRESSING))[0])
    assert "set 2, pressing" in drawing
    assert all(line in drawing for line in big(0).splitlines())
    assert "✘" not in drawing


def test_the_meter_is_as_long_and_as_bright_as_the_press():
    def bar(press_pct):
        console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="truecolor")
        console.print(picture(watched(replace(READY, press_pct=press_pct))[0], ""))
        row = next(row for row in console.file.getvalue().splitlines() if "press" in row)
        return row.count("█"), row

    lengths = [bar(pct)[0] for pct in (0, 20, 60, 90, 125, 1000)]
    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1], lengths[-2]) == (0, 40, 40)
    assert "38;2;255;255;255" in bar(110)[1]
    assert "38;2;147;147;147" in bar(50)[1]


def test_without_a_reference_posture_no_tilt_is_shown():
    drawing = drawn(watched(replace(NOTHING, state=AWAY, sagittal_cdeg=17000))[0])
    assert "●" not in drawing
    assert "°" not in drawing


@pytest.mark.parametrize("width", [20, 40, 60, 73, 200])
def test_the_picture_fits_any_terminal(width):
    console = Console(file=io.StringIO(), width=width)
    console.print(picture(watched(READY, *reps(0, events.GRIP, 0))[0], "a title"))
    assert max(map(len, console.file.getvalue().splitlines())) <= min(width, WIDTH)


def test_the_picture_waits_for_the_first_frame():
    assert "waiting for the block" in drawn(Watch())


@given(st.integers(0, 99999))
def test_big_numbers_are_three_lines_of_one_width(number):
    rows = big(number).split("\n")
    assert [len(row) for row in rows] == [4 * len(str(number)) - 1] * 3


def test_every_digit_looks_different():
    assert len({big(digit) for digit in range(10)}) == 10


# Where it goes


def test_a_pipe_gets_lines_without_control_codes():
    console = Console(file=io.StringIO(), width=20)
    with show(console, "a title") as screen:
        for frame in (NOTHING, READY, *reps(0, events.GRIP)):
            screen.update(frame)
    lines = console.file.getvalue().splitlines()
    assert [text.split(maxsplit=1)[1].split(": ")[0] for text in lines] == ["ready", "rep 1", "rep 2"]
    assert console.file.getvalue().isascii()
    assert "\x1b" not in console.file.getvalue()


def test_a_terminal_that_cannot_draw_gets_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    console = Console(file=io.StringIO(), force_terminal=True)
    with show(console, "a title") as screen:
        screen.update(NOTHING)
        screen.update(READY)
    assert console.file.getvalue().endswith("ready\n")


def test_a_terminal_gets_a_picture_and_its_cursor_back_even_after_a_failure():
    class Terminal(io.StringIO):
        encoding = "utf-8"

    console = Console(file=Terminal(), force_terminal=True, width=100)

    def broken_off():
        with show(console, "a title") as screen:
            screen.update(NOTHING)
            screen.update(READY)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    shown = console.file.getvalue()
    assert "a title" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
