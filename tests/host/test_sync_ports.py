"""Finding the block's port, and the one line that says why it cannot be opened."""

import errno
import os
from types import SimpleNamespace

import pytest
from serial import SerialException
from serial.tools import list_ports

from pulseblock_tools.blocks import locking, ports
from pulseblock_tools.blocks.link import Link
from pulseblock_tools.blocks.options import chosen
from pulseblock_tools.blocks.ports import Port, find, refusal
from pulseblock_tools.errors import BAD_INPUT, NO_BLOCK, NO_PERMISSION, PORT_BUSY, UserError

PICO = SimpleNamespace(device="/dev/ttyACM1", vid=0x2E8A, pid=0x0005, serial_number="E6614104032B4A21")
NANO = SimpleNamespace(device="/dev/ttyACM0", vid=0x2341, pid=0x025E, serial_number=None)
OTHERS = [
    SimpleNamespace(device="/dev/ttyS0", vid=None, pid=None, serial_number=None),
    SimpleNamespace(device="/dev/ttyUSB0", vid=0x0403, pid=0x6001, serial_number="A900"),
]


@pytest.fixture(autouse=True)
def plug_in(monkeypatch):
    """Plugs boards in; none of those that the computer really has is seen."""

    def plug_in(*boards):
        monkeypatch.setattr(list_ports, "comports", lambda: [*OTHERS, *boards])

    plug_in()
    return plug_in


def test_the_only_board_that_may_be_a_block_is_it(plug_in):
    plug_in(PICO)
    assert find(None) == Port("/dev/ttyACM1", "Raspberry Pi Pico", "e6614104032b4a21")


def test_a_port_that_is_named_is_taken_as_it_is(plug_in):
    plug_in(PICO)
    assert find("socket://127.0.0.1:2000") == Port("socket://127.0.0.1:2000")
    assert find("/dev/ttyACM1").board == "Raspberry Pi Pico"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("socket://localhost", "socket://localhost is no port: a socket is socket://HOST:PORT"),
        ("/dev/null", "/dev/null is no port: a block's is a serial port, such as /dev/ttyACM0"),
        ("/tmp", "/tmp is no port: a block's is a serial port, such as /dev/ttyACM0"),
        ("carrier://pigeon", "carrier://pigeon is no port: invalid URL, protocol 'carrier' not known"),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="names of files as POSIX has them")
def test_what_can_be_no_port_is_told_so(name, message):
    with pytest.raises(UserError) as error:
        Link(find(name).device)
    assert (str(error.value), error.value.exit_code) == (message, BAD_INPUT)


def test_an_empty_name_is_no_port():
    with pytest.raises(UserError, match="--port is empty") as error:
        find("")
    assert error.value.exit_code == BAD_INPUT


def test_no_block_is_an_error_with_advice():
    with pytest.raises(UserError, match=r"plug it in.*--port") as error:
        find(None)
    assert error.value.exit_code == NO_BLOCK


def test_of_several_blocks_somebody_has_to_choose(plug_in):
    plug_in(PICO, NANO)
    with pytest.raises(UserError, match=r"--port, of /dev/ttyACM0, /dev/ttyACM1") as error:
        find(None)
    assert error.value.exit_code == NO_BLOCK
    assert find(None, lambda found: found[1]).device == "/dev/ttyACM1"


def test_in_a_terminal_the_user_is_asked(plug_in, monkeypatch):
    plug_in(PICO, NANO)
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    answers = iter(["7", "2"])
    monkeypatch.setattr("builtins.input", lambda *_: next(answers))
    assert chosen(None).device == "/dev/ttyACM1"


def test_elsewhere_nobody_is_asked(plug_in):
    plug_in(PICO, NANO)
    with pytest.raises(UserError, match=r"choose one with --port"):
        chosen(None)


def open_fails(monkeypatch, error):
    """Opening any port raises that, as pyserial does, for mpremote and for us."""

    def fails(*_, **__):
        raise error

    monkeypatch.setattr("pulseblock_tools.blocks.link.serial_for_url", fails)
    monkeypatch.setattr("serial.serial_for_url", fails)


@pytest.fixture
def device(tmp_path):
    device = tmp_path / "ttyACM0"
    device.touch()
    return device


