"""Sessions, sets and reps out of a journal's records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .records import Boot, Record, Rep, SessionEnd, SessionStart, Set, Shape, Void
from .timeline import Timeline

POWER_CUT = "power cut"


@dataclass(frozen=True, slots=True)
class SessionRep:
    """A rep in its session.

    ``number`` and ``set_number`` count from 1.  ``start_utc_ms`` is Unix time in ms, None while unknown.
    ``shape_cn`` is the force at even times from its start to its end, None where no shape was recorded.
    """

    record: Rep
    number: int
    set_number: int
    voided: bool
    start_utc_ms: int | None
    shape_cn: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class SessionSet:
    """A set.

    What the block sums up at a set's end is None when power was cut before it (``complete`` is False).
    ``counted_reps`` is the block's own count; with damage there are fewer ``reps``.
    """

    number: int
    reps: tuple[SessionRep, ...]
    complete: bool
    end_ticks: int | None
    counted_reps: int | None
    rhythm_pct: int | None
    reference_cn: int | None
    hold_cn: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session.

    ``seq`` names it within its journal and sorts the journal's sessions in true order, time known or not.
    ``firmware``, ``settings`` and ``calibration`` are None where damage took the start; ``seq`` is then that
    of the first record left.  ``ended_by`` is what the block wrote, or "power cut" when it wrote no end.
    ``notes`` are the errors, low battery and other records within it.
    """

    seq: int
    boot: int | None
    start_ticks: int
    end_ticks: int
    start_utc_ms: int | None
    end_utc_ms: int | None
    firmware: str | None
    settings: int | None
    calibration: int | None
    reference_cn: int | None
    ended_by: str
    sets: tuple[SessionSet, ...]
    notes: tuple[Record, ...]

    @property
    def reps(self) -> Sequence[SessionRep]:
        """The session's reps in order, voided ones included."""
        return [rep for one_set in self.sets for rep in one_set.reps]


def sessions(records: Iterable[Record], timeline: Timeline) -> tuple[Session, ...]:
    """Group *records*, in the order of writing, into sessions.

    One without an end ends with its boot, or with the records: power was cut, or it goes on.
    """
    done: list[Session] = []
    records_of: list[Record] = []
    for record in records:
        starts = isinstance(record, SessionStart)
        if records_of and (starts or isinstance(record, Boot) or record.boot != records_of[0].boot):
            done.append(_session(records_of, timeline))
            records_of = []
        if records_of or starts or isinstance(record, Rep | Set):
            records_of.append(record)
        if records_of and isinstance(record, SessionEnd):
            done.append(_session(records_of, timeline))
            records_of = []
    if records_of:
        done.append(_session(records_of, timeline))
    return tuple(done)


def _session(every_record: Sequence[Record], timeline: Timeline) -> Session:
    shapes = [record for record in every_record if isinstance(record, Shape)]
    records = [record for record in every_record if not isinstance(record, Shape)]
    first, last = records[0], records[-1]
    start = first if isinstance(first, SessionStart) else None
    tail_ms = last.duration_ms if isinstance(last, Rep) else 0
    return Session(
        seq=first.seq,
        boot=first.boot,
        start_ticks=first.ticks,
        end_ticks=(last.ticks + tail_ms) % (1 << 30),
        start_utc_ms=timeline.utc_ms(first),
        end_utc_ms=timeline.utc_ms(last, tail_ms),
        firmware=start.firmware if start else None,
        settings=start.settings if start else None,
        calibration=start.calibration if start else None,
        reference_cn=start.reference_cn if start else None,
        ended_by=last.cause if isinstance(last, SessionEnd) else POWER_CUT,
        sets=_sets(records, {shape.ticks: shape for shape in shapes}, timeline),
        notes=tuple(
            record
            for record in records
            if not isinstance(record, SessionStart | Set | Rep | Void | SessionEnd)
        ),
    )


def _sets(
    records: Sequence[Record], shapes: Mapping[int, Shape], timeline: Timeline
) -> tuple[SessionSet, ...]:
    voided = _voided(records)
    done: list[SessionSet] = []
    reps: list[SessionRep] = []
    number = 0
    for record in records:
        if isinstance(record, Rep):
            number += 1
            shape = shapes.get(record.ticks)
            reps.append(
                SessionRep(
                    record=record,
                    number=number,
                    set_number=len(done) + 1,
                    voided=record.seq in voided,
                    start_utc_ms=timeline.utc_ms(record),
                    shape_cn=shape.force_cn(record) if shape else None,
                )
            )
        elif isinstance(record, Set):
            done.append(
                SessionSet(
                    number=len(done) + 1,
                    reps=tuple(reps),
                    complete=True,
                    end_ticks=record.ticks,
                    counted_reps=record.reps,
                    rhythm_pct=record.rhythm_pct,
                    reference_cn=record.reference_cn,
                    hold_cn=record.hold_cn,
                )
            )
            reps = []
    if reps:
        done.append(SessionSet(len(done) + 1, tuple(reps), False, None, None, None, None, None))
    return tuple(done)


def _voided(records: Sequence[Record]) -> set[int]:
    """Sequence numbers of the reps that did not count; a void whose rep is lost to damage voids none."""
    started: dict[int, int] = {}
    voided = set()
    for record in records:
        if isinstance(record, Rep):
            started[record.ticks] = record.seq
        elif isinstance(record, Void) and record.rep_ticks in started:
            voided.add(started[record.rep_ticks])
    return voided
