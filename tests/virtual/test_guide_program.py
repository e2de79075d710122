"""`pulseblock program` and the block that is guided by what it put there."""

import json
from collections.abc import Callable

import pytest
from fakes.wearer import Wearer

from pulseblock.guide.program import PRESETS
from pulseblock.signals import patterns
from pulseblock_tools.cli import main
from pulseblock_tools.errors import BAD_INPUT, FAILED
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.outputs import Telemetry
from virtual.at_usb import wait_until_free

Run = Callable[..., int]


@pytest.fixture
def block(shared_block: VirtualBlock) -> VirtualBlock:
    """A block without a program."""
    wait_until_free(shared_block)
    shared_block.computer.write("/program.json", b"{}")
    return shared_block


@pytest.fixture
def program(block: VirtualBlock) -> Run:
    def run(*arguments: str) -> int:
        wait_until_free(block)
        return main(["program", *arguments, "--port", block.usb.url])

    return run


def on_block(block: VirtualBlock) -> object:
    return json.loads(block.computer.flash.files["/program.json"])


def test_a_preset_is_put_on_the_block_changed_shown_and_taken_off(block, program, capsys) -> None:
    assert program("set", "strength") == 0
    assert on_block(block) == PRESETS["strength"]
    assert "3 sets of 8 good reps, 60 s of rest, a press every 3.5 s" in capsys.readouterr().out
    assert program("set", "--reps", "12", "--metronome") == 0
    assert on_block(block) == {**PRESETS["strength"], "reps": 12, "metronome": 1}
    capsys.readouterr()
    assert program("show", "--json") == 0
    assert json.loads(capsys.readouterr().out)["reps"] == 12
    assert program("off") == 0
    assert on_block(block) == {}
    assert program("show") == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("No program")
    assert block.running


def test_a_change_needs_something_to_change(program, capsys) -> None:
    assert program("set", "--reps", "12") == BAD_INPUT
    assert "the block has no program to change: name a preset too" in capsys.readouterr().err


def test_what_the_block_cannot_use_is_told_and_can_be_taken_off(block, program, capsys) -> None:
    block.computer.write("/program.json", b'{"reps": 0}')
    assert program("show") == FAILED
    assert "reps: 0 is no whole number from 1 to 100" in capsys.readouterr().err
    assert program("off") == 0
    assert on_block(block) == {}


def test_the_block_is_guided_by_it(block, program) -> None:
    assert program("set", "warm-up", "--reps", "2", "--rest", "10") == 0
    wait_until_free(block)
    block.computer.set_inputs(listening=1)
    start = block.computer.clock_ms
    training = Wearer().away(500).hold(1500).presses(2).hold(10_500).presses(2).hold(2000).samples
    shown = block.run([(start + ms, *sensed) for ms, *sensed in training])
    told = [0]
    for one in shown:
        if isinstance(one, Telemetry):
            signal = Frame.decode(one.frame).signal
            told += [signal] if signal != told[-1] else []
    p = patterns
    of_set = [p.GOOD, p.LAST_REP, p.GOOD]
    assert [signal for signal in told if signal >= p.READY] == [
        p.READY, *of_set, p.SET_END, p.COUNTDOWN, p.COUNTDOWN, p.COUNTDOWN, p.GO, *of_set, p.ALL_DONE
    ]  # fmt: skip
