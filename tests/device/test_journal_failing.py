"""Flash that fails loses nothing that was recorded, and doubles nothing."""

from fakes.folder import EIO, FakeFolder
from journaling import SMALL, Clock, a_rep, begun, check_sequence, fields, kinds, records, reps, sync_all

from pulseblock.journal import record
from pulseblock.journal.journal import FAILED, FULL, OK


def test_a_refused_write_loses_nothing_doubles_nothing_and_is_noted():
    clock = Clock()
    folder = FakeFolder()
    journal = begun(folder, clock)
    journal.rep(a_rep(1000))
    folder.refusing = EIO
    assert journal.service(True) == FAILED
    journal.rep(a_rep(2000))
    folder.refusing = 0
    assert journal.service(True) == FAILED, "tried again at once"
    clock.ms += 20000
    assert journal.service(True) == OK
    assert reps(folder) == [1000, 2000]
    assert fields(folder, record.ERROR) == [(record.FLASH_FAILED, EIO)]
    check_sequence(folder)


def test_a_block_whose_flash_fails_at_the_boot_keeps_what_happens_until_it_works():
    clock = Clock()
    folder = FakeFolder()
    begun(folder)
    folder.refusing = EIO
    journal = begun(folder, clock)
    assert journal.status == FAILED
    assert journal.boot == 0
    journal.rep(a_rep(1000))
    folder.refusing = 0
    assert journal.close() == OK
    assert journal.boot == 2
    assert kinds(folder) == [record.BOOT, record.BOOT, record.REP, record.ERROR]
    assert fields(folder, record.BOOT)[1][0] == 2
    check_sequence(folder)


def test_full_flash_at_the_first_byte_of_a_record_is_a_failure():
    folder = FakeFolder()
    clock = Clock()
    journal = begun(folder, clock)
    folder.capacity = sum([len(data) for data in folder.kept.values()]) + 10
    journal.rep(a_rep(1000))
    assert journal.service(True) == FAILED
    folder.capacity = 100000
    clock.ms += 20000
    assert journal.service(True) == OK
    assert reps(folder) == [1000]


def test_a_write_that_takes_only_part_of_a_record_is_a_failure():
    folder = FakeFolder()
    clock = Clock()
    journal = begun(folder, clock)
    folder.short = True
    journal.rep(a_rep(1000))
    assert journal.service(True) == FAILED
    folder.short = False
    clock.ms += 20000
    assert journal.service(True) == OK
    assert reps(folder) == [1000]
    assert fields(folder, record.TORN)[0][2] == record.RECORD_BYTES - 1
    check_sequence(folder)


def trained_while_flash_fails(failing):
    """Seven bursts of four reps into a journal that fills up and is synced; returns all records it ever had.

    `failing` are the numbers of the operations on flash that fail.
    """
    clock = Clock()
    folder = FakeFolder()
    folder.failing = failing
    journal = begun(folder, clock, **SMALL)
    fetched = []
    for start_ms in range(28):
        journal.rep(a_rep(start_ms))
        if start_ms % 4 == 3:
            clock.ms += 20000
            journal.service(True)
            sync_if_full(journal, folder, fetched)
    while journal.close() != OK:
        sync_if_full(journal, folder, fetched)
    return fetched + [found for found in records(folder) if found not in fetched], folder.operations


def sync_if_full(journal, folder, fetched):
    fetched += [found for found in records(folder) if found not in fetched]
    if journal.status == FULL:
        failing, folder.failing = folder.failing, ()
        sync_all(folder)
        folder.failing = failing


def test_flash_that_fails_twice_in_any_places_loses_and_doubles_nothing():
    _, operations = trained_while_flash_fails(())
    for first in range(1, operations, 2):
        for second in range(first + 1, operations, 7):
            found, _ = trained_while_flash_fails((first, second))
            assert [entry[2] for entry in found if entry[0] == record.REP] == list(range(28)), (first, second)
            assert [entry[1] for entry in found] == list(range(len(found))), (first, second)


def test_diagnostics_do_without_a_file_system():
    folder = FakeFolder()
    journal = begun(folder)
    folder.refusing = EIO
    journal.diagnostics(1000, 2, 0)
    folder.refusing = 0
    journal.close()
    assert fields(folder, record.DIAGNOSTICS)[0][4] == 0
