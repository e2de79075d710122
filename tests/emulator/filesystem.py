"""The littlefs in the emulated Pico's flash, read without the Pico: what power loss has left of it."""

from __future__ import annotations

from pathlib import Path

from littlefs import LittleFS, UserContext

from host.nor_flash import GEOMETRY
from pulseblock.journal.segments import number_of
from pulseblock_tools.journal.reading import Journal, read_journal

_BLOCK = 4096
_MAGIC = b"littlefs"
_MAGIC_AT = 8  # littlefs' SPEC.md, "superblock"
_JOURNAL = "/journal/"


def files_in(image: Path) -> dict[str, bytes]:
    """Every file that a Pico finds when it boots this flash."""
    flash = image.read_bytes()
    first = next(at for at in range(0, len(flash), _BLOCK) if flash[at + _MAGIC_AT :].startswith(_MAGIC))
    first -= first % (2 * _BLOCK)  # one of the two superblocks may be torn
    context = UserContext(0)
    context.buffer = bytearray(flash[first:])
    geometry = {**GEOMETRY, "block_count": (len(flash) - first) // _BLOCK}
    files = {}
    system = LittleFS(context=context, mount=False, **geometry)  # else it formats what it cannot mount
    system.mount()
    for folder, _, names in system.walk("/"):
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            with system.open(path, "rb") as file:
                files[path] = file.read()
    return files


def journal_in(image: Path) -> Journal:
    """The journal that is on flash."""
    files = files_in(image)
    return read_journal(
        (number_of(Path(path).name), data)
        for path, data in files.items()
        if path.startswith(_JOURNAL) and number_of(Path(path).name)
    )
