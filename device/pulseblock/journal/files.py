"""A folder of the board's file system: the edge at which the journal meets flash."""

import os
import random


class Files:
    """The files of one folder, made if it is missing.

    On littlefs `flush()` of an open file is the point from which its bytes survive a power cut, and `rename`
    replaces in one step.  OSError, whatever the port calls it, means that the file system refused.
    """

    def __init__(self, root):
        self.root = root
        try:
            os.stat(root)
        except OSError:
            os.mkdir(root)

    def _path(self, name):
        return self.root + "/" + name

    def open(self, name, mode):
        """Open a file of the folder, as the built-in does."""
        return open(self._path(name), mode)

    def names(self):
        """Return the names of all files: a list, so that files may be removed while it is walked."""
        return os.listdir(self.root)

    def size(self, name):
        """Return a file's size in bytes."""
        return os.stat(self._path(name))[6]

    def remove(self, name):
        """Remove a file."""
        os.remove(self._path(name))

    def rename(self, old, new):
        """Give a file another's name and place."""
        os.rename(self._path(old), self._path(new))

    def free(self):
        """Return the bytes the file system has left."""
        stat = os.statvfs(self.root)
        return stat[1] * stat[4]

    def draw(self):
        """Return a random number, 0..2^30-1, from the port's own seed."""
        return random.getrandbits(30)
