"""A folder whose files keep, through a power cut, what was flushed and nothing else."""

from io import BytesIO

ENOENT = 2
EIO = 5
ENOSPC = 28


class FakeFolder:
    """In place of `pulseblock.journal.files.Files`; `kept` is what flash holds, by name.

    `capacity` bytes in all; `refusing` makes every operation fail with that errno, `failing` those numbered
    so; with `short` a write takes a byte less than it is given; `operations` and `flushes` count.
    """

    def __init__(self, kept=None, capacity=1 << 20):
        self.kept = dict(kept or {})
        self.capacity = capacity
        self.refusing = 0
        self.failing = ()
        self.short = False
        self.operations = 0
        self.flushes = 0
        self.drawn = 0

    def check(self):
        self.operations += 1
        if self.operations in self.failing:
            raise OSError(EIO, "failed")
        if self.refusing:
            raise OSError(self.refusing, "refused")

    def open(self, name, mode):
        self.check()
        if mode == "rb":
            if name not in self.kept:
                raise OSError(ENOENT, "missing")
            return BytesIO(self.kept[name])
        return FakeFile(self, name, mode)

    def names(self):
        self.check()
        return list(self.kept)

    def size(self, name):
        self.check()
        return len(self.kept[name])

    def remove(self, name):
        self.check()
        del self.kept[name]

    def rename(self, old, new):
        self.check()
        self.kept[new] = self.kept.pop(old)

    def free(self):
        self.check()
        return self.capacity - sum([len(data) for data in self.kept.values()])

    def draw(self):
        self.drawn += 1
        return 1000 + self.drawn

    def after_power_cut(self):
        return FakeFolder(self.kept, self.capacity)


class FakeFile:
    def __init__(self, folder, name, mode):
        self.folder = folder
        self.name = name
        self.pending = b""
        if mode == "wb" or name not in folder.kept:
            folder.kept[name] = b""

    def write(self, data):
        self.folder.check()
        if len(data) > self.folder.free() - len(self.pending):
            raise OSError(ENOSPC, "full")
        taken = len(data) - self.folder.short
        self.pending += bytes(data)[:taken]
        return taken

    def flush(self):
        self.folder.check()
        self.folder.flushes += 1
        self.folder.kept[self.name] += self.pending
        self.pending = b""

    def close(self):
        if not self.folder.refusing:
            self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
