"""The cable: who holds the port, what crosses it, and where it is pulled."""

import queue
import socket
from collections.abc import Iterator

import pytest

from pulseblock_tools.virtual.usb_port import UsbPort


class Bench:
    """A port, what it received, and programs that connect to it."""

    def __init__(self) -> None:
        self._received: queue.Queue[bytes] = queue.Queue()
        self.port = UsbPort(self._received.put)
        self._programs: list[socket.socket] = []

    def connect(self) -> socket.socket:
        program = socket.create_connection(("127.0.0.1", self.port.port), timeout=5)
        self._programs.append(program)
        return program

    def received(self) -> bytes:
        return self._received.get(timeout=5)

    def close(self) -> None:
        self.port.close()
        for program in self._programs:
            program.close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.close()


def all_of(program: socket.socket) -> bytes:
    """What comes until the port hangs up."""
    data = b""
    while more := program.recv(1000):
        data += more
    return data


def settled(bench: Bench) -> socket.socket:
    """A program whose bytes get through."""
    program = bench.connect()
    program.sendall(b"?")
    assert bench.received() == b"?"
    return program


def test_bytes_cross_both_ways(bench: Bench) -> None:
    program = settled(bench)
    bench.port.send(b"\x00answer")
    assert program.recv(100) == b"\x00answer"


def test_only_loopback_is_listened_on(bench: Bench) -> None:
    assert bench.port.url == f"socket://127.0.0.1:{bench.port.port}"
    assert bench.port._server.getsockname()[0] == "127.0.0.1"


def test_a_second_program_is_turned_away_and_the_first_not_disturbed(bench: Bench) -> None:
    first = settled(bench)
    assert all_of(bench.connect()) == b""
    bench.port.send(b"still here")
    assert first.recv(100) == b"still here"


def test_another_program_may_come_as_soon_as_the_first_has_left(bench: Bench) -> None:
    for _ in range(20):
        program = settled(bench)
        assert bench.port.connected
        program.close()


def test_what_is_sent_to_nobody_is_lost(bench: Bench) -> None:
    bench.port.send(b"lost")
    program = settled(bench)
    bench.port.send(b"kept")
    assert program.recv(100) == b"kept"


def test_the_cable_is_pulled_at_once_and_plugged_in_again(bench: Bench) -> None:
    for _ in range(20):
        program = settled(bench)
        bench.port.cut()
        assert not bench.port.connected
        bench.port.send(b"into the void")
        assert all_of(program) == b""


@pytest.mark.parametrize("after", [1, 2, 5, 8, 9])
def test_the_cable_is_pulled_after_so_many_bytes_of_both_directions(bench: Bench, after: int) -> None:
    program = settled(bench)
    bench.port.cut(after)
    crossed = b""
    program.sendall(b"abcd")
    crossed += bench.received()
    bench.port.send(b"efgh")
    bench.port.send(b"ijkl")
    crossed += all_of(program)
    assert crossed == b"abcdefghijkl"[:after]


def test_the_next_connection_has_a_whole_cable(bench: Bench) -> None:
    program = settled(bench)
    bench.port.cut(2)
    program.sendall(b"abc")
    assert bench.received() == b"ab"
    assert all_of(program) == b""
    other = settled(bench)
    other.sendall(b"whole")
    assert bench.received() == b"whole"


def test_a_closed_port_refuses(bench: Bench) -> None:
    program = settled(bench)
    bench.port.close()
    assert all_of(program) == b""
    with pytest.raises(ConnectionRefusedError):
        bench.connect()
