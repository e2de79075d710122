"""`pulseblock record`: from the sensors of a block to a file that can be replayed."""

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pulseblock.journal.trace_frame import FRAME_BYTES
from pulseblock.journal.trace_recorder import CAP_BYTES
from pulseblock_tools.blocks import Block, connect
from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.cli import main
from pulseblock_tools.errors import BAD_INPUT, LOST_CONNECTION, OK
from pulseblock_tools.sync import recordings
from virtual.training import Trainee

Record = Callable[..., tuple[int, str, str]]


@pytest.fixture
def record(trainee: Trainee, command_line: Record) -> Record:
    """Runs the command; gives exit code, stdout, stderr."""

    def run(*args: object) -> tuple[int, str, str]:
        trainee.wait(lambda: not trainee.block.usb.connected)
        code, out, err = command_line("record", *args, "--port", trainee.port.device)
        return code, " ".join(out.split()), err

    return run


def counted(file: Path, capsys: pytest.CaptureFixture[str], config: Path) -> list[str]:
    """Verdicts of a replay."""
    config.write_text(json.dumps({"rate_hz": 100}))
    assert main(["replay", str(file), "--json", "--config", str(config)]) == OK
    return [json.loads(line)["verdict"] for line in capsys.readouterr().out.splitlines()]


def test_what_was_trained_can_be_replayed(
    trainee: Trainee, record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert record("on") == (OK, "Recording is on; the block has 0 traces, 0 KB.", "")
    trainee.train(5)
    code, out, err = record("fetch", "--output", tmp_path)
    assert (code, err) == (OK, "")
    (file,) = tmp_path.glob("*.csv")
    assert out == f"{file}: 0:10"
    assert counted(file, capsys, tmp_path / "config.json") == ["good"] * 5
    assert trainee.block.running


def test_what_was_fetched_leaves_the_block_unless_it_is_to_keep_it(
    trainee: Trainee, record: Record, tmp_path: Path
) -> None:
    record("on")
    trainee.train(2)
    record("fetch", "--keep", "--output", tmp_path)
    assert "has 1 trace," in record()[1]
    record("fetch", "--output", tmp_path)
    assert len(list(tmp_path.glob("*.csv"))) == 1  # the same one
    assert record()[1] == "Recording is on; the block has 0 traces, 0 KB."


def test_a_file_of_that_name_that_is_no_text_stays(trainee: Trainee, record: Record, tmp_path: Path) -> None:
    record("on")
    trainee.train(2)
    record("fetch", "--keep", "--output", tmp_path)
    (file,) = tmp_path.glob("*.csv")
    file.write_bytes(b"\xff\xfe")
    assert record("fetch", "--output", tmp_path)[0] == OK
    assert file.read_bytes() == b"\xff\xfe"
    assert len(list(tmp_path.glob("*.csv"))) == 2


def test_that_there_is_room_for_no_more_is_told(trainee: Trainee, record: Record) -> None:
    def holds(size: int) -> None:
        trainee.block.cut_power()
        trainee.flash.write("/traces/00000001.pbt", bytes(size))
        trainee.block.power_on()

    holds(CAP_BYTES - FRAME_BYTES)
    assert record()[1] == "Recording is off; the block has 1 trace, 393 KB."
    holds(CAP_BYTES - FRAME_BYTES + 1)
    assert record()[1].endswith("1 trace, 393 KB, and room for no more: fetch them.")
    assert json.loads(record("--json")[1])["full"] is True


def test_json_is_one_object(trainee: Trainee, record: Record, tmp_path: Path) -> None:
    record("on")
    trainee.train(2)
    code, out, err = record("fetch", "--json", "--output", tmp_path)
    told = json.loads(out)
    assert (code, err) == (OK, "")
    assert (told["recording"], told["traces"]) == (True, [])
    (fetched,) = told["fetched"]
    assert Path(fetched["file"]).exists()
    assert fetched["samples"] == pytest.approx(100 * fetched["seconds"], abs=2)


def test_off_ends_it(trainee: Trainee, record: Record, tmp_path: Path) -> None:
    record("on")
    assert record("off")[1] == "Recording is off; the block has 0 traces, 0 KB."
    assert record("off")[0] == OK
    trainee.train(2)
    assert "no traces" in record("fetch", "--output", tmp_path)[1]


def test_a_trace_that_is_damaged_keeps_what_lies_around(
    trainee: Trainee, record: Record, tmp_path: Path
) -> None:
    record("on")
    trainee.train(8)
    with connect(trainee.port):
        pass
    trainee.block.cut_power()
    (path,) = [path for path in trainee.flash.files if path.endswith(".pbt")]
    data = bytearray(trainee.flash.files[path])
    data[700] ^= 1
    trainee.flash.files[path] = bytes(data)
    trainee.block.power_on()
    assert record("fetch", "--output", tmp_path)[1].endswith("1 stretches damaged")
    (file,) = tmp_path.glob("*.csv")
    assert len(file.read_text().splitlines()) > 400


def test_a_file_that_is_there_already_is_not_overwritten(
    trainee: Trainee, record: Record, tmp_path: Path
) -> None:
    record("on")
    trainee.train(2)
    record("fetch", "--keep", "--output", tmp_path)
    (file,) = tmp_path.glob("*.csv")
    file.write_text("mine\n")
    record("fetch", "--output", tmp_path)
    assert file.read_text() == "mine\n"
    assert len(list(tmp_path.glob("*.csv"))) == 2


def test_a_trace_stays_until_the_disk_has_all_of_it(
    trainee: Trainee, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    record("on")
    trainee.train(2)
    whole = Block.read_file
    with monkeypatch.context() as half:
        half.setattr(Block, "read_file", lambda block, path: (whole(block, path) or b"")[:100])
        assert record("fetch", "--output", tmp_path)[0] == LOST_CONNECTION
    with monkeypatch.context() as full:
        full.setattr("os.fsync", refuses)
        assert "No space left" in record("fetch", "--output", tmp_path)[2]
    assert "has 1 trace," in record()[1]
    assert not [*tmp_path.glob("*.csv")]


def test_a_folder_that_cannot_be_is_told_and_the_trace_stays(
    trainee: Trainee, record: Record, tmp_path: Path
) -> None:
    record("on")
    trainee.train(2)
    (tmp_path / "file").touch()
    code, _, err = record("fetch", "--output", tmp_path / "file" / "below")
    assert code == BAD_INPUT
    assert len(err.splitlines()) == 1
    assert "has 1 trace," in record()[1]


@pytest.mark.parametrize(
    "said",
    [None, [], {}, {"traces": 1}, {"traces": [["00000001.pbt", 1 << 40]], "recording": True}],
)
def test_nonsense_from_a_block_is_refused(said: object) -> None:
    with pytest.raises(Garbled):
        recordings._state(said)


def test_only_traces_count_as_traces() -> None:
    said = {"recording": 1, "traces": [["../x", 1], ["00000001.pbt", 7], ["00000002.pbt", -1], "x", [1, 2]]}
    assert recordings._state(said) == recordings.State(False, (("00000001.pbt", 7),))
