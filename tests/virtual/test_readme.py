"""Every command in README works, in the order in which a reader would type them; so do the other guides'."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pulseblock_tools.simulator import simulate
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.flash import Flash
from virtual.at_usb import wait_until_free
from virtual.training import Trainee

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDES = [README, *sorted((ROOT / "device").glob("*.md")), *sorted((ROOT / ".github").rglob("*.md"))]
PULSEBLOCK = Path(sys.executable).with_name("pulseblock")


def commands(document: Path = README) -> list[str]:
    """The lines of a document's shell blocks, without their comments."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def inline_commands(document: Path) -> list[str]:
    """Commands that a document names in its sentences."""
    return re.findall(r"`(pulseblock [^`]+)`", document.read_text())


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


@pytest.mark.parametrize("document", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_named_in_sentences_exist_with_all_their_options(document):
    for line in inline_commands(document):
        understood = subprocess.run(
            [PULSEBLOCK, *shlex.split(line)[1:], "--help"], capture_output=True, text=True, check=False
        )
        assert understood.returncode == 0, f"{line}: {understood.stderr}"


def test_a_command_that_does_not_exist_would_be_found(tmp_path):
    document = tmp_path / "guide.md"
    for line in ("pulseblock snyc", "pulseblock config list", "pulseblock sync --fast"):
        document.write_text(f"Run `{line}`.")
        with pytest.raises(AssertionError, match="No such"):
            test_commands_named_in_sentences_exist_with_all_their_options(document)


@pytest.mark.usefixtures("micropython_runtime")
def test_the_hardware_guides_way_without_the_tools_gives_a_block_that_runs():
    mip, *lines = [line for line in commands(ROOT / "device" / "README.md") if line.startswith("mpremote ")]
    assert mip == "mpremote mip install device/package.json"  # test_install tries it on a few files
    flash = Flash()
    flash.copy_tree(ROOT / "device" / "pulseblock", "/lib/pulseblock")
    with VirtualBlock(flash) as block:
        for line in lines:
            arguments = shlex.split(line.replace("pico_fsr", "virtual"))[1:]  # the board at hand
            subprocess.run(
                [sys.executable, "-m", "mpremote", "connect", block.usb.url, *arguments],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                timeout=60,
                check=True,
            )
            wait_until_free(block)
        assert Trainee.wait(lambda: block.running, 20.0)


def test_the_links_of_the_guides_lead_somewhere():
    for document in GUIDES:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
            if not target.startswith("http"):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def _sample(row):
    t_ms, force_n, *acceleration_g = row
    return (round(t_ms), round(force_n * 100), *(round(a * 8192) for a in acceleration_g))
