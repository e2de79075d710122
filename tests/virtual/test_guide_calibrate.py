"""Calibration of simulated wearers on the block: by its button alone, and with `pulseblock calibrate`."""

import json
import threading
from array import array
from collections.abc import Iterator

import pytest
from fakes.wearer import Wearer

from pulseblock.core.settings import CALIBRATED, Settings
from pulseblock.signals import patterns
from pulseblock_tools.cli import main
from pulseblock_tools.errors import BAD_INPUT, FAILED
from pulseblock_tools.live.frame import Frame
from pulseblock_tools.simulator import people, simulate
from pulseblock_tools.traces.resampling import resample
from pulseblock_tools.traces.trace import Trace
from pulseblock_tools.virtual.block import VirtualBlock, install
from pulseblock_tools.virtual.computer import Computer, Sample
from pulseblock_tools.virtual.flash import Flash, PowerCut
from pulseblock_tools.virtual.interpreter import ComputerDied
from pulseblock_tools.virtual.outputs import Telemetry

RATE_HZ = 100
PACE = 20  # times life's
LONG_MS = 1200
WEARER = 3


@pytest.fixture
def block(micropython_runtime: None) -> Iterator[VirtualBlock]:  # noqa: ARG001
    with VirtualBlock() as block:
        yield block


def calibration(seed: int) -> list[Sample]:
    """Ready, presses, rest, grips, and a rest long enough for the outcome's signal."""
    rows = simulate.calibration(people.draw(seed), seed, RATE_HZ).rows
    t_ms, force_n, *acceleration_g = (array("d", column) for column in zip(*rows, strict=True))
    sensed = resample(Trace("calibration", t_ms, force_n, tuple(acceleration_g)), RATE_HZ)
    samples = list(zip(sensed.t_ms, sensed.force_cn, sensed.ax, sensed.ay, sensed.az, strict=True))
    step_ms = 1000 // RATE_HZ
    quiet = samples[-50:] * 16
    return samples + [(samples[-1][0] + (n + 1) * step_ms, *one[1:]) for n, one in enumerate(quiet)]


def from_now(block: VirtualBlock, samples: list[Sample]) -> list[Sample]:
    start = block.computer.clock_ms + 1000 // RATE_HZ - samples[0][0]
    return [(start + ms, *sensed) for ms, *sensed in samples]


def settings_of(block: VirtualBlock) -> dict[str, int]:
    values: dict[str, int] = json.loads(block.computer.flash.files["/settings.json"])
    return values


def press_button(block: VirtualBlock, ms: int) -> None:
    block.computer.set_inputs(button=1)
    block.run(from_now(block, Wearer().away(ms).samples))
    block.computer.set_inputs(button=0)
    block.run(from_now(block, Wearer().away(100).samples))


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_a_block_by_itself_calibrates_its_wearer(block: VirtualBlock, seed: int) -> None:
    press_button(block, LONG_MS)
    block.computer.set_inputs(listening=1)
    shown = block.run(from_now(block, calibration(seed)))
    signals = {Frame.decode(one.frame).signal for one in shown if isinstance(one, Telemetry)}
    assert {patterns.READY, patterns.GOOD, patterns.SET_END, patterns.GRIP_NOW} <= signals
    assert patterns.CALIBRATED in signals
    assert patterns.REFUSED not in signals
    kept = settings_of(block)
    assert set(kept) == set(CALIBRATED)
    assert kept["drag_separation_pct"] >= 250
    person = people.draw(seed)
    assert kept["reference_cn"] / 100 == pytest.approx(person.reference_n, rel=0.25)
    Settings().update(kept)


class Wearing(threading.Thread):
    """Somebody who does what the screen says as soon as the block has begun a calibration."""

    def __init__(self, block: VirtualBlock, samples: list[Sample]) -> None:
        super().__init__(daemon=True)
        self._block = block
        self._samples = samples
        self._over = threading.Event()

    def run(self) -> None:
        files = self._block.computer.flash.files
        while "/calibrate" not in files and not self._over.wait(0.002):
            pass
        waiting = Wearer().away(40).samples
        while not any(isinstance(one, Telemetry) for one in self._block.run(from_now(self._block, waiting))):
            if self._over.wait(0.04):  # as long as it takes until the screen listens
                return
        samples = from_now(self._block, self._samples)
        for at in range(0, len(samples), 4):
            self._block.run(samples[at : at + 4])
            if self._over.wait(0.04 / PACE):
                return

    def __enter__(self) -> "Wearing":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self.join()


def calibrate(block: VirtualBlock, *arguments: str) -> int:
    return main(["calibrate", "--port", block.usb.url, *arguments])


def test_the_screen_guides_and_tells_what_was_found(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    block.computer.write("/settings.json", b'{"light_pct": 30}')
    config = tmp_path / "ann.json"
    with Wearing(block, calibration(WEARER)):
        assert calibrate(block, "--json", "--output", str(config)) == 0
    out, guided = capsys.readouterr()
    said = guided.splitlines()
    told = [line.split()[0] for line in said]
    assert told[:2] == ["Lie", "Press"]
    assert [line for line in said if line.startswith("press")] == [f"press {n}" for n in range(1, 7)]
    assert told.index("Rest,") < told.index("Now")
    assert "grip 5" in said
    assert "Calibrated." in said
    found = json.loads(out)
    assert (found["presses"], found["grips"], found["drag"]) == (6, 6, "told apart")
    assert settings_of(block) == {"light_pct": 30, **found["settings"]}
    assert json.loads(config.read_text()) == found["settings"]
    assert block.running


def test_a_refusal_says_what_to_do(block: VirtualBlock, capsys: pytest.CaptureFixture[str]) -> None:
    too_few = Wearer().away(300).hold(1500).presses(2).hold(9000).samples
    with Wearing(block, too_few):
        assert calibrate(block) == BAD_INPUT
    said = capsys.readouterr().err
    assert "the block refused the calibration: 2 good presses in the first set" in " ".join(said.split())
    assert "/settings.json" not in block.computer.flash.files
    assert block.running


def test_settings_that_the_block_cannot_use_come_first(
    block: VirtualBlock, capsys: pytest.CaptureFixture[str]
) -> None:
    block.computer.write("/settings.json", b'{"light_pct": 300}')
    assert calibrate(block) == FAILED
    assert "the block's settings cannot be used" in capsys.readouterr().err
    assert "/calibrate" not in block.computer.flash.files


def test_a_config_is_for_traces(block: VirtualBlock, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.json"
    config.write_text("{}")
    assert calibrate(block, "--config", str(config)) == BAD_INPUT
    assert "--config belongs to --trace" in capsys.readouterr().err


def test_a_power_cut_while_it_is_written_leaves_the_old_settings_or_the_new(
    micropython_runtime: None,  # noqa: ARG001
) -> None:
    old, new = {"light_pct": 30, "reference_cn": 1}, {"light_pct": 30, "reference_cn": 4000}
    survived = []
    while True:
        flash = Flash()
        install(flash)
        flash.write("/settings.json", json.dumps(old).encode())
        with Computer(flash, unique_id=b"powercut") as computer:
            flash.cut_after(len(survived))
            try:
                computer.exec(
                    "from pulseblock.stored import update_object\n"
                    "assert update_object('/settings.json', {'reference_cn': 4000})"
                )
            except (PowerCut, ComputerDied):
                survived.append(json.loads(flash.files["/settings.json"]))
                continue
        break
    assert json.loads(flash.files["/settings.json"]) == new
    assert len(survived) >= 3
    assert all(kept in (old, new) for kept in survived)
    assert survived[0] == old
