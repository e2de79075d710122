"""A file's contents."""


def run(path):
    """Yields b"found" and the file's bytes, or b"missing"."""
    try:
        file = open(path, "rb")
    except OSError:
        yield b"missing"
        return
    with file:
        yield b"found"
        chunk = bytearray(4096)
        view = memoryview(chunk)
        size = file.readinto(chunk)
        while size:
            yield view[:size]
            size = file.readinto(chunk)
