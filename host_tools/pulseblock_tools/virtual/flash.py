"""The virtual block's flash: the files that survive a restart or a power cut, kept on the host.

littlefs makes a file's new content durable at flush() or close(), all of it or nothing; creating,
renaming and removing are durable at once.  The running interpreter reports each such change, and nothing
else reaches this memory: when power is cut, what was written since the last flush never happened.
"""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

BLOCK_BYTES = 4096
PICO_BLOCKS = 1408 * 1024 // BLOCK_BYTES  # the file system's share of a Raspberry Pi Pico's 2 MiB


class PowerCut(Exception):
    """Power was cut, as asked by ``Flash.cut_after``."""


class Flash:
    """Files and folders by absolute path; ``capacity`` in blocks of 4096 bytes."""

    def __init__(self, capacity: int = PICO_BLOCKS) -> None:
        self.capacity = capacity
        self.files: dict[str, bytes] = {}
        self.folders: set[str] = set()
        self.changes = 0  # durable changes so far
        self._cut_at: int | None = None

    def write(self, path: str, contents: bytes) -> None:
        """Put a file there, and the folders it needs, while no interpreter runs on this flash."""
        for parent in PurePosixPath(path).parents[:-1]:
            self.folders.add(str(parent))
        self.files[path] = contents

    def copy_tree(self, folder: Path, to: str = "/") -> None:
        """Put a host folder's files below ``to``, all but what Python caches."""
        for path, contents in tree(folder, to).items():
            self.write(path, contents)

    def cut_after(self, changes: int) -> None:
        """Cut power when that many more changes are durable; the next one is lost, with all after it."""
        self._cut_at = self.changes + changes

    def apply(self, change: str, fields: Mapping[str, Any], data: bytes) -> None:
        """Take a durable change from the interpreter.

        Raises PowerCut where ``cut_after`` says so, and forgets about it.
        """
        if self.changes == self._cut_at:
            self._cut_at = None
            raise PowerCut
        self.changes += 1
        path = fields["path"]
        match change:
            case "commit":
                self.files[path] = self.files[path][: fields["from"]] + data
            case "create":
                self.files[path] = b""
            case "mkdir":
                self.folders.add(path)
            case "remove":
                del self.files[path]
            case "rmdir":
                self.folders.discard(path)
            case "rename":
                self._rename(path, fields["to"])

    def _rename(self, path: str, to: str) -> None:
        def moved(name: str) -> str:
            return to + name[len(path) :] if name == path or name.startswith(path + "/") else name

        if path in self.files:  # replaces a file of that name
            self.files[to] = self.files.pop(path)
        else:
            self.files = {moved(name): contents for name, contents in self.files.items()}
            self.folders = {moved(name) for name in self.folders}


def tree(folder: Path, to: str = "/") -> dict[str, bytes]:
    """Contents of a host folder's files by their path below ``to``, in a fixed order."""
    return {
        str(PurePosixPath(to) / path.relative_to(folder).as_posix()): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
