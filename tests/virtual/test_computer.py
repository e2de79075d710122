"""The computer: programs, time, sensors and what is shown, restarts, and how it dies."""

import threading
import time
from collections.abc import Iterator

import pytest

from pulseblock_tools.virtual.computer import MISSING, Computer
from pulseblock_tools.virtual.flash import Flash
from pulseblock_tools.virtual.interpreter import ComputerDied, MicroPythonError, Unresponsive
from pulseblock_tools.virtual.outputs import Light, Telemetry, Tone

LISTENER = """
import _virtual
from array import array
from uctypes import addressof
sample = array("i", [0] * 5)
seen = []
def step():
    while _virtual.read(addressof(sample)):
        seen.append((_virtual.ticks(), list(sample)))
_virtual.drive(step, None)
"""


@pytest.fixture
def fresh() -> Iterator[Computer]:
    """A computer of its own, whose time begins at 0."""
    with Computer() as computer:
        yield computer


# -- programs


def test_prints_come_back(computer: Computer) -> None:
    assert computer.exec("print('a'); print('bé')") == "a\nbé\n"


def test_an_exception_is_its_traceback(computer: Computer) -> None:
    with pytest.raises(MicroPythonError, match="line 3, in f\nZeroDivisionError: divide by zero") as raised:
        computer.exec("def f():\n  print('before')\n  1 // 0\nf()")
    assert raised.value.type == "ZeroDivisionError"


def test_output_comes_while_the_program_runs(computer: Computer) -> None:
    arrived = []
    computer.exec(
        "import time\nfor i in range(300):\n  print(i)\n  time.sleep(0.5)",
        lambda kind, data: arrived.append((kind, data)),
    )
    assert len(arrived) > 1
    assert {kind for kind, _ in arrived} == {"out"}
    assert b"".join(data for _, data in arrived) == b"".join(b"%d\n" % i for i in range(300))


def test_binary_output_is_told_apart_from_text(computer: Computer) -> None:
    arrived = {"out": b"", "raw": b""}

    def sink(kind: str, data: bytes) -> None:
        arrived[kind] += data

    computer.exec(
        "import sys\nprint('a')\nsys.stdout.buffer.write(b'\\0\\n\\xff')\nsys.stdout.write('b')", sink
    )
    assert arrived == {"out": b"a\nb", "raw": b"\0\n\xff"}


def test_it_looks_like_a_board(computer: Computer) -> None:
    computer.exec("import os, sys")
    uname = computer.exec("print(tuple(os.uname()))")
    version = computer.exec("print(sys.implementation.version[:2])")
    path = computer.exec("print(sys.path)")
    assert "pulseblock virtual" in uname
    assert "1.29.0" in uname
    assert version == "(1, 29)\n"
    assert "'/lib'" in path


def test_two_blocks_differ_by_their_unique_id(computer: Computer) -> None:
    program = "import machine\nprint(machine.unique_id())"
    with Computer(unique_id=bytes.fromhex("e6 61 41 04 03 0a 00 ff")) as other:
        assert other.exec(program) == "b'\\xe6aA\\x04\\x03\\n\\x00\\xff'\n"
    assert computer.exec(program) == "b'virtual0'\n"


# -- time


def test_sleep_takes_its_time_on_the_virtual_clock_and_none_on_the_hosts(fresh: Computer) -> None:
    start = time.monotonic()
    source = """
import time
start = time.ticks_ms()
time.sleep(60)
print(time.ticks_diff(time.ticks_ms(), start) // 10)
"""
    assert fresh.exec(source).splitlines() == ["6000"]
    assert time.monotonic() - start < 5


def test_the_time_of_day_can_be_set_and_runs_on(fresh: Computer) -> None:
    source = """
import time, machine
rtc = machine.RTC()
print(rtc.datetime()[:3])
rtc.datetime((2031, 2, 28, 0, 23, 59, 50, 0))
time.sleep(15)
print(rtc.datetime())
print(time.gmtime()[:6], time.time())
"""
    assert fresh.exec(source).splitlines() == [
        "(2021, 1, 1)",
        "(2031, 3, 1, 5, 0, 0, 5, 0)",
        "(2031, 3, 1, 0, 0, 5) 1930089605",
    ]


def test_a_soft_restart_keeps_the_clocks_and_a_hard_one_loses_them(fresh: Computer) -> None:
    fresh.exec("import time, machine\nmachine.RTC().datetime((2031, 1, 1, 0, 0, 0, 0, 0))\ntime.sleep(5)")
    look = "import time\nprint(time.gmtime()[0], time.ticks_ms() // 1000)"
    fresh.restart()
    assert fresh.exec(look) == "2031 5\n"
    fresh.restart(hard=True)
    assert fresh.exec(look) == "2021 0\n"


