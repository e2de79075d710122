"""Guidance through a program: which signal comes when, for any wearer's pace."""

from pulseblock.core.events import NONE as NO_EVENT
from pulseblock.core.events import PRESS, READY, REP, SESSION_END, SET_END
from pulseblock.guide.program import Program
from pulseblock.guide.training import DONE, RESTING, TRAINING, WAITING, Guide
from pulseblock.signals import patterns

GOOD, GRIP = 0, 1
STEP_MS = 10
LAST = (1 << 30) - 1


class Trainee:
    """A guide, and a clock; ``told`` is what it said, as (ms since the start, signal)."""

    def __init__(self, start=0, **program):
        self.start = self.now = start
        self.guide = Guide(Program(**program) if program else None, start)
        self.is_ready = True
        self.told = []

    def hear(self, signal):
        if signal:
            self.told.append(((self.now - self.start) & LAST, signal))

    def event(self, *events, faults=0):
        for event in events:
            self.hear(self.guide.take(event, faults, self.now))
        return self

    def wait(self, ms):
        for _ in range(0, ms, STEP_MS):
            self.now = (self.now + STEP_MS) & LAST
            self.hear(self.guide.tick(self.is_ready, self.now))
        return self

    def reps(self, *verdicts):
        for faults in verdicts:
            self.event(PRESS).wait(1000).event(REP, faults=faults).wait(500)
        return self

    def signals(self):
        return [signal for _, signal in self.told]


def three_by_two(**values):
    return Trainee(reps=3, sets=2, rest_s=30, **values)


def test_without_a_program_only_the_end_of_a_set_is_told():
    trainee = Trainee().event(READY).reps(GOOD, GOOD, GRIP).wait(5000).event(SET_END).wait(90000)
    assert trainee.signals() == [patterns.SET_END]


def test_a_set_is_done_with_its_last_good_rep_and_said_once():
    trainee = three_by_two().event(READY).reps(GOOD, GOOD, GOOD)
    assert trainee.signals() == [patterns.LAST_REP, patterns.SET_END]
    trainee.wait(4500).event(SET_END)  # the counter's, five seconds later
    assert trainee.signals() == [patterns.LAST_REP, patterns.SET_END]
    assert (trainee.guide.phase, trainee.guide.sets) == (RESTING, 1)


def test_compensated_reps_do_not_bring_the_target_nearer():
    trainee = three_by_two().reps(GOOD, GRIP, GOOD, GRIP, GRIP)
    assert (trainee.guide.good, trainee.signals()) == (2, [patterns.LAST_REP])
    trainee.reps(GOOD)
    assert trainee.signals() == [patterns.LAST_REP, patterns.SET_END]


def test_a_press_that_turns_out_to_be_none_ends_no_rest():
    trainee = three_by_two().reps(GOOD, GOOD, GOOD).wait(5000).event(SET_END, PRESS).wait(30000)
    assert trainee.signals()[-1] == patterns.GO


def test_the_rest_is_counted_down_and_then_over():
    trainee = three_by_two().reps(GOOD, GOOD, GOOD)
    done_ms = trainee.told[-1][0]
    trainee.wait(4500).event(SET_END).wait(40000)
    after = [(ms - done_ms, signal) for ms, signal in trainee.told[2:]]
    assert after == [
        (27000, patterns.COUNTDOWN),
        (28000, patterns.COUNTDOWN),
        (29000, patterns.COUNTDOWN),
        (30000, patterns.GO),
    ]
    assert (trainee.guide.phase, trainee.guide.good) == (WAITING, 0)


def test_the_program_is_done_with_its_last_set():
    trainee = three_by_two()
    for _ in range(2):
        trainee.reps(GOOD, GOOD, GOOD).wait(4500).event(SET_END).wait(30000)
    assert trainee.signals()[-2:] == [patterns.LAST_REP, patterns.ALL_DONE]
    assert trainee.guide.phase == DONE


def test_who_goes_on_after_the_last_set_is_told_as_without_a_program():
    trainee = Trainee(reps=1, sets=1).reps(GOOD).wait(4500).event(SET_END)
    trainee.reps(GOOD, GOOD).wait(5000).event(SET_END).wait(60000)
    assert trainee.signals() == [patterns.ALL_DONE, patterns.SET_END]


def test_reps_over_the_target_belong_to_no_set():
    trainee = three_by_two().reps(GOOD, GOOD, GOOD, GOOD, GOOD).wait(5000).event(SET_END).wait(30000)
    trainee.reps(GOOD)
    assert (trainee.guide.sets, trainee.guide.good) == (1, 1)


def test_a_set_that_its_wearer_ends_early_counts():
    trainee = three_by_two().reps(GOOD, GRIP).wait(5000).event(SET_END)
    assert (trainee.guide.sets, trainee.guide.phase) == (1, RESTING)
    assert trainee.signals() == [patterns.SET_END]


