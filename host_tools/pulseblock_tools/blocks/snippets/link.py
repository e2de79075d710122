"""Sent first: how what snippets yield goes to the host, and how a block that is left alone goes back to work.

Other snippets are files with a function `run` whose arguments are ints, strings and bytes, and which yields
what the host shall get: buffers of at most 4096 bytes.
"""

import sys
from binascii import crc32
from struct import pack

import machine

pulseblock_guard = machine.Timer(-1) if hasattr(machine, "Timer") else None


def pulseblock_watch(guard_ms):
    """Restart the board once the host has been silent for so long: its cable was pulled, the app must run."""
    if pulseblock_guard:
        pulseblock_guard.init(
            mode=machine.Timer.ONE_SHOT, period=guard_ms, callback=lambda _: machine.reset()
        )


def pulseblock_send(parts, guard_ms):
    """Send each part: magic, number, length, CRC-32 of number, length, part; part.  Length FFFF ends it."""
    number = 0
    pulseblock_watch(guard_ms)
    for part in parts:
        pulseblock_frame(number, len(part), part)
        number = number + 1 & 0xFFFF
        pulseblock_watch(guard_ms)
    pulseblock_frame(number, 0xFFFF, b"")


def pulseblock_frame(number, length, part):
    """Send one part."""
    head = pack("<HH", number, length)
    sys.stdout.buffer.write(b"\x10PB" + head + pack("<I", crc32(part, crc32(head))))
    sys.stdout.buffer.write(part)
