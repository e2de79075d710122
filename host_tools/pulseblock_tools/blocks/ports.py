"""Which port a block is plugged in at, and why one cannot be opened, in words that help."""

import errno
import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pulseblock_tools.errors import BAD_INPUT, NO_BLOCK, NO_PERMISSION, PORT_BUSY, UserError

USB_IDS = {
    (0x2E8A, 0x0005): "Raspberry Pi Pico",
    (0x2341, 0x015E): "Arduino Nano RP2040 Connect",
    (0x2341, 0x025E): "Arduino Nano RP2040 Connect",
}
"""What MicroPython calls itself on USB, vendor and product, on the boards a block can be built with."""

_ABSENT = {errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ETIMEDOUT}
_BUSY = {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK}
_NO_SERIAL_PORT = {errno.ENOTTY, errno.EISDIR, errno.EINVAL}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


@dataclass(frozen=True)
class Port:
    """A port: ``device`` is what opens it, such as /dev/ttyACM0, COM3, socket://127.0.0.1:2000.

    ``board`` and ``serial_number`` are what USB says, where it says anything; the number is the block's id.
    """

    device: str
    board: str = ""
    serial_number: str = ""


def plugged_in() -> list[Port]:
    """The ports at which a board is plugged in that may be a block's, in the order of their names."""
    from serial.tools.list_ports import comports

    return sorted(
        (
            Port(found.device, USB_IDS[found.vid, found.pid], (found.serial_number or "").lower())
            for found in comports()
            if (found.vid, found.pid) in USB_IDS
        ),
        key=lambda port: port.device,
    )


def find(device: str | None, choose: Callable[[Sequence[Port]], Port] | None = None) -> Port:
    """The port called *device*; without a name the one at which a block is plugged in.

    *choose* is asked where there are several; without it that is an error, like having none.
    """
    found = plugged_in()
    if device is not None and not device.strip():
        raise UserError("--port is empty: name the port, or leave the option out", BAD_INPUT)
    if device is not None:
        return next((port for port in found if port.device == device), Port(device))
    if not found:
        raise UserError(
            "no block found: plug it in, with a cable that carries data, or name its port with --port",
            NO_BLOCK,
        )
    if len(found) == 1:
        return found[0]
    if choose is None:
        names = ", ".join(port.device for port in found)
        raise UserError(f"{len(found)} boards are plugged in: choose one with --port, of {names}", NO_BLOCK)
    return choose(found)


def refusal(device: str, error: Exception) -> UserError:
    """What to tell a user of *error*, which opening *device* raised."""
    number = _errno(error)
    if reason := _why_no_port(device, error, number):
        return UserError(f"{device} is no port: {reason}", BAD_INPUT)
    if os.name == "nt" and number == errno.EACCES:  # how Windows says that a port is open elsewhere
        number = errno.EBUSY
    if number in _FORBIDDEN:
        return UserError(f"you may not open {device}: {_permission_advice(device)}", NO_PERMISSION)
    if number in _BUSY:
        return busy(device)
    if number in _ABSENT:
        return UserError(f"there is nothing at {device}: {_presence_advice()}", NO_BLOCK)
    return UserError(f"{device} cannot be opened: {error}", NO_BLOCK)


def busy(device: str) -> UserError:
    """What to tell a user where another program holds *device*."""
    return UserError(
        f"another program uses {device}: close it (a terminal, an editor's serial monitor), then try again",
        PORT_BUSY,
    )


def _why_no_port(device: str, error: Exception, number: int | None) -> str:
    """Why *device* can never be a port; empty where it may be one at another time."""
    if device.startswith("socket://") and not re.fullmatch(r"socket://[^/]+:\d+/?", device):
        return "a socket is socket://HOST:PORT"
    if number in _NO_SERIAL_PORT:
        return "a block's is a serial port, such as /dev/ttyACM0"
    return str(error) if isinstance(error, ValueError) else ""


def _errno(error: BaseException | None) -> int | None:
    """The number of the OSError that is at the bottom of *error*: pyserial may leave it in its text only."""
    while error is not None:
        number = getattr(error, "errno", None)
        if number is None and (found := re.search(r"(?:\[Errno |Error\(|port: \()(\d+)", str(error))):
            number = int(found[1])
        if number is not None:
            return int(number)
        error = error.__cause__ or error.__context__
    return None


def _permission_advice(device: str) -> str:
    group = _owning_group(Path(device))
    if group is None:
        return "ask whoever looks after this computer, or see its rules for USB devices (udev)"
    return f"it belongs to the group {group}; run 'sudo usermod -aG {group} $USER', log out and in again"


def _owning_group(device: Path) -> str | None:
    """The group whose members may open *device*; None where being in one does not help."""
    try:
        status = device.stat()
    except OSError:
        return None
    needed = stat.S_IRGRP | stat.S_IWGRP
    if status.st_gid == 0 or status.st_mode & needed != needed:
        return None
    try:
        return device.group()
    except (KeyError, NotImplementedError):
        return str(status.st_gid)


def _presence_advice() -> str:
    names = ", ".join(port.device for port in plugged_in())
    return f"boards are plugged in at {names}" if names else "is the block plugged in, and the name right?"
