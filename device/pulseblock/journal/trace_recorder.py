"""Records the raw trace of a training, so that a wearer can send it to be replayed.

About 350 bytes a second at 100 samples.  Frames wait in memory while a press goes on, twelve seconds' worth,
and reach flash in the troughs; what power loss takes is the last few of them.  A trace has a cap of its own,
and never takes space that the journal may need.
"""

from micropython import const

from pulseblock.journal.trace_frame import FRAME_BYTES, Frame

CAP_BYTES = const(393216)  # of all traces together: eighteen minutes

# What `TraceRecorder.status` says.
OFF = const(0)
RECORDING = const(1)
FULL = const(2)  # the cap, or flash, is reached: recording has ended
FAILED = const(3)  # the file system refused: recording has ended

_FRAMES = const(8)
_FLUSH_BYTES = const(4096)  # a whole block of flash: flushing part of one means writing it again
_FASTEST_HZ = const(125)


def name_of(number):
    """Return the file name of trace `number`."""
    return "{:08d}.pbt".format(number)


def number_of(name):
    """Return the number of the trace whose file is called `name`; 0 if that is no trace's."""
    return int(name[:8]) if len(name) == 12 and name[8:] == ".pbt" and name[:8].isdigit() else 0


class TraceRecorder:
    """Records one trace after another to files `NNNNNNNN.pbt` of `files`; make it when first wanted.

    Of a stream faster than 125 Hz (`rate_hz`) every other sample is taken.  Attributes: `status`, `dropped`
    (samples for which no frame was free).
    """

    def __init__(self, files, rate_hz, cap_bytes=CAP_BYTES):
        self._files = files
        self._every = 1 if rate_hz <= _FASTEST_HZ else 2
        self._cap_bytes = cap_bytes
        self._frames = [Frame() for _ in range(_FRAMES)]
        self._file = None
        self.status = OFF
        self.dropped = 0

    def start(self, boot, keep_bytes):
        """Begin a trace, unless one is going on; call out of a press.  Returns the status.

        `keep_bytes` of flash are left free: `Journal.growth_bytes()`.
        """
        if self.status == RECORDING:
            return self.status
        for frame in self._frames:
            frame.clear()
        self._first = self._last = 0  # numbers of the oldest frame that waits and of the one being filled
        self._boot = boot
        self._skip = 0
        self.dropped = 0
        self.status = RECORDING
        try:
            self._open(keep_bytes)
        except OSError:
            self._end(FAILED)
        return self.status

    def _open(self, keep_bytes):
        numbers = [number_of(name) for name in self._files.names()]
        used = sum([self._files.size(name_of(number)) for number in numbers if number])
        self._left = min(self._cap_bytes - used, self._files.free() - keep_bytes)
        self._unflushed = 0
        if self._left >= FRAME_BYTES:
            self._file = self._files.open(name_of(max(numbers + [0]) + 1), "wb")
        else:
            self._end(FULL)

    def sample(self, t_ms, force_cn, x, y, z):
        """Take a sample, as the counter's; never fails and never writes."""
        if self.status != RECORDING:
            return
        self._skip += 1
        if self._skip < self._every:
            return
        self._skip = 0
        if self._frames[self._last % _FRAMES].add(t_ms, force_cn, x, y, z):
            return
        if self._last - self._first == _FRAMES - 1:
            self.dropped += 1
            return
        self._last += 1
        self._frames[self._last % _FRAMES].add(t_ms, force_cn, x, y, z)

    def service(self, in_trough):
        """Write the frames that are full; does nothing during a press.  Returns the status."""
        if in_trough and self.status == RECORDING and self._first != self._last:
            self._write(self._file, self._last)
        return self.status

    def stop(self):
        """End the trace, its last frame as full as it is.  Returns the status before."""
        status = self.status
        if status == RECORDING:
            if self._frames[self._last % _FRAMES].count:
                self._last += 1
            self._write(self._file, self._last)
            status = self.status
            self._end(OFF)
        return status

    def _write(self, file, end):
        try:
            while self._first < end:
                if self._left < FRAME_BYTES:
                    self._end(FULL)
                    return
                self._write_frame(file, self._frames[self._first % _FRAMES])
                self._first += 1
            if self._unflushed >= _FLUSH_BYTES:
                file.flush()
                self._unflushed = 0
        except OSError:
            self._end(FAILED)

    def _write_frame(self, file, frame):
        frame.seal(self._first, self._boot)
        file.write(memoryview(frame.data)[: frame.length])
        self._left -= frame.length
        self._unflushed += frame.length
        frame.clear()

    def _end(self, status):
        self.status = status
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                pass  # what was flushed before is there
            self._file = None
