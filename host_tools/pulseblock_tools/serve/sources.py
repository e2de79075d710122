"""Where the live page's frames come from."""

import contextlib
import time
from typing import Protocol

from sqlalchemy.engine import Engine

from pulseblock_tools.blocks import find
from pulseblock_tools.errors import UserError
from pulseblock_tools.journal.decode import segment_header
from pulseblock_tools.journal.timeline import ClockPair
from pulseblock_tools.live.feed import listen
from pulseblock_tools.serve.hub import Hub
from pulseblock_tools.serve.view import sentence
from pulseblock_tools.store.ingest import commit_segments
from pulseblock_tools.store.pieces import Piece
from pulseblock_tools.virtual.block import VirtualBlock
from pulseblock_tools.virtual.visit import perform, visit

_RETRY_S = 2.0


class Source(Protocol):
    """Something that follows a block."""

    def follow(self, hub: Hub) -> None:
        """Give the hub what the block tells, until the hub is closed."""


class VirtualSource:
    """A virtual block on which simulated wearers train, one after another.

    Their sessions go to the database *engine* as a sync would bring them; None keeps none.  *pace* multiplies
    the time that everything takes: 1 is that of life.
    """

    def __init__(self, seed: int = 1, engine: Engine | None = None, pace: float = 1.0) -> None:
        self._seed = seed
        self._engine = engine
        self._pace = pace

    def follow(self, hub: Hub) -> None:
        """See `Source`."""
        with VirtualBlock() as block:
            block.computer.set_inputs(listening=1)
            while not hub.closed.is_set():
                for frame in perform(block, visit(self._seed, block.computer.clock_ms + 10), self._pace):
                    hub.update(frame)
                    if hub.closed.is_set():
                        return
                self._keep(block)
                self._seed += 1

    def _keep(self, block: VirtualBlock) -> None:
        if self._engine is None:
            return
        files = block.computer.flash.files
        names = sorted(path for path in files if path.startswith("/journal/") and path.endswith(".pbj"))
        pieces = [Piece(int(name[len("/journal/") : -len(".pbj")]), 0, files[name]) for name in names]
        header = segment_header(pieces[-1].data)
        if header is None:
            return
        clock = ClockPair(header.boot, block.computer.clock_ms, time.time_ns() // 1_000_000)
        commit_segments(self._engine, header.block.hex(), header.journal, pieces, clock)


class PluggedInSource:
    """The block at a port, or the only one plugged in; never interrupted, looked for again when gone."""

    def __init__(self, device: str | None = None) -> None:
        self._device = device

    def follow(self, hub: Hub) -> None:
        """See `Source`."""
        while not hub.closed.is_set():
            try:
                self._listen(hub)
            except UserError as problem:
                hub.lost(sentence(str(problem)))
            hub.closed.wait(_RETRY_S)

    def _listen(self, hub: Hub) -> None:
        with contextlib.closing(listen(find(self._device))) as feed:
            for frames in feed:
                for frame in frames:
                    hub.update(frame)
                if hub.closed.is_set():
                    return
