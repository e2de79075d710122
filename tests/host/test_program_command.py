"""Presets and options of a program, as far as no block is needed."""

import json

import pytest

from pulseblock.guide.program import PRESETS
from pulseblock_tools.cli import main
from pulseblock_tools.errors import BAD_INPUT


def test_the_presets_are_listed(capsys):
    assert main(["program", "list"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [" ".join(row) for row in rows[1:]] == ["warm-up 10 2 30 s 2 s", "strength 8 3 60 s 3.5 s"]
    assert main(["program", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == PRESETS


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["strenght"], "'strenght' is no preset: warm-up, strength"),
        ([], "set what? name a preset"),
        (["strength", "--reps", "0"], "reps: 0 is no whole number from 1 to 100"),
        (["strength", "--rest", "5"], "rest_s: 5 is no whole number from 10 to 600"),
        (["--tempo", "0.2"], "--tempo 0.2: from 1 to 20 seconds"),
        (["--tempo", "nan"], "--tempo nan: from 1 to 20 seconds"),
    ],
)
def test_what_cannot_be_is_refused_before_a_block_is_looked_for(arguments, complaint, capsys):
    assert main(["program", "set", *arguments, "--port", "/nowhere"]) == BAD_INPUT
    assert complaint in capsys.readouterr().err
