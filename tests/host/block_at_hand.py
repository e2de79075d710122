"""A block that keeps its journal in memory, by the firmware's own code: for tests of what reads journals."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pulseblock_tools  # noqa: F401  before the firmware: brings the const() it imports
from pulseblock.core.events import UNKNOWN
from pulseblock.core.rep import Rep
from pulseblock.journal.journal import Journal
from pulseblock.journal.record import RECORD_BYTES
from pulseblock.journal.segments import number_of
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.store.pieces import Piece

GRIP, PELVIS, RUSHED = 1, 2, 16
TIMEOUT = 1
SHAPE_CN = (1250, 2000, 3000, 4500, 5000, 4800, 4000, 2500, 1500, 1200)


class _File(io.BytesIO):
    """A file whose bytes are on flash once they are flushed, and only then."""

    def __init__(self, files: dict[str, bytes], name: str, mode: str) -> None:
        super().__init__(b"" if mode == "wb" else files[name])
        self._keep = lambda: files.__setitem__(name, self.getvalue())
        if mode == "ab":
            self.seek(0, io.SEEK_END)
        if mode != "rb":
            self._keep()

    def flush(self) -> None:
        if not self.closed:
            self._keep()


class _Files:
    """What the journal asks of a folder on flash."""

    def __init__(self, journal: int) -> None:
        self.held: dict[str, bytes] = {}
        self._journal = journal

    def open(self, name: str, mode: str) -> Any:
        if mode == "rb":
            if name not in self.held:
                raise OSError(2)
            return io.BytesIO(self.held[name])
        return _File(self.held, name, mode)

    def names(self) -> list[str]:
        return list(self.held)

    def size(self, name: str) -> int:
        return len(self.held[name])

    def remove(self, name: str) -> None:
        del self.held[name]

    def rename(self, old: str, new: str) -> None:
        self.held[new] = self.held.pop(old)

    def free(self) -> int:
        return 1 << 24

    def draw(self) -> int:
        return self._journal


class Block:
    """A block with a clock that the test moves; each boot begins its ticks at ``BOOT_TICKS``."""

    BOOT_TICKS = 500

    def __init__(
        self, unique_id: str = "e66138528350b72a", journal: int = 7, segment_bytes: int = 32768
    ) -> None:
        self.id = unique_id
        self.journal = journal
        self.ticks = self.BOOT_TICKS
        self.utc_ms = 1_767_225_600_000  # 2026-01-01, 0:00 UTC
        self._files = _Files(journal)
        self._segment_bytes = segment_bytes
        self._log: Any = None

    def boot(self) -> Block:
        """Power comes on."""
        self.ticks = self.BOOT_TICKS
        self._log = Journal(
            self._files,
            bytes.fromhex(self.id),
            lambda: self.ticks,
            segment_bytes=self._segment_bytes,
            max_segments=10_000,
        )
        self._log.begin(self.ticks, 1)
        return self

    def passes(self, ms: int) -> Block:
        """Time goes by, on the block and elsewhere."""
        self.ticks = (self.ticks + ms) & 0x3FFFFFFF
        self.utc_ms += ms
        return self

    def session(
        self, *sets: list[int], starts: bool = True, ends: bool = True, shapes: bool = False
    ) -> Block:
        """A session, or the middle of one; *sets* list the faults of each rep, -1 for one voided at once."""
        if starts:
            self._log.session_start(self.ticks, (0, 1, 0), 11, 22, 4000)
        counts = SimpleNamespace(session_sets=0, session_count=0, session_good=0, rhythm_pct=90)
        for faults_of in sets:
            for faults in faults_of:
                self._rep(max(faults, 0), shapes)
                if faults < 0:
                    self._log.void(self.ticks)
            counts.set_count = len(faults_of)
            counts.set_good = sum(faults == 0 for faults in faults_of)
            self.passes(5000)
            self._log.set_end(self.ticks, counts, 4000, 1200)
            self._log.service(True)
            counts.session_sets += 1
            counts.session_count += counts.set_count
            counts.session_good += counts.set_good
        if ends:
            self.passes(60_000)
            self._log.session_end(self.ticks, TIMEOUT, counts)
        self._log.service(True)
        return self

    def low_battery(self) -> Block:
        """The battery runs low."""
        self._log.low_battery(self.ticks, 3300, 4)
        self._log.service(True)
        return self

    def _rep(self, faults: int, has_shape: bool) -> None:
        rep = Rep()
        rep.start_ms = self.passes(1500).ticks
        rep.duration_ms, rep.rise_ms = 1200, 480
        rep.peak_cn, rep.hold_cn, rep.trough_cn = 5000, 1200, 1250
        rep.sagittal_cdeg, rep.frontal_cdeg, rep.jolt_mg = -120, 60, 30
        rep.drag_pct = UNKNOWN
        rep.faults = faults
        rep.shape_cn, rep.has_shape = list(SHAPE_CN), has_shape
        self._log.rep(rep)
        self.passes(1200)
        self._log.service(True)

    @property
    def last_seq(self) -> int:
        """The sequence number of the last record written."""
        return int(self._log._segments.next_sequence) - 1

    def decay(self, segment: int, byte: int) -> Block:
        """A bit of flash flips, in the segment of that place among all, if it has such a byte.

        Never in the newest record: the block would give its number again.
        """
        names = sorted(name for name in self._files.held if number_of(name))
        if -len(names) <= segment < len(names):
            name = names[segment]
            data = bytearray(self._files.held[name])
            if byte < len(data) - (RECORD_BYTES if name == names[-1] else 0):
                data[byte] ^= 1
                self._files.held[name] = bytes(data)
        return self

    def clock(self, **of_pair: int) -> ClockPair:
        """The block's clock and the world's, now."""
        return ClockPair(**{"boot": self._log.boot, "ticks": self.ticks, "unix_ms": self.utc_ms, **of_pair})

    def segments(self) -> dict[int, bytes]:
        """The journal's segments as they are on flash."""
        return {number_of(name): data for name, data in sorted(self._files.held.items()) if number_of(name)}

    def pieces(self) -> list[Piece]:
        """Everything, as a first sync reads it."""
        return [Piece(number, 0, data) for number, data in self.segments().items()]

    def piece(self, segment: int, start: int, end: int) -> Piece:
        """The bytes from *start* to *end* of a segment."""
        data = self.segments()[segment]
        return Piece(segment, start, data[start:end], crc32(data[:start]))
