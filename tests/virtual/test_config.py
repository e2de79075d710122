"""Settings on a block: seen, changed and put back, and refused on either side before anything is written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.wearer import Wearer

from pulseblock.core.settings import Settings
from pulseblock_tools.blocks import settings
from pulseblock_tools.cli import main
from pulseblock_tools.errors import BAD_INPUT, FAILED, LOST_CONNECTION, UserError
from pulseblock_tools.virtual.block import VirtualBlock, install
from pulseblock_tools.virtual.flash import Flash
from pulseblock_tools.virtual.outputs import Light
from virtual.at_usb import at_usb, wait_until_free

Config = Callable[..., int]


@pytest.fixture
def block(shared_block: VirtualBlock) -> VirtualBlock:
    """A block without settings of its own."""
    wait_until_free(shared_block)
    shared_block.computer.write("/settings.json", b"{}")
    return shared_block


@pytest.fixture
def config(block: VirtualBlock) -> Config:
    def run(*arguments: str) -> int:
        wait_until_free(block)
        return main(["config", *arguments, "--port", block.usb.url])

    return run


def on_block(block: VirtualBlock) -> dict[str, int]:
    """What the block's file sets."""
    values: dict[str, int] = json.loads(block.computer.flash.files["/settings.json"])
    return values


def brightest(block: VirtualBlock) -> int:
    """The most that the light shows of a strong press."""
    start = block.computer.clock_ms
    samples = Wearer().away(500).hold(1500).presses(2).away(67_000).samples
    shown = block.run([(start + ms, *sensed) for ms, *sensed in samples])
    return max(max(output[1:]) for output in shown if isinstance(output, Light))


def test_a_setting_that_is_set_is_on_the_block_and_in_force(
    block: VirtualBlock, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert config("set", "light_pct", "40") == 0
    assert capsys.readouterr().out == "light_pct: 100 -> 40\n"
    assert on_block(block) == {"light_pct": 40}
    assert block.running
    assert brightest(block) == 255 * 40 // 100
    config("reset", "light_pct")
    assert brightest(block) == 255


def test_get_shows_one_or_all(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    config("set", "rushed_ms", "700")
    capsys.readouterr()
    assert config("get", "rushed_ms") == 0
    assert capsys.readouterr().out == "700\n"
    assert config("get", "--json") == 0
    values = json.loads(capsys.readouterr().out)
    expected = Settings(rushed_ms=700).as_dict()
    del expected["rate_hz"]
    assert values == expected
    assert config("get") == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in expected)


def test_what_get_prints_can_be_set_again(
    block: VirtualBlock, config: Config, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config("set", "rushed_ms", "700")
    config("set", "sound", "0")
    capsys.readouterr()
    config("get", "--json")
    file = tmp_path / "mine.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    config("reset")
    assert on_block(block) == {}
    assert config("set", "--file", str(file)) == 0
    assert on_block(block) == {"rushed_ms": 700, "sound": 0}


def test_a_file_sets_all_it_names_but_the_boards_own(
    block: VirtualBlock, config: Config, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config("set", "sound", "0")
    file = tmp_path / "calibration.json"
    file.write_text('{"reference_cn": 4200, "drag_y_um": -900, "rate_hz": 104}', encoding="utf-8")
    capsys.readouterr()
    assert config("set", "--file", str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "drag_y_um": {"before": 0, "now": -900},
        "reference_cn": {"before": 0, "now": 4200},
    }
    assert on_block(block) == {"sound": 0, "reference_cn": 4200, "drag_y_um": -900}


def test_reset_puts_one_back_or_all(block: VirtualBlock, config: Config) -> None:
    config("set", "sound", "0")
    config("set", "rushed_ms", "700")
    assert config("reset", "sound") == 0
    assert on_block(block) == {"rushed_ms": 700}
    assert config("reset") == 0
    assert on_block(block) == {}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("set", "rushd_ms", "700"), "rushd_ms: no such setting; did you mean rushed_ms?"),
        (("get", "qqq"), "qqq: no such setting; 'pulseblock config get' lists them all"),
        (("reset", "qqq"), "qqq: no such setting"),
        (("set", "rushed_ms", "7"), "rushed_ms: 7 is not a whole number from 200 to 3000 (usual: 600)"),
        (("set", "rushed_ms", "0.7"), "rushed_ms: 0.7 is not a whole number"),
        (("set", "rate_hz", "100"), "rate_hz: each board has its own"),
        (("set", "rushed_ms"), "give a setting's NAME and VALUE, or --file"),
        (("set",), "give a setting's NAME and VALUE, or --file"),
        (("set", "sound", "1", "--file", "x.json"), "give a setting's NAME and VALUE, or --file"),
        (("set", "--file", "missing.json"), "missing.json: cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_before_the_block_is_asked(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", *arguments, "--port", "/nowhere/at/all"]) == BAD_INPUT
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_negative_values_can_be_set(block: VirtualBlock, config: Config) -> None:
    assert config("set", "mount_pitch_cdeg", "-120") == 0
    assert on_block(block) == {"mount_pitch_cdeg": -120}


def test_the_blocks_own_firmware_has_the_last_word(
    block: VirtualBlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = "def run(text):\n yield b'rushed_ms: no such setting'\n"
    monkeypatch.setattr("pulseblock_tools.blocks.block._snippet", _with("settings_check", older))
    with (
        pytest.raises(
            UserError, match="refuses that: rushed_ms: no such setting; 'pulseblock install'"
        ) as refused,
        at_usb(block) as connected,
    ):
        settings.write(connected, {"rushed_ms": 700})
    assert refused.value.exit_code == FAILED
    assert on_block(block) == {}


def _with(name: str, source: str) -> Callable[[str], str]:
    from pulseblock_tools.blocks import block as blocks_block

    before = blocks_block._snippet
    return lambda asked: source if asked == name else before(asked)


@pytest.mark.parametrize("rotten", [b"{", b"[1]", b'{"sound": 7}', b'{"old": 1}', b"\xff\xfe", b"[" * 3000])
def test_settings_that_the_block_cannot_use_are_told_and_reset(
    block: VirtualBlock, config: Config, capsys: pytest.CaptureFixture[str], rotten: bytes
) -> None:
    block.computer.write("/settings.json", rotten)
    for arguments in (("get",), ("set", "sound", "0")):
        assert config(*arguments) == FAILED
        assert "'pulseblock config reset' removes them" in capsys.readouterr().err
        assert block.computer.flash.files["/settings.json"] == rotten
    assert config("reset") == 0
    assert on_block(block) == {}


def test_a_pulled_cable_leaves_the_old_settings_or_the_new() -> None:
    flash = Flash()
    install(flash)
    flash.write("/settings.json", b'{"sound":0}')
    ends = set()
    for crossed in range(1500, 7000, 1100):
        with VirtualBlock(flash) as block:
            block.usb.cut(after=crossed)
            code = main(["config", "set", "rushed_ms", "700", "--port", block.usb.url])
            assert code in {0, LOST_CONNECTION}
        now = flash.files["/settings.json"]
        assert now in {b'{"sound":0}', b'{"rushed_ms":700,"sound":0}'}
        ends.add(now)
        flash.write("/settings.json", b'{"sound":0}')
    assert len(ends) == 2
