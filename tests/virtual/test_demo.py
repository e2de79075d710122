"""`pulseblock demo` from command line to summary: true words, a clean terminal, no leftovers."""

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from pulseblock_tools.simulator.simulate import demo_session

COMMAND = Path(sys.executable).with_name("pulseblock")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")

pytestmark = pytest.mark.usefixtures("micropython_runtime")


def demo(*args, **how):
    return subprocess.run(
        [COMMAND, "demo", *args], capture_output=True, text=True, timeout=100, check=False, **how
    )


def timeless(text):
    """The text without dates and times of day, which are those of the run."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d|\d\d:\d\d:\d\d", "now", text)


def _take_terminal():
    """Make the terminal on stdin the controlling one, so that Ctrl-C is typed into it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture(scope="module")
def in_a_pipe():
    """The demo with its output in a pipe, and the seconds that it took."""
    began = time.monotonic()
    return demo(), time.monotonic() - began


class Terminal:
    """A command in a terminal of its own, as a person starts it."""

    def __init__(self, *args):
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (40, 120))
        self.settings = termios.tcgetattr(slave)
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [COMMAND, *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8"},
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509  no threads here
        )
        os.close(slave)
        self.shown = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def read_until(self, text):
        while text not in self.shown:
            assert self._read(), self.shown

    def wait(self):
        """Read to the end; returns the exit code."""
        while self._read():
            pass
        return self.process.wait(timeout=10)

    def _read(self):
        try:
            data = os.read(self.master, 65536)
        except OSError:  # how a terminal ends
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)

    @property
    def last_cursor(self):
        """Whether the cursor was shown or hidden last: "h" or "l"."""
        return re.findall(r"\x1b\[\?25([hl])", self.shown)[-1]


def children(pid):
    """Processes that `pid` started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if after_name[1] == str(pid):
            found.append(int(stat.parent.name))
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_demo_shows_and_sums_up_what_the_wearer_did():
    done = demo("--seed", "3")
    assert (done.returncode, done.stderr) == (0, "")
    truth = [rep["faults"] for rep in demo_session(3).labels["reps"]]
    told = re.findall(r"rep \d+: (good|\w+)(?:: .*)?$", done.stdout, re.MULTILINE)
    assert told == [faults[0] if faults else "good" for faults in truth]
    good = truth.count([])
    assert f"session finished: {len(truth)} reps, {good} good" in done.stdout
    assert done.stdout.rstrip().endswith(f"{len(truth)} reps, {good} ({100 * good / len(truth):.0f} %) good")


def test_in_a_pipe_there_is_plain_text_and_no_waiting(in_a_pipe):
    done, seconds = in_a_pipe
    assert seconds < 15
    assert not CONTROL.search(done.stdout)
    assert [line for line in done.stdout.splitlines() if "ready" in line]


def test_the_same_seed_is_the_same_session_and_another_is_another(in_a_pipe):
    first = timeless(in_a_pipe[0].stdout)
    assert timeless(demo("--seed", "1").stdout) == first != timeless(demo("--seed", "2").stdout)


def test_quiet_leaves_the_summary(in_a_pipe):
    done = demo("--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("From the log on the block, ")
    assert timeless(in_a_pipe[0].stdout).endswith(timeless(done.stdout))


def test_a_browser_is_opened_for_a_page_only():
    done = demo("--open")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pulseblock: --open shows the page of --serve: give both\n"


def test_realtime_takes_as_long_as_it_takes():
    with subprocess.Popen([COMMAND, "demo", "--realtime"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        began = time.monotonic()
        rep = process.stdout.readline()
        passed = time.monotonic() - began
        process.send_signal(signal.SIGINT)
    minutes, seconds = re.match(r" *(\d+):([\d.]+)  rep 1", rep).groups()
    ready_s = float(re.match(r" *0:([\d.]+)  ready", ready).group(1))
    assert passed == pytest.approx(60 * int(minutes) + float(seconds) - ready_s, abs=0.5)


def test_a_wrong_option_is_one_line_and_exit_code_2():
    done = demo("--seed", "many")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "--seed" in done.stderr


def test_in_a_terminal_it_draws_asks_nothing_and_is_over_in_half_a_minute():
    with Terminal("demo") as terminal:
        assert terminal.wait() == 0
        assert time.monotonic() - terminal.began < 30
        assert terminal.last_cursor == "h"
        for text in ("set 1, pressing", "set 2", "✔", "✘", "♪", "█", "light", "From the log on the block"):
            assert text in terminal.shown
        summary = terminal.shown.rpartition("From the log")[2]
        assert "12 reps" in re.sub(r"\x1b\[[0-9;]*m", "", summary)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in Linux's /proc")
@pytest.mark.parametrize("seen", ["not ready", "set 1, pressing"])
def test_ctrl_c_leaves_the_terminal_as_it_was_and_no_process(seen):
    with Terminal("demo") as terminal:
        terminal.read_until(seen)
        started = children(terminal.process.pid)
        assert started
        os.write(terminal.master, b"\x03")
        assert terminal.wait() == 130
        assert terminal.last_cursor == "h"
        assert "Traceback" not in terminal.shown
        assert not [pid for pid in started if is_alive(pid)]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in Linux's /proc")
def test_a_killed_demo_leaves_no_process_either():
    with Terminal("demo") as terminal:
        terminal.read_until("set 1")
        started = children(terminal.process.pid)
        terminal.process.kill()
        terminal.process.wait()
        deadline = time.monotonic() + 5
        while any(is_alive(pid) for pid in started):
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="sends the signal to one process of a pipe")
@pytest.mark.parametrize("after_s", [0.05, 0.2, 0.4, 0.8])
def test_ctrl_c_at_any_moment_of_a_start_leaves_nothing_behind(after_s):
    process = subprocess.Popen(
        [COMMAND, "demo", "--realtime"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(after_s)
    started = children(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode in (130, -signal.SIGINT)  # the latter while Python itself still starts
    if process.returncode == 130:
        assert "Traceback" not in err
    assert not [pid for pid in started if is_alive(pid)]
