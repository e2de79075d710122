"""The block's journal: events go into a queue at once, and to flash in the troughs between presses.

Flash stalls everything while it erases (some 50 ms on a Pico, 400 ms at worst), which the sampling bridges
with the sensor's own queue; so `service` writes only when no press is going on, and measures the stall.
"""

from struct import pack_into

from micropython import const

from pulseblock.core.fixed import clamp
from pulseblock.journal import record
from pulseblock.journal.queue import Queue
from pulseblock.journal.record import BODY, BODY_AT, RECORD_BYTES
from pulseblock.journal.segments import Segments

# What `Journal.status` says.
OK = const(0)
FULL = const(1)  # no space but that of records the host does not have yet: sync
FAILED = const(2)  # the file system refuses

_RETRY_MS = const(10000)
_RHYTHM_REPS = const(3)  # fewer have no rhythm


class Journal:
    """Keeps what happens; call `begin` first.

    `files` is the journal's folder (`Files` or its like), `unique_id` the processor's own (bytes), `ticks_ms`
    a function that returns the block's clock (wrapping at 2^30), `limits` are those of `Segments`.

    Events may be given at any moment, with the ticks at which they happened.  They cost no allocation and
    never fail: what the queue cannot take while flash is full or broken is counted, and the count recorded as
    soon as there is space.  At least one event a day, if only `diagnostics`, keeps the wrapping clock
    unambiguous.

    KeyboardInterrupt may break into any method; `close` then still writes everything once.

    Attributes: `status` (OK, FULL, FAILED), `boot` (0 until flash could be read), `stall_ms` (longest stall
    by a write since the last diagnostics).
    """

    def __init__(self, files, unique_id, ticks_ms, **limits):
        self._files = files
        self._segments = Segments(files, unique_id, **limits)
        self._ticks_ms = ticks_ms
        self._queue = Queue()
        self._batch = None  # while a write goes on: sequence numbers less numbers in the queue
        self._unread = True  # flash has to be read (again) before anything is written
        self._tried = 0
        self._full_noted = False
        self._torn = None
        self._refusal = 0  # errno of a failure that the journal does not tell of yet
        self._last_rep = -1  # its start, until it is void
        self.status = OK
        self.boot = 0
        self.stall_ms = 0

    # What happens on the block.

    def begin(self, ticks, cause, unix_s=0):
        """The block started: recover what there is, and record the boot.  Returns the status.

        `cause` indexes BOOT_CAUSES; `unix_s` is the wall clock if something set it, else 0.
        """
        slot = self._queue.new(record.BOOT, ticks)
        pack_into(BODY[record.BOOT], slot, BODY_AT, 0, unix_s, cause)
        self._queue.put(slot)
        self.service(True)
        self.stall_ms = 0
        return self.status

    def session_start(self, ticks, version, settings, calibration, reference_cn):
        """A session begins.

        `version` is the firmware's (major, minor, patch), each 0..255; `settings` and `calibration` are
        fingerprints; `reference_cn` is 0 while the reference press adapts.
        """
        slot = self._queue.new(record.SESSION_START, ticks)
        slot[BODY_AT] = version[0]
        slot[BODY_AT + 1] = version[1]
        slot[BODY_AT + 2] = version[2]
        pack_into("<HHH", slot, BODY_AT + 3, settings, calibration, reference_cn)
        self._queue.put(slot)
        self._last_rep = -1

    def rep(self, rep):
        """A rep is final; `rep` is a `core.rep.Rep`.

        Its shape is recorded with it unless that could cost the place of another record.
        """
        queue = self._queue
        slot = queue.new(record.REP, rep.start_ms)
        record.pack_rep(slot, rep)
        self._last_rep = rep.start_ms if queue.put(slot) else -1
        if rep.has_shape and queue.is_slack() and self._segments.is_slack:
            slot = queue.new(record.SHAPE, rep.start_ms)
            record.pack_shape(slot, rep)
            queue.put(slot)

    def set_end(self, ticks, rounds, reference_cn, hold_cn):
        """A set ended; `rounds` is a `core.rounds.Rounds`."""
        slot = self._queue.new(record.SET, ticks)
        pack_into(
            BODY[record.SET],
            slot,
            BODY_AT,
            rounds.set_count,
            rounds.set_good,
            rounds.rhythm_pct if rounds.set_count >= _RHYTHM_REPS else record.RHYTHM_UNKNOWN,
            reference_cn,
            clamp(hold_cn, 0, 65535),
        )
        self._queue.put(slot)

    def void(self, ticks):
        """The last rep of this session does not count.  Returns False where there is none to take back."""
        if self._last_rep < 0:
            return False
        slot = self._queue.new(record.VOID, ticks)
        pack_into(BODY[record.VOID], slot, BODY_AT, self._last_rep)
        self._last_rep = -1
        return self._queue.put(slot)

    def session_end(self, ticks, cause, rounds):
        """A session ended; `cause` indexes SESSION_CAUSES, `rounds` is a `core.rounds.Rounds`."""
        slot = self._queue.new(record.SESSION_END, ticks)
        pack_into(
            BODY[record.SESSION_END],
            slot,
            BODY_AT,
            rounds.session_sets,
            rounds.session_count,
            rounds.session_good,
            cause,
        )
        self._queue.put(slot)
        self._last_rep = -1

    def low_battery(self, ticks, millivolts, percent):
        """The battery ran low."""
        slot = self._queue.new(record.LOW_BATTERY, ticks)
        pack_into(BODY[record.LOW_BATTERY], slot, BODY_AT, millivolts, percent)
        self._queue.put(slot)

    def error(self, ticks, code, detail=0):
        """Something failed or, with code 0, works again.

        `code` is the counter's or one of FIRMWARE_ERRORS (from JOURNAL_FULL on), `detail` 0..2^30-1.
        """
        slot = self._queue.new(record.ERROR, ticks)
        pack_into(BODY[record.ERROR], slot, BODY_AT, code, detail)
        self._queue.put(slot)

    def diagnostics(self, ticks, lateness_ms, samples_lost, battery_pct=-1):
        """Record the worst since the last time, the journal's own stall and queue with it.

        `battery_pct` is what is left, per cent, -1 where that is not known.
        """
        try:
            free_kib = min(self._files.free() // 1024, 65535)
        except OSError:
            free_kib = 0
        slot = self._queue.new(record.DIAGNOSTICS, ticks)
        pack_into(
            BODY[record.DIAGNOSTICS],
            slot,
            BODY_AT,
            clamp(lateness_ms, 0, 65535),
            clamp(self.stall_ms, 0, 65535),
            clamp(samples_lost, 0, 65535),
            self._queue.peak,
            free_kib,
            clamp(battery_pct + 1, 0, 101),
        )
        self._queue.put(slot)
        self.stall_ms = 0
        self._queue.peak = 0

    # Flash.

    def service(self, in_trough):
        """Write what waits and flush it; does nothing during a press.  Returns the status.

        When this returned OK out of a press, everything given before survives a power cut.
        """
        if not in_trough or self._queue.first == self._queue.end:
            return self.status
        now = self._ticks_ms()
        if self.status and (now - self._tried) & record.TICKS_MASK < _RETRY_MS:
            return self.status
        return self._try(now)

    def close(self):
        """Write and flush what waits, however lately that failed, and close the file.  Returns the status."""
        self._try(self._ticks_ms())
        self._unread = True
        self._segments.close()
        return self.status

    def growth_bytes(self):
        """Return the bytes of flash to leave free for the journal."""
        return self._segments.growth_bytes()

    def _try(self, now):
        self._tried = now
        read_first = self._unread
        self._unread = True  # until the write is known to be whole
        try:
            if read_first:
                self._recover()
            self.status = self._write_all()
            self._unread = False
        except OSError as refusal:
            self.status = FAILED
            self._refusal = clamp(refusal.errno or 1, 1, 65535)
        self.stall_ms = max(self.stall_ms, (self._ticks_ms() - now) & record.TICKS_MASK)
        return self.status

    def _recover(self):
        segments = self._segments
        queue = self._queue
        segments.recover()
        if self.boot == 0:
            if queue.slot(0)[0] == record.BOOT:  # not if an interrupt came before it
                pack_into("<I", queue.slot(0), BODY_AT, segments.boot + 1)
            self.boot = segments.boot + 1
        segments.boot = self.boot
        if self._batch is not None:
            queue.first = clamp(segments.next_sequence - self._batch, queue.first, queue.end)
            self._batch = None
        self._torn = segments.torn or self._torn

    def _write_all(self):
        """Write the queue, with what the journal has to say of itself."""
        while True:
            self._queue_notes()
            status = self._write_queue()
            if status or not (self._torn or self._refusal or self._queue.lost_records):
                return status

    def _write_queue(self):
        segments = self._segments
        queue = self._queue
        number = queue.first
        self._batch = segments.next_sequence - number
        while number < queue.end and segments.room():
            segments.append(queue.slot(number))
            number += 1
        segments.flush()
        queue.first = number
        self._batch = None
        if number == queue.end:
            self._full_noted = False
            return OK
        if not self._full_noted:
            self._full_noted = True
            self._note_full()
        return FULL

    def _note_full(self):
        """Say, in the slot kept for it, that what follows is missing because flash is full."""
        if self._segments.last_room():
            note = self._queue.spill
            record.begin(note, record.ERROR, self._ticks_ms())
            pack_into(BODY[record.ERROR], note, BODY_AT, record.JOURNAL_FULL, 0)
            self._segments.append(note)
            self._segments.flush()

    def _queue_notes(self):
        """Queue how much was lost, what was torn and what failed, as far as there are slots for it."""
        queue = self._queue
        if queue.lost_records and not queue.is_full():
            now = self._ticks_ms()
            slot = queue.new(record.LOST, now)
            lost = (queue.lost_records, queue.lost_reps, queue.lost_since, queue.lost_wraps(now))
            pack_into(BODY[record.LOST], slot, BODY_AT, *lost)
            queue.put(slot)
            queue.lost_records = queue.lost_reps = 0
        if self._torn and not queue.is_full():
            segment, position, length = self._torn
            slot = queue.new(record.TORN, self._ticks_ms())
            pack_into(BODY[record.TORN], slot, BODY_AT, segment, position, min(length, 65535))
            queue.put(slot)
            self._torn = None
        if self._refusal and not queue.is_full():
            self.error(self._ticks_ms(), record.FLASH_FAILED, self._refusal)
            self._refusal = 0


def set_clock(files, unique_id, ticks, unix_ms, **limits):
    """Record that `ticks` of the last boot was `unix_ms`, milliseconds of Unix time.

    For a sync that has stopped the program, after `Journal.close`.  Returns False if there is no room, or was
    no boot; OSError if the file system refuses.
    """
    segments = Segments(files, unique_id, **limits)
    segments.recover()
    if not segments.boot or not segments.room():
        return False
    slot = bytearray(RECORD_BYTES)
    record.begin(slot, record.CLOCK, ticks)
    pack_into(BODY[record.CLOCK], slot, BODY_AT, segments.boot, unix_ms // 1000, unix_ms % 1000)
    segments.append(slot)
    segments.flush()
    segments.close()
    return True
