"""`pulseblock sync` as a user runs it: what it says, its exit codes, one port for one command."""

import json
import os
import pty
import select
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator

import pytest

from host.block_at_hand import Block
from pulseblock.journal.record import HEADER_BYTES, RECORD_BYTES
from pulseblock_tools.blocks import connect
from pulseblock_tools.cli import main
from pulseblock_tools.errors import (
    BAD_INPUT,
    FAILED,
    INTERRUPTED,
    LOST_CONNECTION,
    NO_BLOCK,
    OK,
    PORT_BUSY,
    WRONG_FIRMWARE,
)
from pulseblock_tools.store.database import open_database
from virtual.training import Trainee, firmware, known_sessions

Pulseblock = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pulseblock(tmp_path, command_line: Pulseblock, monkeypatch: pytest.MonkeyPatch) -> Pulseblock:
    """Runs a command on a database of its own; gives exit code, stdout, stderr."""
    monkeypatch.setenv("PULSEBLOCK_DB", str(tmp_path / "pulseblock.db"))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    return command_line


@pytest.fixture
def silent_port() -> Iterator[str]:
    """A port at which somebody listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"socket://127.0.0.1:{server.getsockname()[1]}"


def test_it_tells_each_new_session_in_a_line(trainee: Trainee, pulseblock: Pulseblock) -> None:
    trainee.train(3)
    code, out, err = pulseblock("sync", "--port", trainee.port.device)
    assert (code, err) == (OK, "")
    (line,) = out.splitlines()
    assert line.startswith("Session 1: ")
    assert line.endswith("3 reps, 3 (100 %) good")


def test_nothing_is_fetched_into_memory_for_the_block_would_forget_it(pulseblock, trainee):
    trainee.train()
    before = dict(trainee.flash.files)
    code, out, err = pulseblock("sync", "--port", trainee.port.device, "--db", ":memory:")
    assert (code, out) == (BAD_INPUT, "")
    assert err == ("pulseblock: a database in memory keeps nothing: name a file, such as --db training.db\n")
    assert trainee.flash.files == before


def test_a_computer_whose_clock_is_not_set_dates_nothing_and_leaves_the_block_alone(
    pulseblock, trainee, monkeypatch
):
    trainee.train()
    before = dict(trainee.flash.files)
    with monkeypatch.context() as unset:
        unset.setattr(time, "time", lambda: 86_400.0)
        code, out, err = pulseblock("sync", "--port", trainee.port.device)
    assert (code, out) == (FAILED, "")
    assert one_line(err) == (
        "pulseblock: this computer's clock says 1970: set it, for sessions are dated by it"
    )
    assert trainee.flash.files == before


def test_without_anything_new_it_says_so(trainee: Trainee, pulseblock: Pulseblock) -> None:
    assert pulseblock("sync", "--port", trainee.port.device) == (OK, "No new sessions.\n", "")


def test_json_is_one_object_and_nothing_else(trainee: Trainee, pulseblock: Pulseblock) -> None:
    trainee.train(3)
    code, out, err = pulseblock("sync", "--json", "--port", trainee.port.device)
    told = json.loads(out)
    assert (code, err) == (OK, "")
    assert told["block"] == trainee.block.computer.unique_id.hex()
    assert [session["rep_count"] for session in told["new_sessions"]] == [3]
    assert told["waiting"] is False


def test_what_is_damaged_is_told_once_and_by_its_place(trainee: Trainee, pulseblock: Pulseblock) -> None:
    trainee.train(4).put_down()
    trainee.block.cut_power()
    trainee.decay(1, 40 + 3 * 20 + 2)
    trainee.block.power_on()
    code, _, err = pulseblock("sync", "--port", trainee.port.device)
    assert code == OK
    told = " ".join(err.split())
    assert "damaged, missing or with another computer; all else is here:" in told
    assert "segment 1 at byte 100, 20 bytes: unreadable" in told
    trainee.wait(lambda: not trainee.block.usb.connected)
    code, out, err = pulseblock("sync", "--json", "--port", trainee.port.device)
    assert (code, err) == (OK, "")
    assert json.loads(out)["damaged"] == []


def test_a_second_computer_is_told_what_the_first_had_the_block_forget(pulseblock: Pulseblock) -> None:
    past = Block(b"virtual0".hex(), segment_bytes=HEADER_BYTES + 9 * RECORD_BYTES).boot().session([0] * 20)
    flash = firmware()
    for number, data in past.segments().items():
        if number > 2:
            flash.write(f"/journal/{number:08d}.pbj", data)
    with Trainee(flash) as trainee:
        _, _, err = pulseblock("sync", "--port", trainee.port.device)
    assert "segment 3 at byte 0: 16 records missing" in " ".join(err.split())


def test_what_it_says_agrees_with_what_show_shows(trainee: Trainee, pulseblock: Pulseblock) -> None:
    trainee.train(3)
    _, told, _ = pulseblock("sync", "--port", trainee.port.device)
    _, shown, _ = pulseblock("show")
    assert shown.splitlines()[-1] == "3 reps, 3 (100 %) good"
    assert told.split(": ")[1].split(",")[0] in shown


def test_the_port_may_come_from_the_environment(
    trainee: Trainee, pulseblock: Pulseblock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSEBLOCK_PORT", trainee.port.device)
    assert pulseblock("sync")[0] == OK


def one_line(err: str) -> str:
    (line,) = err.splitlines()
    assert line.startswith("pulseblock: ")
    return line


def test_a_port_with_nothing_behind_it(pulseblock: Pulseblock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = f"socket://127.0.0.1:{server.getsockname()[1]}"
    code, out, err = pulseblock("sync", "--port", port)
    assert (code, out) == (NO_BLOCK, "")
    assert port in one_line(err)


def test_a_port_where_nothing_answers(
    silent_port: str, pulseblock: Pulseblock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connect.__wrapped__.__kwdefaults__, "patience_s", (0.1, 0.2))
    code, _, err = pulseblock("sync", "--port", silent_port)
    assert code == LOST_CONNECTION
    assert "switch it off and on" in one_line(err)


def test_a_port_that_another_program_uses(trainee: Trainee, pulseblock: Pulseblock) -> None:
    with socket.create_connection(("127.0.0.1", trainee.block.usb.port)):
        assert trainee.wait(lambda: trainee.block.usb.connected)
        code, _, err = pulseblock("sync", "--port", trainee.port.device)
    assert code == PORT_BUSY
    assert "another program uses" in one_line(err)
    assert trainee.block.running


def test_a_port_that_another_pulseblock_uses(trainee: Trainee, pulseblock: Pulseblock) -> None:
    with connect(trainee.port):
        code, _, err = pulseblock("sync", "--port", trainee.port.device)
    assert code == PORT_BUSY
    assert "another pulseblock command" in one_line(err)
    assert pulseblock("sync", "--port", trainee.port.device)[0] == OK


@pytest.mark.usefixtures("pulseblock")
def test_two_syncs_at_once_do_no_harm(trainee: Trainee, tmp_path) -> None:
    trainee.train(5)
    codes: list[int] = []
    line = ["sync", "--port", trainee.port.device]
    threads = [threading.Thread(target=lambda: codes.append(main(line))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert OK in codes
    assert set(codes) <= {OK, PORT_BUSY}
    (session,) = known_sessions(open_database(str(tmp_path / "pulseblock.db")))
    assert len(session.reps) == 5
    assert trainee.block.running


def test_a_board_without_pulseblock(echo_flash, pulseblock: Pulseblock) -> None:
    with Trainee(echo_flash) as trainee:
        code, _, err = pulseblock("sync", "--port", trainee.port.device)
    assert code == WRONG_FIRMWARE
    assert "pulseblock install" in one_line(err)


def test_a_cable_pulled(trainee: Trainee, pulseblock: Pulseblock) -> None:
    trainee.train(3)
    trainee.block.usb.cut(after=5000)
    code, out, err = pulseblock("sync", "--port", trainee.port.device)
    assert (code, out) == (LOST_CONNECTION, "")
    assert "cable" in one_line(err)


def test_ctrl_c_keeps_what_came_and_lets_the_app_run_on(
    trainee: Trainee, pulseblock: Pulseblock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    trainee.train(3)
    with monkeypatch.context() as interrupt:
        interrupt.setattr("pulseblock_tools.sync.fetching.Fetch._arrived", pressed)
        code, out, _ = pulseblock("sync", "--port", trainee.port.device)
    assert (code, out) == (INTERRUPTED, "")
    assert trainee.block.running
    assert pulseblock("sync", "--port", trainee.port.device)[1].endswith("3 reps, 3 (100 %) good\n")


# A port of the operating system's own kind, as a board's is


class Tty:
    """A terminal device that is the other end of a network port."""

    def __init__(self, port: int) -> None:
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self.device = os.ttyname(slave)
        self._slave = slave
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def _carry(self) -> None:
        try:
            while True:
                ready, _, _ = select.select([self._master, self._socket], [], [])
                if self._socket in ready:
                    data = self._socket.recv(4096)
                    if not data:
                        return
                    os.write(self._master, data)
                if self._master in ready:
                    self._socket.sendall(os.read(self._master, 4096))
        except OSError:
            return

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        os.close(self._slave)
        os.close(self._master)


@pytest.fixture
def device(trainee: Trainee) -> Iterator[Tty]:
    tty_ = Tty(trainee.block.usb.port)
    yield tty_
    tty_.close()


def test_it_works_through_a_terminal_device(trainee: Trainee, device: Tty, pulseblock: Pulseblock) -> None:
    trainee.train(3)
    code, out, err = pulseblock("sync", "--port", device.device)
    assert (code, err) == (OK, "")
    assert out.endswith("3 reps, 3 (100 %) good\n")
    assert trainee.block.running


def test_a_terminal_device_that_another_program_holds(device: Tty, pulseblock: Pulseblock) -> None:
    import serial

    with serial.Serial(device.device, exclusive=True):
        code, _, err = pulseblock("sync", "--port", device.device)
    assert code == PORT_BUSY
    assert device.device in one_line(err)
