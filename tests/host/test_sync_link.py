"""What arrives from a block: parts come through whole or not at all, whatever happens to the bytes."""

import contextlib
import io
import struct
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpremote.transport import TransportError
from serial import SerialException

from pulseblock_tools.blocks import block, link
from pulseblock_tools.blocks.link import MAGIC, Garbled, Link, LostConnection, ProgramFailed
from pulseblock_tools.errors import UserError

PARTS = st.lists(st.binary(max_size=300), max_size=6)
TEXT = st.binary(max_size=20).filter(lambda text: not set(text) & {4, MAGIC[0]})


class FakeSerial:
    """A port at which what will arrive is known; then there is silence."""

    timeout = write_timeout = 0.0

    def __init__(self, arriving: bytes) -> None:
        self.arrive(arriving)

    def arrive(self, data: bytes) -> None:
        self._arriving = io.BytesIO(data)

    def read(self, size: int) -> bytes:
        return self._arriving.read(size)

    def write(self, data: bytes) -> None:
        if data.endswith(b"\x01"):
            self.arrive(b"raw REPL; CTRL-B to exit\r\n>")

    def close(self) -> None:
        pass


class FakeTransport:
    """mpremote's transport of that port; the answer to every program is the same."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self.serial = FakeSerial(answer)
        self.entered = 0

    def enter_raw_repl(self, **_: object) -> None:
        self.entered += 1

    def exec_raw_no_follow(self, _source: str) -> None:
        self.serial.arrive(self._answer)

    def close(self) -> None:
        pass


def linked(answer: bytes) -> Link:
    transport = FakeTransport(answer)
    original, link._open = link._open, lambda _device: transport
    try:
        return Link("COM1")
    finally:
        link._open = original


def sent(parts: list[bytes], texts: list[bytes] | None = None) -> bytes:
    """What the block's own code sends of *parts*, *texts* being printed before each of them."""
    machine, stdout = SimpleNamespace(), SimpleNamespace(buffer=io.BytesIO())
    namespace: dict[str, object] = {}
    texts = [*(texts or []), *[b""] * len(parts)]

    def yielded() -> Iterator[bytes]:
        for text, part in zip(texts, parts, strict=False):
            stdout.buffer.write(text)
            yield part

    before = sys.modules.get("machine")
    sys.modules["machine"] = machine  # type: ignore[assignment]
    try:
        exec(block._snippet("link"), namespace)
    finally:
        del sys.modules["machine"]
        if before:
            sys.modules["machine"] = before
    namespace["sys"] = SimpleNamespace(stdout=stdout)
    namespace["pulseblock_send"](yielded(), 1000)  # type: ignore[operator]
    return bytes(stdout.buffer.getvalue())


@given(PARTS, st.lists(TEXT, max_size=6))
def test_parts_arrive_as_they_were_sent_whatever_is_printed_between(
    parts: list[bytes], texts: list[bytes]
) -> None:
    assert list(linked(sent(parts, texts) + b"\x04\x04").parts("")) == parts


def test_many_parts_arrive_in_their_order() -> None:
    parts = [number.to_bytes(4, "little") for number in range(70_000)]
    assert list(linked(sent(parts) + b"\x04\x04").parts("")) == parts


@given(st.binary(max_size=2000))
def test_any_bytes_at_all_are_an_answer_or_a_line_to_the_user(arriving: bytes) -> None:
    for ask in (lambda: list(linked(arriving).parts("")), lambda: linked(arriving).text("")):
        with contextlib.suppress(UserError):
            ask()


@given(PARTS, st.data())
def test_damage_on_the_way_never_makes_another_part(parts: list[bytes], data: st.DataObject) -> None:
    answer = sent(parts) + b"\x04\x04"
    begin = data.draw(st.integers(0, len(answer)))
    end = data.draw(st.integers(begin, min(begin + 20, len(answer))))
    damaged = answer[:begin] + data.draw(st.binary(max_size=20)) + answer[end:]
    arrived = []
    try:
        for part in linked(damaged).parts(""):
            arrived.append(part)
    except UserError:
        assert arrived == parts[: len(arrived)]
    else:
        assert arrived == parts


@given(PARTS.filter(bool), st.data())
def test_an_answer_cut_off_anywhere_is_a_lost_connection(parts: list[bytes], data: st.DataObject) -> None:
    answer = sent(parts) + b"\x04\x04"
    cut = data.draw(st.integers(0, len(answer) - 1))
    with pytest.raises(LostConnection):
        list(linked(answer[:cut]).parts(""))


