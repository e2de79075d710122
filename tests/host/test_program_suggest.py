"""Suggestions: what follows from somebody's past four weeks, by arithmetic that can be done by hand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.block_at_hand import GRIP
from host.training_at_hand import DAY_MS, Training, add
from pulseblock.guide.program import Program
from pulseblock_tools.cli import main
from pulseblock_tools.errors import BAD_INPUT, UserError
from pulseblock_tools.progress.past import Past, past
from pulseblock_tools.progress.suggestion import suggest
from pulseblock_tools.store.database import open_database, reading

START_MS = Training().utc_ms


@pytest.fixture
def where(tmp_path):
    return str(tmp_path / "pulseblock.db")


def trained(where, days, *sets, wearer="Ann", start_ms=START_MS, seed=1):
    """A database in which somebody trains these sets on each of so many days; the time it then is."""
    block = Training(seed, start_ms, unique_id=f"{seed:016x}", journal=seed)
    for _ in range(days):
        began = block.utc_ms
        block.session(*sets)
        block.passes(DAY_MS - (block.utc_ms - began))
    engine = open_database(where)
    add(engine, block, wearer)
    engine.dispose()
    return block.utc_ms


def figures(where, wearer, now_ms):
    engine = open_database(where)
    try:
        with reading(engine) as connection:
            return past(connection, wearer, now_ms)
    finally:
        engine.dispose()


def usual(good_a_set=10.0, good=100, reps=100, **changes):
    values = {
        "wearer": "Ann", "sessions": 5, "sets": 10, "sets_a_session": 2, "tempo_ms": 2510, "rest_ms": 43_000
    }  # fmt: skip
    return Past(good_a_set=good_a_set, good=good, reps=reps, **{**values, **changes})


def test_the_past_in_figures(where):
    now = trained(where, 4, [0] * 8, [0] * 6 + [GRIP] * 2)
    found = figures(where, "Ann", now)
    assert (found.sessions, found.sets, found.reps, found.good) == (4, 8, 64, 56)
    assert (found.good_a_set, found.sets_a_session) == (7, 2)
    # the block at hand: 1.5 s before each rep, 1.2 s of rep; 5 s at a set's end
    assert found.tempo_ms == 2700
    assert found.rest_ms == 6500


def test_void_reps_are_left_out(where):
    now = trained(where, 3, [0] * 5 + [-1] * 3)
    found = figures(where, "Ann", now)
    assert (found.reps, found.good_a_set) == (15, 5)


def test_what_is_older_than_four_weeks_is_left_out(where):
    now = trained(where, 3, [0] * 5)
    assert figures(where, "Ann", now + 24 * DAY_MS).sessions == 3
    assert figures(where, "Ann", now + 29 * DAY_MS).sessions == 0


def test_what_a_wrong_clock_puts_in_the_future_is_left_out(where):
    now = trained(where, 3, [0] * 5)
    assert figures(where, "Ann", now - 4 * DAY_MS).sessions == 0


def test_two_wearers_are_never_mixed(where):
    trained(where, 3, [0] * 5)
    now = trained(where, 3, [0] * 9, wearer="Bob", seed=2)
    assert figures(where, "Bob", now).good_a_set == 9
    with pytest.raises(UserError, match="those of Ann, Bob: say --wearer NAME"):
        figures(where, None, now)


def test_one_wearer_needs_no_name(where):
    now = trained(where, 3, [0] * 5)
    assert figures(where, None, now).wearer == "Ann"


@pytest.mark.parametrize(
    ("good_pct", "usual_reps", "suggested"),
    [
        (90, 10, 11),
        (100, 25, 27),
        (100, 1, 2),
        (89, 10, 10),
        (75, 10, 10),
        (74, 10, 9),
        (10, 1, 1),
        (99, 100, 100),
    ],
)
def test_reps_follow_from_the_share_of_good_ones(good_pct, usual_reps, suggested):
    assert suggest(usual(usual_reps, good_pct, 100)).program.reps == suggested


def test_sets_rest_and_tempo_stay_as_they_were():
    program = suggest(usual()).program
    assert (program.sets, program.rest_s, program.tempo_ms) == (2, 45, 2500)


def test_what_nobody_did_has_its_default():
    program = suggest(usual(tempo_ms=None, rest_ms=None)).program
    assert program.rest_s == Program().rest_s
    assert program.tempo_ms == Program().tempo_ms


def test_it_tells_how_it_came_to_that():
    why = suggest(usual(10, 95, 100)).why
    assert why[0] == "reps: 10 good ones in your usual set, 95 % of all good; 90 % or more: 1 more"


@pytest.mark.parametrize("changes", [{"sessions": 2}, {"good_a_set": 0, "good": 0}])
def test_too_little_is_no_basis(changes):
    with pytest.raises(UserError, match="a suggestion takes 3 sessions"):
        suggest(usual(**changes))


@given(
    st.floats(1, 5000), st.integers(1, 1000), st.integers(0, 1000), st.floats(1, 500),
    st.none() | st.floats(0, 1e8), st.none() | st.floats(0, 1e9),
)  # fmt: skip
def test_whatever_the_past_it_is_a_program_a_block_takes(good_a_set, good, bad, sets, tempo_ms, rest_ms):
    found = usual(good_a_set, good, good + bad, sets_a_session=sets, tempo_ms=tempo_ms, rest_ms=rest_ms)
    suggest(found)  # Program itself refuses what is out of range


def test_the_command_says_that_it_is_arithmetic(where, capsys, monkeypatch):
    now = trained(where, 5, [0] * 10, [0] * 10)
    monkeypatch.setattr("time.time_ns", lambda: now * 1_000_000)
    assert main(["program", "suggest", "--wearer", "Ann", "--db", where]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 sets of 11 good reps" in said
    assert "Plain arithmetic on the past 4 weeks: 5 sessions, 10 sets, 100 reps." in said
    assert "pulseblock program set strength --reps 11 --sets 2 --rest 10 --tempo 2.7" in said
    assert main(["program", "suggest", "--json", "--db", where]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["program"]["reps"] == 11
    assert told["past"]["wearer"] == "Ann"


def test_the_command_is_clear_about_an_empty_database(where, capsys):
    assert main(["program", "suggest", "--db", where]) == BAD_INPUT
    assert "hold 0 sessions and 0 good reps" in capsys.readouterr().err