def test_a_set_without_a_good_rep_is_to_be_done_again():
    trainee = three_by_two().reps(GRIP).wait(5000).event(SET_END)
    assert (trainee.guide.sets, trainee.guide.phase) == (0, WAITING)
    assert trainee.signals() == [patterns.SET_END]


def test_a_rep_in_the_rest_cuts_it_short():
    trainee = three_by_two().reps(GOOD, GOOD, GOOD).wait(4500).event(SET_END).wait(5000).event(PRESS)
    trainee.wait(1000).event(REP)
    assert trainee.guide.phase == TRAINING
    trainee.wait(500).reps(GOOD, GOOD)
    assert patterns.GO not in trainee.signals()
    assert trainee.signals()[-1] == patterns.ALL_DONE


def test_a_void_rep_is_to_be_done_again():
    trainee = three_by_two().reps(GOOD, GOOD)
    trainee.guide.void()
    trainee.guide.void()  # nothing more to void
    assert trainee.guide.good == 1
    trainee.reps(GOOD, GOOD)
    assert trainee.signals() == [patterns.LAST_REP, patterns.LAST_REP, patterns.SET_END]


def test_a_compensated_rep_that_is_void_changes_nothing():
    trainee = three_by_two().reps(GOOD, GRIP)
    trainee.guide.void()
    assert trainee.guide.good == 1


def test_a_session_that_ends_ends_the_program():
    trainee = three_by_two().reps(GOOD, GOOD).event(SESSION_END)
    assert (trainee.guide.phase, trainee.guide.good, trainee.guide.sets) == (WAITING, 0, 0)


def test_a_rest_may_outlast_a_session():
    trainee = Trainee(reps=2, sets=2, rest_s=90).reps(GOOD, GOOD).wait(4500).event(SET_END)
    trainee.is_ready = False
    trainee.wait(60000).event(SESSION_END).wait(40000)
    assert trainee.signals()[-1] == patterns.GO
    trainee.is_ready = True
    trainee.event(READY).reps(GOOD, GOOD)
    assert trainee.signals()[-1] == patterns.ALL_DONE


def test_who_does_not_come_back_after_a_rest_begins_afresh():
    trainee = three_by_two().reps(GOOD, GOOD, GOOD).wait(4500).event(SET_END).wait(30000)
    assert trainee.guide.sets == 1
    trainee.wait(301000)
    assert trainee.guide.sets == 0


def test_the_metronome_ticks_at_the_tempo_while_the_block_is_held():
    trainee = three_by_two(tempo_ms=2000, metronome=1)
    trainee.is_ready = False
    trainee.wait(5000)
    assert trainee.told == []
    trainee.is_ready = True
    trainee.event(READY).wait(6000)
    ticks = [ms for ms, signal in trainee.told if signal == patterns.TICK]
    assert ticks == [5010, 7000, 9000, 11000]


def test_the_metronome_is_silent_in_a_rest_and_starts_anew_with_the_set():
    trainee = three_by_two(tempo_ms=1000, metronome=1).event(READY).reps(GOOD, GOOD, GOOD)
    done_ms = trainee.told[-1][0] if trainee.told[-1][1] == patterns.SET_END else None
    assert done_ms
    trainee.wait(30000 + done_ms - trainee.now)
    assert patterns.TICK not in [signal for ms, signal in trainee.told if ms > done_ms]
    trainee.wait(2000)
    assert trainee.signals()[-2:] == [patterns.TICK, patterns.TICK]


def test_the_metronome_is_off_unless_asked_for_and_after_the_program():
    assert patterns.TICK not in three_by_two().event(READY).wait(10000).signals()
    trainee = Trainee(reps=1, sets=1, metronome=1).reps(GOOD)
    trainee.told = []
    assert trainee.wait(20000).told == []


def test_a_stall_is_not_made_up_for():
    trainee = three_by_two(tempo_ms=1000, metronome=1).event(READY).wait(2500)
    trainee.now += 10000
    trainee.told = []
    assert len(trainee.wait(100).told) == 1


def test_it_is_the_same_across_the_wrap_of_the_ticks():
    def told(start):
        trainee = Trainee(start, reps=2, sets=2, rest_s=10, metronome=1).event(READY)
        for _ in range(2):
            trainee.reps(GOOD, GOOD).wait(4500).event(SET_END).wait(10000)
        return trainee.told

    for before in (0, 1000, 8000, 15000):
        assert told(LAST - before) == told(0)


def test_any_sequence_of_events_leaves_a_program_in_order():
    seed = 1
    events = (NO_EVENT, READY, PRESS, REP, REP, SET_END, SESSION_END)
    trainee = three_by_two(metronome=1)
    for _ in range(3000):
        seed = (seed * 1103 + 12345) & 0xFFFF
        if seed & 7 == 7:
            trainee.guide.void()
        trainee.event(events[seed // 8 % len(events)], faults=seed >> 9 & 1).wait(seed >> 5 & 0x3F0)
        guide = trainee.guide
        assert 0 <= guide.good <= 3
        assert 0 <= guide.sets <= 2
        assert (guide.phase == DONE) == (guide.sets == 2)
        trainee.told = []
