"""A PostgreSQL server of the tests' own, from Debian's binaries: on a Unix socket, in a temporary folder."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 40
shared_buffers = 16MB
fsync = off
"""


class ServerMissing(Exception):
    """Why no server can be started here."""


def binaries() -> Path:
    """The folder of the newest PostgreSQL server's programs; raises ServerMissing where there is none."""
    on_path = shutil.which("initdb")
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]))
    if not found and not on_path:
        raise ServerMissing("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    return Path(found[-1] if found else str(on_path)).parent


@contextmanager
def running_server() -> Iterator[str]:
    """The folder of a fresh server's socket; it ends with the context, and its superuser is ``postgres``."""
    programs = binaries()
    # a socket's path may have about 100 characters: shorter than where pytest keeps its folders
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    # the server refuses to run as root
    user = "nobody" if os.getuid() == 0 else None
    try:
        if user:
            shutil.chown(folder, user)
        data = folder / "data"

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [programs / program, *arguments],
                user=user,
                cwd=folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)},
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=120,
            )

        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION.format(folder=folder))
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "start")
        try:
            yield str(folder)
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
