"""mpremote, the real one, at the virtual block's USB port."""

import hashlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport
from serial import SerialException

from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.flash import Flash

BLOB = bytes(range(256)) * 20
LOST = (TransportError, SerialException, OSError)  # what mpremote lets out when a cable is pulled


@pytest.fixture(scope="module")
def block(echo: bytes, micropython_runtime: None) -> Iterator[VirtualBlock]:  # noqa: ARG001
    """One block for this file: mpremote resets it softly at the start of every session."""
    flash = Flash()
    flash.write("/main.py", echo)
    with VirtualBlock(flash) as block:
        yield block


def mpremote(block: VirtualBlock, *arguments: str | Path, fails: bool = False) -> str:
    """Run the command; gives what it prints, its complaint with it where it must fail."""
    command = [sys.executable, "-m", "mpremote", "connect", block.usb.url, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert bool(done.returncode) == fails, done.stderr
    return done.stdout + done.stderr if fails else done.stdout


@pytest.fixture
def transport(block: VirtualBlock, monkeypatch: pytest.MonkeyPatch) -> Iterator[SerialTransport]:
    """The transport of mpremote, connected, in the raw REPL after a soft reset."""
    pause = time.sleep
    monkeypatch.setattr(time, "sleep", lambda s: pause(min(s, 0.01)))  # pyserial waits long after a close
    transport = SerialTransport(block.usb.url)
    transport.enter_raw_repl()
    yield transport
    transport.close()
    until(lambda: not block.usb.connected)


def until(condition: Callable[[], bool]) -> None:
    """Wait for what comes about in another thread."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


# -- the command


def test_exec_sees_the_app_where_it_was_interrupted(block: VirtualBlock) -> None:
    block.power_on()
    block.run([(t, 0, 0, 0, 0) for t in range(10)])
    assert mpremote(block, "resume", "exec", "print(seen)") == "10\n"
    assert not block.running


def test_exec_of_a_failing_program_gives_its_traceback(block: VirtualBlock) -> None:
    assert "ZeroDivisionError: divide by zero" in mpremote(block, "exec", "1/0", fails=True)


def test_run_a_local_file(block: VirtualBlock, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("import sys\nprint('hello from', sys.implementation.name)\n")
    assert mpremote(block, "run", tmp_path / "hello.py") == "hello from micropython\n"


def test_a_tree_goes_there_and_back(block: VirtualBlock, tmp_path: Path) -> None:
    small = BLOB[:600]
    source = tmp_path / "tree"
    (source / "inner").mkdir(parents=True)
    (source / "blob").write_bytes(small)
    (source / "inner" / "empty").touch()
    mpremote(block, "fs", "cp", "-r", source, ":")
    assert block.computer.flash.files["/tree/blob"] == small
    mpremote(block, "fs", "cp", "-r", ":tree", tmp_path / "back")
    assert (tmp_path / "back" / "blob").read_bytes() == small
    assert (tmp_path / "back" / "inner" / "empty").read_bytes() == b""
    listing = mpremote(
        block, "fs", "ls", "tree", "+", "fs", "sha256sum", "tree/blob", "+", "fs", "rm", "-r", ":tree"
    )
    assert re.search(rf" 0 inner/\n +{len(small)} blob\n", listing)
    assert hashlib.sha256(small).hexdigest() in listing
    assert "/tree" not in block.computer.flash.folders


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["cat", "none"], "none: No such file or directory"),
        (["mkdir", "lib"], "lib: File exists"),
        (["rmdir", "lib"], "OSError: 39"),  # which mpremote has no words for
        (["cp", ":none", "none"], "none: No such file or directory"),
    ],
    ids=["cat", "mkdir", "rmdir", "cp"],
)
def test_files_fail_with_the_right_words(block: VirtualBlock, arguments: list[str], complaint: str) -> None:
    setup = "import os\nif 'lib' not in os.listdir('/'): os.mkdir('/lib')\nopen('/lib/x.py', 'w').close()"
    assert complaint in mpremote(block, "exec", setup, "+", "fs", *arguments, fails=True)


def test_cat_and_tree_and_df(block: VirtualBlock) -> None:
    shown = mpremote(block, "fs", "cat", "main.py", "+", "tree", "+", "df")
    assert "_virtual.drive(step, interrupted)" in shown
    assert "── main.py\n" in shown
    assert str(block.computer.flash.capacity * 4096) in shown


def test_mip_installs_a_package(block: VirtualBlock, tmp_path: Path) -> None:
    (tmp_path / "greet.py").write_text("def hello():\n    return 'installed'\n")
    urls = [["greet/__init__.py", "greet.py"]]
    (tmp_path / "package.json").write_text(json.dumps({"urls": urls, "version": "1"}))
    mpremote(block, "mip", "install", tmp_path / "package.json")
    assert mpremote(block, "exec", "import greet\nprint(greet.hello())") == "installed\n"


def test_the_clock_is_set(block: VirtualBlock) -> None:
    shown = mpremote(block, "rtc", "--set", "+", "rtc")
    assert shown.startswith(time.strftime("(%Y, ")), shown


def test_soft_reset_leaves_the_app_stopped(block: VirtualBlock) -> None:
    mpremote(block, "soft-reset")
    assert not block.running


def test_reset_starts_the_app(block: VirtualBlock) -> None:
    mpremote(block, "reset")
    until(lambda: block.running)
    assert len(block.run([(10, 0, 1, 2, 3)])) == 1


def test_the_repl_runs_the_app_after_ctrl_d(block: VirtualBlock) -> None:
    transport = SerialTransport(block.usb.url)
    transport.enter_raw_repl()
    transport.exit_raw_repl()
    transport.serial.write(b"\x04")
    assert transport.read_until(1, b"soft reboot\r\n").endswith(b"soft reboot\r\n")
    until(lambda: block.running)
    transport.close()
    assert block.running


def test_a_port_in_use_fails_at_once(block: VirtualBlock, transport: SerialTransport) -> None:
    assert transport.eval("1 + 1") == 2
    mpremote(block, "exec", "pass", fails=True)
    assert transport.eval("2 + 2") == 4


def test_two_blocks_are_told_apart(block: VirtualBlock) -> None:
    program = "import machine\nprint(machine.unique_id().hex())"
    with VirtualBlock(Flash(), unique_id=b"\x01\x02\x03\x04\x05\x06\x07\x08") as other:
        assert mpremote(other, "exec", program) == "0102030405060708\n"
    assert mpremote(block, "exec", program) == f"{b'virtual0'.hex()}\n"


# -- its transport


def test_long_source_goes_by_raw_paste(transport: SerialTransport) -> None:
    source = "total = 0\n" + "".join(f"total += {i}\n" for i in range(1000)) + "print(total)\n"
    assert transport.exec(source) == b"499500\r\n"
    assert transport.use_raw_paste


def test_without_raw_paste_it_works_too(transport: SerialTransport) -> None:
    transport.use_raw_paste = False
    assert transport.eval("[1, 'two', b'3']") == [1, "two", b"3"]


def test_files_by_the_transport(transport: SerialTransport) -> None:
    transport.fs_writefile("blob", BLOB, chunk_size=1024)
    assert transport.fs_readfile("blob", chunk_size=1024) == BLOB
    assert transport.fs_hashfile("blob", "sha256") == hashlib.sha256(BLOB).digest()
    assert transport.fs_stat("blob").st_size == len(BLOB)
    sizes = {entry.name: entry.st_size for entry in transport.fs_listdir("/")}
    assert sizes["blob"] == len(BLOB)
    transport.fs_rmfile("blob")
    assert not transport.fs_exists("blob")


def test_output_streams_while_the_program_runs(transport: SerialTransport) -> None:
    chunks: list[bytes] = []
    line = "print(binascii.b2a_base64(bytes([i]) * 384).decode(), end='')"
    transport.exec(f"import binascii\nfor i in range(100):\n {line}", data_consumer=chunks.append)
    assert b"".join(chunks).replace(b"\x04", b"").count(b"\r\n") == 100


def test_an_error_of_the_program_is_told_apart_from_the_transports(transport: SerialTransport) -> None:
    with pytest.raises(TransportExecError, match="ValueError: no"):
        transport.exec("raise ValueError('no')")
    assert transport.eval("3") == 3


def test_a_new_session_interrupts_a_program_that_was_left_running(
    block: VirtualBlock, transport: SerialTransport
) -> None:
    transport.exec_raw_no_follow("import time\nwhile True: time.sleep(1)")
    transport.serial._socket.close()
    until(lambda: not block.usb.connected)
    again = SerialTransport(block.usb.url)
    again.enter_raw_repl()
    assert again.eval("5") == 5
    again.close()


def test_ctrl_c_right_behind_a_program_interrupts_it(transport: SerialTransport) -> None:
    transport.serial.write(b"import time\nwhile True: time.sleep(1)\x04\x03print(7)\x04")
    seen = transport.read_until(1, b"7\r\n\x04\x04>")
    assert b"KeyboardInterrupt: \r\n\x04>OK7\r\n" in seen


# -- trouble


@pytest.mark.parametrize("after", [1, 40, 700, 5000])
def test_the_cable_is_pulled_in_a_transfer_and_the_next_one_works(
    block: VirtualBlock, transport: SerialTransport, after: int
) -> None:
    block.usb.cut(after)
    with pytest.raises(LOST):
        transport.fs_writefile("blob", BLOB)
    until(lambda: not block.usb.connected)
    again = SerialTransport(block.usb.url)
    again.enter_raw_repl()
    again.fs_writefile("blob", BLOB)
    assert again.fs_readfile("blob", chunk_size=4096) == BLOB
    again.close()


def test_an_interpreter_that_dies_hangs_up_and_comes_back_with_power(
    block: VirtualBlock, transport: SerialTransport
) -> None:
    threading.Timer(0.1, block.computer.kill).start()
    with pytest.raises(LOST):
        transport.exec("while True: pass")
    block.power_on()
    again = SerialTransport(block.usb.url)
    again.enter_raw_repl()
    assert again.eval("6") == 6
    again.close()
