"""A folder on a disk that takes bytes one by one, to be cut at any of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

Change = tuple[str, str, bytes]  # what ("write", "make", "remove", "rename"), file, bytes or new name


class PlainDisk:
    """In place of `pulseblock.journal.files.Files`: written through, as FAT or a desktop does it at worst.

    Every change is kept in ``changes``; ``kept`` is the outcome.
    """

    def __init__(self, kept: dict[str, bytes] | None = None) -> None:
        self.kept = dict(kept or {})
        self.changes: list[Change] = []

    def do(self, change: Change) -> None:
        self.changes.append(change)
        apply(change, self.kept)

    def cuts(self) -> Iterator[tuple[int, PlainDisk]]:
        """The disk as a power cut can leave it, after each byte, and how many changes were done."""
        kept: dict[str, bytes] = {}
        for done, change in enumerate(self.changes):
            what, name, data = change
            yield done, PlainDisk(kept)
            if what == "write":
                for end in range(1, len(data)):
                    yield done, PlainDisk({**kept, name: kept[name] + data[:end]})
            apply(change, kept)
        yield len(self.changes), PlainDisk(kept)

    def open(self, name: str, mode: str) -> io.BytesIO | _Writing:
        if mode != "rb":
            return _Writing(self, name, mode)
        if name not in self.kept:
            raise OSError(2, name)
        return io.BytesIO(self.kept[name])

    def names(self) -> list[str]:
        return list(self.kept)

    def size(self, name: str) -> int:
        return len(self.kept[name])

    def read(self, name: str) -> bytes:
        return self.kept[name]

    def remove(self, name: str) -> None:
        self.do(("remove", name, b""))

    def rename(self, old: str, new: str) -> None:
        self.do(("rename", old, new.encode()))

    def free(self) -> int:
        return 1 << 20

    def draw(self) -> int:
        return 4711


class _Writing:
    def __init__(self, disk: PlainDisk, name: str, mode: str) -> None:
        self._disk = disk
        self._name = name
        if mode == "wb":
            disk.do(("make", name, b""))

    def write(self, data: Any) -> int:
        self._disk.do(("write", self._name, bytes(data)))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def apply(change: Change, kept: dict[str, bytes]) -> None:
    what, name, data = change
    if what == "write":
        kept[name] += data
    elif what == "make":
        kept[name] = b""
    elif what == "remove":
        del kept[name]
    else:
        kept[data.decode()] = kept.pop(name)
