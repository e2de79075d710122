"""``pulseblock replay --explain`` and ``--plot``: why each verdict, in numbers and in pictures."""

import json
import re
import sys
from functools import partial
from html.parser import HTMLParser
from math import isnan
from pathlib import Path

import pytest

from host.people_at_hand import people
from pulseblock.core import judge
from pulseblock.core.events import UNKNOWN
from pulseblock_tools.explaining import findings
from pulseblock_tools.explaining.curves import Curves, follow
from pulseblock_tools.replaying.replay import Rep, replay
from pulseblock_tools.traces.reading import read_trace

TRACE = Path(__file__).parents[1] / "fixtures" / "three-presses.csv"
QUANTITIES = [quantity for _, quantity, *_ in judge.LIVE + judge.RETURNED + judge.ENDED + judge.WHOLE]


@pytest.fixture
def run(command_line, tmp_path, monkeypatch):
    """Run ``pulseblock replay`` in an empty directory; return exit code and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return partial(command_line, "replay")


def test_explain_shows_every_quantity_of_each_rep_under_its_limit(run):
    code, out, err = run(TRACE, "--explain")
    assert (code, err) == (0, "")
    table = out[out.index("sagittal") :].splitlines()
    names, limits, *rows = table
    assert names.split() == ["sagittal", "frontal", "jolt", "held", "grasp", "press", "time", "stays", "drag"]
    assert [one.strip() for one in re.findall("[≤≥][^≤≥f]*", limits)] == [
        *("≤4.0°", "≤4.0°", "≤0.12 g", "≤5.0 s", "≥15 %", "≥40 %", "≥0.60 s", "≤35 %", "≥35 %"),
    ]
    assert [row.split()[0] for row in rows[:3]] == ["1", "2", "3"]
    assert "!" not in rows[0] + rows[1]
    assert re.search(r"\d\.\d°!.* pelvis$", rows[2].rstrip())


def test_json_gets_the_same_only_where_it_is_asked_for(run):
    _, plain, _ = run(TRACE, "--json")
    code, out, err = run(TRACE, "--json", "--explain")
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.splitlines()]
    measured = [line.pop("measured") for line in lines]
    assert lines == [json.loads(line) for line in plain.splitlines()]
    assert [list(one) for one in measured] == [QUANTITIES] * 3
    assert all(list(one["press_pct"]) == ["value", "limit", "fault", "broken"] for one in measured)
    assert [one["sagittal_cdeg"]["broken"] for one in measured] == [False, False, True]
    assert measured[2]["sagittal_cdeg"]["limit"] == 400
    assert abs(measured[2]["sagittal_cdeg"]["value"]) > 400
    assert measured[0]["drag_pct"]["value"] is None


def test_limits_are_those_of_the_settings(run, tmp_path):
    (tmp_path / "mine.json").write_text('{"pelvis_limit_cdeg": 1500, "jolt_limit_mg": 200}')
    _, out, _ = run(TRACE, "--explain", "--config", "mine.json")
    assert "≤15.0°" in out
    assert "≤0.20 g" in out
    assert "!" not in out


@pytest.mark.usefixtures("micropython_runtime")
def test_micropython_explains_the_same(run):
    on_block = run(TRACE, "--json", "--explain", "--runtime", "micropython")
    assert on_block == run(TRACE, "--json", "--explain")


def measured_rep(faults=(), **values):
    measured = dict.fromkeys(QUANTITIES, UNKNOWN) | values
    return Rep(0, 500, 1000, 60.0, "x", list(faults), measured)


def test_a_rule_is_broken_only_by_the_rep_that_got_its_fault():
    rules = findings.rules_of({})
    (sagittal, *others) = findings.findings(measured_rep(["pelvis"], sagittal_cdeg=-410), rules)
    assert sagittal.broken
    assert sagittal.said == "-4.1°!"
    assert {(one.value, one.broken, one.said) for one in others} == {(None, False, "-")}
    # inside the dead band the verdict of the rep before stood: 4.1 degrees, and no fault
    assert not findings.findings(measured_rep(sagittal_cdeg=410), rules)[0].broken


def test_of_two_rules_with_one_fault_the_one_that_broke_is_marked():
    rules = findings.rules_of({})
    found = findings.findings(measured_rep(["grip"], held_ms=900, residual_pct=60, drag_pct=90), rules)
    assert [one.rule.quantity for one in found if one.broken] == ["residual_pct"]


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.open = []
        self.attributes = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_page_draws_force_tilts_and_jolts_with_reps_by_verdict(run, tmp_path):
    code, out, err = run(TRACE, "--json", "--plot", "out.html")
    assert code == 0
    assert err == "Drawn in out.html.\n"
    assert len(out.splitlines()) == 3
    page = Page((tmp_path / "out.html").read_text())
    assert page.open == []
    assert "three-presses.csv: 3 reps, 2 good" in page.text
    for said in ("force, N", "tilt, °", "jolt, g", "pelvis: ≤4.0°"):
        assert said in page.text
    shades = [
        value for name, value in page.attributes if name == "class" and value in ("good", "compensated")
    ]
    assert shades == ["good"] * 6 + ["compensated"] * 3  # in each of three panels
    links = [value for name, value in page.attributes if name == "href"]
    assert links == ["#rep-1", "#rep-2", "#rep-3"]
    assert {"rep-1", "rep-2", "rep-3"} <= {value for name, value in page.attributes if name == "id"}
    assert "3 pelvis" in page.text


def test_the_page_needs_no_network(run, tmp_path):
    run(TRACE, "--plot", "out.html")
    text = (tmp_path / "out.html").read_text()
    assert not re.search(r"https?:|//|@import|<script|<link|<img|src=", text)


def test_a_name_is_text_on_the_page_and_nothing_else(run, tmp_path):
    path = tmp_path / "<b>&.csv"
    path.write_text(TRACE.read_text())
    run(path, "--plot", "out.html")
    assert "<h1>&lt;b&gt;&amp;.csv: " in (tmp_path / "out.html").read_text()


def test_force_alone_has_one_panel(run, tmp_path):
    rows = (line.split(",")[:2] for line in TRACE.read_text().splitlines())
    (tmp_path / "force.csv").write_text("\n".join(map(",".join, rows)))
    assert run("force.csv", "--plot", "out.html")[0] == 0
    assert "jolt, g" not in (tmp_path / "out.html").read_text()
    assert run("force.csv", "--plot", "out.png")[0] == 0


def test_a_trace_without_reps_can_be_drawn_too(run, tmp_path):
    (tmp_path / "still.csv").write_text("t_ms,force_n\n" + "".join(f"{t},0\n" for t in range(0, 3000, 10)))
    for name in ("out.html", "out.png"):
        assert run("still.csv", "--plot", name)[0] == 0
        assert (tmp_path / name).stat().st_size > 500


def test_the_picture_is_a_png(run, tmp_path):
    code, _, err = run(TRACE, "--plot", "out.png", "--quiet")
    assert (code, err) == (0, "")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG\r\n")


def test_without_matplotlib_a_picture_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, out, err = run(TRACE, "--plot", "out.png")
    assert (code, out) == (2, "")
    assert err == (
        "pulseblock: out.png: a PNG needs Matplotlib: pip install 'pulseblock[plot]', or write an .html\n"
    )


@pytest.mark.parametrize("name", ["out.pdf", "out", "html"])
def test_other_kinds_of_file_are_refused_before_any_work(run, name):
    assert run("nowhere.csv", "--plot", name) == (
        2,
        "",
        f"pulseblock: {name}: a plot ends in .html or .png\n",
    )


@pytest.mark.parametrize("name", ["nowhere/out.html", "nowhere/out.png"])
def test_a_folder_that_is_not_there_is_one_line(run, name):
    code, _, err = run(TRACE, "--plot", name)
    assert code == 2
    assert err == f"pulseblock: {name}: cannot be written: no such file or directory\n"


def test_curves_are_known_while_the_block_is_ready():
    curves = follow(read_trace(people() / "p00-s0.csv"), {})
    assert isnan(curves.hold_n[0])
    ready = [i for i, hold in enumerate(curves.hold_n) if not isnan(hold)]
    assert ready
    assert all(curves.reference_n[i] > curves.hold_n[i] for i in ready)
    assert all(abs(curves.sagittal_deg[i]) < 45 for i in ready)


def test_thinning_keeps_the_highest_and_the_lowest():
    curves = Curves()
    column = [0.0] * 1000
    column[333], column[666] = 50.0, -50.0
    curves.seconds.extend(range(1000))
    points = curves.thinned(column, 20)
    assert len(points) <= 40
    assert (333.0, 50.0) in points
    assert (666.0, -50.0) in points
    assert points == sorted(points)


def test_a_long_session_makes_no_huge_page():
    from pulseblock_tools.explaining.page import page

    curves = Curves()
    for i in range(400_000):  # over an hour at 100 Hz
        curves.seconds.append(i / 100)
        for column in (curves.force_n, curves.hold_n, curves.reference_n, curves.jolt_mg):
            column.append(float(i % 50))
        curves.sagittal_deg.append(0.0)
        curves.frontal_deg.append(0.0)
    assert len(page("long", curves, [], findings.rules_of({}))) < 15_000_000


def test_what_a_replay_measures_is_what_is_explained():
    reps = [rep for rep in replay(read_trace(TRACE), {}) if isinstance(rep, Rep)]
    for rep in reps:
        assert set(QUANTITIES) <= set(rep.measured)
