"""A block's files, through the adapter: whole or not at all."""

from collections.abc import Iterator

import pytest

from pulseblock_tools.blocks import Block, connect
from pulseblock_tools.blocks.block import AppFailed
from pulseblock_tools.blocks.link import LostConnection, ProgramFailed
from pulseblock_tools.errors import UserError
from virtual.training import Trainee

EVERYTHING = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def trainee() -> Iterator[Trainee]:
    with Trainee() as trainee:
        yield trainee


@pytest.fixture
def block(trainee: Trainee) -> Iterator[Block]:
    trainee.wait(lambda: not trainee.block.usb.connected)
    with connect(trainee.port) as block:
        yield block


def test_what_is_written_is_read(block: Block) -> None:
    block.write_file("/settings.json", EVERYTHING)
    assert block.read_file("/settings.json") == EVERYTHING
    block.write_file("/settings.json", b"{}")
    assert block.read_file("/settings.json") == b"{}"


def test_an_empty_file_is_a_file(block: Block) -> None:
    block.write_file("/empty", b"")
    assert block.read_file("/empty") == b""


def test_a_file_that_is_not_there_is_none(block: Block) -> None:
    assert block.read_file("/nothing") is None


def test_folders_are_made_as_needed(trainee: Trainee, block: Block) -> None:
    block.write_file("/a/b/c", b"deep")
    assert trainee.flash.files["/a/b/c"] == b"deep"


def test_a_name_is_a_name_whatever_is_in_it(block: Block) -> None:
    name = "/o'neill \"ö\\n'.txt"
    block.write_file(name, b"x")
    assert block.read_file(name) == b"x"


def test_a_file_that_does_not_fit_is_told_and_leaves_the_old_one(trainee: Trainee, block: Block) -> None:
    block.write_file("/big", b"old")
    with pytest.raises(ProgramFailed, match="28"):
        block.write_file("/big", bytes(trainee.flash.capacity * 4096))
    assert block.read_file("/big") == b"old"
    block.exec("import os\nos.remove('/big.new')")


def test_a_piece_out_of_place_is_refused(block: Block) -> None:
    block.do("write_file", path="/pieces", at=0, piece=b"AAAA")
    with pytest.raises(ProgramFailed, match="a piece is missing"):
        block.do("write_file", path="/pieces", at=6, piece=b"AAAA")


def test_what_did_not_arrive_whole_does_not_replace_the_old_one(trainee: Trainee, block: Block) -> None:
    block.write_file("/kept", b"old")
    block.do("write_file", path="/kept", at=0, piece=b"AAAA")
    with pytest.raises(ProgramFailed, match="whole"):
        block.do("replace_file", path="/kept", size=3, crc=1)
    assert block.read_file("/kept") == b"old"
    assert "/kept.new" not in trainee.flash.files


def test_an_exception_leaves_the_app_running(trainee: Trainee, block: Block) -> None:
    with pytest.raises(ProgramFailed, match="ZeroDivisionError"):
        block.exec("1 / 0")
    block.restart_app()
    assert trainee.block.running


def test_a_snippet_called_again_is_the_one_that_was_asked_for(block: Block) -> None:
    block.write_file("/one", b"1")
    with pytest.raises(ProgramFailed):
        block.do("replace_file", path="/missing", size=1, crc=1)
    assert block.read_file("/one") == b"1"
    assert block.read_file("/missing") is None
    assert block.read_file("/one") == b"1"


def test_an_error_in_the_middle_of_an_answer_lets_the_app_run_on(trainee: Trainee) -> None:
    def fails() -> None:
        with connect(trainee.port) as block:
            next(block.run_snippet("read_file", path="/lib/pulseblock/app.py"))
            raise UserError("something else is wrong")

    with pytest.raises(UserError, match="something else"):
        fails()
    assert trainee.block.running


@pytest.mark.parametrize(
    ("main", "reason"),
    [
        (b"import nothing_there", "ImportError: no module named 'nothing_there'"),
        (b"raise ValueError('bad\\nworse')", "ValueError: bad"),
        (b"pass", "it ended"),
        (b"print('pulseblock 1.2.3 not started: the button is held')", "start: the button is held;"),
        (b"print('pulseblock 1.2.3 runs')", "it ended"),
    ],
)
def test_an_app_that_does_not_run_is_told_with_its_reason(main: bytes, reason: str) -> None:
    def restart() -> None:
        with connect(trainee.port):
            pass

    with Trainee() as trainee:
        trainee.flash.files["/main.py"] = main
        with pytest.raises(AppFailed) as failed:
            restart()
        assert reason in str(failed.value)
        assert not trainee.block.running


def test_a_cable_pulled_before_the_app_runs_again_is_told(trainee: Trainee, block: Block) -> None:
    trainee.block.usb.cut()
    with pytest.raises(LostConnection):
        block.restart_app()
