"""A virtual block in training, and what its flash and a database hold of it: for the tests of sync."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fakes.wearer import Wearer
from sqlalchemy.engine import Engine

from pulseblock.journal.segments import number_of
from pulseblock_tools.blocks import Port, connect
from pulseblock_tools.journal.reading import Journal, read_journal
from pulseblock_tools.store.database import reading
from pulseblock_tools.store.schema import blocks, numbers, reps, segments, sessions
from pulseblock_tools.sync.syncing import Outcome, sync
from pulseblock_tools.virtual.block import VirtualBlock, install
from pulseblock_tools.virtual.computer import Sample
from pulseblock_tools.virtual.flash import Flash

NOW_MS = 1_774_000_000_000  # March 2026
IMPATIENT = (2.0,)

FOLDER = "/journal/"


class Trainee:
    """A wearer with a block: entered, the block is on.  ``block`` is the VirtualBlock.

    ``now_ms`` is the world's clock, which goes on with the samples.
    """

    def __init__(self, flash: Flash | None = None, unique_id: bytes = b"virtual0") -> None:
        self.block = VirtualBlock(flash or firmware(), unique_id=unique_id)
        self.now_ms = NOW_MS
        self._fed_ms = 0

    def __enter__(self) -> Trainee:
        self.block.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.block.__exit__(*error)

    @property
    def flash(self) -> Flash:
        return self.block.computer.flash

    @property
    def port(self) -> Port:
        return Port(self.block.usb.url)

    def train(self, presses: int = 3) -> Trainee:
        """Take the block up, press, hold on: the session still goes on then."""
        return self._feed(Wearer().away(500).hold(1500).presses(presses).hold(500).samples)

    def put_down(self) -> Trainee:
        """End the session with the button, and put the block down."""
        self.block.computer.set_inputs(button=1)
        self._feed(Wearer().hold(200).samples)
        self.block.computer.set_inputs(button=0)
        return self._feed(Wearer().away(1000).samples)

    def _feed(self, samples: list[Sample]) -> Trainee:
        self.block.run([(self._fed_ms + ms, *sensed) for ms, *sensed in samples])
        self._fed_ms += samples[-1][0]
        self.now_ms += samples[-1][0]
        return self

    def sync(self, engine: Engine, **how: Any) -> Outcome:
        """As ``pulseblock sync`` does."""
        self.wait(lambda: not self.block.usb.connected)  # who had it may just be leaving
        with connect(self.port, patience_s=IMPATIENT) as block:
            return sync(block, engine, now_ms=lambda: self.now_ms, **how)

    @staticmethod
    def wait(for_: Callable[[], bool], patience_s: float = 5.0) -> bool:
        """Whether it comes true in time."""
        deadline = time.monotonic() + patience_s
        while not for_() and time.monotonic() < deadline:
            time.sleep(0.005)
        return for_()

    def segments(self) -> dict[int, bytes]:
        """The journal's segments on flash."""
        files = {
            path.removeprefix(FOLDER): data
            for path, data in self.flash.files.items()
            if path.startswith(FOLDER)
        }
        return {number_of(name): data for name, data in sorted(files.items()) if number_of(name)}

    def truth(self) -> Journal:
        """What the flash holds, decoded without any sync."""
        return read_journal(self.segments().items())

    def decay(self, segment: int, *positions: int) -> None:
        """Bits of flash flip, while the block is off or its app stopped."""
        path = f"{FOLDER}{segment:08d}.pbj"
        data = bytearray(self.flash.files[path])
        for position in positions:
            data[position] ^= 0x55
        self.flash.files[path] = bytes(data)


@dataclass(frozen=True)
class Known:
    """A session in the database: its block, its time, and the (sequence number, faults, peak) of its reps."""

    block: str
    start_utc_ms: int | None
    reps: tuple[tuple[int, int, int], ...]


def firmware() -> Flash:
    """Flash of a Pico with the firmware."""
    flash = Flash()
    install(flash)
    return flash


def known_sessions(engine: Engine) -> list[Known]:
    """The sessions in the database, in the order of its numbers."""
    with reading(engine) as connection:
        rows = connection.execute(
            sa.select(numbers.c.session, numbers.c.block, sessions.c.start_utc_ms)
            .join(sessions, sessions.c.session == numbers.c.session)
            .order_by(numbers.c.session)
        ).all()
        columns = reps.c.seq, reps.c.faults, reps.c.peak_cn
        return [
            Known(
                block,
                start,
                tuple(
                    tuple(row)
                    for row in connection.execute(
                        sa.select(*columns).where(reps.c.session == number).order_by(reps.c.number)
                    )
                ),
            )
            for number, block, start in rows
        ]


def held_segments(engine: Engine) -> dict[int, bytes]:
    """The segments in the database, of its only journal."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(segments.c.segment, segments.c.data).order_by(segments.c.segment))
        return {number: bytes(data) for number, data in rows}


def reps_of(journal: Journal) -> list[tuple[tuple[int, int, int], ...]]:
    """The reps of each session, as in `Known`."""
    return [
        tuple((rep.record.seq, rep.record.faults, rep.record.peak_cn) for rep in session.reps)
        for session in journal.sessions
    ]


def known_blocks(engine: Engine) -> set[str]:
    """The ids of the blocks in the database."""
    with reading(engine) as connection:
        return set(connection.scalars(sa.select(blocks.c.block)))
