"""A piece of a file, put down beside the file that it will replace."""

import os
from binascii import a2b_base64


def run(path, at, piece):
    """Appends the piece, base64, at position `at`; yields nothing.  ValueError if one before is missing."""
    if at == 0:
        for i in range(1, len(path)):
            if path[i] == "/":
                try:
                    os.mkdir(path[:i])
                except OSError:
                    pass  # it is there, or open() will say what is wrong
    elif os.stat(path + ".new")[6] != at:
        raise ValueError("a piece is missing")
    with open(path + ".new", "wb" if at == 0 else "ab") as file:
        file.write(a2b_base64(piece))
    return iter(())
