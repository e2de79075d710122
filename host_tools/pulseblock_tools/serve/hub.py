"""The latest picture of the block, between the thread that reads it and the pages that show it."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator

from pulseblock_tools.live.frame import Frame
from pulseblock_tools.serve.view import Scene, View, nothing

_PICTURE_S = 0.04  # as often as a block tells something new
_ALIVE_S = 10.0  # a silent stream says so often that it lives


class Hub:
    """Takes frames and gives pictures.

    A page that is slow, or comes late, misses pictures and nothing else: each is whole, with all that was
    counted.  One thread may `update` while the event loop serves any number of `pictures`.
    """

    def __init__(self) -> None:
        self._scene = Scene()
        self._view: View = nothing("Looking for the block")
        self._version = 1
        self.closed = threading.Event()

    def update(self, frame: Frame) -> None:
        """Take the next frame."""
        self._show(self._scene.update(frame))

    def lost(self, why: str) -> None:
        """There is no block now; one that comes again starts afresh."""
        self._scene = Scene()
        self._show(nothing(why))

    async def pictures(self) -> AsyncIterator[str]:
        """The view as JSON, now and at each change, until closed; now and then empty, to stay alive."""
        seen = 0
        silent_s = 0.0
        while not self.closed.is_set():
            if seen != self._version:
                seen, silent_s = self._version, 0.0
                yield json.dumps(self._view)
            elif silent_s >= _ALIVE_S:
                silent_s = 0.0
                yield ""
            await asyncio.sleep(_PICTURE_S)
            silent_s += _PICTURE_S

    def _show(self, view: View) -> None:
        self._view = view
        self._version += 1
