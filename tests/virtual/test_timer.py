"""machine.Timer on the virtual block: what brings a stopped block back to work when its cable is pulled."""

import time
from collections.abc import Callable, Iterator

import pytest

from pulseblock_tools.blocks import Block, Port, connect
from pulseblock_tools.blocks.link import LostConnection
from pulseblock_tools.virtual.block import VirtualBlock

ARM = """
from machine import Timer, reset
timer = Timer(-1)
def rings(timer):
    {what}
timer.init(mode=Timer.ONE_SHOT, period={ms}, callback=rings)
"""


@pytest.fixture
def talk(block: VirtualBlock) -> Iterator[Block]:
    with connect(Port(block.usb.url)) as talk:
        yield talk


def wait(for_: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not for_() and time.monotonic() < deadline:
        time.sleep(0.01)
    return for_()


def test_it_calls_back_once(talk: Block) -> None:
    talk.exec("calls = []\n" + ARM.format(ms=50, what="calls.append(timer)"))
    time.sleep(0.2)
    assert talk.exec("print(calls == [timer])").strip() == "True"


def test_set_again_it_starts_again(talk: Block) -> None:
    arm = ARM.format(ms=400, what="calls.append(1)")
    talk.exec("calls = []\n" + arm)
    for _ in range(3):
        time.sleep(0.2)
        talk.exec(arm)
    assert talk.exec("print(calls)").strip() == "[]"


def test_it_can_be_called_off(talk: Block) -> None:
    talk.exec("calls = []\n" + ARM.format(ms=50, what="calls.append(1)") + "timer.deinit()")
    time.sleep(0.2)
    assert talk.exec("print(calls)").strip() == "[]"


def test_it_may_reset_the_board(block: VirtualBlock) -> None:
    def reset() -> None:
        with connect(Port(block.usb.url)) as talk:
            assert not block.running
            talk.exec(ARM.format(ms=50, what="reset()"))
            assert wait(lambda: block.running)

    with pytest.raises(LostConnection):  # as the connection ends with the reset
        reset()


def test_a_restart_ends_it(block: VirtualBlock, talk: Block) -> None:
    talk.exec(ARM.format(ms=300, what="reset()"))
    talk.restart_app()
    assert wait(lambda: block.running)  # it announces its restart before it ends what runs
    block.computer.exec("survives = 1")
    time.sleep(0.5)
    assert block.computer.exec("print(survives)") == "1\n"


def test_what_it_calls_may_fail(talk: Block) -> None:
    talk.exec(ARM.format(ms=20, what="1 / 0"))
    time.sleep(0.2)
    talk.interrupt()
    assert talk.exec("print(1)").strip() == "1"


def test_there_are_no_others(talk: Block) -> None:
    said = talk.exec(
        "from machine import Timer\ntry:\n Timer(-1).init(mode=1, period=1, callback=print)\n"
        "except ValueError as error:\n print(error)"
    )
    assert said.strip() == "only ONE_SHOT"
