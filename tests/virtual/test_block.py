"""The block as a whole: the app from power-on to power cut, in virtual time and in real time."""

import threading
import time

import pytest

from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.computer import Sample
from pulseblock_tools.virtual.flash import Flash, PowerCut
from pulseblock_tools.virtual.interpreter import ComputerDied, MicroPythonError
from pulseblock_tools.virtual.outputs import Light, Telemetry


def samples(count: int, rate_hz: int = 100) -> list[Sample]:
    """That many, each with a colour of its own."""
    return [(i * 1000 // rate_hz, 0, i & 255, i >> 8 & 255, 1) for i in range(count)]


def firmware(main: str) -> Flash:
    """Flash with a /main.py."""
    flash = Flash()
    flash.write("/main.py", main.encode())
    return flash


def test_the_firmware_itself_runs_from_power_on() -> None:
    with VirtualBlock() as block:
        assert block.running
        block.computer.set_inputs(listening=1)
        shown = block.run([(t, 0, 0, 0, 8192) for t in range(0, 2000, 10)])
        assert block.running
        assert any(isinstance(output, Telemetry) for output in shown)


def test_the_app_is_driven_by_its_samples(block: VirtualBlock) -> None:
    assert [output[0] for output in block.run(samples(2500))] == [t for t, *_ in samples(2500)]
    assert block.computer.exec("print(seen)") == "2500\n"
    assert block.computer.clock_ms == 24_990


def test_five_minutes_pass_in_seconds(block: VirtualBlock) -> None:
    start = time.monotonic()
    block.run(samples(30_000))
    assert time.monotonic() - start < 10


def test_play_gives_what_was_shown_batch_by_batch(block: VirtualBlock) -> None:
    batches = list(block.play(iter(samples(100)), batch_ms=50))
    assert [len(batch) for batch in batches] == [5] * 20
    assert [output for batch in batches for output in batch] == [
        Light(t, *colour) for t, _, *colour in samples(100)
    ]


def test_play_keeps_real_time_if_asked(block: VirtualBlock) -> None:
    start = time.monotonic()
    moments = [time.monotonic() - start for _ in block.play(samples(40), realtime=True)]
    assert moments[-1] >= 0.390
    assert moments[3] <= 0.390  # and not all at the end


def test_power_cut_and_on_again(block: VirtualBlock) -> None:
    block.run(samples(100))
    block.cut_power()
    with pytest.raises(ComputerDied):
        block.run(samples(1))
    assert not block.running
    block.power_on()
    assert block.running
    assert block.computer.clock_ms == 0
    assert len(block.run(samples(10))) == 10


def test_power_cut_at_a_flush_in_the_app() -> None:
    main = """
import _virtual
journal = open("/journal", "ab")
def step():
    journal.write(b"%d." % _virtual.ticks())
    journal.flush()
_virtual.drive(step, None)
"""
    with VirtualBlock(firmware(main)) as block:
        block.computer.flash.cut_after(3)
        with pytest.raises(PowerCut):
            block.run(samples(100))
        assert block.computer.flash.files["/journal"] == b"0.10.20."
        block.power_on()
        block.run(samples(1))
        assert block.computer.flash.files["/journal"].startswith(b"0.10.20.")
        assert len(block.computer.flash.files["/journal"]) > len(b"0.10.20.")


def test_an_app_that_fails_is_heard_of(block: VirtualBlock) -> None:
    with pytest.raises(MicroPythonError, match="ValueError: unlucky"):
        block.run([(0, 13, 0, 0, 0)])
    assert not block.running
    assert block.run(samples(10)) == []


def test_a_block_whose_main_fails_is_heard_of() -> None:
    with pytest.raises(MicroPythonError, match="ZeroDivisionError"), VirtualBlock(firmware("1/0")):
        pytest.fail("it came up")


@pytest.mark.parametrize("reset", ["soft_reset", "reset"])
def test_an_app_may_restart_its_board(reset: str) -> None:
    main = f"""
import _virtual, machine
with open("/boots", "ab") as file:
    file.write(b"+")
def step():
    if _virtual.button():
        machine.{reset}()
_virtual.drive(step, None)
"""
    with VirtualBlock(firmware(main)) as block:
        block.run(samples(10))
        block.computer.set_inputs(button=1)
        block.run(samples(1))
        block.computer.set_inputs(button=0)
        assert block.running
        assert block.computer.read("/boots") == b"++"
        assert (block.computer.clock_ms < 50) == (reset == "reset")


def test_samples_pass_unseen_while_the_app_is_stopped(block: VirtualBlock) -> None:
    block.run(samples(10))
    block.computer.interrupt_app()
    assert block.run(samples(20)[10:]) == []
    block.power_on()
    assert len(block.run([(t + 200, *rest) for t, *rest in samples(5)])) == 5


def test_a_block_leaves_nothing_running(echo_flash: Flash) -> None:
    before = threading.active_count()
    with VirtualBlock(echo_flash) as block:
        process = block.computer._interpreter._process
        block.run(samples(10))
    assert process is not None
    assert not process.alive
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_two_blocks_live_side_by_side(echo_flash: Flash) -> None:
    with VirtualBlock(echo_flash) as one, VirtualBlock(firmware("seen = 'other'")) as other:
        one.run(samples(3))
        assert one.computer.exec("print(seen)") == "3\n"
        assert other.computer.exec("print(seen)") == "other\n"
        assert one.usb.url != other.usb.url
