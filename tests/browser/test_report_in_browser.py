"""The report as a reader has it: in a browser, on a phone, on paper, without network."""

import re

import pytest
import sqlalchemy as sa

from browser.colours import LACKING, contrast, difference
from host.training_at_hand import Training, add, database_of
from pulseblock_tools.report.page import CURVES_SHOWN, About, render
from pulseblock_tools.report.training import read_training
from pulseblock_tools.store.database import reading
from pulseblock_tools.store.listing import Wanted
from pulseblock_tools.store.schema import reps, sessions

expect = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install '.[test]'").expect

RIGHT_TO_LEFT = "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} (1)"
HOSTILE = "</title></script><script>document.title='owned'</script><img src=x onerror=alert(1)>{{7*7}}"


def report_on(engine, path, wearer="Ann", **about):
    with reading(engine) as connection:
        page = render(read_training(connection, Wanted(wearer=wearer)), About(wearer, **about))
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def report(trained, tmp_path):
    return report_on(trained, tmp_path / "report.html")


def count(engine, *conditions):
    with reading(engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(reps).where(*conditions))


def test_the_numbers_are_those_of_the_database(open_tab, report, trained):
    tab = open_tab(report)
    every, good = count(trained), count(trained, reps.c.faults == 0)
    assert tab.text("#good") == str(good)
    assert tab.text("#good + .of").startswith(f"of {every} in ")
    assert tab.text("#share") == f"{100 * good / every:.0f} %"
    assert tab.page.locator(".strip use").count() == every
    assert tab.page.locator('.strip use[href="#g"]').count() == good
    assert tab.page.locator("table.reps tbody tr").count() == every
    pelvis = count(trained, reps.c.faults.op("&")(2) > 0)
    assert tab.page.locator("#faults tbody tr:last-child td").nth(2).text_content() == str(pelvis)


def test_it_asks_no_network_and_says_so_to_the_browser(open_tab, report):
    tab = open_tab(report)
    assert tab.hosts == {""}
    policy = tab.page.locator('meta[http-equiv="Content-Security-Policy"]').get_attribute("content")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_a_mark_tells_the_numbers_of_its_rep(open_tab, report):
    tab = open_tab(report)
    strip = tab.page.locator(".strip").nth(1)  # the second set of the last session
    strip.locator("use").nth(4).hover()
    row = tab.page.locator("table.reps").first.locator("tbody tr").nth(12 + 4)
    cells = [cell.strip() for cell in row.locator("td").all_text_contents()]
    tip = tab.page.locator("#tip")
    expect(tip).to_be_visible()
    told = tip.text_content()
    assert told.startswith(f"Set 2, Rep {12 + 5}: {cells[3]}\n")
    assert f"Press {cells[4]} %" in told
    assert f"Length {cells[6]} s" in told


def test_the_keyboard_reaches_every_rep(open_tab, report):
    tab = open_tab(report)
    tab.page.keyboard.press("Tab")
    expect(tab.page.locator("#tip")).to_contain_text("Set 1, Rep 1:")
    for key, rep in (("ArrowRight", 2), ("End", 12), ("ArrowRight", 12), ("ArrowLeft", 11), ("Home", 1)):
        tab.page.keyboard.press(key)
        expect(tab.page.locator("#tip")).to_contain_text(f"Set 1, Rep {rep}:")
    tab.page.keyboard.press("Escape")
    expect(tab.page.locator("#tip")).to_be_hidden()


def test_a_page_that_scrolls_keeps_the_place_of_the_keyboard(open_tab, report):
    tab = open_tab(report, height=500)
    tab.page.locator(".strip").first.focus()
    for _ in range(3):
        tab.page.keyboard.press("ArrowRight")
    before = tab.page.locator("#tip").bounding_box()["y"]
    tab.page.mouse.wheel(0, 60)
    expect(tab.page.locator("#tip")).not_to_have_css("top", f"{before}px")
    expect(tab.page.locator("#tip")).to_contain_text("Set 1, Rep 4:")
    tab.page.keyboard.press("ArrowRight")
    expect(tab.page.locator("#tip")).to_contain_text("Set 1, Rep 5:")


def test_every_chart_has_a_name_and_a_table(open_tab, report):
    tab = open_tab(report)
    charts = tab.page.locator("figure[id]")
    assert charts.count() >= 7
    for at in range(charts.count()):
        assert charts.nth(at).locator("svg.plot").get_attribute("aria-label")
        assert charts.nth(at).locator("table tbody tr").count() > 0
    for plot in tab.page.locator("svg.plot").all():
        assert plot.get_attribute("role") == "img"
        assert plot.get_attribute("aria-label")


def test_wherever_the_keyboard_stops_there_is_a_name(open_tab, report):
    tab = open_tab(report)
    tab.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert tab.page.locator("[tabindex]").count() > tab.page.locator("svg.plot").count()
    assert tab.page.locator("[tabindex]:not([role][aria-label])").count() == 0


