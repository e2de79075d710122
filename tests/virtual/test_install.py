"""Install, through mpremote's transport: an empty block, an old one, an interrupted one end up the same."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.wearer import Wearer
from rich.prompt import Prompt

from pulseblock_tools.blocks import Port, connect
from pulseblock_tools.blocks.block import AppFailed
from pulseblock_tools.cli import main
from pulseblock_tools.commands import install as command
from pulseblock_tools.errors import BAD_INPUT, FAILED, LOST_CONNECTION, WRONG_FIRMWARE, UserError
from pulseblock_tools.install import firmware, installing
from pulseblock_tools.install.compiling import Target
from pulseblock_tools.install.installing import Outcome, contents, install
from pulseblock_tools.journal.reading import read_journal
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.block import install as install_sources
from pulseblock_tools.virtual.flash import Flash
from virtual.at_usb import at_usb, wait_until_free

PLAIN = Target("")


@pytest.fixture
def block() -> Iterator[VirtualBlock]:
    """A board with MicroPython and nothing else."""
    with VirtualBlock(Flash()) as block:
        yield block


@pytest.fixture(scope="module")
def wanted() -> dict[str, bytes]:
    return contents("virtual", PLAIN)


def install_on(block: VirtualBlock, progress: installing.Progress = lambda done, total: None) -> Outcome:
    with at_usb(block) as connected:
        return install(connected, "virtual", progress)


def firmware_on(block: VirtualBlock) -> dict[str, bytes]:
    """All files of the flash but what the app and the wearer have put there."""
    return {
        path: data
        for path, data in block.computer.flash.files.items()
        if not path.startswith(("/journal/", "/settings"))
    }


def test_an_empty_board_becomes_a_block_that_counts(block: VirtualBlock, wanted: dict[str, bytes]) -> None:
    outcome = install_on(block)
    assert block.running
    assert firmware_on(block) == wanted
    assert set(outcome.copied) == set(wanted)
    assert (outcome.copied_bytes, outcome.unchanged) == (sum(map(len, wanted.values())), 0)
    block.run(Wearer().away(500).hold(1500).presses(3).hold(500).away(67_000).samples)
    flash = block.computer.flash.files
    (session,) = read_journal([(1, flash["/journal/00000001.pbj"])]).sessions
    assert len(session.reps) == 3


def test_whoever_is_asked_which_board_it_is_may_take_a_while(
    block: VirtualBlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer_late(*_question: object, **_how: object) -> str:
        time.sleep(1.0)
        return "pico_fsr"

    monkeypatch.setattr(Prompt, "ask", answer_late)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    with connect(Port(block.usb.url), guard_s=0.3) as connected:
        assert command._board_of(connected) == "pico_fsr"
        assert connected.exec("print('still here')") == "still here\r\n"


def test_a_second_time_nothing_is_copied(block: VirtualBlock, wanted: dict[str, bytes]) -> None:
    install_on(block)
    with at_usb(block) as connected:
        changes = block.computer.flash.changes
        outcome = install(connected, "virtual", lambda done, total: None)
        assert block.computer.flash.changes == changes
    assert (outcome.copied, outcome.removed, outcome.unchanged) == ((), (), len(wanted))
    assert block.running


def test_only_what_differs_is_copied(block: VirtualBlock, wanted: dict[str, bytes]) -> None:
    install_on(block)
    block.computer.write("/lib/pulseblock/core/judge.mpy", b"rotten")
    outcome = install_on(block)
    assert outcome.copied == ("/lib/pulseblock/core/judge.mpy", "/main.py")
    assert firmware_on(block) == wanted


def test_stale_files_go_and_what_is_the_wearers_stays(wanted: dict[str, bytes]) -> None:
    flash = Flash()
    install_sources(flash)  # as mip does: a .py would hide the .mpy beside it
    flash.write("/lib/pulseblock/old/thing.py", b"")
    flash.write("/lib/other.py", b"OTHER = 1\n")
    flash.write("/settings.json", b'{"rushed_ms": 700}')
    with VirtualBlock(flash) as block:
        block.run(Wearer().away(500).hold(1500).presses(3).hold(500).samples)
        outcome = install_on(block)
        journal = block.computer.flash.files["/journal/00000001.pbj"]
        assert firmware_on(block) == {**wanted, "/lib/other.py": b"OTHER = 1\n"}
        assert "/lib/pulseblock/old" not in block.computer.flash.folders
        assert "/lib/pulseblock/old/thing.py" in outcome.removed
        assert block.computer.flash.files["/settings.json"] == b'{"rushed_ms": 700}'
        assert len(read_journal([(1, journal)]).sessions[0].reps) == 3
        assert block.running


@pytest.mark.parametrize("strays", [{"__init__.py": b"", "app.py": b"import nowhere"}, {}])
def test_what_would_hide_the_firmware_goes(
    block: VirtualBlock, wanted: dict[str, bytes], strays: dict[str, bytes]
) -> None:
    flash = block.computer.flash
    block.computer.exec("import os; os.mkdir('/pulseblock')")  # as 'mpremote cp -r' leaves it
    for name, data in strays.items():
        block.computer.write(f"/pulseblock/{name}", data)
    install_on(block)
    assert firmware_on(block) == wanted
    assert "/pulseblock" not in flash.folders
    assert block.running


def test_so_does_a_module_of_its_name(block: VirtualBlock, wanted: dict[str, bytes]) -> None:
    strays = ("/pulseblock.py", "/pulseblock.mpy")
    for path in strays:
        block.computer.write(path, b"import nowhere")
    outcome = install_on(block)
    assert set(strays) <= set(outcome.removed)
    assert not set(strays) & set(block.computer.flash.files)
    assert firmware_on(block) == wanted
    assert block.running


def test_an_empty_folder_in_place_of_a_module_goes(block: VirtualBlock, wanted: dict[str, bytes]) -> None:
    folders = "/lib", "/lib/pulseblock", "/lib/pulseblock/app"
    block.computer.exec(f"import os\nfor path in {folders}: os.mkdir(path)")
    install_on(block)
    assert firmware_on(block) == wanted
    assert "/lib/pulseblock/app" not in block.computer.flash.folders
    assert block.running


def test_progress_ends_at_the_whole(block: VirtualBlock) -> None:
    seen: list[tuple[int, int]] = []
    outcome = install_on(block, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (outcome.copied_bytes, outcome.copied_bytes)
    assert seen == sorted(seen)


def test_the_main_of_another_program_is_kept(block: VirtualBlock) -> None:
    block.computer.write("/main.py", b"print('blink')\n")
    assert install_on(block).kept == "/main-before.py"
    assert block.computer.flash.files["/main-before.py"] == b"print('blink')\n"
    assert block.running
    assert install_on(block).kept is None


# Interrupted


@pytest.mark.parametrize("crossed", [1_000, 9_000, 30_000, 70_000, 110_000])
def test_a_pulled_cable_is_mended_by_the_next_install(
    block: VirtualBlock, wanted: dict[str, bytes], crossed: int
) -> None:
    block.usb.cut(after=crossed)
    with pytest.raises(UserError) as lost:
        install_on(block)
    assert lost.value.exit_code == LOST_CONNECTION
    outcome = install_on(block)
    assert firmware_on(block) == wanted
    assert outcome.unchanged > 0 or crossed <= 9_000
    assert block.running


def test_each_file_is_the_old_or_the_new_one_whenever_power_is_cut(wanted: dict[str, bytes]) -> None:
    flash = Flash()
    install_sources(flash)
    old = dict(flash.files)
    for changes in range(5, 600, 97):
        with VirtualBlock(flash) as block:
            block.computer.flash.cut_after(changes)
            with contextlib.suppress(UserError):
                install_on(block)
        for path, data in firmware_on(block).items():
            assert path.endswith(".new") or data in {old.get(path), wanted.get(path)}, path
    with VirtualBlock(flash) as block:
        install_on(block)
        assert firmware_on(block) == wanted
        assert block.running


def test_nothing_starts_of_which_some_is_old_and_some_is_new(wanted: dict[str, bytes]) -> None:
    flash = Flash()
    install_sources(flash)
    with VirtualBlock(flash) as block:
        assert block.running
        block.computer.flash.cut_after(12)
        with contextlib.suppress(UserError):
            install_on(block)
        assert firmware_on(block).keys() & wanted.keys() - {"/board"}
        block.power_on()
        assert not block.running
        install_on(block)
        assert block.running


def test_ctrl_c_at_an_idle_prompt_ends_no_later_program(block: VirtualBlock) -> None:
    for _ in range(12):
        with at_usb(block) as connected:
            assert connected.about.firmware is None


# Refused


def test_too_little_room_is_told_before_anything_is_copied() -> None:
    with VirtualBlock(Flash(capacity=20)) as block:
        with pytest.raises(UserError, match=r"flash lacks \d+ KiB") as refused:
            install_on(block)
        assert refused.value.exit_code == FAILED
        assert firmware_on(block) == {}


def test_where_room_is_short_the_stale_files_go_first(wanted: dict[str, bytes]) -> None:
    flash = Flash(capacity=110)
    flash.write("/lib/pulseblock/stale.bin", bytes(80 * 4096))
    with VirtualBlock(flash) as block:
        assert install_on(block).removed == ("/lib/pulseblock/stale.bin",)
        assert firmware_on(block) == wanted
        assert block.running


def test_an_old_micropython_is_refused(block: VirtualBlock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "OLDEST_MICROPYTHON", (1, 30))
    with pytest.raises(UserError, match=r"runs MicroPython 1\.29\.0, and 1\.30 is the oldest") as refused:
        install_on(block)
    assert refused.value.exit_code == WRONG_FIRMWARE
    assert firmware_on(block) == {}


def test_firmware_for_another_board_is_seen_not_to_start(block: VirtualBlock) -> None:
    with pytest.raises(AppFailed, match="does not start"), at_usb(block) as connected:
        install(connected, "pico_fsr", lambda done, total: None)
    install_on(block)
    assert block.running


# The command


def test_the_command_tells_what_it_did(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["install", "--board", "virtual", "--port", block.usb.url]) == 0
    assert "The block runs." in capsys.readouterr().out
    wait_until_free(block)
    assert main(["install", "--json", "--port", block.usb.url]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["board"], told["copied"], told["removed"]) == ("virtual", [], [])


def test_a_board_that_does_not_say_which_it_is_must_be_told(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["install", "--port", block.usb.url]) == BAD_INPUT
    error = capsys.readouterr().err
    assert "--board" in error
    assert all(name in error for name in firmware.boards())
    assert main(["install", "--board", "pico_fsx", "--port", block.usb.url]) == BAD_INPUT
    assert "did you mean pico_fsr?" in capsys.readouterr().err


def test_mpremote_mip_reads_the_package(block: VirtualBlock, tmp_path: Path) -> None:
    device = Path(__file__).parents[2] / "device"
    described = json.loads((device / "package.json").read_text(encoding="utf-8"))
    described["urls"] = described["urls"][:4]  # mpremote needs a second for each
    (tmp_path / "pulseblock").symlink_to(firmware.SOURCE)
    package = tmp_path / "package.json"
    package.write_text(json.dumps(described), encoding="utf-8")
    mpremote = [sys.executable, "-m", "mpremote", "connect", block.usb.url, "resume"]
    subprocess.run([*mpremote, "mip", "install", str(package)], check=True, timeout=60, capture_output=True)
    expected = {f"/lib/{place}": (device / url).read_bytes() for place, url in described["urls"]}
    assert block.computer.flash.files == expected
