"""Sync beside ``mpremote fs cp`` of the same journal, in one run, on the same virtual block's port.

    python tests/benchmarks/sync_speed.py [--sessions N]

Both are timed as commands, from start to exit.  Sync also decodes, stores, sets the clock and leaves the app
running; a copy leaves it stopped.  Exit code 1 unless a first sync is three times as fast as the copy, and
later ones take no more than what is new asks for.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "device")]

# ruff: noqa: E402, I001  the helpers of the tests, and first what lets the firmware be imported
from pulseblock_tools.store.database import open_database
from host.block_at_hand import Block
from pulseblock_tools.virtual.flash import Flash
from virtual.training import Trainee, firmware, held_segments, known_sessions

REPS = 60  # of a session in the past, in sets of ten
PRESSES = 40  # of the session that is new
FASTER = 3


@dataclass
class Row:
    """A command that was timed; ``new_bytes`` are those that had not been fetched before."""

    command: str
    new_bytes: int
    seconds: float


def main() -> int:
    """Run the benchmark, print its table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=100, metavar="N", help="recorded before")
    sessions = parser.parse_args().sessions
    with tempfile.TemporaryDirectory() as folder, Trainee(past(sessions)) as trainee:
        rows, is_same = measure(trainee, Path(folder), sessions)
    show(rows)
    copy, first, copy_again, later, nothing = rows
    ratio = copy.seconds / first.seconds
    print(f"\nA first sync takes {first.seconds:.2f} s, the copy {ratio:.1f} times as long;")
    print(
        f"a later one {later.seconds:.2f} s, the copy {copy_again.seconds / later.seconds:.1f} times as long;"
    )
    print(f"a sync without anything new {nothing.seconds:.2f} s, most of it the app's restart.")
    return 0 if is_same and ratio >= FASTER and later.seconds < first.seconds else 1


def past(sessions: int) -> Flash:
    """Flash of a block that recorded so many sessions."""
    block = Block(b"virtual0".hex())
    for _ in range(sessions):
        block.boot().session(*[[0] * 10] * (REPS // 10))
    flash = firmware()
    for number, data in block.segments().items():
        flash.write(f"/journal/{number:08d}.pbj", data)
    return flash


def measure(trainee: Trainee, folder: Path, sessions: int) -> tuple[list[Row], bool]:
    """Time the commands; also whether database and copies hold what the block holds."""
    database = folder / "pulseblock.db"
    rows = []

    def copy(name: str, new_bytes: int) -> None:
        (folder / name).mkdir()
        rows.append(
            timed(trainee, ["mpremote", "fs", "cp", "-r", ":/journal/", str(folder / name)], new_bytes)
        )
        trainee.block.power_on()  # since the app does not run any more

    def sync(new_bytes: int) -> None:
        rows.append(timed(trainee, ["pulseblock", "sync", "--quiet", "--db", str(database)], new_bytes))

    def size() -> int:
        return sum(map(len, trainee.segments().values()))

    before = size()
    copy("first", before)
    sync(size())
    synced = size()
    trainee.train(PRESSES)
    copy("later", size() - synced)
    sync(size() - synced)
    sync(0)
    engine = open_database(str(database))
    held = held_segments(engine)
    copied = {int(file.stem): file.read_bytes() for file in (folder / "first").rglob("*.pbj")}
    known = len(known_sessions(engine))
    engine.dispose()
    is_same = known == sessions + 1 and all(
        held[number].startswith(data) or data.startswith(held[number]) for number, data in copied.items()
    )
    return rows, is_same


def timed(trainee: Trainee, command: list[str], new_bytes: int) -> Row:
    """Run a command on the block's port."""
    name, *arguments = command
    port = ["connect", trainee.port.device] if name == "mpremote" else []
    rest = [] if name == "mpremote" else ["--port", trainee.port.device]
    program = str(Path(sys.executable).with_name(name))
    began = time.perf_counter()
    done = subprocess.run([program, *port, *arguments, *rest], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return Row(" ".join(command[:4] if name == "mpremote" else command[:2]), new_bytes, seconds)


def show(rows: list[Row]) -> None:
    """Print the table."""
    table = Table("command", "new KB", "s", "new KB/s", box=None, header_style="bold")
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        speed = f"{row.new_bytes / 1000 / row.seconds:.0f}" if row.new_bytes else "-"
        table.add_row(row.command, f"{row.new_bytes / 1000:.1f}", f"{row.seconds:.2f}", speed)
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
