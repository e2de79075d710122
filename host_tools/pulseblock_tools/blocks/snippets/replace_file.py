"""A file that came in pieces, put in its place if it is whole."""

import os
from binascii import crc32


def run(path, size, crc):
    """Renames the file if it has this size and CRC-32; yields nothing.  ValueError if it has not."""
    own_size = own_crc = 0
    chunk = bytearray(1024)
    view = memoryview(chunk)
    with open(path + ".new", "rb") as file:
        got = file.readinto(chunk)
        while got:
            own_size += got
            own_crc = crc32(view[:got], own_crc)
            got = file.readinto(chunk)
    if (own_size, own_crc) != (size, crc):
        os.remove(path + ".new")
        raise ValueError("it did not arrive whole")
    os.rename(path + ".new", path)
    return iter(())