def test_the_clock_stands_still_in_a_step(fresh: Computer) -> None:
    source = """
import _virtual, time
looks = []
_virtual.drive(lambda: looks.append((time.ticks_ms(), time.ticks_ms())), None)
"""
    fresh.exec(source)
    fresh.run([(10, 0, 0, 0, 0), (20, 0, 0, 0, 0)])
    assert fresh.exec("print(looks)") == "[(10, 10), (20, 20)]\n"


def test_ticks_wrap_at_2_to_the_30() -> None:
    with Computer(ticks_ms=2**30 - 15) as computer:
        computer.exec(LISTENER)
        computer.run([(t, 0, 0, 0, 0) for t in (0, 10, 20)])
        assert computer.exec("print([ticks for ticks, _ in seen])") == "[1073741809, 1073741819, 5]\n"
        assert computer.clock_ms == 2**30 + 5


# -- sensors and outputs


def test_the_app_sees_every_sample_at_its_time(fresh: Computer) -> None:
    fresh.exec(LISTENER)
    fresh.run([(1000, 0, 1, 2, 3), (1010, 65535, -32768, 0, 32767)])
    seen = fresh.exec("print(seen)")
    assert seen == "[(1000, [1000, 0, 1, 2, 3]), (1010, [1010, 65535, -32768, 0, 32767])]\n"


def test_samples_come_in_groups_where_the_sensor_has_a_fifo(fresh: Computer) -> None:
    fresh.exec(LISTENER)
    fresh.run([(t, 0, 0, 0, 0) for t in (10, 20, 30, 40, 50)], per_step=2)
    assert fresh.exec("print([ticks for ticks, _ in seen])") == "[20, 20, 40, 40, 50]\n"


def test_time_passes_where_a_sample_is_missing(fresh: Computer) -> None:
    fresh.exec(LISTENER)
    fresh.run([(10, 1, 0, 0, 0), (20, MISSING, 0, 0, 0), (30, 2, 0, 0, 0)])
    assert fresh.exec("print([sample[:2] for _, sample in seen])") == "[[10, 1], [30, 2]]\n"


def test_another_trace_follows_the_first_without_turning_time_back(fresh: Computer) -> None:
    fresh.exec(LISTENER)
    fresh.run([(5000, 0, 0, 0, 0)])
    fresh.run([(0, 0, 0, 0, 0), (10, 0, 0, 0, 0)])
    assert fresh.exec("print([ticks for ticks, _ in seen])") == "[5000, 5000, 5010]\n"


def test_time_that_the_app_waited_is_not_taken_back(fresh: Computer) -> None:
    fresh.exec(LISTENER + "import time\ntime.sleep_ms(499)")
    fresh.run([(10, 0, 0, 0, 0), (20, 0, 0, 0, 0)])
    assert fresh.exec("print([ticks for ticks, _ in seen])") == "[510, 520]\n"


def test_outputs_carry_the_time_of_the_sample_and_show_changes_only(fresh: Computer) -> None:
    source = """
import _virtual
from uctypes import addressof
frame = bytearray(b"frame")
def step():
    t = _virtual.ticks()
    _virtual.light(255 if t < 30 else 0, 0, 7)
    _virtual.tone(2700 if t == 20 else 0)
    if t == 30:
        _virtual.telemetry(addressof(frame), len(frame))
_virtual.drive(step, None)
"""
    fresh.exec(source)
    assert fresh.run([(t, 0, 0, 0, 0) for t in (10, 20, 30)]) == [
        Light(10, 255, 0, 7),
        Tone(20, 2700),
        Light(30, 0, 0, 7),
        Tone(30, 0),
        Telemetry(30, b"frame"),
    ]


def test_the_edge_allocates_nothing(fresh: Computer) -> None:
    source = """
import _virtual, micropython
from array import array
from uctypes import addressof
sample = array("i", [0] * 5)
frame = bytearray(16)
def step():
    micropython.heap_lock()
    try:
        while _virtual.read(addressof(sample)):
            _virtual.light(_virtual.ticks() & 255, _virtual.button(), _virtual.listening())
            _virtual.tone(_virtual.battery())
            _virtual.telemetry(addressof(frame), 16)
    finally:
        micropython.heap_unlock()
_virtual.drive(step, None)
"""
    fresh.exec(source)
    assert (
        len(fresh.run([(t, 0, 0, 0, 0) for t in range(0, 1000, 10)])) == 200
    )  # 99 lights, 1 tone, 100 frames


