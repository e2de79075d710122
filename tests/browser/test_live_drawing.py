"""What the live page draws and sounds of known frames, and that shapes and words say what colours do."""

import contextlib
import dataclasses
import queue

import pytest

from browser.conftest import serving
from host.test_serve_view import PELVIS, READY, frame
from pulseblock.core.counter import AWAY, PRESSING
from pulseblock.core.events import FAULTS
from pulseblock_tools.report.words import fault_meanings

expect = pytest.importorskip("playwright.sync_api", reason="no Playwright: pip install '.[test]'").expect

ADVICE = {
    "grip": "Rotate, do not squeeze",
    "pelvis": "Keep the pelvis still",
    "asymmetry": "Both hips alike",
    "unstable": "Hold the block steady",
    "rushed": "Slower",
    "passive": "Press harder",
    "contact": "Keep the knees on the block",
}

TONES = """() => {
    window.tones = [];
    for (const name of ["setValueAtTime", "setTargetAtTime"]) {
        const plain = AudioParam.prototype[name];
        AudioParam.prototype[name] = function (value, ...when) {
            window.tones.push(value);
            return plain.call(this, value, ...when);
        };
    }
}"""


class Puppet:
    """A source that shows the frames that a test gives it."""

    def __init__(self):
        self._frames = queue.Queue()

    def show(self, *frames):
        for one in frames:
            self._frames.put(one)

    def follow(self, hub):
        hub.update(READY)
        while not hub.closed.is_set():
            with contextlib.suppress(queue.Empty):
                hub.update(self._frames.get(timeout=0.05))


@pytest.fixture
def puppet():
    return Puppet()


@pytest.fixture
def tab(open_tab, trained, puppet):
    with serving(trained, puppet) as address:
        yield open_tab(address, reduced_motion="reduce")  # else the bubble glides


def middle(tab, selector):
    box = tab.page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def edges(tab, selector):
    box = tab.page.locator(selector).bounding_box()
    return box["y"], box["y"] + box["height"]


@pytest.mark.parametrize(
    ("press_pct", "is_in_target"), [(0, False), (60, False), (65, True), (125, True), (130, False)]
)
def test_the_press_rises_into_the_band_to_aim_for(tab, puppet, press_pct, is_in_target):
    puppet.show(frame(state=PRESSING, press_pct=press_pct))
    expect(tab.page.locator("#press")).to_have_text(str(press_pct))
    highest, lowest = edges(tab, "#target")
    top, bottom = edges(tab, "#fill")
    assert bottom > lowest
    assert (highest - 1 <= top <= lowest) == is_in_target
    assert tab.page.locator("body.in-target").count() == is_in_target


@pytest.mark.parametrize(
    ("sagittal", "frontal", "x", "y"), [(300, 0, 0, -1), (-300, 0, 0, 1), (0, 300, 1, 0), (0, -300, -1, 0)]
)
def test_the_bubble_goes_where_the_block_tilts(tab, puppet, sagittal, frontal, x, y):
    puppet.show(frame(sagittal_cdeg=sagittal, frontal_cdeg=frontal))
    expect(tab.page.locator("#tilt")).to_have_text("3.0°")
    expect(tab.page.locator("body.over")).to_have_count(0)
    centre, bubble = middle(tab, "#limit"), middle(tab, "#bubble")
    radius = tab.page.locator("#limit").bounding_box()["width"] / 2
    moved = [(b - c) / radius for b, c in zip(bubble, centre, strict=True)]
    assert moved == pytest.approx([0.75 * x, 0.75 * y], abs=0.05)  # of the limit, 4 degrees


def test_a_tilt_over_the_limit_looks_other_and_stays_in_the_picture(tab, puppet):
    puppet.show(frame(sagittal_cdeg=8000))
    expect(tab.page.locator("body.over #tilt")).to_have_text("80.0°")
    assert middle(tab, "#bubble")[1] > edges(tab, "#level")[0]
    puppet.show(frame(state=AWAY))
    expect(tab.page.locator("#bubble")).to_be_hidden()


def test_verdicts_differ_in_shape_and_in_words(tab, puppet):
    good = frame(reps=1, count=1)
    puppet.show(good, dataclasses.replace(good, reps=2, count=2, faults=PELVIS))
    marks = tab.page.locator("#strip li")
    expect(marks).to_have_text(["good", "pelvis"])
    shapes = marks.evaluate_all(
        "all => all.map(mark => getComputedStyle(mark, '::before')).map(s => s.borderRadius + s.transform)"
    )
    assert shapes[0] == "50%none"
    assert shapes[1].startswith("1pxmatrix(")  # a square on its corner
    assert tab.page.get_by_role("status").text_content().split() == ["Pelvis", "the", "pelvis", "tilted"]
    outline = tab.page.locator(".counted").evaluate("box => getComputedStyle(box).outlineStyle")
    assert outline == "dashed"
    puppet.show(dataclasses.replace(good, reps=3, count=3))
    expect(marks).to_have_count(3)
    assert tab.page.locator(".counted").evaluate("box => getComputedStyle(box).outlineStyle") == "solid"


def test_a_cue_says_in_words_what_to_do_while_the_rep_goes_on(tab, puppet):
    for fault, advice in ADVICE.items():
        puppet.show(frame(), frame(state=PRESSING, cues=1 << FAULTS.index(fault)))
        expect(tab.page.get_by_role("status")).to_contain_text(advice)
        expect(tab.page.locator("#why")).to_have_text(fault_meanings()[fault])
        expect(tab.page.locator("#doing")).to_have_text("Pressing")
        assert tab.page.locator(".counted").evaluate("box => getComputedStyle(box).outlineStyle") == "dashed"
    assert set(ADVICE) == set(FAULTS)


def test_only_who_asks_for_sound_hears_the_blocks_tone(tab, puppet):
    tab.page.evaluate(TONES)
    puppet.show(frame(tone_hz=880, count=1))
    expect(tab.page.locator("#count")).to_have_text("1")
    assert tab.page.evaluate("tones") == []
    tab.page.locator("#sound").click()
    puppet.show(frame(tone_hz=990, count=2))
    expect(tab.page.locator("#count")).to_have_text("2")
    assert tab.page.evaluate("tones") == [990, 0.15]
    puppet.show(frame(count=3))
    expect(tab.page.locator("#count")).to_have_text("3")
    assert tab.page.evaluate("tones") == [990, 0.15, 0]
