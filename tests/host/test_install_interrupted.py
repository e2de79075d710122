"""Install interrupted at each word that goes to the board: begun again, it ends as if nothing had been."""

import base64
import hashlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from zlib import crc32

import pytest

from pulseblock_tools.blocks import Block, Port
from pulseblock_tools.blocks.about import About
from pulseblock_tools.blocks.block import Value
from pulseblock_tools.blocks.link import LostConnection
from pulseblock_tools.install import installing
from pulseblock_tools.install.compiling import Target

LIBRARY = "/lib/pulseblock"
OLD = {
    "/main.py": b"import pulseblock  # old",
    "/board": b"pico_fsr\n",
    f"{LIBRARY}/__init__.mpy": b"old package",
    f"{LIBRARY}/app.mpy": b"old app",
    f"{LIBRARY}/same.mpy": b"same",
    f"{LIBRARY}/app.py": b"which would hide app.mpy",
    f"{LIBRARY}/gone/away.mpy": b"not needed any more",
    "/pulseblock/app.py": b"which would hide all of that",
    "/pulseblock.py": b"and this too",
}
OF_THE_WEARER = {"/settings.json": b'{"sound": 0}', "/journal/00000001.pbj": bytes(500), "/parts.json": b"{}"}
WANTED = {
    f"{LIBRARY}/app.mpy": bytes(range(256)) * 30,  # three pieces
    f"{LIBRARY}/core/judge.mpy": b"new judge",
    f"{LIBRARY}/same.mpy": b"same",
    f"{LIBRARY}/__init__.mpy": b"new package",
    "/board": b"pico_hx711\n",
    "/main.py": b"import pulseblock  # new",
}


class Board(Block):
    """A board whose cable is pulled before its snippet number ``cut_at``; snippets are all-or-nothing."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.port = Port("/dev/board")
        self.files = files
        self.cut_at: int | None = None
        self.asked = 0
        self.__dict__["about"] = About("00", "1.29.0", "a Pico", "VfsLfs2", "0.1.0", "pico_hx711")

    def do(self, name: str, answer_s: float | None = None, **values: Value) -> bytes:
        return b"".join(self.run_snippet(name, answer_s, **values))

    def run_snippet(
        self,
        name: str,
        answer_s: float | None = None,  # noqa: ARG002
        **values: Value,
    ) -> Iterator[bytes]:
        if self.asked == self.cut_at:
            raise LostConnection("pulled")
        self.asked += 1
        v = SimpleNamespace(**values)
        files = self.files
        match name:
            case "flash_space":
                yield json.dumps({"block": 4096, "blocks": 352, "free": 200, "mpy": 0x1306}).encode()
            case "hash_files":
                for path, data in files.items():
                    below = tuple(f"{folder}/" for folder in v.folders.split())
                    if path.startswith(below) or path in v.files.split():
                        line = json.dumps([path, len(data), hashlib.sha256(data).hexdigest()])
                        yield f"{line}\n".encode()
            case "read_file":
                yield from [b"found", files[v.path]] if v.path in files else [b"none"]
            case "write_file":
                before = files.get(f"{v.path}.new", b"") if v.at else b""
                assert len(before) == v.at, "a piece is missing"
                files[f"{v.path}.new"] = before + base64.b64decode(v.piece)
            case "replace_file":
                data = files.pop(f"{v.path}.new")
                assert (len(data), crc32(data)) == (v.size, v.crc)
                files[v.path] = data
            case "remove_files":
                for path in v.paths.split("\n"):
                    del files[path]
            case _:
                raise AssertionError(name)

    def firmware_changed(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def contents(board: str, target: Target) -> dict[str, bytes]:
        assert (board, target) == ("pico_hx711", Target("armv6m"))
        return dict(WANTED)

    monkeypatch.setattr(installing, "contents", contents)


def install(files: dict[str, bytes], cut_at: int | None = None) -> int | None:
    """Words that it took; None where the cable was pulled."""
    board = Board(files)
    board.cut_at = cut_at
    try:
        installing.install(board, "pico_hx711", lambda done, total: None)
    except LostConnection:
        return None
    return board.asked


@pytest.mark.parametrize("before", [{}, OLD], ids=["empty", "older firmware"])
def test_interrupted_anywhere_and_then_anywhere_else_it_is_mended_by_the_next_one(
    before: dict[str, bytes],
) -> None:
    words = install({**before, **OF_THE_WEARER})
    assert words is not None
    assert words > len(WANTED)
    for first in range(words):
        files = {**before, **OF_THE_WEARER}
        assert install(files, first) is None
        check_half(files, before)
        for second in range(words):
            again = dict(files)
            done = install(again, second)
            check_half(again, before)
            if done is None:
                install(again)
            assert again == {**WANTED, **OF_THE_WEARER}


def check_half(files: dict[str, bytes], before: dict[str, bytes]) -> None:
    """Every file is the old one or the new one; a board that was empty does not start what is not whole."""
    for path, data in files.items():
        known = (before.get(path), WANTED.get(path), OF_THE_WEARER.get(path))
        assert path.endswith(".new") or data in known, path
    assert all(files[path] == data for path, data in OF_THE_WEARER.items())
    if "/main.py" in files and "/main.py" not in before:
        assert all(files[path] == data for path, data in WANTED.items())
