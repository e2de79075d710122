"""What a board says at its USB port, byte by byte; mpremote depends on each of these."""

import re
import threading
from collections.abc import Iterator

import pytest

from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import Flash
from pulseblock_tools.virtual.interpreter import MicroPythonError
from pulseblock_tools.virtual.repl import WINDOW, HardReset, Repl

RAW = b"raw REPL; CTRL-B to exit\r\n>"
START_PASTE = b"R\x01" + WINDOW.to_bytes(2, "little") + b"\x01"
KEYBOARD_INTERRUPT = (
    b'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\nKeyboardInterrupt: \r\n'
)


class Terminal:
    """Types into a REPL and sees what it answers."""

    def __init__(self, computer: Computer) -> None:
        self._seen = bytearray()
        self.computer = computer
        self.repl = Repl(computer, self._seen.extend)
        self.repl.start()
        self.banner = self.seen()

    def seen(self) -> bytes:
        """What was answered since the last look."""
        seen = bytes(self._seen)
        self._seen.clear()
        return seen

    def type(self, *keys: bytes) -> bytes:
        """Type each as a chunk of its own."""
        for chunk in keys:
            self.repl.receive(chunk)
        return self.seen()


@pytest.fixture(scope="module")
def shared(computer: Computer) -> Terminal:
    return Terminal(computer)


@pytest.fixture
def friendly(shared: Terminal) -> Terminal:
    """At the friendly prompt, without an app."""
    shared.type(b"\x03\x02", b"\r\x03")
    return shared


@pytest.fixture
def raw(friendly: Terminal) -> Terminal:
    """At the raw prompt."""
    friendly.type(b"\x01")
    return friendly


@pytest.fixture
def running(echo_flash: Flash) -> Iterator[Terminal]:
    """With the app running, from power-on."""
    with Computer(echo_flash) as computer:
        yield Terminal(computer)


# -- the friendly REPL


def test_the_banner_and_the_prompt(friendly: Terminal) -> None:
    assert re.fullmatch(
        rb'\r\nMicroPython v1\.29\.0\S* on \S+; .*\r\nType "help\(\)" for more information\.\r\n>>> ',
        friendly.type(b"\x02"),
    )


def test_it_evaluates_and_edits_lines(friendly: Terminal) -> None:
    assert friendly.type(b"6*7\r") == b"6*7\r\n42\r\n>>> "
    assert friendly.type(b"12\x7f3\r").endswith(b"\r\n13\r\n>>> ")


def test_ctrl_c_clears_the_line(friendly: Terminal) -> None:
    assert friendly.type(b"1/0", b"\x03") == b"1/0\r\n>>> "


def test_ctrl_d_reboots_and_runs_main(echo_flash: Flash) -> None:
    with Computer(echo_flash) as computer:
        terminal = Terminal(computer)
        assert terminal.banner == b""  # the app runs: no prompt
        assert terminal.type(b"\x03").endswith(b">>> ")
        assert not computer.running
        assert terminal.type(b"\x04") == b"\r\nMPY: soft reboot\r\n"
        assert computer.running


def test_a_line_that_starts_the_app_is_followed_by_nothing_but_ctrl_c(running: Terminal) -> None:
    running.type(b"\x03")
    running.type(b"execfile('/main.py')\r")
    assert running.computer.running
    assert running.type(b"print(1)\r") == b""
    assert running.type(b"\x03").endswith(b">>> ")
    assert running.type(b"print(1)\r") == b"print(1)\r\n1\r\n>>> "


def test_paste_mode_works(friendly: Terminal) -> None:
    assert friendly.type(b"\x05", b"x = 3\rprint(x)\r\x04").endswith(b"\r\n3\r\n>>> ")


# -- the app


