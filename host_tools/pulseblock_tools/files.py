"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from pulseblock_tools.errors import UserError


@contextlib.contextmanager
def replacing(path: Path, mode: str = "w", **how: Any) -> Iterator[IO[Any]]:
    """Open a file that takes the place of *path* once it is whole; *how* as in `open`.

    Raises UserError, and leaves *path* as it was, where it cannot be written.
    """
    if not path.name:
        raise UserError(f"{path}: cannot be written: is a directory")
    part = path.with_name(f".pulseblock-{secrets.token_hex(8)}.part")  # nobody else's, and as short as any
    try:
        with part.open(mode, **how) as file:
            yield file
        part.replace(path)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise UserError(f"{path}: cannot be written: {reason}") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a whole file or nothing; UserError where that cannot be."""
    with replacing(path, encoding="utf-8") as file:
        file.write(text)
