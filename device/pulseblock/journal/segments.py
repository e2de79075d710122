"""The journal's files: records appended to segments, found again after a power cut, reclaimed once synced.

Only the newest segment grows.  Where it ends in anything but a whole record, nothing is cut off or mended:
the next record begins a new segment.  So no flushed byte is ever written again, on any file system.
"""

import struct

from micropython import const

from pulseblock.journal import record

SEGMENT_BYTES = const(32768)
# 32,000 records, shapes only in the first half of them: of a thousand reps a day, and the sets around them, a
# week with their shapes and two more without
MAX_SEGMENTS = const(20)
RESERVE_BYTES = const(65536)  # left to settings, to the next firmware and to littlefs itself

_SYNCED = "synced"
_SYNCED_BYTES = const(11)
_CHUNK = const(32)  # records read at once
_ENOSPC = const(28)


def name_of(number):
    """Return the file name of segment `number`."""
    return "{:08d}.pbj".format(number)


def number_of(name):
    """Return the number of the segment whose file is called `name`; 0 if that is no segment's."""
    return int(name[:8]) if len(name) == 12 and name[8:] == ".pbj" and name[:8].isdigit() else 0


def mark_synced(files, segment, position):
    """Note that the host has everything before `position` of `segment`, so that its space may be reclaimed.

    Whenever power is cut, the note is the old one or the new one.  OSError if the file system refuses.
    """
    note = bytearray(_SYNCED_BYTES)
    struct.pack_into("<II", note, 0, segment, position)
    record.seal(note, _SYNCED_BYTES)
    with files.open(_SYNCED + ".new", "wb") as file:
        file.write(note)
        file.flush()
    files.rename(_SYNCED + ".new", _SYNCED)


def synced(files):
    """Return (segment, position) up to which the host has everything; (0, 0) if it has nothing."""
    try:
        with files.open(_SYNCED, "rb") as file:
            note = file.read(_SYNCED_BYTES + 1)
    except OSError:
        return 0, 0
    if len(note) != _SYNCED_BYTES or not record.sealed(note, 0, _SYNCED_BYTES):
        return 0, 0
    return struct.unpack_from("<II", note, 0)


