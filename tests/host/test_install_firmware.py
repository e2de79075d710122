"""Which modules go on which board: all it needs, and no driver of parts it has not."""

import ast
import json
from pathlib import Path

import pytest

from pulseblock_tools.errors import BAD_INPUT, WRONG_FIRMWARE, UserError
from pulseblock_tools.install import compiling, firmware, mip
from pulseblock_tools.install.compiling import Target, compile_module

PACKAGE = Path(__file__).parents[2] / "device" / "package.json"


def drivers(board: str) -> set[str]:
    return {name.rpartition(".")[2] for name in firmware.modules(board) if ".drivers." in name}


def test_a_board_gets_the_drivers_of_its_own_parts_only() -> None:
    assert {"lsm6dsox", "fsr", "rgb", "buzzer", "button", "battery"} <= drivers("pico_fsr")
    assert not {"lis3dh", "hx711", "ws2812", "led"} & drivers("pico_fsr")
    assert {"lsm6dsox", "hx711"} <= drivers("pico_hx711")
    assert not {"lis3dh", "fsr", "ws2812", "led"} & drivers("pico_hx711")
    assert {"lsm6dsox", "fsr", "led"} <= drivers("nano_rp2040")
    assert not {"battery", "rgb"} & drivers("nano_rp2040") - {"battery"}


def test_a_board_gets_its_own_file_only() -> None:
    for board in firmware.boards():
        found = {
            name.removeprefix("pulseblock.boards.") for name in firmware.modules(board) if ".boards." in name
        }
        assert found == {board}


@pytest.mark.parametrize("board", firmware.boards())
def test_every_import_of_the_firmware_is_met(board: str) -> None:
    modules = firmware.modules(board)
    for path in modules.values():
        for node in firmware._run_time_nodes(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.ImportFrom)
                and not node.level
                and (node.module or "").startswith("pulseblock")
            ):
                assert node.module in modules, f"{path}: {node.module}"
    assert all(name.rpartition(".")[0] in modules for name in modules if "." in name)


def test_what_only_describes_the_firmware_stays_off_the_board() -> None:
    assert "pulseblock.signals.table" not in firmware.modules("pico_fsr")
    assert "pulseblock.journal.journal" in firmware.modules("pico_fsr")


def test_an_unknown_board_is_told_with_those_there_are() -> None:
    with pytest.raises(UserError, match="choose one of nano_rp2040, pico_fsr") as refused:
        firmware.check_board("zzz")
    assert refused.value.exit_code == BAD_INPUT


def test_the_same_source_compiles_to_the_same_bytes() -> None:
    name, source = "pulseblock.core.judge", (firmware.SOURCE / "core" / "judge.py").read_text()
    once = compile_module(name, source, Target("armv6m"))
    assert once == compile_module(name, source, Target("armv6m"))
    assert once == compile_module(name, source, Target(""))
    assert once[:2] == bytes([ord("M"), compiling.MPY_VERSION])


def test_a_module_may_be_compiled_to_machine_code_where_the_board_runs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, source = "pulseblock.core.fixed", (firmware.SOURCE / "core" / "fixed.py").read_text()
    bytecode = compile_module(name, source, Target("armv6m"))
    monkeypatch.setitem(compiling.EMIT, name, "native")
    assert compile_module(name, source, Target("armv6m")) != bytecode
    assert compile_module(name, source, Target("")) == bytecode


def test_the_target_is_what_micropython_says() -> None:
    assert Target.of(0x1306) == Target("armv6m")  # RP2040, MicroPython 1.29
    assert Target.of(0x0306) == Target("")
    assert Target.of(0x1206) == Target("")  # machine code of another kind than ours
    for mpy in (0, 5, 7, 6 | 63 << 10):
        with pytest.raises(UserError, match="MicroPython") as refused:
            Target.of(mpy)
        assert refused.value.exit_code == WRONG_FIRMWARE


def test_the_package_for_mip_holds_what_install_copies() -> None:
    """A board that is new need not be there: for mip too, whoever adds it makes the list again."""
    described = json.loads(PACKAGE.read_text(encoding="utf-8"))
    places = {place for place, _ in described["urls"]}
    boards = {board for board in firmware.boards() if f"pulseblock/boards/{board}.py" in places}
    assert PACKAGE.read_text(encoding="utf-8") == mip.package(boards), (
        "python -m pulseblock_tools.install.mip > device/package.json"
    )
    assert boards >= {"pico_fsr", "pico_hx711", "nano_rp2040"}
    for board in boards:
        for source in firmware.modules(board).values():
            assert source.relative_to(firmware.SOURCE.parent).as_posix() in places
    assert all(PACKAGE.parent.joinpath(url).is_file() for _, url in described["urls"])