def test_without_permission_the_owning_group_is_named(device, monkeypatch):
    device.chmod(0o660)
    monkeypatch.setattr(ports.Path, "group", lambda _: "dialout")
    status = os.stat_result((0o20660, *os.stat(device)[1:5], 20, *os.stat(device)[6:]))
    monkeypatch.setattr(ports.Path, "stat", lambda _, **__: status)
    open_fails(monkeypatch, SerialException(errno.EACCES, f"could not open port {device}"))
    with pytest.raises(UserError, match=r"group dialout.*usermod -aG dialout") as error:
        Link(str(device))
    assert error.value.exit_code == NO_PERMISSION


def test_without_permission_for_the_group_either_it_is_not_blamed(device):
    device.chmod(0o600)
    error = refusal(str(device), PermissionError(errno.EACCES, "Permission denied"))
    assert error.exit_code == NO_PERMISSION
    assert "usermod" not in str(error)


def test_a_port_that_is_held_is_busy(monkeypatch):
    for number in (errno.EBUSY, errno.EAGAIN):
        open_fails(monkeypatch, SerialException(number, "Could not exclusively lock port /dev/ttyACM0"))
        with pytest.raises(UserError, match=r"another program uses /dev/ttyACM0") as error:
            Link("/dev/ttyACM0")
        assert error.value.exit_code == PORT_BUSY


def test_a_port_that_is_held_on_windows_is_busy_too(monkeypatch):
    monkeypatch.setattr("pulseblock_tools.blocks.ports.os", SimpleNamespace(name="nt"))
    said = "could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)"
    assert refusal("COM3", SerialException(said)).exit_code == PORT_BUSY


def test_a_port_that_is_not_there_names_those_that_are(plug_in):
    plug_in(PICO)
    with pytest.raises(
        UserError, match=r"nothing at /dev/ttyACM7: boards are plugged in at /dev/ttyACM1"
    ) as e:
        Link("/dev/ttyACM7")
    assert e.value.exit_code == NO_BLOCK


@pytest.mark.parametrize("name", ["foo://bar", "socket://127.0.0.1:port"])
def test_what_cannot_be_a_port_is_a_mistake_of_the_user(name):
    with pytest.raises(UserError, match=r"is no port|cannot be opened") as error:
        Link(name)
    assert error.value.exit_code in {BAD_INPUT, NO_BLOCK}


@pytest.fixture
def own_locks(tmp_path, monkeypatch):
    monkeypatch.setattr(locking, "folder", lambda: tmp_path)


@pytest.mark.usefixtures("own_locks")
def test_one_command_at_a_time_for_each_port():
    with locking.locked("/dev/ttyACM0"), locking.locked("/dev/ttyACM1"):
        with pytest.raises(UserError, match=r"another pulseblock command.*ttyACM0") as error:
            locking.locked("/dev/ttyACM0").__enter__()
        assert error.value.exit_code == PORT_BUSY
    with locking.locked("/dev/ttyACM0"):
        pass


@pytest.mark.usefixtures("own_locks")
def test_a_port_by_another_name_is_the_same_port(device, tmp_path):
    other = tmp_path / "by-id"
    other.symlink_to(device)
    with locking.locked(str(device)), pytest.raises(UserError):
        locking.locked(str(other)).__enter__()


@pytest.mark.usefixtures("own_locks")
def test_the_lock_goes_with_the_command_that_held_it():
    def fails():
        with locking.locked("COM3"):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with locking.locked("COM3"):
        pass


def test_a_lock_that_cannot_be_kept_is_a_mistake_and_names_its_place(tmp_path, monkeypatch):
    (tmp_path / "state").touch()  # where a folder should be
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with pytest.raises(UserError, match=r"state.*: .*must be able to write to it") as error:
        locking.locked("/dev/ttyACM0").__enter__()
    assert error.value.exit_code == BAD_INPUT


def test_a_folder_for_locks_that_is_not_safe_is_one_line(monkeypatch):
    def refuse():
        raise PermissionError("/tmp/open, writable by another user")

    monkeypatch.setattr(locking, "folder", refuse)
    with pytest.raises(UserError, match=r"^/tmp/open, writable by another user: the lock"):
        locking.locked("COM3").__enter__()


@pytest.mark.usefixtures("own_locks")
def test_a_lock_left_to_somebody_else_is_one_line(tmp_path):
    (tmp_path / "COM3.lock").mkdir()  # as good as a file of root's: not to be opened
    with pytest.raises(UserError, match=r"COM3\.lock: .*sudo may have left it to root"):
        locking.locked("COM3").__enter__()
