"""Runs in the virtual block's MicroPython before anything else: gives `os` what a board's `os` has."""

import os
import sys
import time
from collections import namedtuple

sys.path.append("/rom")

_posix_ilistdir = os.ilistdir
_posix_stat = os.stat


def _stat(path):
    """A plain tuple; the empty path is the current folder, as it is on a board."""
    return tuple(_posix_stat(path or "."))


def _ilistdir(path="."):
    """Entries as littlefs gives them: (name, type, inode, size in bytes)."""
    path = path or "."
    for name, kind, inode in _posix_ilistdir(path):
        yield (name, kind, inode, 0 if kind == 0x4000 else _stat(path + "/" + name)[6])


_Uname = namedtuple("uname", ("sysname", "nodename", "release", "version", "machine"))


def _uname():
    release = ".".join([str(part) for part in sys.implementation.version[:3]])
    return _Uname("webassembly", "webassembly", release, sys.version.split("; ")[1], "pulseblock virtual")


_float_time = time.time


def _time():
    """Whole seconds since 1970, as boards give them."""
    return int(_float_time())


os.ilistdir = _ilistdir
os.stat = _stat
os.uname = _uname
time.time = _time
