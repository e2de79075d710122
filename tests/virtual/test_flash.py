"""Flash behaves as littlefs on a board: what is durable when, its errors, and what a power cut leaves."""

import contextlib
import errno
from io import FileIO
from itertools import count
from pathlib import Path
from typing import Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from littlefs import LittleFS
from littlefs.context import UserContext
from littlefs.errors import LittleFSError

from pulseblock_tools.virtual.computer import Computer
from pulseblock_tools.virtual.flash import BLOCK_BYTES, Flash, PowerCut
from pulseblock_tools.virtual.interpreter import ComputerDied, MicroPythonError

# -- against littlefs itself

NAMES = st.sampled_from(["a", "b", "d/a", "d/b"])
CHUNK = st.tuples(st.binary(max_size=40), st.booleans())  # data, flushed after it or not
WRITING = st.tuples(
    st.just("write"),
    NAMES,
    st.sampled_from(["wb", "ab", "r+b"]),
    st.lists(CHUNK, max_size=4),
    st.booleans(),  # closed at the end, or left open
)
CHANGES = st.one_of(
    WRITING,
    st.tuples(st.just("rename"), NAMES, NAMES),
    st.tuples(st.just("remove"), NAMES),
    st.tuples(st.just("mkdir"), st.just("d")),
)

ON_BLOCK = """
import os
left_open = []

def change(root, what, name, *more):
    path = root + "/" + name
    try:
        if what == "write":
            mode, chunks, closed = more
            file = open(path, mode)
            for data, flushed in chunks:
                file.write(data)
                if flushed:
                    file.flush()
            if closed:
                file.close()
            else:
                left_open.append(file)
        elif what == "rename":
            os.rename(path, root + "/" + more[0])
        elif what == "remove":
            os.remove(path)
        else:
            os.mkdir(path)
    except OSError as error:
        return error.errno
    return 0

def clear(path):
    for name, kind, _, _ in os.ilistdir(path):
        if kind == 0x4000:
            clear(path + "/" + name)
        else:
            os.remove(path + "/" + name)
    os.rmdir(path)
"""


class Reference:
    """littlefs on a simulated chip, doing the same."""

    def __init__(self) -> None:
        self._context = UserContext(BLOCK_BYTES * 64)
        self._fs = LittleFS(self._context, block_size=BLOCK_BYTES, block_count=64)
        self._left_open: list[FileIO] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for file in self._left_open:
            file.close()

    def change(self, what: str, name: str, *more: object) -> int:
        try:
            match what, more:
                case "write", (mode, chunks, closed):
                    self._write(name, mode, chunks, closed)
                case "rename", (to,):
                    self._fs.rename(name, to)
                case "remove", _:
                    self._fs.remove(name)
                case "mkdir", _:
                    self._fs.mkdir(name)
        except LittleFSError as error:
            return -error.code
        except FileNotFoundError:
            return errno.ENOENT
        except FileExistsError:
            return errno.EEXIST
        return 0

    def _write(self, name: str, mode: str, chunks: list[tuple[bytes, bool]], closed: bool) -> None:
        if mode == "ab":  # creates in MicroPython, but not in these bindings
            with contextlib.suppress(FileExistsError):
                self._fs.open(name, "xb").close()
        file = self._fs.open(name, mode, buffering=0)
        for data, flushed in chunks:
            file.write(data)
            if flushed:
                file.flush()
        if closed:
            file.close()
        else:
            self._left_open.append(file)

    def after_power_cut(self) -> dict[str, bytes]:
        chip = UserContext(BLOCK_BYTES * 64)
        chip.buffer[:] = self._context.buffer
        fs = LittleFS(chip, block_size=BLOCK_BYTES, block_count=64, mount=True)
        files = {}
        for folder, _, names in fs.walk("/"):
            for name in names:
                path = f"{folder.rstrip('/')}/{name}"
                with fs.open(path, "rb") as file:
                    files[path] = file.read()
        return files


roots = count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, max_size=8))
def test_a_power_cut_leaves_what_littlefs_leaves(computer: Computer, changes: list[tuple]) -> None:
    root = f"/{next(roots)}"
    computer.exec(f"{ON_BLOCK}\nos.mkdir({root!r})")
    opened: set[str] = set()
    try:
        with Reference() as reference:
            for change in changes:
                names = change[1:3] if change[0] == "rename" else change[1:2]
                if opened.intersection(names):
                    continue  # what becomes of an open file's name is no part of the bargain
                answer = int(computer.exec(f"print(change({root!r}, *{change!r}))"))
                assert answer == reference.change(*change), change
                if change[0] == "write" and not change[4]:
                    opened.update(names)
            expected = reference.after_power_cut()
        durable = {path: data for path, data in computer.flash.files.items() if path.startswith(f"{root}/")}
        assert {path.removeprefix(root): data for path, data in durable.items()} == expected
    finally:
        computer.exec(f"left_open.clear()\nclear({root!r})")