def test_ctrl_c_interrupts_the_app_as_it_would_a_loop(running: Terminal) -> None:
    running.computer.run([(10, 0, 1, 2, 3)])
    assert running.type(b"what nobody reads", b"\r\x03").startswith(b"quiet\r\n" + KEYBOARD_INTERRUPT)
    assert not running.computer.running
    assert running.type(b"seen\r") == b"seen\r\n1\r\n>>> "


def test_input_after_ctrl_c_reaches_the_repl(running: Terminal) -> None:
    assert running.type(b"\r\x03\r\x01").endswith(RAW)


def test_an_app_that_fails_leaves_its_traceback_and_a_prompt(running: Terminal) -> None:
    running.repl.app_ended("Traceback (most recent call last):\nValueError: unlucky\n")
    seen = running.seen()
    assert seen.startswith(b"Traceback (most recent call last):\r\nValueError: unlucky\r\n")
    assert seen.endswith(b">>> ")


def test_a_main_that_fails_leaves_its_traceback_and_a_prompt() -> None:
    flash = Flash()
    flash.write("/main.py", b"1/0\n")
    seen = bytearray()
    with Computer(flash) as computer, pytest.raises(MicroPythonError, match="ZeroDivisionError"):
        Repl(computer, seen.extend).start()
    assert b'File "/main.py", line 1, in <module>\r\nZeroDivisionError' in seen
    assert seen.endswith(b">>> ")


# -- the raw REPL


def test_entering_and_leaving(friendly: Terminal) -> None:
    assert friendly.type(b"\x01") == b"\r\n" + RAW
    assert friendly.type(b"\x01") == RAW
    assert friendly.type(b"\x02").endswith(b">>> ")


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (b"print(1)\nprint(2)", b"OK1\r\n2\r\n\x04\x04>"),
        (b"pass", b"OK\x04\x04>"),
        (b"x = '\xc3\xa9'\nprint(x)", b"OK\xc3\xa9\r\n\x04\x04>"),
        (b"print('a\\r\\nb')", b"OKa\r\nb\r\n\x04\x04>"),
        (b"import sys\nsys.stdout.buffer.write(b'\\n\\x00\\r\\n')", b"OK\n\x00\r\n\x04\x04>"),
        (b"1 +", b"OK\x04Traceback (most recent call last):\r\n"),
        (b"print(1)\nraise OSError(2)", b"OK1\r\n\x04Traceback (most recent call last):\r\n"),
    ],
    ids=["lines", "silence", "UTF-8", "CR LF", "binary", "syntax", "exception"],
)
def test_a_program(raw: Terminal, source: bytes, answer: bytes) -> None:
    seen = raw.type(source, b"\x04")
    assert seen.startswith(answer)
    assert seen.endswith(b"\x04>")
    assert seen.count(b"\x04") == 2


def test_an_error_has_the_name_that_mpremote_looks_for(raw: Terminal) -> None:
    assert raw.type(b"open('/none')\x04").endswith(b"OSError: [Errno 2] ENOENT\r\n\x04>")


def test_names_live_from_one_program_to_the_next(raw: Terminal) -> None:
    assert raw.type(b"a = 5\x04", b"print(a)\x04") == b"OK\x04\x04>OK5\r\n\x04\x04>"


def test_ctrl_c_forgets_what_was_typed(raw: Terminal) -> None:
    assert raw.type(b"1/0", b"\x03", b"print(1)\x04") == b"OK1\r\n\x04\x04>"


def test_ctrl_d_alone_reboots_into_the_raw_repl_without_the_app(running: Terminal) -> None:
    running.computer.flash.write("/boot.py", b"print('booting')\n")
    running.type(b"\r\x03", b"\r\x01")
    assert running.type(b"\x04") == b"OK\r\nMPY: soft reboot\r\nbooting\r\n" + RAW
    assert not running.computer.running
    assert running.type(b"print('seen' in globals())\x04") == b"OKFalse\r\n\x04\x04>"
    assert running.type(b"\x02").endswith(b">>> ")


