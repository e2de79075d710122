"""One command at a time for each port: two that talk to one block would read each other's answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import platformdirs

from pulseblock_tools.errors import PORT_BUSY, UserError


def folder() -> Path:
    """Where the locks are, for this user's programs."""
    return platformdirs.user_state_path("pulseblock", appauthor=False, ensure_exists=True)


@contextmanager
def locked(device: str) -> Iterator[None]:
    """Hold the port *device* against other commands of pulseblock; UserError where one has it."""
    try:
        same = str(Path(device).resolve()) if Path(device).exists() else device
        name = re.sub(r"[^A-Za-z0-9.]+", "-", same)
        lock = filelock.FileLock(folder() / f"{name.strip('-')}.lock")
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise UserError(
            f"another pulseblock command is talking to {device}: wait for it", PORT_BUSY
        ) from None
    except OSError as problem:
        # platformdirs refuses unsafe folders in words of its own
        reason = f"{problem.filename}: {problem.strerror}" if problem.strerror else str(problem)
        raise UserError(
            f"{reason}: the lock against a second command is kept there, so you must be able to write to it; "
            "sudo may have left it to root"
        ) from None
    try:
        yield
    finally:
        lock.release()
