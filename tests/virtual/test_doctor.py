"""The doctor on a virtual block, and on one whose board is a Pico with the parts of the drivers' tests."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.wearer import Wearer

import pulseblock
from pulseblock_tools.cli import main
from pulseblock_tools.doctor.examining import examine
from pulseblock_tools.errors import FAILED, LOST_CONNECTION
from pulseblock_tools.install import installing
from pulseblock_tools.virtual.block import VirtualBlock, install
from pulseblock_tools.virtual.flash import Flash, tree
from virtual.at_usb import at_usb, wait_until_free

DEVICE_TESTS = Path(__file__).parents[1] / "device"

BENCH = """\
import os

import _virtual
from fakes.adc import FakeADC
from fakes.bench import Bench
from pulseblock.boards.{board} import Board as _Board


class _Driven(_Board):
    name = "bench"

    def run(self, app):
        _virtual.drive(app.step, app.interrupted)


class _Still(Bench):
    def make_adc(self, _force):
        return FakeADC({pressed} if "pressed" in os.listdir("/") else {adc})


def Board():
    bench = _Still(_Driven, "/parts.json", missing={missing!r})
    bench.imu.signal = lambda number, axis: (12, -30, {gravity})[axis] + (number & 7)
    if bench.cell:
        bench.cell.counts = {counts}
    return bench.board