def test_a_part_that_is_missing_at_the_end_is_missed() -> None:
    answer = sent([b"one", b"two"])
    with pytest.raises(Garbled):
        list(linked(answer[: answer.rindex(MAGIC)] + b"\x04\x04").parts(""))


def test_parts_longer_than_agreed_are_refused_without_reading_them() -> None:
    with pytest.raises(Garbled):
        list(linked(MAGIC + b"\0\0\0\xf0" + bytes(100_000)).parts(""))


def test_a_block_that_talks_without_end_is_stopped() -> None:
    with pytest.raises(Garbled):
        linked(b"x" * (1 << 21)).text("")
    with pytest.raises(Garbled):
        linked(b"\x04" + b"x" * (1 << 21)).text("")


def test_what_a_program_prints_is_its_answer() -> None:
    assert linked(b"12\r\n\xff\x04\x04").text("print(12)") == "12\r\n\ufffd"


def test_an_exception_on_the_block_is_told_in_its_last_line() -> None:
    traceback = (
        b'Traceback (most recent call last):\r\n  File "<stdin>", line 1\r\nOSError: [Errno 28] ENOSPC\r\n'
    )
    with pytest.raises(ProgramFailed, match=r"OSError: \[Errno 28\] ENOSPC$") as failed:
        linked(b"\x04" + traceback + b"\x04").text("")
    assert "line 1" in failed.value.traceback


def test_whoever_does_not_read_an_answer_to_its_end_interrupts_the_program() -> None:
    ours = linked(sent([b"one", b"two"]) + b"\x04\x04")
    first = ours.parts("first")
    assert next(first) == b"one"
    assert ours._transport.entered == 0
    list(ours.parts("second"))
    assert ours._transport.entered == 1


def test_entering_is_tried_again_with_the_patience_that_was_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tried = []

    def enter(*, soft_reset: bool, timeout_overall: float) -> None:
        print("what mpremote did not understand")
        assert not soft_reset
        tried.append(timeout_overall)
        if len(tried) < 3:
            raise TransportError("could not enter raw repl")

    ours = linked(b"")
    ours._transport.enter_raw_repl = enter
    ours.stop((1.0, 2.0, 4.0))
    assert tried == [1.0, 2.0, 4.0]
    tried.clear()
    with pytest.raises(LostConnection, match="switch it off and on"):
        ours.stop((1.0, 2.0))
    assert capsys.readouterr().out == ""


def test_a_board_that_stops_talking_before_its_prompt_is_tried_again() -> None:
    ours = linked(b"")
    ours._serial.write = lambda _data: None
    with pytest.raises(LostConnection, match="switch it off and on"):
        ours.stop((0.01, 0.01))
    assert ours._transport.entered == 2


def test_an_answer_that_ends_within_what_mpremote_unpacks_is_a_lost_connection() -> None:
    ours = linked(b"")
    ours._transport.exec_raw_no_follow = lambda _source: struct.unpack("<H", b"\x80")
    with pytest.raises(LostConnection, match="cable"):
        ours.text("")


def test_whoever_has_a_slow_block_can_have_more_patience_with_it() -> None:
    assert (link.patience(""), link.patience("1"), link.patience("2.5"), link.patience("60")) == (
        1,
        1,
        2.5,
        60,
    )


@pytest.mark.parametrize("text", ["0", "0.5", "-1", "1001", "nan", "inf", "much"])
def test_patience_is_a_number_of_times_as_long(text: str) -> None:
    with pytest.raises(UserError, match=f"PULSEBLOCK_PATIENCE: {text} is no number from 1 to 1000"):
        link.patience(text)


def test_a_port_that_vanishes_is_a_lost_connection() -> None:
    def vanished(*_: object) -> bytes:
        raise SerialException("device disconnected")

    ours = linked(b"")
    ours._serial.read = vanished
    ours._transport.close = vanished
    with pytest.raises(LostConnection, match="cable"):
        ours.text("")
    ours.close()


@pytest.mark.parametrize("value", [1.5, None, True, [1], b"x" + bytearray(b"y")])
def test_only_plain_values_go_to_a_block(value: object) -> None:
    with pytest.raises(TypeError) if type(value) is not bytes else pytest.raises(ZeroDivisionError):
        block._literal(value)
        1 / 0  # noqa: B018


@given(st.one_of(st.integers(), st.text(), st.binary()))
def test_plain_values_arrive_as_they_are(value: block.Value) -> None:
    literal = block._literal(value)
    assert literal.isascii()
    assert "\n" not in literal
    assert eval(literal) == value
