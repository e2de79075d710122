"""A new board is a new file and no other change: it is offered, installed with its drivers, and runs."""

import shutil
from pathlib import Path

import pytest
from fakes.wearer import Wearer

from pulseblock_tools.cli import main
from pulseblock_tools.install import firmware, mip
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.flash import Flash

SOLDERED = '''\
"""Somebody's own: LIS3DH, FSR and a WS2812."""

from pulseblock.hardware import Hardware


class Board(Hardware):
    name = "soldered"
    ACCELEROMETER = {
        "part": "LIS3DH", "i2c": 1, "scl": 3, "sda": 2, "int1": 7, "rate_hz": 100, "axes": "+x +y +z",
    }
    FORCE = {"part": "FSR", "adc": 27, "r_ohm": 2200, "plate": 10}
    LIGHT = {"part": "WS2812", "pin": 8, "pixels": 2}
    BUZZER = {"pin": 21}
'''
FAST = '''\
"""A virtual block whose sensors are faster."""

from pulseblock.boards import virtual


class Board(virtual.Board):
    name = "fast"
    rate_hz = 200
'''


@pytest.fixture(autouse=True)
def _sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The firmware's sources with the two files added, and nothing else."""
    source = tmp_path / "pulseblock"
    shutil.copytree(firmware.SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    (source / "boards" / "soldered.py").write_text(SOLDERED)
    (source / "boards" / "fast.py").write_text(FAST)
    monkeypatch.setattr(firmware, "SOURCE", source)
    monkeypatch.setattr(firmware, "MAIN", source / "main.py")
    monkeypatch.setattr(firmware, "_BOARDS", source / "boards")


def test_it_is_offered_under_the_first_line_of_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install", "--board", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[0] == "soldered" and "LIS3DH, FSR and a WS2812." in line for line in lines)


def test_it_gets_the_drivers_of_its_parts() -> None:
    names = firmware.modules("soldered")
    for part in ("lis3dh", "fsr", "ws2812", "buzzer"):
        assert f"pulseblock.drivers.{part}" in names
    for part in ("lsm6dsox", "hx711", "rgb", "button", "battery"):
        assert f"pulseblock.drivers.{part}" not in names


def test_the_list_for_mip_stays_as_it_is() -> None:
    described = Path(__file__).parents[2] / "device" / "package.json"
    assert mip.package({"pico_fsr", "pico_hx711", "nano_rp2040"}) == described.read_text(encoding="utf-8")


def test_it_is_installed_by_its_name_and_the_app_runs_on_it() -> None:
    with VirtualBlock(Flash()) as block:
        assert main(["install", "--board", "fast", "--port", block.usb.url]) == 0
        assert block.computer.flash.files["/board"] == b"fast\n"
        assert "/lib/pulseblock/boards/fast.mpy" in block.computer.flash.files
        assert block.running
        block.run(Wearer().away(500).hold(1500).presses(1).hold(500).samples)
        told = block.computer.exec(
            "from pulseblock import app\nprint(app.running.count, app.boards.current().rate_hz)"
        )
        assert told == "1 200\n"
