"""Telemetry goes out while somebody asks for it, and never waits for one who has gone."""

from fakes.expect import without_heap

from pulseblock.telemetry import SIZE
from pulseblock.usb_listener import LEASE_MS, PACKET, START, STOP, SYNC, WIRE_SIZE, UsbListener, wrap

RUNTIMES = ("cpython", "micropython", "installed")

FRAME = bytes(range(SIZE))
BUFFER = 256  # CFG_TUD_CDC_TX_BUFSIZE of MicroPython


class Stream:
    """One end of a serial port; ``buffer`` is itself.  ``room`` is for bytes that nobody has read."""

    def __init__(self):
        self.buffer = self
        self.arrived = bytearray()
        self.sent = bytearray(PACKET)
        self.writes = 0
        self.room = BUFFER

    def readinto(self, into):
        assert self.arrived, "it would wait"
        into[0] = self.arrived[0]
        self.arrived = self.arrived[1:]
        return 1

    def write(self, data):
        assert len(data) <= self.room, "it would wait"
        self.room -= len(data)
        for i in range(len(data)):
            self.sent[i] = data[i]
        self.writes += 1


class Select:
    """MicroPython's `select`, for such streams."""

    POLLIN = 1
    POLLOUT = 4

    class poll:
        def register(self, stream, events):
            self._stream = stream
            self._events = events

        def ipoll(self, timeout_ms):
            assert timeout_ms == 0
            stream = self._stream
            ready = stream.arrived if self._events == Select.POLLIN else stream.room
            return READY if ready else NOT_READY


READY = ((None, 1),)
NOT_READY = ()


class Port:
    def __init__(self):
        self.stdin = Stream()
        self.stdout = Stream()
        self.ms = 0
        self.listener = UsbListener(self.stdin, self.stdout, Select, lambda: self.ms)

    def type(self, *keys):
        self.stdin.arrived += bytes(keys)
        return [self.listener.listens() for _ in keys][-1]


def test_nobody_listens_until_somebody_asks():
    port = Port()
    assert not port.listener.listens()
    assert not port.type(ord("a"), ord("\r"))
    assert port.type(START)
    assert port.listener.listens()


def test_it_ends_at_once_when_told():
    port = Port()
    assert port.type(START)
    assert not port.type(STOP)


def test_it_ends_by_itself_when_nobody_asks_again():
    port = Port()
    port.ms = (1 << 30) - 1000  # ticks wrap on the way
    assert port.type(START)
    port.ms = LEASE_MS - 1001
    assert port.listener.listens()
    port.ms += 1
    assert not port.listener.listens()
    assert port.type(START)


def test_a_frame_goes_out_between_sync_and_sum():
    port = Port()
    port.listener.send(FRAME)
    sent = bytes(port.stdout.sent)
    assert sent[:2] == SYNC
    assert sent[2 : 2 + SIZE] == FRAME
    assert sent[2 + SIZE] | sent[3 + SIZE] << 8 == sum(FRAME)
    assert WIRE_SIZE == SIZE + 4
    assert sent[WIRE_SIZE:] == bytes(PACKET - WIRE_SIZE)


def test_the_largest_sum_fits():
    wire = bytearray(WIRE_SIZE)
    wrap(b"\xff" * SIZE, wire)
    assert wire[-2] | wire[-1] << 8 == 255 * SIZE


def test_frames_for_which_there_is_no_room_are_dropped():
    port = Port()
    for _ in range(100):
        port.listener.send(FRAME)
    assert port.stdout.writes == BUFFER // PACKET
    port.stdout.room = BUFFER
    port.listener.send(FRAME)
    assert port.stdout.writes == BUFFER // PACKET + 1


def test_listening_and_sending_allocate_nothing():
    port = Port()
    port.type(START)
    frame = bytearray(FRAME)

    def ticks():
        for _ in range(100):
            port.listener.listens()
            port.listener.send(frame)
            port.stdout.room = BUFFER

    without_heap(ticks)
    assert port.stdout.writes == 100