"""
"""A board whose parts are the fakes that the drivers are tested with."""


@pytest.fixture
def block() -> Iterator[VirtualBlock]:
    with VirtualBlock() as block:
        yield block


Checks = dict[str, dict[str, str]]


def diagnose(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> tuple[int, Checks]:
    """Exit code, and what was found by its check."""
    wait_until_free(block)
    capsys.readouterr()
    code = main(["doctor", "--json", "--port", block.usb.url])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    verdicts = {one["verdict"] for one in told["checks"]}
    assert told["verdict"] == next(one for one in ("fail", "warn", "ok") if one in verdicts)
    assert (code == FAILED) == (told["verdict"] == "fail")
    assert all(one["advice"] for one in told["checks"] if one["verdict"] in {"warn", "fail"})
    return code, {one["check"]: one for one in told["checks"]}


def bench(
    board: str = "pico_fsr",
    *,
    adc: int = 40,
    pressed: int = 40,
    gravity: int = 8192,
    counts: int = 0,
    missing: tuple[str, ...] = (),
) -> Flash:
    """Flash of a block with such a board, whose parts measure that."""
    flash = Flash()
    install(flash)
    for path, contents in tree(DEVICE_TESTS / "fakes", "/lib/fakes").items():
        flash.write(path, contents)
    source = BENCH.format(
        board=board, adc=adc, pressed=pressed, gravity=gravity, counts=counts, missing=missing
    )
    flash.write("/lib/pulseblock/boards/bench.py", source.encode())
    flash.write("/board", b"bench\n")
    return flash


def test_a_sound_block_is_found_sound(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    code, checks = diagnose(block, capsys)
    assert code == 0
    assert {"MicroPython", "firmware", "settings", "free space", "battery", "flash", "journal", "app"} <= set(
        checks
    )
    assert {one["verdict"] for one in checks.values()} <= {"ok", "skip", "warn"}
    assert checks["clock"]["verdict"] == "warn"
    assert block.running


def test_nothing_of_the_wearers_changes(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    def of_the_wearer() -> dict[str, bytes]:
        files = block.computer.flash.files
        return {path: data for path, data in files.items() if "journal" not in path}

    before = of_the_wearer()
    diagnose(block, capsys)
    assert of_the_wearer() == before


def test_lines_for_people_say_what_to_do(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--yes", "--port", block.usb.url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("ok") and "MicroPython" in line for line in lines)
    assert any("'pulseblock sync' sets it" in line for line in lines)


def test_a_board_without_firmware_is_told_to_install_it(capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualBlock(Flash()) as block:
        code, checks = diagnose(block, capsys)
    assert code == FAILED
    assert "pulseblock install" in checks["firmware"]["advice"]


def test_versions_that_are_too_old_are_told(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installing, "OLDEST_MICROPYTHON", (1, 30))
    monkeypatch.setattr(pulseblock, "__version__", "0.1.9")
    code, checks = diagnose(block, capsys)
    assert code == FAILED
    assert checks["MicroPython"]["verdict"] == "fail"
    assert "1.30 is the oldest" in checks["MicroPython"]["advice"]
    assert checks["firmware"]["verdict"] == "warn"
    assert "puts 0.1.9 there" in checks["firmware"]["advice"]


def test_a_firmware_that_does_not_run_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualBlock() as block:
        block.computer.write("/lib/pulseblock/main.py", b"")
        block.computer.write("/main.py", b"raise ValueError('unlucky')")
        code, checks = diagnose(block, capsys)
    assert code == FAILED
    assert checks["app"]["verdict"] == "fail"
    assert "unlucky" in checks["app"]["advice"]


def test_settings_that_cannot_be_used_are_told(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str]
) -> None:
    block.computer.write("/settings.json", b"{")
    code, checks = diagnose(block, capsys)
    assert code == FAILED
    assert "config reset" in checks["settings"]["advice"]


def test_a_low_battery_and_a_damaged_journal_are_warnings(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str]
) -> None:
    block.computer.set_inputs(battery=3450)
    data = bytearray(block.computer.flash.files["/journal/00000001.pbj"])
    data[45] ^= 0xFF
    flash = block.computer.flash
    block.power_on()
    block.cut_power()
    flash.files["/journal/00000001.pbj"] = bytes(data) + flash.files["/journal/00000001.pbj"][len(data) :]
    block.power_on()
    code, checks = diagnose(block, capsys)
    assert code == 0
    assert (checks["battery"]["verdict"], checks["journal"]["verdict"]) == ("warn", "warn")


def test_a_cell_that_is_low_in_training_is_told_at_the_cable(capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualBlock() as block:
        block.computer.set_inputs(battery=3450)
        block.run(Wearer().away(20_000).samples)
        block.computer.set_inputs(battery=0)  # as a cable hides it
        _, checks = diagnose(block, capsys)
    assert checks["battery"]["verdict"] == "skip"
    assert checks["battery in use"]["found"].startswith("ran low: 3.45 V")


def test_how_the_main_loop_kept_up_is_told(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    block.run(Wearer().away(500).hold(1500).presses(2).hold(500).away(67_000).samples)
    _, checks = diagnose(block, capsys)
    assert checks["main loop"]["verdict"] == "ok"
    assert checks["main loop"]["found"].endswith("0 samples lost when last noted")


def test_a_full_flash_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    flash = Flash()
    install(flash)
    flash.write("/mine.bin", bytes(4096))
    flash.capacity = sum(-(-len(data) // 4096) for data in flash.files.values()) + 2 * len(flash.folders) + 12
    with VirtualBlock(flash) as block:
        _, checks = diagnose(block, capsys)
    assert checks["free space"]["verdict"] == "warn"


def test_a_block_whose_clock_was_set_is_right(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str]
) -> None:
    with at_usb(block) as connected:
        connected.do("journal_settle", root="/journal", unix_s=int(time.time()), ms=0)
    _, checks = diagnose(block, capsys)
    assert checks["clock"]["verdict"] == "ok"


def test_a_pulled_cable_is_no_diagnosis(block: VirtualBlock) -> None:
    block.usb.cut(after=9_000)
    assert main(["doctor", "--yes", "--port", block.usb.url]) == LOST_CONNECTION


def test_light_and_buzzer_are_asked_for(block: VirtualBlock) -> None:
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return "buzzer" not in question

    with at_usb(block) as connected:
        do = connected.do

        def doing(name: str, *arguments: Any, **values: Any) -> bytes:
            if name == "doctor_signals":
                asked.append(name)
            return do(name, *arguments, **values)

        connected.do = doing  # type: ignore[method-assign,assignment]
        findings = {one.check: one for one in examine(connected, ask)}
    assert findings["light"].verdict == "ok"
    assert findings["buzzer"].verdict == "fail"
    assert [question.split()[0] for question in asked] == ["doctor_signals", "Was", "Did"]


# A Pico with parts


def test_a_pico_with_sound_parts(capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualBlock(bench()) as block:
        code, checks = diagnose(block, capsys)
        assert block.running
    assert code == 0, checks
    for check in (
        "accelerometer self-test",
        "accelerometer at rest",
        "sample rate",
        "force at rest",
        "ADC range",
    ):
        assert checks[check]["verdict"] == "ok", checks[check]
    assert checks["accelerometer self-test"]["found"] == (
        "LSM6DSOX, each axis moved by 299, 249, 419 mg (50..1700)"
    )
    assert "LSM6DSOX" in checks["parts"]["found"]


@pytest.mark.parametrize(
    ("pressed", "verdict", "found"), [(20_000, "ok", "75 N"), (40, "fail", "0 N"), (60_000, "warn", "628 N")]
)
def test_a_press_is_asked_for_and_measured(pressed: int, verdict: str, found: str) -> None:
    with VirtualBlock(bench(pressed=pressed)) as block, at_usb(block) as connected:

        def ask(question: str) -> bool:
            if "press the plate" in question:
                connected.write_file("/pressed", b"")
            return True

        press = next(one for one in examine(connected, ask) if one.check == "press")
    assert press.verdict == verdict
    assert press.found.startswith(found)


def test_a_pico_with_a_load_cell(capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualBlock(bench("pico_hx711", counts=2000)) as block:
        code, checks = diagnose(block, capsys)
    assert code == 0
    assert checks["force at rest"]["found"].startswith("HX711")
    assert checks["conversions"]["verdict"] == "ok"
    assert "ADC range" not in checks


def test_a_load_cell_that_is_off_is_told_its_tare(capsys: pytest.CaptureFixture[str]) -> None:
    with VirtualBlock(bench("pico_hx711", counts=-81_234)) as block:
        _, checks = diagnose(block, capsys)
    rest = checks["force at rest"]
    assert (rest["verdict"], '{"FORCE": {"tare": -81234}}' in rest["advice"]) == ("warn", True)


@pytest.mark.parametrize(
    ("wrong", "check", "verdict"),
    [
        ({"missing": ("imu",)}, "accelerometer", "fail"),
        ({"gravity": 7000}, "accelerometer at rest", "fail"),
        ({"adc": 30_000}, "force at rest", "warn"),
        ({"adc": 65_000}, "ADC range", "fail"),
    ],
)
def test_what_is_wrong_with_a_part_is_told(
    wrong: dict[str, Any], check: str, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with VirtualBlock(bench(**wrong)) as block:
        _, checks = diagnose(block, capsys)
    assert checks[check]["verdict"] == verdict, checks


def test_parts_that_cannot_be_used_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    flash = bench()
    flash.write("/parts.json", b'{"FORCE": {"r_ohm": "much"}}')
    with VirtualBlock(flash) as block:
        code, checks = diagnose(block, capsys)
    assert code == FAILED
    assert "r_ohm" in checks["parts"]["found"]
