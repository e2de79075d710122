"""Wall time for every boot of which a clock is known, and for no other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pulseblock_tools.journal.records import Boot, Clock, Lost, LowBattery, Record
from pulseblock_tools.journal.timeline import ClockPair, Timeline

WRAP = 1 << 30
T0 = 1_800_000_000_000
DAY = 86_400_000


def event(seq: int, ticks: int, boot: int | None = 1) -> Record:
    return LowBattery(seq, boot, ticks % WRAP, 3300, 10)


def boot(seq: int, number: int, ticks: int = 0, unix_s: int | None = None) -> Record:
    return Boot(seq, number, ticks, "power", unix_s)


def times(records: list[Record], *clocks: ClockPair) -> list[int | None]:
    timeline = Timeline(records, clocks)
    return [timeline.utc_ms(record) for record in records]


def test_a_pair_of_clocks_dates_its_boot() -> None:
    records = [boot(0, 1), event(1, 1000), event(2, 61000)]
    assert times(records, ClockPair(1, 100_000, T0)) == [T0 - 100_000, T0 - 99_000, T0 - 39_000]


def test_a_clock_record_dates_its_boot() -> None:
    records = [boot(0, 1), event(1, 1000), Clock(2, 1, 5000, T0), event(3, 6000)]
    assert times(records) == [T0 - 5000, T0 - 4000, T0, T0 + 1000]


def test_a_boot_that_found_the_clock_set_is_dated_by_it() -> None:
    assert times([boot(0, 1, 500, T0 // 1000), event(1, 1500)]) == [T0, T0 + 1000]


def test_what_a_host_knows_counts_more_than_what_the_block_found_set() -> None:
    records = [boot(0, 1, 0, 1_700_000_000), event(1, 1000)]
    assert times(records, ClockPair(1, 2000, T0)) == [T0 - 2000, T0 - 1000]


def test_the_last_that_is_known_counts() -> None:
    records = [boot(0, 1), Clock(1, 1, 1000, 77), event(2, 2000), Clock(3, 1, 3000, T0)]
    assert times(records)[2] == T0 - 1000
    assert times(records, ClockPair(1, 1500, 55, after_seq=1))[2] == T0 - 1000


def test_a_boot_without_a_clock_has_no_time() -> None:
    records = [boot(0, 1), event(1, 1000), boot(2, 2), event(3, 1000, boot=2)]
    assert times(records, ClockPair(2, 1000, T0)) == [None, None, T0 - 1000, T0]


def test_a_record_of_an_unknown_boot_has_no_time() -> None:
    assert times([event(0, 1000, boot=None)], ClockPair(1, 1000, T0)) == [None]


def test_a_clock_of_a_boot_without_records_dates_nothing() -> None:
    assert times([event(0, 1000)], ClockPair(9, 1000, T0)) == [None]


def test_ticks_wrap() -> None:
    records = [boot(0, 1, WRAP - 5000), event(1, WRAP - 1000), event(2, 2000)]
    assert times(records, ClockPair(1, 3000, T0)) == [T0 - 8000, T0 - 4000, T0 - 1000]


def test_a_rep_may_have_begun_before_the_record_before_it() -> None:
    records = [boot(0, 1, WRAP - 10), event(1, 5000), event(2, 3000), event(3, 9000)]
    assert times(records, ClockPair(1, 10_000, T0)) == [T0 - 10_010, T0 - 5000, T0 - 7000, T0 - 1000]


def test_a_session_may_have_been_ready_for_hours_before_its_first_press() -> None:
    records = [boot(0, 1), event(1, 5 * 3_600_000), event(2, 3_600_000), event(3, 5 * 3_600_000 + 1000)]
    dated = times(records, ClockPair(1, 6 * 3_600_000, T0))
    assert dated[2] == T0 - 5 * 3_600_000
    assert dated[3] == T0 - 3_600_000 + 1000


def test_a_pair_kept_from_an_earlier_sync_is_placed_by_the_record_it_came_after() -> None:
    records = [boot(0, 1), event(1, 1000), event(2, 7 * DAY), event(3, 14 * DAY)]
    dated = times(records, ClockPair(1, 2000, T0, after_seq=1))
    assert dated == [T0 - 2000, T0 - 1000, T0 - 2000 + 7 * DAY, T0 - 2000 + 14 * DAY]


def test_what_found_no_room_for_weeks_moves_nothing_that_was_recorded_before() -> None:
    for away in (0, 5 * DAY, 12 * DAY, 13 * DAY, 30 * DAY, 300 * DAY):
        since, end = DAY, DAY + away
        lost = Lost(2, 1, end % WRAP, 700, 600, since, end // WRAP)
        records = [boot(0, 1), event(1, DAY // 2), lost, Clock(3, 1, (end + 5000) % WRAP, T0)]
        began = T0 - end - 5000
        assert times(records) == [began, began + DAY // 2, began + end, T0]


def test_a_moment_after_a_record() -> None:
    records = [boot(0, 1)]
    timeline = Timeline(records, [ClockPair(1, 0, T0)])
    assert timeline.utc_ms(records[0], later_ms=1234) == T0 + 1234
    assert Timeline(records).utc_ms(records[0], later_ms=1234) is None


@settings(deadline=None, derandomize=True)
@given(
    st.integers(0, WRAP - 1),
    st.lists(st.integers(0, DAY), min_size=1, max_size=60),
    st.integers(0, DAY),
    st.data(),
)
def test_with_a_record_a_day_the_distance_of_any_two_is_right(
    start: int, pauses: list[int], until_sync: int, data: st.DataObject
) -> None:
    elapsed = [0]
    for pause in pauses:
        elapsed.append(elapsed[-1] + pause)
    records = [event(seq, start + ms) for seq, ms in enumerate(elapsed)]
    synced_after = data.draw(st.integers(0, len(records) - 1))
    seen = elapsed[synced_after] + until_sync
    pair = ClockPair(1, (start + seen) % WRAP, T0, after_seq=synced_after)
    assert times(records, pair) == [T0 - seen + ms for ms in elapsed]
