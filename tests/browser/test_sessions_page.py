"""The list of sessions behind the live page: numbers of the database, names as text, on a phone too."""

from urllib.parse import urlencode, urlsplit

import pytest

from browser.conftest import serving
from browser.test_guard import NoBlock
from browser.test_report_in_browser import HOSTILE
from host.training_at_hand import Training, add, database_of
from pulseblock_tools.store.database import open_database, reading
from pulseblock_tools.store.listing import Wanted, list_sessions

LONG = "W" * 120


@pytest.fixture
def see(open_tab):
    """Open the list of a database's sessions, those of a wearer or all."""

    def see(address, wearer=None, **how):
        tab = open_tab(address, **how)
        query = f"?{urlencode({'wearer': wearer})}" if wearer else ""
        tab.page.goto(f"http://{urlsplit(address).netloc}/sessions{query}")
        return tab

    return see


def test_the_numbers_are_those_of_the_database(see, trained):
    with serving(trained, NoBlock()) as address, reading(trained) as connection:
        tab = see(address)
        found = list_sessions(connection, Wanted())
    rows = [row.locator("th, td").all_text_contents() for row in tab.page.locator("tbody tr").all()]
    assert [(row[0], row[3], row[4], row[6]) for row in rows] == [
        (str(one.session), str(one.sets), str(one.reps), one.wearer) for one in reversed(found)
    ]
    assert [row[5].split()[0] for row in rows] == [str(one.good) for one in reversed(found)]


@pytest.mark.parametrize("name", [HOSTILE, LONG])
def test_a_name_stays_text_and_makes_no_page_wider_than_a_phone(see, tmp_path, name):
    engine = database_of(tmp_path / "names.db", Training().day(0), name)
    add(engine, Training(unique_id="e66138528350b72b").day(0), "Ben")
    with serving(engine, NoBlock()) as address:
        tab = see(address, name, width=360, height=640)
        assert tab.text("h1") == f"Sessions of {name}"
        assert tab.text("option[selected]") == name
        assert tab.page.locator("tbody td:last-child").all_text_contents() == [name]
        assert (tab.page.locator("img").count(), tab.page.locator("script").count()) == (0, 0)
        assert tab.width() == 360
        tab.page.get_by_role("link", name="Report").click()
        assert tab.text("h1") == name
        assert tab.page.locator("img").count() == 0


def test_without_sessions_it_says_what_to_do(see, tmp_path):
    engine = open_database(str(tmp_path / "none.db"))
    with serving(engine, NoBlock()) as address:
        tab = see(address)
        assert tab.text("main").endswith("No sessions yet: plug the block in and run pulseblock sync.")
        assert tab.page.locator("table, form").count() == 0
    engine.dispose()
