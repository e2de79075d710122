"""Takes the pictures that README shows: ``.venv/bin/python tests/browser/pictures.py``.

Of made-up training and of a virtual block; needs chromium, and the font Inter to look as these do.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import expect, sync_playwright

import pulseblock_tools  # noqa: F401  makes the firmware importable
from browser.conftest import FLAGS, chromium, serving
from host.training_at_hand import DAY_MS, database_of, weeks_of
from pulseblock_tools.report.page import About, render
from pulseblock_tools.report.training import read_training
from pulseblock_tools.serve.sources import VirtualSource
from pulseblock_tools.store.database import reading
from pulseblock_tools.store.listing import Wanted

PICTURES = Path(__file__).parents[2] / "host_tools" / "pictures"
WEEKS = 7


def main() -> None:
    """Take both."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        began_ms = time.time_ns() // 1_000_000 - WEEKS * 7 * DAY_MS
        engine = database_of(
            Path(folder) / "training.db", weeks_of(weeks=WEEKS, start_utc_ms=began_ms), "Simulated wearer"
        )
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        take_report(browser, engine, Path(folder) / "report.html")
        take_live(browser, engine)
        browser.close()
        engine.dispose()


def take_report(browser, engine, file) -> None:
    """Headline and the latest sessions."""
    with reading(engine) as connection:
        file.write_text(
            render(read_training(connection, Wanted()), About("Simulated wearer")), encoding="utf-8"
        )
    page = browser.new_page(viewport={"width": 1000, "height": 1000})
    page.goto(file.as_uri())
    page.screenshot(path=PICTURES / "report.png")


def take_live(browser, engine) -> None:
    """In the middle of a press."""
    with serving(engine, VirtualSource(1)) as address:
        page = browser.new_page(viewport={"width": 1000, "height": 690})
        page.goto(address)
        expect(page.locator("#doing")).to_contain_text("Rest", timeout=60_000)
        expect(page.locator("#count")).to_have_text("3", timeout=60_000)  # of the second set
        while int(page.locator("#press").text_content()) < 75:
            page.wait_for_timeout(20)
        page.screenshot(path=PICTURES / "live.png")


if __name__ == "__main__":
    main()
