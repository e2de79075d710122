"""A real browser, and pages in it that tell what went wrong.

Without chromium or Playwright these tests are skipped, with the reason; where the environment sets
`PULSEBLOCK_REQUIRE_BROWSER` they fail.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import pytest

from host.training_at_hand import database_of, weeks_of
from pulseblock_tools.serve.server import LocalServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, or the like; tests are skipped where there is none, unless it is required."""
    program = chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _do_without("no Playwright: pip install '.[test]'")
    if program is None:
        _do_without(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def chromium() -> str | None:
    """The browser's program; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def _do_without(reason: str) -> NoReturn:
    if os.environ.get("PULSEBLOCK_REQUIRE_BROWSER"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


class Tab:
    """A page, and what it complained of or asked the network for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def text(self, selector: str) -> str:
        return (self.page.locator(selector).text_content() or "").strip()

    def width(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Open a page of its own context; afterwards no page may have complained."""
    contexts: list[BrowserContext] = []
    tabs: list[Tab] = []

    def open_tab(address: str | Path, width: int = 1200, height: int = 900, **how: str) -> Tab:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **how))
        tab = Tab(contexts[-1].new_page())
        tabs.append(tab)
        tab.page.goto(address.as_uri() if isinstance(address, Path) else address)
        return tab

    yield open_tab
    for context in contexts:
        context.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A database with seven weeks of a wearer's training."""
    engine = database_of(tmp_path_factory.mktemp("trained") / "training.db", weeks_of())
    yield engine
    engine.dispose()


@contextmanager
def serving(engine, source) -> Iterator[str]:
    """Serve, and give the address."""
    server = LocalServer(engine, source)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.address
    finally:
        server.stop()
        thread.join()
