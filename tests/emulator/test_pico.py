"""A block on stock MicroPython: installed, trained with, cut from power at any time, and synced.

These tests need a UF2 (see `emulator.uf2`), and time:
``PULSEBLOCK_RP2_UF2=... pytest -m emulator -n 0``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.wearer import Wearer

from emulator.bench import Bench
from emulator.filesystem import files_in, journal_in
from emulator.parts import Sample
from pulseblock_tools.errors import LOST_CONNECTION
from pulseblock_tools.install.compiling import Target
from pulseblock_tools.install.installing import contents
from pulseblock_tools.store.database import open_database
from virtual.training import known_sessions, reps_of

pytestmark = [pytest.mark.emulator, pytest.mark.timeout(3600)]

BOARD = "pico_fsr"
PATIENCE = 60  # times as long as with a real Pico
MOST_S = 1800.0

Reps = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Installed:
    """A Pico that was a stock one before ``pulseblock install``: its flash, and how that came about.

    ``told`` is what the command told; ``writes`` how many writes to flash it took.
    """

    image: Path
    told: dict[str, Any]
    writes: int


class Host:
    """A computer with the Pico at one of its ports."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self._database = folder / "pulseblock.db"
        self._environment = {
            **os.environ,
            "PULSEBLOCK_DB": str(self._database),
            "PULSEBLOCK_PATIENCE": str(PATIENCE),
            "XDG_STATE_HOME": str(folder),
        }

    def start(self, program: str, *arguments: object) -> subprocess.Popen[str]:
        """Start a Python program."""
        command = [sys.executable, "-c", program, *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=self._environment)

    def start_pulseblock(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that talks to the block."""
        program = "import sys; from pulseblock_tools.cli import main; sys.exit(main())"
        return self.start(program, *arguments, "--port", self.bench.port, "--json")

    def pulseblock(self, *arguments: str) -> Any:
        """Run such a command, which succeeds; what it tells."""
        command = self.start_pulseblock(*arguments)
        out, err = command.communicate(timeout=MOST_S)
        assert command.returncode == 0, (err, out, self.bench.log)
        return json.loads(out)

    def known(self) -> list[Reps]:
        """The reps of each session in the database."""
        engine = open_database(str(self._database))
        try:
            return [session.reps for session in known_sessions(engine)]
        finally:
            engine.dispose()


def training(presses: int) -> list[Sample]:
    """Somebody takes the block up, presses, and holds on."""
    return Wearer().away(500).hold(1500).presses(presses).hold(1000).samples


@pytest.fixture(scope="module")
def installed(uf2: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    with Bench(folder, uf2) as bench:
        bench.power_on()
        bench.settle()
        before = bench.do("tell")[1]
        told = Host(bench, folder).pulseblock("install", "--board", BOARD)
        writes = bench.do("tell")[1] - before
        bench.power_off()
        return Installed(bench.image, told, writes)


@pytest.fixture
def stock(uf2: Path, tmp_path: Path) -> Iterator[Host]:
    """A Pico with MicroPython and nothing else, off."""
    with Bench(tmp_path, uf2) as bench:
        yield Host(bench, tmp_path)


@pytest.fixture
def block(stock: Host, installed: Installed) -> Host:
    """A Pico with the firmware, off."""
    shutil.copy(installed.image, stock.bench.image)
    return stock


def boot(host: Host) -> None:
    """Switch the block on, and wait until its app reads the sensors."""
    host.bench.power_on()
    host.bench.wait("sampling")


def test_a_stock_pico_becomes_a_block(block: Host, installed: Installed) -> None:
    wanted = contents(BOARD, Target("armv6m"))
    assert set(installed.told["copied"]) == set(wanted)
    there = files_in(installed.image)
    assert {path: there.get(path) for path in wanted} == wanted
    boot(block)
    again = block.pulseblock("install")
    assert (again["board"], again["copied"], again["unchanged"]) == (BOARD, [], len(wanted))


def test_the_doctor_finds_the_parts_in_order(block: Host) -> None:
    boot(block)
    checks = {one["check"]: one for one in block.pulseblock("doctor")["checks"]}
    sensors = ("accelerometer self-test", "sample rate", "force at rest")
    for check in ("MicroPython", "firmware", "file system", *sensors, "app"):
        assert checks[check]["verdict"] == "ok", checks[check]
    assert not [one for one in checks.values() if one["verdict"] == "fail"]


def test_what_was_trained_is_synced_and_outlives_power(block: Host) -> None:
    bench = block.bench
    boot(block)
    bench.wear(training(3))
    bench.wait("worn")
    assert len(block.pulseblock("sync")["new_sessions"]) == 1
    assert [len(reps) for reps in block.known()] == [3]
    first = block.known()
    bench.forget()
    bench.wear(training(2))
    bench.wait("worn")
    bench.power_off()
    on_flash = reps_of(journal_in(bench.image))
    assert on_flash[:1] == first
    assert 1 <= len(on_flash[1]) <= 2  # the last one is final only with the next, or the end of the set
    boot(block)
    block.pulseblock("sync")
    assert block.known() == on_flash


def test_power_that_fails_while_the_journal_is_written_takes_nothing_written_before(block: Host) -> None:
    bench = block.bench
    before: list[Reps] = []
    cuts = 0
    for writes in (1, 2, 5):
        boot(block)
        bench.do("cut", writes)
        bench.wear(training(4))
        if bench.wait("lost", "worn")[0] == "worn":
            bench.power_off()  # fewer writes than that
        else:
            cuts += 1
        on_flash = reps_of(journal_in(bench.image))
        assert on_flash[: len(before)] == before
        before = on_flash
    assert cuts >= 2
    boot(block)
    block.pulseblock("sync")
    assert block.known() == before
    bench.wear(training(2))
    bench.wait("worn")
    block.pulseblock("sync")
    assert block.known()[: len(before)] == before
    assert len(block.known()[-1]) == 2


def test_a_second_install_mends_one_that_power_loss_broke_off(stock: Host, installed: Installed) -> None:
    bench = stock.bench
    wanted = contents(BOARD, Target("armv6m"))
    complete: set[str] = set()
    for writes in (installed.writes // 8, installed.writes // 3):
        bench.power_on()
        bench.settle()
        bench.do("cut", writes)
        command = stock.start_pulseblock("install", "--board", BOARD)
        bench.wait_lost()
        command.communicate(timeout=MOST_S)
        assert command.returncode == LOST_CONNECTION
        there = files_in(bench.image)
        assert all(there[path] == data for path, data in wanted.items() if path in there)
        assert complete < wanted.keys() & there.keys() < wanted.keys()
        complete = wanted.keys() & there.keys()
    bench.power_on()
    bench.settle()
    mended = stock.pulseblock("install", "--board", BOARD)
    assert mended["unchanged"] >= len(complete)
    bench.wear(training(2))
    bench.wait("worn")
    stock.pulseblock("sync")
    assert [len(reps) for reps in stock.known()] == [2]
    bench.power_off()
    there = files_in(bench.image)
    assert {path: there.get(path) for path in wanted} == wanted
    assert not [path for path in there if path.endswith(".new")]


def test_the_button_held_at_power_on_keeps_the_app_from_starting(block: Host) -> None:
    bench = block.bench
    bench.power_on()
    bench.do("button", True)
    bench.wait_heard("not started: the button is held")
    bench.do("button", False)
    block.pulseblock("sync")  # which starts it
    bench.wait("sampling")


DIES = """\
import os, sys
from pulseblock_tools.blocks import Port, connect
connect(Port(sys.argv[1]), guard_s=5).__enter__()
os._exit(1)
"""


def test_a_block_whose_host_died_goes_back_to_work(block: Host) -> None:
    boot(block)
    block.start(DIES, block.bench.port).communicate(timeout=MOST_S)
    block.bench.forget()
    block.bench.wait("sampling")  # machine.Timer, and machine.reset()
    block.bench.wear(training(2))
    block.bench.wait("worn")
    block.pulseblock("sync")
    assert [len(reps) for reps in block.known()] == [2]
