"""Raw traces: telling a block to record them, and fetching them as files that can be replayed."""

import io
import os
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulseblock.journal import trace_frame, trace_recorder
from pulseblock.recording import RECORD, TRACES
from pulseblock_tools.blocks import Block
from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.errors import BAD_INPUT, UserError
from pulseblock_tools.journal.recorded_trace import decode_trace, write_csv

_NAME = re.compile(r"[0-9]{8}\.pbt")
_MOST_BYTES = 1 << 24
_MOST_RECORDED: int = trace_recorder.CAP_BYTES - trace_frame.FRAME_BYTES  # no frame fits beside more


@dataclass(frozen=True)
class Recorded:
    """A trace as it was written to *file*: its length, and how many stretches of it could not be read."""

    file: Path
    seconds: float
    samples: int
    damaged: int


@dataclass(frozen=True)
class State:
    """Whether a block records, and the traces it has: (name, size in bytes)."""

    recording: bool
    traces: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """Bytes of all traces."""
        return sum(size for _, size in self.traces)

    @property
    def full(self) -> bool:
        """Whether the traces are all that the block keeps of them, so that it records no more."""
        return self.size > _MOST_RECORDED


def state(block: Block) -> State:
    """What the block has recorded, and whether it goes on."""
    return _state(block.ask("traces", folder=TRACES, flag=RECORD))


def set_recording(block: Block, on: bool) -> None:
    """Have the block record traces, or not, from its next start on: when this command ends."""
    if on:
        block.write_file(RECORD, b"")
    elif state(block).recording:
        block.do("remove_files", paths=RECORD, below=RECORD)


def fetch(
    block: Block,
    folder: Path,
    *,
    keep: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[Recorded]:
    """Write each of the block's traces to a CSV file in *folder*, and then remove it from the block.

    A file that is there already, with other contents, is not overwritten.  With *keep* the block keeps its
    traces.  Raises UserError.
    """
    traces = state(block).traces
    done, total = 0, sum(size for _, size in traces)
    for name, size in traces:
        path = f"{TRACES}/{name}"
        data = block.read_file(path) or b""
        if len(data) != size:
            raise Garbled(f"{path} on the block is not as long as it says")
        recorded = _write(data, folder, f"{block.about.unique_id[-8:]}-{_origin(data)}")
        done += size
        progress(done, total)
        if not keep:
            block.do("remove_files", paths=path, below=TRACES)
        yield recorded


def _write(data: bytes, folder: Path, stem: str) -> Recorded:
    decoded = decode_trace(data)
    trace = decoded.trace(stem)
    text = io.StringIO()
    write_csv(trace, text)
    seconds = trace.t_ms[-1] / 1000 if trace.t_ms else 0.0
    return Recorded(_put(folder, stem, text.getvalue()), seconds, len(trace.t_ms), len(decoded.damaged))


def _put(folder: Path, stem: str, text: str) -> Path:
    """Write a file that is there whole or not at all, under a name that nothing else has."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{stem}.csv"
        number = 2
        while file.exists() and file.read_bytes() != text.encode():
            file = folder / f"{stem}-{number}.csv"
            number += 1
        new = file.with_name(file.name + ".new")
        with new.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        new.replace(file)
    except OSError as error:
        raise UserError(f"{folder} cannot be written to: {error.strerror}", BAD_INPUT) from error
    return file


def _origin(data: bytes) -> str:
    """The boot and the second at which the trace began, by its first frame."""
    try:
        _, _, _, _, boot, ticks, _ = struct.unpack_from(trace_frame.HEAD, data)
    except struct.error:
        return "damaged"
    return f"boot{boot}-{ticks // 1000}s"


def _state(said: Any) -> State:
    if isinstance(said, dict) and isinstance(said.get("traces"), list):
        traces = tuple(tuple(entry) for entry in said["traces"] if _is_trace(entry))
        if sum(size for _, size in traces) <= _MOST_BYTES:
            return State(said.get("recording") is True, traces)
    raise Garbled("what the block says of its traces makes no sense")


def _is_trace(entry: Any) -> bool:
    match entry:
        case [str(name), int(size)]:
            return bool(_NAME.fullmatch(name)) and size >= 0
    return False
