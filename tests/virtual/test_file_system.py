"""FAT, which a power cut can spoil: whoever puts something on such a board, or fetches from it, is told."""

import json
from pathlib import Path

import pytest

from pulseblock_tools.blocks import block as blocks_block
from pulseblock_tools.cli import main
from pulseblock_tools.virtual.block import VirtualBlock
from virtual.at_usb import at_usb, wait_until_free

KIND = "type(mounted).__name__"


@pytest.fixture
def block(shared_block: VirtualBlock) -> VirtualBlock:
    return shared_block


@pytest.fixture(autouse=True)
def _database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSEBLOCK_DB", str(tmp_path / "pulseblock.db"))


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The virtual block's file system gives itself out for another."""
    read = blocks_block._snippet
    assert KIND in read("about")
    monkeypatch.setattr(blocks_block, "_snippet", lambda name: read(name).replace(KIND, ascii(request.param)))


def test_a_file_system_that_is_neither_is_not_known(block: VirtualBlock) -> None:
    with at_usb(block) as connected:
        assert connected.about.file_system == "VfsPosix"
        assert connected.about.power_safe is None


@pytest.mark.parametrize(("mounted", "warned"), [("VfsFat", True), ("VfsLfs2", False)], indirect=["mounted"])
@pytest.mark.parametrize(
    "command",
    [["install", "--board", "virtual"], ["sync"], ["record", "on"]],
    ids=["install", "sync", "record"],
)
@pytest.mark.usefixtures("mounted")
def test_fat_is_warned_of_where_records_are_at_risk(
    block: VirtualBlock, command: list[str], warned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    wait_until_free(block)
    assert main([*command, "--port", block.usb.url]) == 0
    assert ("on FAT" in " ".join(capsys.readouterr().err.split())) == warned


@pytest.mark.parametrize(
    ("mounted", "verdict"), [("VfsFat", "warn"), ("VfsLfs2", "ok")], indirect=["mounted"]
)
@pytest.mark.usefixtures("mounted")
def test_the_doctor_tells_which_it_is(
    block: VirtualBlock, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wait_until_free(block)
    assert main(["doctor", "--json", "--port", block.usb.url]) == 0
    (found,) = (one for one in json.loads(capsys.readouterr().out)["checks"] if one["check"] == "file system")
    assert found["verdict"] == verdict
    assert ("FAT" in found["found"]) == (verdict == "warn")
