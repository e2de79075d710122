"""Every command in README works, in the order in which a reader would type them."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pulseblock_tools.simulator import simulate
from pulseblock_tools.virtual.block import VirtualBlock

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PULSEBLOCK = Path(sys.executable).with_name("pulseblock")


def commands() -> list[str]:
    """The lines of README's shell blocks, without their comments."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def inline_commands() -> list[str]:
    """Commands that README names in its sentences."""
    return re.findall(r"`(pulseblock [^`]+)`", README.read_text())


def test_the_first_two_set_up_from_nothing():
    setup = "python3 -m venv .venv && .venv/bin/pip install "
    assert commands()[0] == setup + ". && .venv/bin/pulseblock demo"
    assert commands()[1].startswith(setup)
    assert commands()[1].endswith("&& .venv/bin/pytest")
    assert all(line.startswith("pulseblock ") for line in commands()[2:])


@pytest.mark.usefixtures("micropython_runtime")
def test_all_the_others_run(tmp_path):
    with VirtualBlock() as block:
        session = simulate.demo_session(1)
        block.run([_sample(row) for row in session.rows])
        environment = os.environ | {
            "PULSEBLOCK_PORT": block.usb.url,
            "PULSEBLOCK_DB": f"sqlite:///{tmp_path / 'sessions.db'}",
            "HOME": str(tmp_path),
            "COLUMNS": "100",
        }
        for line in commands()[2:]:
            done = subprocess.run(
                [PULSEBLOCK, *shlex.split(line)[1:]],
                cwd=tmp_path,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def test_commands_named_in_sentences_exist():
    names = {line.split()[1] for line in inline_commands()}
    listed = subprocess.run([PULSEBLOCK, "--help"], capture_output=True, text=True, check=True).stdout
    assert not [name for name in names if not name.startswith("-") and name not in listed]


def _sample(row):
    t_ms, force_n, *acceleration_g = row
    return (round(t_ms), round(force_n * 100), *(round(a * 8192) for a in acceleration_g))
