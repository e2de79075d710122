"""Files that are of no use any more, removed, and the folders that become empty by that."""

import os


def run(paths, below):
    """Removes the files `paths` (one a line), and then empty folders within `below`; yields nothing.

    A path that ends with a slash is that of a folder, which goes if it is empty.
    """
    for path in paths.split("\n"):
        if path[-1] != "/":
            os.remove(path)
        folder = path.rpartition("/")[0]
        while folder.startswith(below + "/"):
            try:
                os.rmdir(folder)
            except OSError:
                break  # there is more in it
            folder = folder.rpartition("/")[0]
    return iter(())
