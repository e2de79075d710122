"""What segments the journal has."""

from struct import pack

from pulseblock.journal.files import Files
from pulseblock.journal.record import HEADER_BYTES
from pulseblock.journal.segments import name_of, number_of


def run(root):
    """Yields for each segment its file's number and size, both u32, and as much of its header as there is."""
    files = Files(root)
    for number in sorted([number_of(name) for name in files.names()]):
        if number:
            try:
                with files.open(name_of(number), "rb") as file:
                    header = file.read(HEADER_BYTES)
            except OSError:
                header = b""
            yield pack("<II", number, files.size(name_of(number))) + header
