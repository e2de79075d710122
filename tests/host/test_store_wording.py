"""Sessions in words."""

from dataclasses import fields

import pytest

from pulseblock_tools.journal import records
from pulseblock_tools.plurals import counted
from pulseblock_tools.store.details import Note
from pulseblock_tools.store.wording import clock_of, duration, ending, local, sentence, share

OF_THE_SESSION_ITSELF = {"Boot", "SessionStart", "Set", "Rep", "Shape", "Void", "SessionEnd"}
NOTED = {one.__name__ for one in records.Record.__subclasses__()} - OF_THE_SESSION_ITSELF


@pytest.mark.parametrize("kind", sorted(NOTED))
def test_every_record_that_a_session_may_note_has_a_sentence(kind):
    own = {field.name: 7 for field in fields(getattr(records, kind))}
    assert sentence(Note(kind, 0, own))


def test_an_error_is_named_and_its_end_too():
    assert sentence(Note("Error", 0, {"code": "sensor", "detail": 5})) == "error: sensor (5)"
    assert sentence(Note("Error", 0, {"code": "ok", "detail": 0})) == "works again"


def test_what_is_unknown_is_said_and_not_made_up():
    assert local(None) == "time unknown"
    assert clock_of(None, 61_999) == "+1:01"


def test_durations_counts_and_shares():
    assert [duration(ms) for ms in (0, 59_999, 60_000, 3_599_999, 3_600_000)] == [
        "0:00",
        "0:59",
        "1:00",
        "59:59",
        "1:00:00",
    ]
    assert [counted(number, "rep") for number in (0, 1, 2)] == ["0 reps", "1 rep", "2 reps"]
    assert [share(1, 3), share(0, 0)] == ["1 (33 %)", "-"]


def test_how_a_session_ended():
    assert ending("button") == "ended by button"
    assert ending("interrupted") == "cut short by a computer"
