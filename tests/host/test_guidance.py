"""What the screen says in a calibration, from telemetry of which some may be lost."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pulseblock.core.counter import AWAY, PRESSING, WAITING
from pulseblock.signals import patterns
from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.calibrating import connected
from pulseblock_tools.calibrating.guidance import Guidance, Step
from pulseblock_tools.calibrating.outcome import outcome
from pulseblock_tools.errors import UserError
from pulseblock_tools.live.frame import Frame

NOTHING = Frame(*[0] * 20)
READY = replace(NOTHING, state=WAITING, signal=patterns.READY)


def said(*frames):
    guidance = Guidance()
    return [line for frame in frames for line in guidance.update(frame)], guidance


def test_each_step_is_told_once():
    rest = replace(READY, signal=patterns.SET_END, count=6)
    grips = replace(READY, signal=patterns.GRIP_NOW)
    done = replace(READY, signal=patterns.CALIBRATED)
    lines, guidance = said(NOTHING, READY, READY, rest, rest, grips, grips, done, done)
    steps = [Step.PRESSES.value, "press 6", Step.REST.value, Step.GRIPS.value, Step.CALIBRATED.value]
    assert sorted(lines) == sorted(steps)
    assert guidance.is_over


def test_a_block_that_is_held_already_needs_no_ready_signal():
    _, guidance = said(replace(NOTHING, state=PRESSING))
    assert guidance.step is Step.PRESSES


def test_a_press_that_does_not_count_is_told_with_its_fault():
    bad = replace(READY, verdicts=1, faults=2)
    lines, _ = said(READY, bad, bad, replace(READY, verdicts=2, faults=0, count=1))
    assert lines[1:] == ["does not count: pelvis: the pelvis tilted", "press 1"]


def test_the_end_of_the_grips_is_no_rest():
    _, guidance = said(
        READY, replace(READY, signal=patterns.GRIP_NOW), replace(READY, signal=patterns.SET_END)
    )
    assert guidance.step is Step.GRIPS


@pytest.mark.parametrize(
    ("signal", "step"), [(patterns.REFUSED, Step.REFUSED), (patterns.VOID, Step.CANCELLED)]
)
def test_what_ends_it_otherwise(signal, step):
    _, guidance = said(NOTHING, replace(NOTHING, state=AWAY, signal=signal))
    assert (guidance.step, guidance.is_over) == (step, True)


class Told:
    """A block that answers so."""

    class port:
        device = "/dev/block"

    def __init__(self, answer):
        self._answer = answer

    def ask(self, name):
        assert name == "calibration_found"
        return self._answer


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["phase", "reason", "drag", "settings", "press_cn", "x"]), inner
            )
        ),
        max_leaves=6,
    )
)
def test_nonsense_from_a_block_is_refused(answer):
    with pytest.raises(UserError):
        outcome(Told(answer))


def test_half_an_outcome_is_no_outcome():
    whole = {
        "phase": 3, "reason": 0, "drag": 1, "faults": 0, "presses": 6, "presses_seen": 6, "grips": 6,
        "press_cn": [5000] * 6, "travel_um": [1, 2], "scatter_um": [1, 2], "settings": {"reference_cn": 5000},
    }  # fmt: skip
    with pytest.raises(Garbled, match="not all of it"):
        outcome(Told(whole))


def test_in_a_terminal_the_step_stands_over_the_live_picture():
    console = Console(
        file=io.TextIOWrapper(io.BytesIO(), "utf-8"), force_terminal=True, width=100, legacy_windows=False
    )
    guidance = Guidance()
    with connected._screen(console, guidance) as screen:
        screen.update(READY)
        screen.update(replace(READY, press_pct=80, count=2))
        console.file.flush()
        shown = console.file.buffer.getvalue().decode()
    assert Step.PRESSES.value in shown
    assert "80 %" in shown
    assert "pulseblock calibrate" in shown
