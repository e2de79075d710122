"""What `pulseblock install` puts on a block does, to the byte, what the firmware's sources do."""

import pytest

from pulseblock_tools.install.compiling import Target
from pulseblock_tools.install.installing import contents
from pulseblock_tools.simulator import people, simulate
from pulseblock_tools.traces.resampling import resample
from pulseblock_tools.traces.trace import Trace
from pulseblock_tools.virtual.block import VirtualBlock, install
from pulseblock_tools.virtual.computer import Sample
from pulseblock_tools.virtual.flash import BLOCK_BYTES, Flash
from pulseblock_tools.virtual.outputs import Output
from pulseblock_tools.virtual.visit import RATE_HZ, visit

pytestmark = pytest.mark.usefixtures("micropython_runtime")

STAYS = ("/lib/", "/main.py")  # what the app does not write
_ROOM = 200  # blocks of flash that are free, as the journal tells
AWAY: list[Sample] = [(ms, 0, 8192, 0, 0) for ms in range(10, 3000, 10)]


def lived(files: dict[str, bytes], samples: list[Sample]) -> tuple[list[Output], dict[str, bytes]]:
    """What a block with these files shows, and what is on its flash in the end."""
    flash = Flash()
    for path, data in files.items():
        flash.write(path, data)
    flash.capacity = _ROOM + sum(-(-len(data) // BLOCK_BYTES) for data in files.values())
    with VirtualBlock(flash) as block:
        block.computer.set_inputs(listening=1)
        outputs = block.run(samples)
        block.computer.interrupt_app()
        return outputs, {path: data for path, data in flash.files.items() if not path.startswith(STAYS)}


def both(wearers: dict[str, bytes], samples: list[Sample]) -> tuple[list[Output], dict[str, bytes]]:
    """What came of the sources, which must come of what is installed as well."""
    plain = Flash()
    install(plain)
    _, before = lived(plain.files, AWAY)  # a journal, whose number is drawn by lot
    outputs, files = lived(plain.files | before | wearers, samples)
    assert lived(contents("virtual", Target("")) | before | wearers, samples) == (outputs, files)
    return outputs, files


def sensed(trace: simulate.Trace) -> list[Sample]:
    """The trace as a block's sensors give it."""
    t_ms, force_n, *acceleration_g = (list(column) for column in zip(*trace.rows, strict=True))
    made = resample(Trace("simulated", t_ms, force_n, tuple(acceleration_g)), RATE_HZ)
    return list(zip(made.t_ms, made.force_cn, made.ax, made.ay, made.az, strict=True))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_session_is_counted_shown_and_kept_the_same(seed: int) -> None:
    outputs, files = both({"/record": b""}, list(visit(seed).samples))
    assert len(outputs) > 1000
    assert any(path.startswith("/traces/") for path in files)
    assert any(path.startswith("/journal/") for path in files)


def test_a_calibration_finds_the_same() -> None:
    person = people.draw(5)
    _, files = both({"/calibrate": b""}, sensed(simulate.calibration(person, 5)))
    assert b"reference_cn" in files["/settings.json"]


def test_a_program_guides_the_same() -> None:
    program = b'{"reps": 3, "sets": 2, "rest_s": 10, "metronome": 1}'
    outputs, _ = both({"/program.json": program}, list(visit(3).samples))
    assert len(outputs) > 1000


def test_bad_settings_are_refused_the_same() -> None:
    outputs, _ = both({"/settings.json": b'{"rushed_ms": 1}'}, AWAY)
    assert outputs
