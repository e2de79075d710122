"""Sessions, sets and reps as the wearer trained them, whatever became of the block in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pulseblock_tools.journal.records import (
    Boot,
    Clock,
    Error,
    LowBattery,
    Record,
    Rep,
    SessionEnd,
    SessionStart,
    Set,
    Shape,
    Void,
)
from pulseblock_tools.journal.sessions import Session, sessions
from pulseblock_tools.journal.timeline import ClockPair, Timeline

T0 = 1_800_000_000_000


@dataclass
class Training:
    """Writes records in sequence, a second apart."""

    boot: int = 0
    ticks: int = 0
    records: list[Record] = field(default_factory=list)

    def write(self, kind: type[Record], *values: Any) -> Record:
        self.ticks += 1000
        self.records.append(kind(len(self.records), self.boot, self.ticks, *values))
        return self.records[-1]

    def power_on(self) -> None:
        self.boot += 1
        self.ticks = 0
        self.write(Boot, "power", None)

    def start(self) -> Record:
        return self.write(SessionStart, "0.1.0", 0xAAAA, 0xBBBB, 4500)

    def rep(self, faults: int = 0) -> Record:
        return self.write(Rep, faults, 800, 300, 4000, 1000, 1050, 0, 0, 0, None)

    def shape(self, of: Record) -> Record:
        shape = self.write(Shape, (265, 500, 1000, 250))
        self.records[-1] = replace(shape, ticks=of.ticks)
        return self.records[-1]

    def set_end(self, reps: int) -> Record:
        return self.write(Set, reps, reps, 88, 4400, 1100)

    def end(self) -> Record:
        return self.write(SessionEnd, "timeout", 2, 4, 4)

    def lose(self, *lost: Record) -> None:
        self.records = [record for record in self.records if record not in lost]

    def sessions(self, *clocks: ClockPair) -> tuple[Session, ...]:
        return sessions(self.records, Timeline(self.records, clocks))


def trained() -> Training:
    training = Training()
    training.power_on()
    training.start()
    for _ in range(2):
        training.rep()
        training.rep(faults=2)
        training.set_end(2)
    training.end()
    return training


def shape(session: Session) -> list[int]:
    return [len(one_set.reps) for one_set in session.sets]


def test_a_session_has_its_sets_and_they_have_their_reps() -> None:
    (session,) = trained().sessions()
    assert (session.seq, session.boot, session.ended_by) == (1, 1, "timeout")
    assert (session.firmware, session.settings, session.calibration) == ("0.1.0", 0xAAAA, 0xBBBB)
    assert session.reference_cn == 4500
    assert (session.start_ticks, session.end_ticks) == (2000, 9000)
    assert shape(session) == [2, 2]
    assert [(rep.number, rep.set_number, rep.record.good) for rep in session.reps] == [
        (1, 1, True),
        (2, 1, False),
        (3, 2, True),
        (4, 2, False),
    ]
    first = session.sets[0]
    assert (first.number, first.complete, first.counted_reps) == (1, True, 2)
    assert (first.rhythm_pct, first.reference_cn, first.hold_cn, first.end_ticks) == (88, 4400, 1100, 5000)


def test_times_are_known_where_the_clock_is() -> None:
    (unknown,) = trained().sessions()
    assert (unknown.start_utc_ms, unknown.end_utc_ms) == (None, None)
    assert {rep.start_utc_ms for rep in unknown.reps} == {None}
    (known,) = trained().sessions(ClockPair(1, 10_000, T0))
    assert (known.start_utc_ms, known.end_utc_ms) == (T0 - 8000, T0 - 1000)
    assert [rep.start_utc_ms for rep in known.reps] == [T0 - 7000, T0 - 6000, T0 - 4000, T0 - 3000]


def test_a_void_takes_back_the_rep_it_names() -> None:
    training = Training()
    training.power_on()
    training.start()
    training.rep()
    taken_back = training.rep()
    training.write(Void, taken_back.ticks)
    training.rep()
    (session,) = training.sessions()
    assert [rep.voided for rep in session.reps] == [False, True, False]
    assert [rep.number for rep in session.reps] == [1, 2, 3]


def test_a_void_whose_rep_is_lost_takes_back_no_other() -> None:
    training = Training()
    training.power_on()
    training.start()
    training.rep()
    taken_back = training.rep()
    training.write(Void, taken_back.ticks)
    training.lose(taken_back)
    (session,) = training.sessions()
    assert [rep.voided for rep in session.reps] == [False]


def test_power_cut_in_a_set_leaves_the_set_and_the_session_open() -> None:
    training = trained()
    training.start()
    training.rep()
    last = training.rep()
    training.power_on()
    training.start()
    training.end()
    _, cut, empty = training.sessions()
    assert cut.ended_by == "power cut"
    assert cut.end_ticks == last.ticks + 800
    assert shape(cut) == [2]
    assert (cut.sets[0].complete, cut.sets[0].rhythm_pct, cut.sets[0].counted_reps) == (False, None, None)
    assert (empty.boot, empty.sets) == (2, ())


def test_a_session_that_goes_on_is_there_so_far() -> None:
    training = Training()
    training.power_on()
    training.start()
    training.rep()
    (session,) = training.sessions()
    assert shape(session) == [1]


def test_reps_whose_session_start_is_lost_make_a_session_of_their_own() -> None:
    training = trained()
    training.lose(training.records[1])
    (session,) = training.sessions()
    assert session.seq == 2
    assert (session.firmware, session.settings, session.calibration, session.reference_cn) == (None,) * 4
    assert shape(session) == [2, 2]


def test_two_sessions_between_which_all_marks_are_lost_are_one_a_boot() -> None:
    training = trained()
    training.power_on()
    training.rep()
    training.lose(training.records[1], training.records[8], training.records[9])
    assert [shape(session) for session in training.sessions()] == [[2, 2], [1]]


def test_a_set_whose_reps_are_lost_says_how_many_there_were() -> None:
    training = trained()
    training.lose(*training.records[2:4])
    (session,) = training.sessions()
    assert shape(session) == [0, 2]
    assert session.sets[0].counted_reps == 2
    assert session.reps[0].set_number == 2


def test_a_rep_has_the_shape_that_was_recorded_with_it_and_no_other() -> None:
    training = Training()
    training.power_on()
    training.start()
    first = training.rep()
    training.shape(first)
    training.rep()
    lost = training.rep()
    training.shape(lost)
    training.rep()
    training.set_end(4)
    training.lose(lost)
    (session,) = training.sessions()
    assert [rep.shape_cn for rep in session.reps] == [(1060, 2000, 4000, 1000), None, None]
    assert session.notes == ()


def test_a_shape_is_no_later_than_its_rep() -> None:
    training = Training()
    training.power_on()
    start = training.start()
    last = training.rep()
    without = training.sessions(ClockPair(1, 10_000, T0))
    training.shape(last)
    assert [replace_shapes(one) for one in training.sessions(ClockPair(1, 10_000, T0))] == list(without)
    assert without[0].end_ticks == last.ticks + 800
    training.lose(start, last)
    assert training.sessions() == (), "a shape alone is no session"


def replace_shapes(session: Session) -> Session:
    """The session as it would be without shapes."""
    without = [
        replace(one, reps=tuple(replace(rep, shape_cn=None) for rep in one.reps)) for one in session.sets
    ]
    return replace(session, sets=tuple(without))


def test_what_else_happened_in_a_session_is_noted_with_it() -> None:
    training = Training()
    training.power_on()
    training.write(LowBattery, 3500, 20)
    training.start()
    low = training.write(LowBattery, 3400, 10)
    training.rep()
    error = training.write(Error, "accelerometer stuck", 0)
    training.end()
    training.write(Clock, T0)
    (session,) = training.sessions()
    assert session.notes == (low, error)


def test_nothing_recorded_is_no_session() -> None:
    training = Training()
    training.power_on()
    training.write(SessionEnd, "button", 0, 0, 0)
    assert training.sessions() == ()
