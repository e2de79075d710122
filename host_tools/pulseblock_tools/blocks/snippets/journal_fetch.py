"""What the host lacks of the journal's segments."""

from binascii import crc32
from struct import pack_into, unpack_from

from pulseblock.journal.files import Files
from pulseblock.journal.segments import name_of

_DATA = 4080  # whole records, so that what has arrived when the cable is pulled ends with one


def run(root, wanted):
    """Yields segments from where the host's knowledge ends.

    `wanted` names each by three u32: the number of its file, a position, the CRC-32 of what the host has
    before that.  For each come b"S", the file's number and the position from which on it is sent, 0 if the
    CRC is another, both u32; b"D" and bytes, again and again; b"E" at its end, or b"X" where flash cannot be
    read.
    """
    files = Files(root)
    chunk = memoryview(bytearray(1 + _DATA))
    data = chunk[1:]
    for at in range(0, len(wanted), 12):
        number, position, crc = unpack_from("<III", wanted, at)
        try:
            with files.open(name_of(number), "rb") as file:
                if _crc(file, position, data) != crc:
                    position = 0
                    file.seek(0)
                chunk[0] = ord("S")
                pack_into("<II", chunk, 1, number, position)
                yield chunk[:9]
                chunk[0] = ord("D")
                size = file.readinto(data)
                while size:
                    yield chunk[: 1 + size]
                    size = file.readinto(data)
            yield b"E"
        except OSError:
            yield b"X"


def _crc(file, size, data):
    """The CRC-32 of the next `size` bytes of `file`, read through `data`; -1 if there are not so many."""
    crc = 0
    while size:
        got = file.readinto(data[: min(size, _DATA)])
        if not got:
            return -1
        crc = crc32(data[:got], crc)
        size -= got
    return crc
