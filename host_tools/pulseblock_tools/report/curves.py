"""The presses of a session laid over each other, by the shape that the block kept of each.

A shape is the force at a few even times; to these comes the peak, whose time and height are known as well.
Where there is no shape, nothing is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from pulseblock_tools.plurals import counted
from pulseblock_tools.report.drawing import element, nice_ticks, number, svg
from pulseblock_tools.report.smooth import Point, Smooth
from pulseblock_tools.report.strips import when
from pulseblock_tools.report.training import Trained, press_pct, reference_cn
from pulseblock_tools.store.details import Rep
from pulseblock_tools.store.listing import Session

WIDTH, HEIGHT = 300, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 8, 8, 22
_MOST = 120  # of a session's presses; more lie on top of each other anyway
_NEAR = 0.1  # of the time from point to point: a peak so near to one takes its place
_PARTS = 20  # of the typical press


@dataclass(frozen=True)
class Curves:
    """One session's presses; ``part`` says how many of them these are, where they are not all."""

    number: int
    when: str
    part: str
    svg: Markup


def curves(trained: Trained) -> Curves | None:
    """Draw a session's counted presses; None where not one has a shape and a reference press."""
    known = [rep for rep in trained.reps if is_drawable(rep, trained.session)]
    if not known:
        return None
    drawn = [(rep, shape(rep, trained.session)) for rep in known[-_MOST:]]
    panel = _Panel([points for _, points in drawn])
    for rep, points in drawn:
        panel.draw(points, "good" if rep.good else "bad", _tip(rep, trained))
    panel.draw(typical([points for _, points in drawn]), "typical", "")
    number, reps = trained.session.session, len(trained.reps)
    last = "the last " if len(known) > _MOST else ""
    return Curves(
        number,
        when(trained),
        "" if len(drawn) == reps else f"{last}{len(drawn)} of {counted(reps, 'press', 'es')}",
        svg(panel.parts, WIDTH, HEIGHT, f"Presses of session {number} laid over each other"),
    )


def is_drawable(rep: Rep, session: Session) -> bool:
    """Whether both the shape of a rep and its reference press are known."""
    return bool(rep.shape_cn and rep.duration_ms and reference_cn(rep, session))


def shape(rep: Rep, session: Session) -> list[Point]:
    """The points that a drawable rep is drawn through: the even ones of its shape, and its peak.

    In ms since its start, and per cent of the reference press above the hold.
    """
    forces, reference = rep.shape_cn or (), reference_cn(rep, session) or 1
    apart = rep.duration_ms / (len(forces) - 1)
    at = [(place * apart, 100 * (force - rep.hold_cn) / reference) for place, force in enumerate(forces)]
    kept = [point for point in at if abs(point[0] - rep.rise_ms) > _NEAR * apart]
    return sorted([*kept, (rep.rise_ms, 100 * rep.press_cn / reference)])


def typical(shapes: Sequence[Sequence[Point]]) -> list[Point]:
    """The median height at each even part of the way from start to end, over the median length."""
    lines = [Smooth(points) for points in shapes]
    ends = [points[-1][0] for points in shapes]
    length = median(ends)
    parts = [part / _PARTS for part in range(_PARTS + 1)]
    return [
        (part * length, median(line.at(part * end) for line, end in zip(lines, ends, strict=True)))
        for part in parts
    ]


def _tip(rep: Rep, trained: Trained) -> str:
    verdict = " + ".join(rep.fault_names) or "good"
    return (
        f"Set {rep.set_number}, rep {rep.number}: {verdict}, press {press_pct(rep, trained.session):.0f} %, "
        f"rise {rep.rise_ms / 1000:.2f} s, length {rep.duration_ms / 1000:.2f} s"
    )


class _Panel:
    def __init__(self, shapes: Sequence[Sequence[Point]]) -> None:
        heights = [pct for points in shapes for _, pct in points]
        ticks = nice_ticks(0, max(100, *heights), 3)
        self._low, self._high = min(0, *heights), ticks[-1]
        self._end_ms = max(points[-1][0] for points in shapes)
        self.parts: list[Markup] = []
        for tick in ticks:
            y = number(self._y(tick))
            kind = "level" if tick == 100 else "grid"
            self.parts.append(element("line", class_=kind, x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y))
            label = f"{tick:g} %"
            self.parts.append(element("text", label, x=_LEFT - 5, y=y, dy="0.35em", text_anchor="end"))
        for tick in nice_ticks(0, self._end_ms / 1000, 4):
            if tick * 1000 <= 0.94 * self._end_ms:
                x = number(self._x(tick * 1000))
                label = f"{tick:g} s"
                self.parts.append(element("text", label, x=x, y=HEIGHT - 7, text_anchor="middle"))

    def draw(self, points: Sequence[Point], kind: str, tip: str) -> None:
        line = Smooth([(self._x(ms), self._y(pct)) for ms, pct in points])
        path = "M" + _numbers(line.points[:1]) + "C" + " ".join(map(_numbers, line.beziers()))
        told = {"data_tip": tip} if tip else {}
        self.parts.append(element("path", class_=f"press {kind}", d=path, **told))

    def _x(self, ms: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * ms / self._end_ms

    def _y(self, pct: float) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (self._high - pct) / (self._high - self._low)


def _numbers(points: Iterable[Point]) -> str:
    return " ".join(number(value) for point in points for value in point)