def test_folders_move_and_go_with_littlefs_errors(computer: Computer) -> None:
    source = """
import os
def attempt(function, *arguments):
    try:
        function(*arguments)
        return 0
    except OSError as error:
        return error.errno
os.mkdir("/tree")
os.mkdir("/tree/inner")
with open("/tree/inner/file", "w") as file:
    file.write("leaf")
print(attempt(os.mkdir, "/tree"), attempt(os.rmdir, "/tree"))
print(attempt(open, "/tree/none"), attempt(open, "/none/file", "w"))
os.rename("/tree", "/moved")
os.remove("/moved/inner/file")
"""
    assert computer.exec(source).split() == [
        str(number) for number in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOENT, errno.ENOENT)
    ]
    assert {"/moved", "/moved/inner"} <= computer.flash.folders
    computer.exec("os.rmdir('/moved/inner'); os.rmdir('/moved')")
    assert not {"/tree", "/moved", "/moved/inner"} & computer.flash.folders


# -- what a board's own tools see


def test_listing_gives_types_and_sizes_and_hides_what_is_not_flash() -> None:
    flash = Flash()
    flash.write("/lib/module.py", b"x = 1\n")
    with Computer(flash) as computer:
        listing = computer.exec("import os\nprint([list(os.ilistdir(path)) for path in ('/', '/lib', '')])")
        assert listing == "[[('lib', 16384, 0, 0)], [('module.py', 32768, 0, 6)], [('lib', 16384, 0, 0)]]\n"
        assert computer.exec("import module\nprint(module.x)") == "1\n"
        assert computer.files() == {"/lib/module.py": 6}


def test_a_full_flash_says_so_and_keeps_what_it_has() -> None:
    with Computer(Flash(capacity=8)) as computer:  # blocks; the root folder takes two
        source = """
import os
file = open("/log", "wb")
written = 0
try:
    while True:
        file.write(bytes(1000))
        file.flush()
        written += 1000
except OSError as error:
    print(error.errno, written)
try:
    os.mkdir("/folder")
except OSError as error:
    print(error.errno)
print(os.statvfs("/")[:5])
file.close()
os.remove("/log")
print(os.statvfs("/")[3])
"""
        assert computer.exec(source).splitlines() == ["28 24000", "28", "(4096, 4096, 8, 0, 0)", "6"]


# -- power cuts

JOURNAL = """
import os
file = open("/journal", "ab")
for i in range(5):
    file.write(b"%d" % i)
    file.flush()
    file.write(b"-")
file.close()
os.rename("/journal", "/archive")
"""
DURABLE = [  # after each durable change of that program
    {},
    {"/journal": b""},
    {"/journal": b"0"},
    {"/journal": b"0-1"},
    {"/journal": b"0-1-2"},
    {"/journal": b"0-1-2-3"},
    {"/journal": b"0-1-2-3-4"},
    {"/journal": b"0-1-2-3-4-"},
    {"/archive": b"0-1-2-3-4-"},
]


@pytest.mark.parametrize("changes", range(len(DURABLE) - 1))
def test_power_cut_before_any_durable_change_loses_it_and_what_follows(changes: int) -> None:
    with Computer() as computer:
        computer.flash.cut_after(changes)
        with pytest.raises(PowerCut):
            computer.exec(JOURNAL)
        assert computer.flash.files == DURABLE[changes]
        with pytest.raises(ComputerDied):
            computer.exec("pass")
        computer.restart(hard=True)
        assert {path: computer.read(path) for path in computer.files()} == DURABLE[changes]


def test_power_that_is_not_cut_loses_nothing() -> None:
    with Computer() as computer:
        computer.flash.cut_after(len(DURABLE) - 1)
        computer.exec(JOURNAL)
        assert computer.flash.files == DURABLE[-1]
        assert computer.flash.changes == len(DURABLE) - 1


def test_what_was_not_flushed_dies_with_the_interpreter() -> None:
    with Computer() as computer:
        computer.exec("file = open('/journal', 'ab')\nfile.write(b'safe')\nfile.flush()\nfile.write(b' not')")
        assert computer.read("/journal") == b"safe not"
        computer.kill()
        computer.restart()
        assert computer.read("/journal") == b"safe"


# -- the host's side


def test_files_written_and_read_by_the_host_are_those_of_the_block(computer: Computer) -> None:
    data = bytes(range(256)) * 300
    computer.write("/blob", data)
    assert computer.exec("print(sum(open('/blob', 'rb').read()))") == f"{sum(data)}\n"
    computer.exec("with open('/blob', 'ab') as file:\n  file.write(b'more')")
    assert computer.read("/blob") == data + b"more" == computer.flash.files["/blob"]
    with pytest.raises(FileNotFoundError):
        computer.read("/none")
    with pytest.raises(FileNotFoundError):
        computer.write("/none/blob", b"")


def test_a_host_folder_is_copied_without_caches(tmp_path: Path) -> None:
    (tmp_path / "inner" / "__pycache__").mkdir(parents=True)
    (tmp_path / "inner" / "__pycache__" / "a.pyc").write_bytes(b"")
    (tmp_path / "inner" / "a.py").write_bytes(b"1")
    (tmp_path / "b.py").write_bytes(b"2")
    flash = Flash()
    flash.copy_tree(tmp_path, "/lib/package")
    assert flash.files == {"/lib/package/b.py": b"2", "/lib/package/inner/a.py": b"1"}
    assert flash.folders == {"/lib", "/lib/package", "/lib/package/inner"}


def test_the_modules_in_rom_are_not_to_be_changed(computer: Computer) -> None:
    with pytest.raises(MicroPythonError, match="OSError"):
        computer.exec("open('/rom/machine.py', 'w')")
