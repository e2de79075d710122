"""The list of sessions: their order, what filters leave, whose they are, and which reps count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host.block_at_hand import GRIP, Block
from pulseblock_tools.errors import UserError
from pulseblock_tools.store.database import open_database, reading, write
from pulseblock_tools.store.details import list_reps
from pulseblock_tools.store.ingest import commit_segments
from pulseblock_tools.store.listing import (
    Wanted,
    find_block,
    find_session,
    find_sessions,
    list_sessions,
)
from pulseblock_tools.store.people import assign, clean_name, list_wearers, remove, rename, set_default
from pulseblock_tools.store.voiding import set_void

DAY_MS = 86_400_000


@pytest.fixture
def database():
    engine = open_database("sqlite://")
    yield engine
    engine.dispose()


def sync(database, block, *, clock=False, now=1):
    pair = block.clock() if clock else None
    return commit_segments(database, block.id, block.journal, block.pieces(), pair, now_utc_ms=now)


def numbers(database, **wanted):
    with reading(database) as connection:
        return [session.session for session in list_sessions(connection, Wanted(**wanted))]


@pytest.fixture
def five(database):
    """Sessions 1, 2 and 3 of one block, 4 and 5 of another; nobody knows when 2 and 4 were."""
    block = Block("aa" * 8).boot().session([0])
    sync(database, block, clock=True)
    block.passes(DAY_MS).boot().session([0])
    block.passes(2 * DAY_MS).boot().session([0])
    sync(database, block, clock=True)
    other = Block("ab" * 8).boot().session([0])
    other.passes(DAY_MS // 2).boot().session([0])
    sync(database, other, clock=True)
    return block


@pytest.mark.usefixtures("five")
def test_a_session_of_unknown_time_stands_where_its_journal_puts_it(database):
    with reading(database) as connection:
        found = list_sessions(connection)
    days = [session.start_utc_ms and (session.start_utc_ms - Block().utc_ms) // DAY_MS for session in found]
    assert [session.session for session in found] == [1, 2, 4, 5, 3]
    assert days == [0, None, None, 0, 3]


def test_a_journal_without_any_time_stands_where_it_was_synced(database):
    block = Block("aa" * 8).boot().session([0])
    sync(database, block, now=block.utc_ms + DAY_MS)
    timed = Block("ab" * 8).boot().session([0]).passes(2 * DAY_MS).session([0])
    sync(database, timed, clock=True)
    assert numbers(database) == [2, 1, 3]


@pytest.mark.usefixtures("five")
def test_dates_leave_out_what_has_none(database):
    start = Block().utc_ms
    assert numbers(database, since_utc_ms=0) == [1, 5, 3]
    assert numbers(database, since_utc_ms=start + DAY_MS) == [3]
    assert numbers(database, until_utc_ms=start + DAY_MS) == [1, 5]


@pytest.mark.usefixtures("five")
def test_since_is_included_and_until_is_not(database):
    assert numbers(database, since_utc_ms=Block().utc_ms, until_utc_ms=Block().utc_ms + 1) == [1]
    assert numbers(database, until_utc_ms=Block().utc_ms) == []


@pytest.mark.usefixtures("five")
def test_a_block_is_known_by_how_its_id_begins(database):
    assert numbers(database, block="aa") == [1, 2, 3]
    assert numbers(database, block="AB" * 8) == [4, 5]
    for beginning, count in (("a", 2), ("ff", 0)):
        with pytest.raises(
            UserError, match=f"'{beginning}' begins the id of {count} blocks; known: {'aa' * 8}"
        ):
            numbers(database, block=beginning)


@pytest.mark.usefixtures("five")
def test_sessions_go_by_number_and_the_latest_by_last(database):
    with reading(database) as connection:
        assert find_session(connection, "4").session == 4
        assert find_session(connection, "last").session == 3
        assert [one.session for one in find_sessions(connection, "2-4, last,1")] == [2, 4, 3, 1]
        for name in ("6", "0", "-1", "first", "", "1.0", "४", "7-9", "4-2"):
            with pytest.raises(UserError, match=f"there is no session '{name}'"):
                find_sessions(connection, name)


def test_before_the_first_sync_there_is_a_hint(database):
    with reading(database) as connection, pytest.raises(UserError, match="run 'pulseblock sync'"):
        find_session(connection, "last")


def test_a_session_belongs_to_a_wearer_once_said(database):
    block = Block().boot().session([0]).session([0])
    sync(database, block)
    write(database, lambda connection: assign(connection, [1], "Ann"))
    assert numbers(database, wearer="Ann") == [1]
    write(database, lambda connection: assign(connection, [1, 2], "Bo"))
    assert numbers(database, wearer="Ann") == []
    assert numbers(database, wearer="Bo") == [1, 2]
    write(database, lambda connection: assign(connection, [2], None))
    assert numbers(database, wearer="Bo") == [1]
    with pytest.raises(UserError, match="there is no wearer 'Cy'"):
        numbers(database, wearer="Cy")


def test_a_blocks_wearer_is_that_of_the_sessions_to_come(database):
    block = Block().boot().session([0])
    sync(database, block)
    write(database, lambda connection: set_default(connection, block.id, "Ann"))
    block.session([0])
    sync(database, block)
    assert numbers(database, wearer="Ann") == [2]
    write(database, lambda connection: set_default(connection, block.id, None))
    block.session([0])
    sync(database, block)
    assert numbers(database, wearer="Ann") == [2]


def test_whose_a_session_is_outlives_later_syncs(database):
    block = Block().boot().session([0], ends=False)
    sync(database, block)
    write(database, lambda connection: assign(connection, [1], "Ann"))
    block.session([0], starts=False)
    sync(database, block)
    assert numbers(database, wearer="Ann") == [1]


def test_a_new_name_holds_for_all_of_a_wearers_sessions(database):
    block = Block().boot().session([0]).session([0])
    sync(database, block)
    write(database, lambda connection: assign(connection, [1, 2], "Ann"))
    write(database, lambda connection: set_default(connection, block.id, "Ann"))
    write(database, lambda connection: rename(connection, "Ann", "Anne"))
    with reading(database) as connection:
        (wearer,) = list_wearers(connection)
    assert (wearer.name, wearer.sessions, wearer.blocks) == ("Anne", 2, (block.id,))


def test_two_wearers_become_one_only_when_asked(database):
    block = Block().boot().session([0]).session([0])
    sync(database, block)
    write(database, lambda connection: assign(connection, [1], "Ann"))
    write(database, lambda connection: assign(connection, [2], "ann"))
    write(database, lambda connection: set_default(connection, block.id, "ann"))
    with pytest.raises(UserError, match="there is a wearer 'Ann' already: --merge makes one of the two"):
        write(database, lambda connection: rename(connection, "ann", "Ann"))
    write(database, lambda connection: rename(connection, "ann", "Ann", merge=True))
    with reading(database) as connection:
        assert [(one.name, one.sessions, one.blocks) for one in list_wearers(connection)] == [
            ("Ann", 2, (block.id,))
        ]


def test_a_wearer_goes_once_nothing_is_theirs(database):
    block = Block().boot().session([0])
    sync(database, block)
    write(database, lambda connection: assign(connection, [1], "Ann"))
    write(database, lambda connection: set_default(connection, block.id, "Ann"))
    with pytest.raises(UserError, match="sessions are Ann's still: 'pulseblock wearer assign'"):
        write(database, lambda connection: remove(connection, "Ann"))
    write(database, lambda connection: assign(connection, [1], "Bo"))
    with pytest.raises(UserError, match="new sessions of block e66138528350b72a will be Ann's"):
        write(database, lambda connection: remove(connection, "Ann"))
    write(database, lambda connection: set_default(connection, block.id, None))
    write(database, lambda connection: remove(connection, " Ann "))
    with reading(database) as connection:
        assert [one.name for one in list_wearers(connection)] == ["Bo"]
    assert numbers(database, wearer="Bo") == [1]


def test_a_name_may_stay_itself(database):
    sync(database, Block().boot().session([0]))
    write(database, lambda connection: assign(connection, [1], "Ann"))
    write(database, lambda connection: rename(connection, "Ann", " Ann "))
    assert numbers(database, wearer="Ann") == [1]


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Zoe\N{COMBINING DIAERESIS}", "Zoë"),
        ("[bold]Ann[/]", "[bold]Ann[/]"),
        ("Robert'); DROP TABLE pulseblock_reps;--", "Robert'); DROP TABLE pulseblock_reps;--"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("علی\N{ZERO WIDTH NON-JOINER}رضا", "علی\N{ZERO WIDTH NON-JOINER}رضا"),
        ("a\tb", "a b"),
        ("x" * 120, "x" * 120),
    ],
)
def test_names_are_kept_as_given_but_for_spaces_and_forms_of_letters(database, given_name, kept):
    sync(database, Block().boot().session([0]))
    write(database, lambda connection: assign(connection, [1], given_name))
    assert numbers(database, wearer=given_name) == [1]
    with reading(database) as connection:
        assert [wearer.name for wearer in list_wearers(connection)] == [kept]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "cannot be empty"),
        (" \t ", "cannot be empty"),
        ("x" * 121, "at most 120 characters, this one 121"),
        ("Ann\x00", r"cannot hold the character U\+0000"),
        ("Ann\x1b[2J", r"cannot hold the character U\+001B"),
        ("Ann\N{RIGHT-TO-LEFT OVERRIDE}", r"cannot hold the character U\+202E"),
        ("Ann\udc80", r"cannot hold the character U\+DC80"),
    ],
)
def test_names_that_no_terminal_or_server_could_hold_are_refused(name, reason):
    with pytest.raises(UserError, match=reason):
        clean_name(name)


@given(st.text())
def test_a_name_is_clean_after_one_cleaning_or_refused(text):
    try:
        name = clean_name(text)
    except UserError:
        return
    assert clean_name(name) == name
    assert "\n" not in name


def void(database, rep, *, undo=False):
    def change(connection):
        return set_void(connection, find_session(connection, "1"), rep, void=not undo, now_utc_ms=1)

    return write(database, change)


def counts(database):
    with reading(database) as connection:
        session = find_session(connection, "1")
        voids = [rep.number for rep in list_reps(connection, session) if rep.void]
        return session.reps, session.good, voids


def test_a_void_rep_stays_and_does_not_count(database):
    sync(database, Block().boot().session([0, GRIP, 0]))
    assert void(database, 1)
    assert counts(database) == (2, 1, [1])
    assert void(database, 2)
    assert counts(database) == (1, 1, [1, 2])
    assert not void(database, 2)
    assert void(database, 1, undo=True)
    assert not void(database, 1, undo=True)
    assert counts(database) == (2, 2, [2])


def test_a_word_said_here_goes_over_the_blocks_button(database):
    block = Block().boot().session([0, -1, 0])
    sync(database, block)
    assert counts(database) == (2, 2, [2])
    assert not void(database, 2)
    assert void(database, 2, undo=True)
    block.session([0])
    sync(database, block)
    assert counts(database) == (3, 3, [])


def test_a_rep_that_is_not_there_cannot_be_void(database):
    sync(database, Block().boot().session([0, 0]).session())
    for rep in (0, 3, -1):
        with pytest.raises(UserError, match=f"session 1 has reps 1 to 2, none of number {rep}"):
            void(database, rep)
    with reading(database) as connection, pytest.raises(UserError, match="session 2 has no reps"):
        set_void(connection, find_session(connection, "2"), 1, void=True, now_utc_ms=1)


def test_a_block_id_that_begins_another_is_found_by_itself(database):
    for block_id in ("aa", "aabb"):
        sync(database, Block(block_id).boot().session([0]))
    with reading(database) as connection:
        assert find_block(connection, "aa") == "aa"
