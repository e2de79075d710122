"""What the doctor makes of measurements: where ok ends, and that nonsense is never believed."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.doctor import judging
from pulseblock_tools.doctor.finding import Finding, worst
from pulseblock_tools.doctor.judging import Facts
from pulseblock_tools.journal.reading import Damage, Journal
from pulseblock_tools.journal.records import Boot, Diagnostics, LowBattery

SOUND = {
    "part": "LSM6DSOX",
    "self_test_mg": [300, 250, 420],
    "limits_mg": [50, 1700],
    "count": 104,
    "rate_hz": 104,
    "rate_mhz": 104_200,
    "overruns": 0,
    "mean_mg": [10, -20, 1002],
    "variance_mg2_e3": [800, 700, 900],
}
UNLOADED = {
    "part": "FSR",
    "count": 200,
    "mean_cn": 12,
    "variance_cn2": 9,
    "lowest_cn": 0,
    "highest_cn": 20,
    "level": 300,
    "saturated": 0,
}
LOAD_CELL = {key: value for key, value in UNLOADED.items() if key != "level"} | {
    "part": "HX711",
    "rate_hz": 79,
    "mean_counts": 525,
}


def verdicts(findings: list[Finding]) -> list[str]:
    return [finding.verdict for finding in findings]


def test_sound_sensors_are_ok() -> None:
    assert verdicts(judging.accelerometer(Facts(SOUND))) == ["ok", "ok", "ok"]
    assert verdicts(judging.force(Facts(UNLOADED))) == ["ok", "ok"]
    assert verdicts(judging.force(Facts(LOAD_CELL))) == ["ok", "ok"]


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({"self_test_mg": [300, 49, 420]}, ["fail", "ok", "ok"]),
        ({"self_test_mg": [300, 50, 1700]}, ["ok", "ok", "ok"]),
        ({"rate_mhz": 93_000}, ["ok", "warn", "ok"]),
        ({"overruns": 1}, ["ok", "warn", "ok"]),
        ({"variance_mg2_e3": [800, 26_000, 900]}, ["ok", "ok", "warn"]),
        ({"mean_mg": [0, 0, 1120]}, ["ok", "ok", "fail"]),
        ({"count": 0}, ["ok", "fail"]),
        ({"error": "no LSM6DSOX"}, ["fail"]),
        ({"absent": True}, ["skip"]),
    ],
)
def test_what_is_wrong_with_an_accelerometer(differs: dict[str, Any], expected: list[str]) -> None:
    findings = judging.accelerometer(Facts({**SOUND, **differs}))
    assert verdicts(findings) == expected
    assert all(finding.advice for finding in findings if finding.verdict in {"warn", "fail"})


@pytest.mark.parametrize(
    ("differs", "expected"),
    [
        ({"mean_cn": 201}, ["warn", "ok"]),
        ({"mean_cn": -201}, ["warn", "ok"]),
        ({"variance_cn2": 2600}, ["warn", "ok"]),
        ({"level": 64_000}, ["ok", "fail"]),
        ({"level": None}, ["ok"]),
        ({"count": 0}, ["fail"]),
        ({"error": "HX711: no conversion in 500 ms"}, ["fail"]),
        ({"absent": True}, ["skip"]),
    ],
)
def test_what_is_wrong_with_a_force_sensor(differs: dict[str, Any], expected: list[str]) -> None:
    findings = judging.force(Facts({**UNLOADED, **differs}))
    assert verdicts(findings) == expected
    assert all(finding.advice for finding in findings if finding.verdict in {"warn", "fail"})


@pytest.mark.parametrize(
    ("highest", "saturated", "verdict"), [(1499, 0, "fail"), (1500, 0, "ok"), (16_000, 3, "warn")]
)
def test_a_press_must_reach_the_sensor_and_not_its_end(highest: int, saturated: int, verdict: str) -> None:
    assert judging.press(Facts({"highest_cn": highest, "saturated": saturated})).verdict == verdict


@pytest.mark.parametrize(
    ("unix_s", "verdict"),
    [(0, "warn"), (1_800_000_000, "ok"), (1_800_000_120, "ok"), (1_800_000_121, "warn")],
)
def test_a_clock_is_right_within_two_minutes(unix_s: int, verdict: str) -> None:
    assert judging.clock(unix_s, 1_800_000_000).verdict == verdict


@pytest.mark.parametrize(
    ("mv", "percent", "plugged", "verdict"),
    [(3800, 42, False, "ok"), (3600, 15, False, "warn"), (0, -1, True, "skip"), (0, -1, None, "skip")],
)
def test_a_battery_is_low_at_15_per_cent(mv: int, percent: int, plugged: bool | None, verdict: str) -> None:
    facts = Facts({"battery_mv": mv, "battery_pct": percent, "plugged": plugged})
    assert judging.battery(facts).verdict == verdict


def test_flash_that_is_slow_or_forgets_is_told() -> None:
    assert judging.flash(Facts({"good": True, "ms": 300, "error": ""})).verdict == "ok"
    assert judging.flash(Facts({"good": True, "ms": 4001, "error": ""})).verdict == "warn"
    assert judging.flash(Facts({"good": False, "ms": 300, "error": "[Errno 5] EIO"})).verdict == "fail"


def test_the_tare_of_a_load_cell_is_told_where_it_is_off() -> None:
    off, _ = judging.force(Facts({**LOAD_CELL, "mean_cn": -1855, "mean_counts": -81_234}))
    assert (off.verdict, "-81234" in off.advice) == ("warn", True)


def test_a_load_cell_whose_converter_is_set_to_ten_a_second_is_told() -> None:
    _, conversions = judging.force(Facts({**LOAD_CELL, "count": 10, "rate_hz": 10}))
    assert (conversions.verdict, conversions.found) == ("fail", "10 a second, 80 are due")
    assert "RATE" in conversions.advice


def diagnostics(lateness_ms: int = 3, stall_ms: int = 60, samples_lost: int = 0) -> Diagnostics:
    return Diagnostics(1, 1, 0, lateness_ms, stall_ms, samples_lost, 2, 900, None)


@pytest.mark.parametrize(
    ("records", "expected", "told"),
    [
        ([], [], ""),
        ([Boot(1, 1, 0, "power", None)], [], ""),
        (
            [diagnostics(), diagnostics(35, 120)],
            ["ok"],
            "at most 35 ms late, of which flash 120 ms; 0 samples",
        ),
        ([diagnostics(samples_lost=4)], ["warn"], "4 samples lost"),
        ([diagnostics(samples_lost=4), diagnostics()], ["ok"], "0 samples lost"),
        ([diagnostics(stall_ms=1001)], ["warn"], "flash 1001 ms"),
        ([diagnostics(lateness_ms=1001)], ["warn"], "1001 ms late"),
        ([Boot(1, 1, 0, "watchdog", None), diagnostics()], ["warn"], "the watchdog restarted it (1)"),
    ],
)
def test_how_the_main_loop_kept_up_is_told_by_what_the_journal_notes(
    records: list[Any], expected: list[str], told: str
) -> None:
    findings = judging.training(records)
    assert verdicts(findings) == expected
    assert all(
        told in finding.found and bool(finding.advice) == (expected == ["warn"]) for finding in findings
    )


def test_a_battery_that_ran_low_is_told_though_a_cable_hides_it() -> None:
    low = LowBattery(2, 7, 5000, 3410, 8)
    (found,) = judging.battery_in_use([Boot(1, 7, 0, "power", None), low])
    assert (found.verdict, found.found, found.advice) == ("warn", "ran low: 3.41 V, 8 %", "charge it")
    assert judging.battery_in_use([low, Boot(3, 8, 0, "power", None)]) == []  # off since, to be charged
    assert judging.battery_in_use([]) == []


@pytest.mark.parametrize(("percent", "verdict"), [(62, "ok"), (16, "ok"), (15, "warn"), (0, "warn")])
def test_what_was_left_in_the_battery_is_told_as_last_noted(percent: int, verdict: str) -> None:
    known = replace(diagnostics(), battery_pct=percent)
    full = replace(diagnostics(), battery_pct=99)
    (found,) = judging.battery_in_use([full, known, diagnostics()])
    assert (found.verdict, found.found) == (verdict, f"{percent} % when last noted")


def test_a_damaged_journal_is_a_warning_and_an_empty_one_is_not() -> None:
    assert judging.journal(Journal((), (), ()), 0).verdict == "ok"
    damaged = judging.journal(Journal((), (), (Damage(1, 40, 20, "bad CRC"),)), 100)
    assert damaged.verdict == "warn"
    assert "20 bytes" in damaged.found


def test_the_worst_counts() -> None:
    def of(*found: str) -> str:
        return worst([Finding("x", verdict, "y") for verdict in found])  # type: ignore[arg-type]

    assert of() == of("skip") == of("ok", "skip") == "ok"
    assert of("ok", "warn", "skip") == "warn"
    assert of("fail", "warn") == "fail"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
judges: list[Callable[[Facts], object]] = [
    judging.accelerometer,
    judging.force,
    judging.press,
    judging.battery,
    judging.parts,
    judging.flash,
]


@given(
    st.sampled_from(judges),
    st.sampled_from([SOUND, UNLOADED, LOAD_CELL]),
    st.dictionaries(st.sampled_from(sorted({*SOUND, *UNLOADED, "error", "parts"})), json_values),
    json_values,
    st.booleans(),
)
def test_nonsense_is_refused_as_garbled(
    judge: Callable[[Facts], object], sound: dict[str, Any], differs: dict[str, Any], other: Any, whole: bool
) -> None:
    with contextlib.suppress(Garbled):
        judge(Facts(other if whole else {**sound, **differs}))
