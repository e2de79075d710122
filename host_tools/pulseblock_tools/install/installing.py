"""What is on a board made into what shall be there: files that differ copied, those that are stale removed.

Each file is the old one or the new one, whole, whenever the cable is pulled or power fails.  /main.py goes
first and comes last, so that nothing starts of which some is old and some is new.  To go on is to begin
again: what is there already is left alone.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pulseblock_tools.blocks import Block
from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.errors import FAILED, WRONG_FIRMWARE, UserError
from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import EMIT, Target, compile_module
from pulseblock_tools.install.slimming import slim

OLDEST_MICROPYTHON = (1, 25)
"""The first whose ``vfs.mount()`` tells what file system a board has."""

_LIBRARY = "/lib/pulseblock"
_HIDING = "/pulseblock"  # MicroPython would import this one first, and one that is empty as well
_MAIN = "/main.py"
_LAST = ("/lib/pulseblock/__init__.mpy", "/board", _MAIN)
_STRAY = (f"{_HIDING}.py", f"{_HIDING}.mpy")
_HALVES = tuple(f"{path}.new" for path in ("/board", _MAIN, "/settings.json", "/parts.json"))
_FOREIGN_MAIN = "/main-before.py"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What was done: paths on the board, and bytes; ``kept`` is where another program's /main.py is now."""

    board: str
    copied: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    copied_bytes: int
    total_bytes: int
    kept: str | None


@dataclass(frozen=True)
class Space:
    """A board's flash: sizes of its file system in bytes, and `sys.implementation._mpy`."""

    block: int
    total: int
    free: int
    mpy: int

    @classmethod
    def of(cls, block: Block) -> "Space":
        """Ask a board."""
        said = block.ask("flash_space")
        numbers = [said.get(name) for name in ("block", "blocks", "free", "mpy")] if _is_object(said) else []
        if len(numbers) != 4 or any(type(n) is not int or n < 0 for n in numbers) or not numbers[0]:
            raise Garbled(f"what the board at {block.port.device} says of its flash makes no sense")
        size, blocks, free, mpy = numbers
        return cls(size, size * blocks, size * free, mpy)

    def of_files(self, sizes: list[int]) -> int:
        """How much of the flash files of these sizes take at most."""
        return sum(-(-size // self.block) * self.block for size in sizes)


def check_micropython(block: Block) -> None:
    """Raise UserError where the board's MicroPython is older than the firmware can do with."""
    version = re.match(r"(\d{1,4})\.(\d{1,4})", block.about.micropython)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_MICROPYTHON:
        oldest = ".".join(map(str, OLDEST_MICROPYTHON))
        raise UserError(
            f"the board at {block.port.device} runs MicroPython {block.about.micropython}, and {oldest} is "
            "the oldest that will do: put a newer one on it",
            WRONG_FIRMWARE,
        )


def contents(board: str, target: Target) -> dict[str, bytes]:
    """Everything that shall be on the board, by path, in the order in which it is copied."""
    files = {"/board": f"{board}\n".encode(), _MAIN: firmware.MAIN.read_bytes()}
    for name, source in slim(firmware.sources(board), firmware.programs(), typed=EMIT).items():
        files[firmware.place(name)] = compile_module(name, source, target)
    return dict(sorted(files.items(), key=lambda file: _LAST.index(file[0]) + 1 if file[0] in _LAST else 0))


def install(block: Block, board: str, progress: Progress) -> Outcome:
    """Put the firmware for `board` on the board; its app is not restarted.

    `progress` takes the bytes copied, and how many there are.
    """
    check_micropython(block)
    space = Space.of(block)
    wanted = contents(board, Target.of(space.mpy))
    there = _what_is_there(block)
    differing = {path: data for path, data in wanted.items() if there.get(path, (0, ""))[1] != _hash(data)}
    stale = [path for path in there if path not in wanted and path.removesuffix(".new") not in differing]
    if differing or stale:
        differing[_MAIN] = wanted[_MAIN]
    needed = space.of_files([len(data) for data in differing.values()])
    freed = space.of_files([there[path][0] for path in stale])
    _check_space(space, needed, freed)
    kept = _keep_foreign_main(block, there) if differing else None
    if differing and _MAIN in there:
        _remove(block, [_MAIN])
    if tight := needed > space.free:
        _remove(block, stale)
    total = sum(map(len, differing.values()))
    done = 0
    for path, data in differing.items():
        if path == _MAIN and not tight:
            _remove(block, stale)
        progress(done, total)
        block.write_file(path, data)
        done += len(data)
    progress(done, total)
    block.firmware_changed()
    size = sum(map(len, wanted.values()))
    unchanged = len(wanted) - len(differing)
    return Outcome(board, tuple(differing), tuple(stale), unchanged, total, size, kept)


def _what_is_there(block: Block) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of what is on the board of ours, or in its way."""
    found: dict[str, tuple[int, str]] = {}
    names = " ".join([*_LAST[1:], *_HALVES, *_STRAY])
    folders = (_LIBRARY, _HIDING)
    for line in block.do("hash_files", folders=" ".join(folders), files=names).splitlines():
        try:
            path, size, digest = json.loads(line)
        except (ValueError, TypeError):
            path = size = digest = None
        ours = isinstance(path, str) and (
            path.startswith(tuple(f"{folder}/" for folder in folders)) or path in names.split()
        )
        if not ours or type(size) is not int or size < 0 or not isinstance(digest, str):
            raise Garbled(f"what the board at {block.port.device} says of its files makes no sense")
        found[path] = (size, digest)
    return found


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check_space(space: Space, needed: int, freed: int) -> None:
    spare = 4 * space.block  # folders, and the file that is there twice for a moment
    missing = needed + spare - space.free - freed
    if missing > 0:
        raise UserError(
            f"the board's flash lacks {-(-missing // 1024)} KiB: 'pulseblock sync' what it has recorded, "
            "or remove files of yours with 'mpremote rm'",
            FAILED,
        )


def _remove(block: Block, paths: list[str]) -> None:
    if paths:
        block.do("remove_files", paths="\n".join(paths), below="")


def _keep_foreign_main(block: Block, there: dict[str, tuple[int, str]]) -> str | None:
    """Put the /main.py of another program aside; None where there is none."""
    before = block.read_file(_MAIN) if _MAIN in there else None
    if before is None or b"pulseblock" in before:
        return None
    block.write_file(_FOREIGN_MAIN, before)
    return _FOREIGN_MAIN


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)
