"""Live view of a block at its USB port: frames arrive, and the block does what it would do anyway."""

import contextlib
import json
import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from fakes.wearer import Wearer

from pulseblock_tools.blocks import Port
from pulseblock_tools.cli import main
from pulseblock_tools.errors import LOST_CONNECTION, WRONG_FIRMWARE, UserError
from pulseblock_tools.live.feed import listen
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.virtual import listener
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.computer import Sample
from pulseblock_tools.virtual.outputs import Output, Telemetry
from virtual.at_usb import at_usb, wait_until_free

TRAINING = Wearer().away(500).hold(1500).presses(3).hold(500).away(7_000).samples
PACE = 20  # times life's


@pytest.fixture
def block() -> Iterator[VirtualBlock]:
    with VirtualBlock() as block:
        yield block


class Training(threading.Thread):
    """Somebody trains with the block; ``shown`` is what it showed, telemetry left out."""

    def __init__(self, block: VirtualBlock, samples: list[Sample] = TRAINING) -> None:
        super().__init__(daemon=True)
        self.shown: list[Output] = []
        self._block = block
        self._samples = samples
        self._over = threading.Event()

    def run(self) -> None:
        for at in range(0, len(self._samples), 4):
            self.shown += self._block.run(self._samples[at : at + 4])
            if self._over.wait(0.04 / PACE):
                return
        self.shown = [one for one in self.shown if not isinstance(one, Telemetry)]

    def __enter__(self) -> "Training":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self.join()


def watch(block: VirtualBlock, until_ms: int) -> list[Frame]:
    seen: list[Frame] = []
    with contextlib.closing(listen(Port(block.usb.url))) as feed:
        for frames in feed:
            seen += frames
            if seen and seen[-1].t_ms >= until_ms:
                break
    return seen


def test_frames_come_more_than_20_times_a_second_with_press_tilt_count_and_verdicts(
    block: VirtualBlock,
) -> None:
    with Training(block):
        seen = watch(block, TRAINING[-1][0] - 1000)
    seconds = (seen[-1].t_ms - seen[0].t_ms) / 1000
    assert len(seen) / seconds > 20
    assert max(later.t_ms - earlier.t_ms for earlier, later in pairwise(seen)) <= 60
    assert max(frame.press_pct for frame in seen) > 80
    assert max(frame.count for frame in seen) == 3
    assert seen[-1].reps == 3
    assert block.running


def test_the_block_does_the_same_watched_or_not(block: VirtualBlock) -> None:
    with Training(block) as unwatched:
        unwatched.join()
    log = block.computer.flash.files["/journal/00000001.pbj"]
    with VirtualBlock() as other:
        with Training(other) as watched:
            watch(other, TRAINING[-1][0] - 500)
            watched.join()
        assert watched.shown == unwatched.shown
        reps = other.computer.flash.files["/journal/00000001.pbj"]
        assert len(reps) == len(log)


def test_nothing_is_sent_to_who_did_not_ask_or_has_gone(block: VirtualBlock) -> None:
    sent = []
    block.usb.send = sent.append  # type: ignore[method-assign]
    block._listener._send = sent.append
    block.run(TRAINING[:100])
    assert sent == []
    block._received(b"\x11")
    block.run([(1000 + ms, *sensed) for ms, *sensed in TRAINING[:100]])
    assert len(sent) >= 24
    block._received(b"\x13")
    sent.clear()
    block.run([(3000 + ms, *sensed) for ms, *sensed in TRAINING[:100]])
    assert sent == []


def test_a_listener_who_falls_silent_is_forgotten(
    block: VirtualBlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "LEASE_S", 0.05)
    with Training(block) as training:
        with contextlib.closing(listen(Port(block.usb.url), silence_s=0.4)) as feed:
            with pytest.raises(UserError, match="tells nothing") as silent:
                for _ in feed:  # asks only every 0.75 s
                    pass
            assert silent.value.exit_code == WRONG_FIRMWARE
        assert training.is_alive()


def test_other_commands_get_through_to_a_block_that_somebody_watched(block: VirtualBlock) -> None:
    with Training(block):
        watch(block, 1500)
        with at_usb(block) as connected:
            assert connected.about.board == "virtual"
    assert block.running


def test_a_pulled_cable_ends_it_and_the_block_goes_on(block: VirtualBlock) -> None:
    with Training(block) as training:
        block.usb.cut(after=2000)
        with pytest.raises(UserError) as lost:
            watch(block, TRAINING[-1][0])
        assert lost.value.exit_code == LOST_CONNECTION
        training.join()
    assert block.running


def test_a_block_that_is_stopped_is_told_apart(block: VirtualBlock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulseblock_tools.live.feed.listen.__defaults__", (0.3,))
    block.computer.interrupt_app()
    block._repl.app_ended("")
    assert main(["live", "--port", block.usb.url]) == WRONG_FIRMWARE


def test_the_command_prints_lines_or_json(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    with Training(block) as training:
        assert main(["live", "--seconds", "1.2", "--port", block.usb.url]) == 0
        training.join()
    assert "rep 1: good" in capsys.readouterr().out
    wait_until_free(block)
    later = [(20_000 + ms, *sensed) for ms, *sensed in TRAINING]
    with Training(block, later):
        assert main(["live", "--json", "--seconds", "0.3", "--port", block.usb.url]) == 0
    frames = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(frames) > 10
    assert {"press_pct", "sagittal_cdeg", "frontal_cdeg", "count", "cues"} <= set(frames[0])
