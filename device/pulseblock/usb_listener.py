"""Telemetry over the USB port, for as long as the program at its other end keeps asking for it.

That program sends `START` and, at least once in `LEASE_MS`, `START` again; `STOP` ends it at once.  Neither
means anything to MicroPython's prompt.  A pulled cable or a program that died ends it too, so that nothing
waits for a reader who has gone.

On the wire a frame is `SYNC`, the frame of `pulseblock.telemetry`, and the sum of its bytes as uint16,
little-endian; zeros follow, up to `PACKET` bytes.  MicroPython tells that its buffer of 256 bytes has room,
not how much, and waits half a second for what does not fit: of packets as long as USB's own, all fit or none.
"""

from micropython import const

from pulseblock.telemetry import SIZE
from pulseblock.ticks import ticks_diff

START = const(0x11)  # ASCII's names for them are DC1 and DC3, X-ON and X-OFF
STOP = const(0x13)
SYNC = b"\x10T"
LEASE_MS = const(3000)
WIRE_SIZE = const(35)
PACKET = const(64)


def wrap(frame, wire):
    """Begin ``wire``, a bytearray of `WIRE_SIZE` or more, with a frame as it goes over the wire."""
    total = sum(frame)
    wire[0] = SYNC[0]
    wire[1] = SYNC[1]
    for i in range(SIZE):
        wire[2 + i] = frame[i]
    wire[SIZE + 2] = total & 0xFF
    wire[SIZE + 3] = total >> 8


class UsbListener:
    """Whoever listens at the USB port.

    ``stdin`` and ``stdout`` are those of MicroPython's `sys`, ``select`` its module, ``ticks_ms`` a clock.
    A listener who does not keep up misses frames.
    """

    def __init__(self, stdin, stdout, select, ticks_ms):
        self._readinto = stdin.buffer.readinto
        self._write = stdout.buffer.write
        self._incoming = select.poll()
        self._incoming.register(stdin, select.POLLIN)
        self._outgoing = select.poll()
        self._outgoing.register(stdout, select.POLLOUT)
        self._ticks_ms = ticks_ms
        self._byte = bytearray(1)
        self._wire = bytearray(PACKET)
        self._asked_ms = 0
        self._listens = False

    def listens(self):
        """Whether somebody does; takes one byte that has arrived, if there is one."""
        for _ in self._incoming.ipoll(0):
            self._readinto(self._byte)
            if self._byte[0] == START:
                self._listens = True
                self._asked_ms = self._ticks_ms()
            elif self._byte[0] == STOP:
                self._listens = False
        if self._listens and ticks_diff(self._ticks_ms(), self._asked_ms) >= LEASE_MS:
            self._listens = False
        return self._listens

    def send(self, frame):
        """Send a frame, unless the port is full."""
        for _ in self._outgoing.ipoll(0):
            wrap(frame, self._wire)
            self._write(self._wire)


def at_port(ticks_ms):
    """The listener at this board's own port."""
    import select
    import sys

    return UsbListener(sys.stdin, sys.stdout, select, ticks_ms)