def test_inputs_stay_as_they_were_set(fresh: Computer) -> None:
    look = "import _virtual\nprint(_virtual.button(), _virtual.battery(), _virtual.listening())"
    assert fresh.exec(look) == "0 4000 0\n"
    fresh.set_inputs(button=1, battery=3301)
    assert fresh.exec(look) == "1 3301 0\n"
    fresh.restart(hard=True)
    assert fresh.exec(look) == "1 3301 0\n"


def test_the_app_is_told_when_it_is_interrupted_and_not_driven_any_more(fresh: Computer, echo: bytes) -> None:
    fresh.exec(echo)
    assert fresh.running
    assert fresh.run([(10, 0, 1, 2, 3)]) == [Light(10, 1, 2, 3)]
    fresh.interrupt_app()
    assert not fresh.running
    assert fresh.run([(20, 0, 4, 5, 6)]) == []
    assert fresh.exec("print(seen)") == "1\n"


def test_an_app_that_fails_is_not_driven_any_more(fresh: Computer, echo: bytes) -> None:
    fresh.exec(echo)
    with pytest.raises(MicroPythonError, match="ValueError: unlucky"):
        fresh.run([(10, 13, 0, 0, 0), (20, 0, 0, 0, 0)])
    assert not fresh.running
    assert fresh.exec("print(seen)") == "1\n"


# -- how it ends


def test_keyboard_interrupt_stops_a_program_that_sleeps(computer: Computer) -> None:
    threading.Timer(0.1, computer.interrupt).start()
    with pytest.raises(MicroPythonError) as raised:
        computer.exec("import time\nwhile True:\n  time.sleep(1)")
    assert raised.value.type == "KeyboardInterrupt"
    assert computer.exec("print('well')") == "well\n"


def test_keyboard_interrupt_does_not_wait_for_the_next_program(computer: Computer) -> None:
    assert not computer.interrupt()
    assert computer.exec("import time\ntime.sleep(1)\nprint('well')") == "well\n"


def test_a_program_deaf_to_keyboard_interrupt_loses_its_interpreter(computer: Computer) -> None:
    threading.Timer(0.1, computer.interrupt, [0.1]).start()
    with pytest.raises(Unresponsive):
        computer.exec("while True: pass")
    computer.restart()
    assert computer.exec("print('well')") == "well\n"


def test_a_program_that_takes_too_long_is_ended(computer: Computer) -> None:
    with pytest.raises(ComputerDied, match=r"did not answer within 0\.2 s"):
        computer.exec("while True: pass", timeout_s=0.2)
    with pytest.raises(ComputerDied):
        computer.exec("print('still dead')")
    computer.restart()
    assert computer.exec("print('well')") == "well\n"


def test_a_killed_interpreter_says_so_and_its_flash_lives(computer: Computer) -> None:
    computer.write("/kept", b"yes")
    threading.Timer(0.1, computer.kill).start()
    with pytest.raises(ComputerDied, match="ended with status"):
        computer.exec("while True: pass")
    computer.restart()
    assert computer.read("/kept") == b"yes"


def test_memory_is_freed_between_steps() -> None:
    with Computer(heap_bytes=64 * 1024) as computer:
        computer.exec("import _virtual, gc\ndef step():\n  bytearray(20000)\n_virtual.drive(step, None)")
        computer.run([(t, 0, 0, 0, 0) for t in range(500)])
        assert int(computer.exec("print(gc.mem_alloc())")) < 100_000


def test_starting_takes_tens_of_milliseconds() -> None:
    flash = Flash()
    for i in range(60):
        flash.write(f"/lib/package/module{i}.py", b"x = 1\n" * 200)
    with Computer(flash) as computer:
        times = []
        for _ in range(5):
            start = time.monotonic()
            computer.restart()
            times.append(time.monotonic() - start)
    assert min(times) < 0.5


def test_ctrl_c_on_the_host_in_the_middle_of_an_answer_ends_it_cleanly(fresh: Computer) -> None:
    def interrupted(_kind: str, _data: bytes) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fresh.exec("for i in range(5000): print(i)", interrupted)
    with pytest.raises(ComputerDied, match="is off"):
        fresh.exec("print('half an answer')")
    fresh.restart()
    assert fresh.exec("print('well')") == "well\n"
