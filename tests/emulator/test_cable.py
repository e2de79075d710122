"""The emulated USB cable, with the test as the firmware at its one end, and pyserial at the other."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial
from rp2040py.rp2040 import RP2040
from rp2040py.usb.cdc import USBCDC

from emulator.cable import Cable
from emulator.chip import bare_chip

# RP2040 data sheet, section 4.1.3 and 4.1.4
_DPRAM, _REGISTERS = 0x50100000, 0x50110000
_MAIN_CTRL, _SIE_STATUS, _BUFF_STATUS = 0x40, 0x50, 0x58
_BUS_RESET = 1 << 19
_AVAILABLE = 1 << 10
_EP0_IN, _EP2_IN, _EP2_OUT = 0x80, 0x90, 0x94
_EP2_IN_CONTROL, _EP2_OUT_CONTROL = 0x10, 0x14
_EP0_DATA, _IN_DATA, _OUT_DATA = 0x100, 0x180, 0x1C0
_OUT_READY = 1 << 5

_PACKET = 64
_US = 1000
_MS = 1000 * _US

# USB 2.0, section 9.6, and CDC 1.2: a configuration, its control interface, its data interface
_INTERFACES = bytes([9, 4, 0, 0, 0, 2, 2, 0, 0, 9, 4, 1, 0, 2, 10, 0, 0, 0])
_ENDPOINTS = bytes([7, 5, 0x82, 2, 64, 0, 0, 7, 5, 0x02, 2, 64, 0, 0])
_LENGTH = 9 + len(_INTERFACES) + len(_ENDPOINTS)
_CONFIGURATION = bytes([9, 2, _LENGTH, 0, 2, 1, 0, 128, 50]) + _INTERFACES + _ENDPOINTS


class Firmware:
    """A chip that says what MicroPython's USB stack says."""

    def __init__(self, port: Path) -> None:
        self.port = port
        self.chip: RP2040 = bare_chip()
        self.cable = Cable(USBCDC(self.chip.usb_ctrl), port)

    def enumerate(self) -> None:
        """Be found by the host."""
        self._set(_REGISTERS + _MAIN_CTRL, 1)
        self.chip.clock.tick(20 * _MS)
        self._set(_REGISTERS + _SIE_STATUS, _BUS_RESET)
        for answer in (b"", _CONFIGURATION[:9], _CONFIGURATION, b"", b""):
            self._put(_EP0_DATA, _EP0_IN, answer)
        self._set(_DPRAM + _EP2_IN_CONTROL, 1 << 31 | _IN_DATA)
        self._set(_DPRAM + _EP2_OUT_CONTROL, 1 << 31 | _OUT_DATA)

    def say(self, data: bytes) -> None:
        """Send a packet."""
        self._put(_IN_DATA, _EP2_IN, data)
        self.cable.exchange()

    def listen(self) -> None:
        """Ask for a packet."""
        self._set(_REGISTERS + _BUFF_STATUS, 0xFFFFFFFF)
        self._set(_DPRAM + _EP2_OUT, _AVAILABLE | _PACKET)

    def heard(self) -> bytes | None:
        """The packet that was asked for; None while there is none."""
        self.cable.exchange()
        self.chip.clock.tick(_MS)
        if not self.chip.read_uint32(_REGISTERS + _BUFF_STATUS) & _OUT_READY:
            return None
        length = self.chip.read_uint32(_DPRAM + _EP2_OUT) & 0x3FF
        return bytes(self.chip.usb_dpram[_OUT_DATA : _OUT_DATA + length])

    def _put(self, at: int, control: int, data: bytes) -> None:
        self.chip.usb_dpram[at : at + len(data)] = data
        self._set(_DPRAM + control, _AVAILABLE | len(data))
        self.chip.clock.tick(100 * _US)

    def _set(self, address: int, value: int) -> None:
        self.chip.write_uint32(address, value)


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "ttyACM0"


@pytest.fixture
def firmware(port: Path) -> Iterator[Firmware]:
    firmware = Firmware(port)
    firmware.enumerate()
    yield firmware
    firmware.cable.close()


@pytest.fixture
def host(firmware: Firmware) -> Iterator[serial.Serial]:
    with serial.Serial(str(firmware.port), 115200, timeout=5, exclusive=True) as host:
        yield host


def test_bytes_go_both_ways_as_they_are(firmware: Firmware, host: serial.Serial) -> None:
    firmware.say(b"\x00\r\n\x03\x04\x11\xff")
    assert host.read(7) == b"\x00\r\n\x03\x04\x11\xff"
    firmware.listen()
    host.write(b"\r\x03\n\x13\x7f")
    assert firmware.heard() == b"\r\x03\n\x13\x7f"


def test_a_host_that_says_nothing_sends_no_packet(firmware: Firmware, host: serial.Serial) -> None:
    firmware.listen()
    assert [firmware.heard() for _ in range(20)] == [None] * 20
    host.write(b"x")
    assert firmware.heard() == b"x"


def test_much_is_said_in_packets(firmware: Firmware, host: serial.Serial) -> None:
    said = os.urandom(20_000)
    writing = threading.Thread(target=host.write, args=(said,))
    writing.start()
    heard = b""
    firmware.listen()
    while len(heard) < len(said):
        packet = firmware.heard()
        assert packet is None or 0 < len(packet) <= _PACKET
        if packet:
            heard += packet
            firmware.listen()
    writing.join()
    assert heard == said


def test_much_is_heard_by_a_slow_host(firmware: Firmware, host: serial.Serial) -> None:
    said = os.urandom(20_000)
    for at in range(0, len(said), _PACKET):
        firmware.say(said[at : at + _PACKET])
    heard = b""
    while len(heard) < len(said):
        heard += host.read(min(500, len(said) - len(heard)))
        firmware.cable.exchange()
    assert heard == said


def test_the_port_is_the_same_after_a_reset(firmware: Firmware, host: serial.Serial) -> None:
    firmware.listen()
    firmware.chip.enter_reset(from_watchdog=False)
    host.write(b"lost")
    assert firmware.heard() is None
    firmware.enumerate()
    firmware.say(b"again")
    assert host.read(5) == b"again"
    firmware.listen()
    host.write(b"heard")
    assert firmware.heard() == b"heard"


def test_nobody_hears_what_was_said_before_they_came(firmware: Firmware, port: Path) -> None:
    firmware.say(b"early")
    with serial.Serial(str(port), 115200, timeout=0.2) as host:
        firmware.say(b"late")
        assert host.read(9) == b"late"


def test_power_may_come_back_at_the_same_port(firmware: Firmware, port: Path) -> None:
    firmware.cable.close()
    again = Firmware(port)
    again.enumerate()
    with serial.Serial(str(port), 115200, timeout=5) as host:
        again.say(b"back")
        assert host.read(4) == b"back"