@pytest.mark.parametrize("source", [b"raise SystemExit", b"import machine\nmachine.soft_reset()"])
def test_a_program_that_exits_reboots(raw: Terminal, source: bytes) -> None:
    assert raw.type(source, b"\x04") == b"OK\x04\x04MPY: soft reboot\r\n" + RAW


def test_machine_reset_is_a_hard_one(raw: Terminal) -> None:
    with pytest.raises(HardReset):
        raw.type(b"import machine\nmachine.reset()\x04")
    raw.computer.restart(hard=True)
    raw.repl.start()


def test_a_program_that_starts_the_app_ends_with_ctrl_c(running: Terminal) -> None:
    running.type(b"\r\x03", b"\r\x01")
    assert running.type(b"execfile('/main.py')\x04") == b"OK"
    assert running.computer.running
    assert running.type(b"\x03") == b"quiet\r\n\x04" + KEYBOARD_INTERRUPT + b"\x04>"
    assert running.type(b"print(1)\x04") == b"OK1\r\n\x04\x04>"


def test_ctrl_c_ends_a_program(raw: Terminal) -> None:
    threading.Timer(0.1, raw.computer.interrupt).start()
    seen = raw.type(b"import time\nwhile True: time.sleep(1)\x04")
    assert seen.startswith(b"OK\x04Traceback")
    assert seen.endswith(b"KeyboardInterrupt: \r\n\x04>")


def test_ctrl_c_ends_even_a_deaf_program_at_the_price_of_its_interpreter(raw: Terminal) -> None:
    threading.Timer(0.1, raw.computer.interrupt, [0.1]).start()
    assert raw.type(b"while True: pass\x04") == b"OK\x04" + KEYBOARD_INTERRUPT + b"\x04>"
    assert raw.type(b"print(1)\x04") == b"OK1\r\n\x04\x04>"


def test_ctrl_c_ends_a_deaf_line(friendly: Terminal) -> None:
    threading.Timer(0.1, friendly.computer.interrupt, [0.1]).start()
    seen = friendly.type(b"while True: pass\r", b"\r\r")
    assert KEYBOARD_INTERRUPT in seen
    assert seen.endswith(b">>> ")


# -- raw-paste


def test_raw_paste_runs_source_window_by_window(raw: Terminal) -> None:
    assert raw.type(b"\x05A\x01") == START_PASTE
    source = b"print(%d)" % 7 + b" " * (2 * WINDOW)
    assert raw.type(source[:WINDOW]) == b"\x01"
    assert raw.type(source[WINDOW : WINDOW + 1]) == b""
    assert raw.type(source[WINDOW + 1 :]) == b"\x01"
    assert raw.type(b"\x04") == b"\x047\r\n\x04\x04>"


def test_raw_paste_takes_control_characters_as_source(raw: Terminal) -> None:
    raw.type(b"\x05A\x01")
    assert raw.type(b"print(len('\x01\x02\x05'))\x04") == b"\x043\r\n\x04\x04>"


def test_raw_paste_is_aborted_by_ctrl_c(raw: Terminal) -> None:
    raw.type(b"\x05A\x01", b"print(1")
    assert raw.type(b"\x03") == b"\x04\x04" + KEYBOARD_INTERRUPT + b"\x04>"
    assert raw.type(b"print(2)\x04") == b"OK2\r\n\x04\x04>"


def test_other_raw_commands_are_refused(raw: Terminal) -> None:
    assert raw.type(b"\x05B\x01") == b"R\x00>"
    assert raw.type(b"print(1)\x04") == b"OK1\r\n\x04\x04>"


def test_how_the_bytes_are_cut_does_not_matter(raw: Terminal) -> None:
    session = b"\x05A\x01print(1)\x04\x05A\x01print(2)\x04print(3)\x04"
    whole = raw.type(session)
    assert raw.type(*(session[i : i + 1] for i in range(len(session)))) == whole
