"""The live page follows a virtual block, and the pages behind it show what was kept."""

import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from browser.colours import contrast
from browser.conftest import serving
from pulseblock_tools.journal.reading import read_journal
from pulseblock_tools.journal.records import Boot
from pulseblock_tools.serve.sources import PluggedInSource, VirtualSource
from pulseblock_tools.simulator.simulate import demo_session
from pulseblock_tools.store.database import open_database, reading
from pulseblock_tools.store.schema import reps
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.visit import visit

expect = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install '.[test]'").expect

COMMAND = Path(sys.executable).with_name("pulseblock")
RECORD = """() => {
    window.seen = {count: [], say: [], strip: []};
    for (const id of ["count", "say"]) {
        const element = document.getElementById(id);
        const note = () => window.seen[id].push(element.textContent);
        new MutationObserver(note).observe(element, {childList: true});
    }
}"""

pytestmark = pytest.mark.usefixtures("micropython_runtime")


@pytest.fixture
def engine(tmp_path):
    engine = open_database(str(tmp_path / "live.db"))
    yield engine
    engine.dispose()


def test_the_count_follows_a_virtual_session_and_the_report_tells_it(open_tab, engine):
    truth = [rep["faults"] for rep in demo_session(1).labels["reps"]]
    good = truth.count([])
    with serving(engine, VirtualSource(1, engine, pace=0.3)) as address:
        tab = open_tab(address)
        tab.page.evaluate(RECORD)
        expect(tab.page.locator("#sums")).to_have_text(
            f"Session: {good} of {len(truth)} reps good", timeout=60_000
        )
        seen = tab.page.evaluate("() => window.seen")
        counts = [int(text) for text in seen["count"] if text.isdigit()]
        assert [count for count in counts if count] == [*range(1, 7), *range(1, 7)]
        for fault in {name for faults in truth for name in faults}:
            assert any(fault in said.lower().split(" + ") for said in seen["say"])
        assert f"Set 1: {truth[:6].count([])} of 6 good" in seen["say"]
        assert token_is_gone(tab)

        sessions = open_tab(address)
        for _ in range(200):  # it is kept once the wearer has pressed the button
            sessions.page.goto(f"http://{urlsplit(address).netloc}/sessions")
            if sessions.page.locator("tbody tr").count():
                break
            sessions.page.wait_for_timeout(100)
        assert sessions.page.locator("[tabindex]:not([role][aria-label])").count() == 0
        cells = sessions.page.locator("tbody tr").last.locator("td").all_text_contents()
        assert cells[2:5] == ["2", "12", f"{good} ({100 * good / 12:.0f} %)"]
        sessions.page.locator("tbody tr").last.locator("a").click()
        with reading(engine) as connection:
            kept = connection.scalar(
                sa.select(sa.func.count()).where(reps.c.faults == 0, reps.c.session == 1)
            )
        assert sessions.text("#good") == str(kept) == str(good)
        assert sessions.page.locator("#streak, #trend").count() == 0  # of one session they say nothing
        assert sessions.hosts == {address.split("/")[2]}


def token_is_gone(tab):
    return "token" not in tab.page.url and tab.page.evaluate("document.cookie") == ""


class Life:
    """Time that goes by for a virtual block, as it does for a real one; now and then a wearer comes."""

    def __init__(self, block):
        self._block = block
        self._visits = queue.Queue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def visit(self, seed):
        self._visits.put(seed)

    def _live(self):
        while not self._over.is_set():
            begin = self._block.computer.clock_ms + 10
            samples = [(begin + at * 10, 0, at * 5 % 7, at % 3, 8192 + at * 3 % 5) for at in range(10)]
            if not self._visits.empty():
                samples = visit(self._visits.get(), begin).samples
            for at in range(0, len(samples), 10):
                self._block.run(samples[at : at + 10])
                time.sleep(0.01)


def test_a_block_that_is_plugged_in_is_followed_over_usb_and_not_interrupted(open_tab, engine):
    truth = [rep["faults"] for rep in demo_session(1).labels["reps"]]
    with VirtualBlock() as block, Life(block) as life:
        with serving(engine, PluggedInSource(block.usb.url)) as address:
            tab = open_tab(address)
            expect(tab.page.locator("#doing")).to_contain_text("Not ready", timeout=20_000)
            life.visit(1)
            expect(tab.page.locator("#sums")).to_have_text(
                f"Session: {truth.count([])} of 12 reps good", timeout=20_000
            )
        assert block.running
        files = dict(block.computer.flash.files)
    journal = read_journal((int(Path(name).stem), files[name]) for name in files if name.endswith(".pbj"))
    (session,) = journal.sessions
    assert len(session.reps) == 12
    assert session.ended_by != "interrupted"
    assert sum(isinstance(record, Boot) for record in journal.records) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lost_block_is_said_and_nothing_else_breaks(open_tab, engine, scheme):
    with serving(engine, PluggedInSource("/dev/no-such-port")) as address:
        tab = open_tab(address, color_scheme=scheme)
        expect(tab.page.locator("#doing")).to_contain_text("There is nothing at /dev/no-such-port")
        assert tab.text("#count") == "\N{EN DASH}"
        ground, ink = tab.page.evaluate(
            "() => [getComputedStyle(document.querySelector('.counted')).backgroundColor,"
            " getComputedStyle(doing).color]"
        )
        assert contrast(ground, ink) > 4.5


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 640), (740, 360), (820, 1180)])
def test_the_count_is_large_and_everything_fits(open_tab, engine, width, height):
    with serving(engine, VirtualSource(1, pace=0.3)) as address:
        tab = open_tab(address, width=width, height=height)
        expect(tab.page.locator("#count")).to_have_text("3", timeout=30_000)
        assert tab.width() <= width
        size = float(tab.page.evaluate("() => parseFloat(getComputedStyle(count).fontSize)"))
        assert size >= 0.38 * min(width, height)
        for part in ("#count", "#say", "#bar", "#level", "#tilt"):  # on a mat nobody scrolls
            box = tab.page.locator(part).bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height, part


def test_sound_is_made_only_on_request(open_tab, engine):
    with serving(engine, VirtualSource(1, pace=0.3)) as address:
        tab = open_tab(address)
        button = tab.page.locator("#sound")
        expect(button).to_have_attribute("aria-pressed", "false")
        button.click()
        expect(button).to_have_text("Sound on")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(tab.page.locator("#count")).to_have_text("2", timeout=30_000)
        button.click()
        expect(button).to_have_text("Sound off")


def test_the_demo_serves_too_and_ctrl_c_ends_it(open_tab):
    with subprocess.Popen([COMMAND, "demo", "--serve"], stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().strip()
        tab = open_tab(address)
        expect(tab.page.locator("#doing")).to_contain_text("Not ready", timeout=20_000)
        process.send_signal(2)
        assert process.wait(timeout=20) == 130
        expect(tab.page.locator("#doing")).to_contain_text("connection is lost", timeout=20_000)
        tab.complaints.clear()  # a browser says that the server has gone
