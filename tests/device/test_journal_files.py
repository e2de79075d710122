"""The journal on a real folder of the runtime's own file system."""

import os
import sys

from pulseblock.core.rep import Rep
from pulseblock.journal import record
from pulseblock.journal.files import Files
from pulseblock.journal.journal import OK, Journal
from pulseblock.journal.segments import mark_synced, name_of, synced

UID = b"12345678"


def a_folder():
    if sys.implementation.name == "micropython":
        root = "/journal_test"
        if "journal_test" in os.listdir("/"):
            for name in os.listdir(root):
                os.remove(root + "/" + name)
        return Files(root)
    import tempfile  # CPython's alone

    return Files(tempfile.mkdtemp() + "/journal")


def test_a_folder_is_made_and_used_again():
    files = a_folder()
    with files.open("a", "wb") as file:
        file.write(b"abc")
    assert Files(files.root).names() == ["a"]
    assert files.size("a") == 3
    files.rename("a", "b")
    with files.open("b", "rb") as file:
        assert file.read() == b"abc"
    files.remove("b")
    assert files.names() == []
    assert files.free() > 0
    assert 0 <= files.draw() < 1 << 30


def test_boots_go_on_where_the_last_ended():
    files = a_folder()
    for boot in range(1, 4):
        journal = Journal(files, UID, lambda: 0)
        assert journal.begin(0, 1) == OK
        assert journal.boot == boot
        journal.rep(Rep())
        assert journal.close() == OK
    assert files.names() == [name_of(1)]
    assert files.size(name_of(1)) == record.HEADER_BYTES + 6 * record.RECORD_BYTES


def test_a_mark_replaces_the_one_before():
    files = a_folder()
    mark_synced(files, 1, 100)
    mark_synced(files, 2, 200)
    assert synced(files) == (2, 200)
    assert files.names() == ["synced"]
