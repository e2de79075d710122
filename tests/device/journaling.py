"""A journal in a folder of its own, and what is on flash then."""

from struct import unpack_from

from pulseblock.core.rep import Rep
from pulseblock.journal import record
from pulseblock.journal.journal import OK, Journal
from pulseblock.journal.segments import mark_synced, name_of, number_of

UID = b"\xe6\x60\x01\x02\x03\x04\x05\x06"
SMALL = {
    "segment_bytes": record.HEADER_BYTES + 6 * record.RECORD_BYTES,
    "max_segments": 3,
    "reserve_bytes": 0,
}


class Clock:
    def __init__(self):
        self.ms = 0
        self.step = 0

    def __call__(self):
        self.ms = (self.ms + self.step) % (1 << 30)
        return self.ms


class Rounds:
    set_count = 12
    set_good = 10
    rhythm_pct = 88
    session_sets = 2
    session_count = 24
    session_good = 20


def a_rep(start_ms):
    rep = Rep()
    rep.start_ms = start_ms
    rep.duration_ms = 1000
    rep.peak_cn = 4000
    return rep


def begun(folder, clock=None, **limits):
    journal = Journal(folder, UID, clock or Clock(), **limits)
    journal.begin(0, record.BOOT_CAUSES.index("power"))
    return journal


def segment_records(data):
    assert not data or record.unpack_header(data), "damaged header"
    found = []
    for at in range(record.HEADER_BYTES, len(data) - record.RECORD_BYTES + 1, record.RECORD_BYTES):
        if record.sealed(data, at, record.RECORD_BYTES):
            kind, sequence, stamp = unpack_from(record.HEAD, data, at)
            known = min(kind, record.REP)
            fields = unpack_from(record.BODY[known], data, at + record.BODY_AT)
            found.append((known, sequence, stamp & record.TICKS_MASK, fields))
    return found


def records(folder):
    """(kind, sequence, ticks, fields) of every whole record in flash, in order."""
    found = []
    for name in sorted([name for name in folder.kept if number_of(name)]):
        found += segment_records(folder.kept[name])
    return found


def sync_all(folder):
    """Mark as synced what is in flash, as a host does that has fetched it."""
    newest = max([number_of(name) for name in folder.kept])
    mark_synced(folder, newest, len(folder.kept[name_of(newest)]))


def kinds(folder):
    return [found[0] for found in records(folder)]


def reps(folder):
    return [found[2] for found in records(folder) if found[0] == record.REP]


def fields(folder, kind):
    return [found[3] for found in records(folder) if found[0] == kind]


def check_sequence(folder):
    sequences = [found[1] for found in records(folder)]
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))


def fill(journal):
    """Record reps until there is no room; returns how many."""
    i = 0
    while journal.status == OK:
        journal.rep(a_rep(i))
        journal.service(True)
        i += 1
    return i