def test_each_press_of_the_latest_sessions_is_drawn_and_tells_its_rep(open_tab, report, trained):
    tab = open_tab(report)
    latest = sa.select(sessions.c.session).order_by(sessions.c.session.desc()).limit(CURVES_SHOWN)
    drawn = tab.page.locator("figure path.press[data-tip]")
    assert drawn.count() == count(trained, reps.c.session.in_(latest))
    figure = tab.page.locator("figure", has=tab.page.locator("path.press")).first
    assert figure.locator("path.typical").count() == 1
    figure.locator("svg").focus()
    for key, rep in (("Home", 1), ("ArrowRight", 2), ("End", 36)):
        tab.page.keyboard.press(key)
        expect(tab.page.locator("#tip")).to_contain_text(f", rep {rep}: ")
    inside = figure.locator("svg").bounding_box()
    for path in figure.locator("path.press").all():
        box = path.bounding_box()
        assert inside["x"] <= box["x"]
        assert box["x"] + box["width"] <= inside["x"] + inside["width"]
        assert inside["y"] <= box["y"]
        assert box["y"] + box["height"] <= inside["y"] + inside["height"]


def test_names_stay_text(open_tab, tmp_path):
    engine = database_of(tmp_path / "hostile.db", Training().day(0), HOSTILE)
    tab = open_tab(report_on(engine, tmp_path / "report.html", HOSTILE))
    assert tab.text("h1") == HOSTILE
    assert tab.page.title() == f"Training report of {HOSTILE}"
    assert tab.page.locator("img").count() == 0
    assert tab.page.locator("script").count() == 1


def test_a_name_from_right_to_left_leaves_the_date_beside_it_in_order(open_tab, tmp_path):
    engine = database_of(tmp_path / "two.db", Training().day(0), RIGHT_TO_LEFT)
    add(engine, Training(unique_id="e66138528350b72b").day(0), "Ben")
    tab = open_tab(report_on(engine, tmp_path / "report.html", None))
    dates = tab.page.locator(".session h3 small")
    # a date whose day went to the name's other side would be in two pieces
    assert [date.evaluate("date => date.getClientRects().length") for date in dates.all()] == [1, 1]


@pytest.mark.parametrize(("scheme", "media"), [("light", "screen"), ("dark", "screen"), ("dark", "print")])
def test_good_and_compensated_are_told_apart_by_the_colour_blind(open_tab, report, scheme, media):
    tab = open_tab(report, color_scheme=scheme)
    tab.page.emulate_media(media=media)
    card, good, bad = tab.page.evaluate(
        "() => ['--card', '--good', '--bad']"
        ".map((name) => getComputedStyle(document.body).getPropertyValue(name))"
    )
    assert min(contrast(card, good), contrast(card, bad)) > 3
    for cones in LACKING:
        assert difference(good, bad, cones) > 60


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(open_tab, report, scheme):
    tab = open_tab(report, width=360, height=740, color_scheme=scheme)
    assert tab.width() == 360
    for box in (plot.bounding_box() for plot in tab.page.locator("figure[id] svg.plot").all()):
        assert 280 <= box["width"] <= 360  # so that its text is as large as it says, within a tenth or two
    ground, ink = tab.page.evaluate(
        "() => ['backgroundColor', 'color'].map((name) => getComputedStyle(document.body)[name])"
    )
    assert contrast(ground, ink) > 7


def test_it_prints_on_a4(open_tab, report):
    tab = open_tab(report)
    pdf = tab.page.pdf(prefer_css_page_size=True)
    assert re.search(rb"/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]", pdf)
    assert 2 <= len(re.findall(rb"/Type /Page\b", pdf)) <= 12
    tab.page.emulate_media(media="print")
    assert tab.page.locator("summary:visible").count() == 0
    assert tab.page.locator("figure[id] svg.plot:visible").count() >= 7


def test_paper_says_which_sessions_are_not_on_it(open_tab, report):
    tab = open_tab(report)
    left_out = tab.page.locator("main .paper")
    expect(left_out).to_be_hidden()
    tab.page.emulate_media(media="print")
    older = tab.page.locator(".older article").count()
    expect(left_out).to_have_text(
        f"{older} earlier sessions not printed: open their list first to have them here."
    )
    tab.page.evaluate("document.querySelector('.older').open = true")
    expect(left_out).to_be_hidden()


def test_one_of_a_thing_is_not_called_many(open_tab, tmp_path):
    engine = database_of(tmp_path / "one.db", Training().day(0, sets=1, reps=1))
    tab = open_tab(report_on(engine, tmp_path / "report.html"))
    assert not re.search(r"\b1 (reps|sets|sessions|presses|days)\b", tab.text("main"))


def test_the_trend_says_which_way_by_shape_and_from_where(open_tab, report):
    tab = open_tab(report)
    assert re.fullmatch(r"[▲▼] \d+ points?|unchanged", tab.text("#trend"))
    assert re.fullmatch(
        r"\d+ % good in the week up to the last session, \d+ % in the four weeks before",
        tab.text("#trend + .of"),
    )


def test_a_session_of_unknown_time_is_given_none(open_tab, tmp_path):
    engine = database_of(tmp_path / "undated.db", Training().day(0), dated=False)
    tab = open_tab(report_on(engine, tmp_path / "report.html"))
    assert tab.text(".session h3 small") == "time unknown"
    assert tab.text(".span") == "No dated session"
    assert tab.text("#streak") == "0 days"
    assert tab.text("#trend") == "-"
    assert not re.search(r"\b(19|20)\d\d\b", tab.text("main").split("Made on")[0])


def test_without_sessions_it_says_so(open_tab, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(render([], About()), encoding="utf-8")
    assert "No reps yet." in open_tab(path).text("main")