class Segments:
    """Appends records to the segments of `files`; call `recover` before anything else.

    Attributes after `recover`: `journal` (its random id), `boot` (the last one the journal knows, 0: none),
    `next_sequence`, `torn`: None, or (segment, position, length) of bytes a power cut left unfinished, and
    `is_slack`: whether the host lacks so few segments that there is room for what can be done without.
    Every method raises OSError when the file system does; then only `recover` leads on.
    """

    def __init__(
        self,
        files,
        unique_id,
        segment_bytes=SEGMENT_BYTES,
        max_segments=MAX_SEGMENTS,
        reserve_bytes=RESERVE_BYTES,
    ):
        self._files = files
        self._id = bytes(unique_id)[: record.ID_BYTES]
        self._segment_bytes = segment_bytes
        self._max_segments = max_segments
        self._reserve_bytes = reserve_bytes
        self._header = bytearray(record.HEADER_BYTES)
        self._chunk = bytearray(_CHUNK * record.RECORD_BYTES)
        self._file = None
        self._numbers = []
        self._last_number = 0
        self._size = 0  # of the newest segment; 0: it takes no more records
        self.journal = 0
        self.boot = 0
        self.next_sequence = 0
        self.torn = None
        self.is_slack = False

    def recover(self):
        """Find the end of the journal: every record flushed before counts, whatever happened since."""
        self.close()
        self._numbers = sorted([number_of(name) for name in self._files.names() if number_of(name)])
        self._last_number = self._numbers[-1] if self._numbers else 0
        self._note_slack()
        self._size = 0
        self.torn = None
        low = boot = -1
        header = None
        i = len(self._numbers)
        while header is None and i:
            i -= 1
            number = self._numbers[i]
            size = self._files.size(name_of(number))
            with self._files.open(name_of(number), "rb") as file:
                header = self._read_header(file)
                last, end, last_boot = self._survey(file, size)
            if number == self._last_number and not self._foreign(header):
                self._note_end(header, number, 0 if header is None and last < 0 else end, size)
            if header is None and size <= record.HEADER_BYTES:
                self._files.remove(name_of(number))
                self._numbers.pop(i)
            low = last if low < 0 else low
            boot = last_boot if boot < 0 else boot
        if header is None or self._foreign(header):
            self.journal = self._files.draw()
            self.boot = self.next_sequence = 0
            return
        first = header[5]
        self.journal = header[2]
        self.boot = header[3] if boot < 0 else boot
        self.next_sequence = first if low < 0 else first + ((low - first) & 0xFFFF) + 1

    def _note_slack(self):
        self.is_slack = self._last_number - synced(self._files)[0] < self._max_segments // 2

    def _foreign(self, header):
        """Whether a segment is another block's, or of a format this firmware does not write."""
        return header is not None and (header[0] != record.FORMAT or header[1] != self._id)

    def _note_end(self, header, number, end, size):
        """Note whether the newest segment goes on, and what of it is torn: what lies beyond `end`."""
        if end < size:
            self.torn = (number, end, size - end)
        elif header is not None:
            self._size = size

    def _read_header(self, file):
        if file.readinto(self._header) != record.HEADER_BYTES:
            return None
        return record.unpack_header(self._header)

    def _survey(self, file, size):
        """Read a segment from its end, until its last boot record.

        Returns the low sequence bits of its last whole record (-1: none), where that ends, and the boot that
        the last boot record names (-1: none).
        """
        low = -1
        end = record.HEADER_BYTES
        at = (size - record.HEADER_BYTES) // record.RECORD_BYTES
        while at > 0:
            count = min(at, _CHUNK)
            at -= count
            position = record.HEADER_BYTES + at * record.RECORD_BYTES
            file.seek(position)
            file.readinto(self._chunk)
            for k in range(count - 1, -1, -1):
                start = k * record.RECORD_BYTES
                is_boot = self._chunk[start] == record.BOOT
                if (is_boot or low < 0) and record.sealed(self._chunk, start, record.RECORD_BYTES):
                    if low < 0:
                        low = self._chunk[start + 1] | self._chunk[start + 2] << 8
                        end = position + start + record.RECORD_BYTES
                    if is_boot:
                        return low, end, struct.unpack_from("<I", self._chunk, start + record.BODY_AT)[0]
        return low, end, -1

    def room(self):
        """Make sure that a record can be appended; False if flash is full of what the host does not have yet.

        Removes the oldest synced segments when a new one needs their space.
        """
        if not self._size or self._size + 2 * record.RECORD_BYTES > self._segment_bytes:
            if not self._reclaim():
                return False
            self._begin_segment()
        return True

    def growth_bytes(self):
        """Return the bytes of flash that the journal may still take, its reserve with them."""
        segments = self._max_segments - len(self._numbers) + 1
        return segments * self._segment_bytes + self._reserve_bytes

    def last_room(self):
        """Whether the slot is free that every segment keeps for the note that the journal is full."""
        return self._size > 0 and self._size + record.RECORD_BYTES <= self._segment_bytes

    def append(self, slot):
        """Number and write the record in `slot`; it survives a power cut once `flush` returned."""
        if self._file is None:
            self._file = self._files.open(name_of(self._last_number), "ab")
        record.finish(slot, self.next_sequence, self.boot)
        self._write(self._file, slot)
        self.next_sequence += 1

    def flush(self):
        """Make everything appended durable."""
        if self._file is not None:
            self._file.flush()

    def close(self):
        """Close the open file, if there is one."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                pass  # whoever closes has flushed, or is about to look at what really got there
            self._file = None

    def _write(self, file, data):
        if file.write(data) != len(data):
            raise OSError(_ENOSPC)
        self._size += len(data)

    def _begin_segment(self):
        self.flush()
        self.close()
        # beyond what the host has, even where somebody removed that: else it would pass for synced
        self._last_number = max(self._last_number, synced(self._files)[0]) + 1
        self._note_slack()
        self._file = self._files.open(name_of(self._last_number), "wb")
        self._numbers.append(self._last_number)
        self._size = 0
        header = (self._id, self.journal, self.boot, self._last_number, self.next_sequence)
        record.pack_header(self._header, header)
        self._write(self._file, self._header)

    def _reclaim(self):
        """Make space for a segment; the newest one stays, since it knows journal, boot and sequence."""
        needed = self._segment_bytes + self._reserve_bytes
        while len(self._numbers) >= self._max_segments or self._files.free() < needed:
            if len(self._numbers) < 2:
                return False
            oldest = self._numbers[0]
            segment, position = synced(self._files)
            if oldest > segment or (oldest == segment and position < self._files.size(name_of(oldest))):
                return False
            self._files.remove(name_of(oldest))
            self._numbers.pop(0)
        return True
