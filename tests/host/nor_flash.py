"""A littlefs of a Pico's geometry on flash whose every program and erase is kept, to be cut anywhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from littlefs import LittleFS, LittleFSError, UserContext, lfs

BLOCK = 4096
BLOCKS = 24
GEOMETRY: dict[str, int] = {  # of MicroPython's littlefs on an RP2040
    "block_size": BLOCK,
    "block_count": BLOCKS,
    "read_size": 32,
    "prog_size": 256,
    "cache_size": 1024,
    "lookahead_size": 32,
    "block_cycles": 100,
}


@dataclass(frozen=True)
class Operation:
    """A program (``data`` at byte ``at``) or, with no data, the erase of a block."""

    at: int
    data: bytes | None

    def apply(self, image: bytearray) -> None:
        image[self.at : self.at + self.length] = self.result

    @property
    def length(self) -> int:
        return BLOCK if self.data is None else len(self.data)

    @property
    def result(self) -> bytes:
        return b"\xff" * BLOCK if self.data is None else self.data

    def cut(self, image: bytearray) -> Iterator[bytearray]:
        """What may be left of *image* when power is cut within the operation."""
        before = bytes(image[self.at : self.at + self.length])
        chance = random.Random(self.at)
        noise = bytes(chance.randrange(256) for _ in range(self.length))
        begun = bytes(a | b & c for a, b, c in zip(self.result, before, noise, strict=True))
        halfway = self.length // 2
        for left in (
            self.result[:1] + before[1:],
            self.result[:halfway] + before[halfway:],
            self.result[:-1] + before[-1:],
            noise if self.data is None else begun,
        ):
            cut = bytearray(image)
            cut[self.at : self.at + self.length] = left
            yield cut


class NorFlash(UserContext):
    """Flash that refuses to program what is not erased, and keeps every operation in ``operations``."""

    def __init__(self, image: bytes | bytearray | None = None) -> None:
        super().__init__(buffer=bytearray(image or b"\xff" * BLOCK * BLOCKS))
        self.operations: list[Operation] = []
        self.start = bytes(self.buffer)

    def prog(self, _: Any, block: int, off: int, data: bytes) -> int:
        at = block * BLOCK + off
        assert self.buffer[at : at + len(data)] == b"\xff" * len(data), "programmed twice"
        return self._do(Operation(at, bytes(data)))

    def erase(self, _: Any, block: int) -> int:
        return self._do(Operation(block * BLOCK, None))

    def _do(self, operation: Operation) -> int:
        self.operations.append(operation)
        operation.apply(self.buffer)
        return 0

    def mounted(self) -> LittleFS:
        """The file system on it; raises if there is none that can be mounted."""
        fs = LittleFS(context=self, mount=False, **GEOMETRY)
        fs.mount()
        return fs

    def formatted(self) -> NorFlash:
        """The flash with an empty file system on it, and nothing in ``operations``."""
        fs = LittleFS(context=self, mount=False, **GEOMETRY)
        fs.format()
        self.operations.clear()
        self.start = bytes(self.buffer)
        return self

    def cuts(self, every: int = 1) -> Iterator[tuple[int, bytearray]]:
        """Each state in which a power cut can leave the flash, with the number of operations completed.

        *every*: only each so many-th operation is cut.
        """
        image = bytearray(self.start)
        for done, operation in enumerate(self.operations):
            if done % every == 0:
                yield done, bytearray(image)
                for left in operation.cut(image):
                    yield done, left
            operation.apply(image)
        yield len(self.operations), image


class LittleFSFolder:
    """In place of `pulseblock.journal.files.Files`: the root of a littlefs."""

    def __init__(self, fs: LittleFS) -> None:
        self.fs = fs
        self._files: list[_File] = []  # littlefs knows what is open: it must outlive whoever forgets it

    def open(self, name: str, mode: str) -> _File:
        file = _File(self.fs, name, mode)
        self._files.append(file)
        return file

    def names(self) -> list[str]:
        return [str(name) for name in _told(self.fs.listdir, "/")]

    def size(self, name: str) -> int:
        return int(_told(self.fs.stat, name).size)

    def remove(self, name: str) -> None:
        _told(self.fs.remove, name)

    def rename(self, old: str, new: str) -> None:
        _told(self.fs.rename, old, new)

    def free(self) -> int:
        return int((BLOCKS - self.fs.used_block_count) * BLOCK)

    def draw(self) -> int:
        return 4711

    def read(self, name: str) -> bytes:
        with self.open(name, "rb") as file:
            return file.read(-1)


class _File:
    """An open file with MicroPython's meaning of write, flush and close, and no buffer of its own."""

    def __init__(self, fs: LittleFS, name: str, mode: str) -> None:
        self._fs = fs.fs
        self._handle = _told(lfs.file_open, self._fs, name, mode.replace("b", ""))
        self._closed = False

    def _do(self, call: Any, *arguments: Any) -> Any:
        if self._closed:
            raise ValueError("I/O operation on closed file")
        return _told(call, self._fs, self._handle, *arguments)

    def write(self, data: Any) -> int:
        return int(self._do(lfs.file_write, bytes(data)))

    def flush(self) -> None:
        self._do(lfs.file_sync)

    def seek(self, position: int) -> None:
        self._do(lfs.file_seek, position, 0)

    def read(self, count: int) -> bytes:
        return bytes(self._do(lfs.file_read, self._do(lfs.file_size) if count < 0 else count))

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self._closed:
            self._do(lfs.file_close)
            self._closed = True

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _told(call: Any, *arguments: Any) -> Any:
    """Call littlefs; its errors are OSErrors, as on the board."""
    try:
        return call(*arguments)
    except LittleFSError as error:
        raise OSError(-error.code, str(error)) from error
    except FileNotFoundError as error:
        raise OSError(2, str(error)) from error
