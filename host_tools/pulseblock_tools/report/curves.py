"""The presses of a session laid over each other, from what the journal keeps of each.

A journal has a rep's measures and no samples.  So a press is drawn from its start in the trough up to the
peak, in the time that its rise took, and back to the hold at the end of its return, by half cosines: height
and timing are measured, the way between them is not.  The page says so.
"""

from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from pulseblock_tools.report.drawing import element, nice_ticks, number, svg
from pulseblock_tools.report.strips import when
from pulseblock_tools.report.training import Trained, reference_cn
from pulseblock_tools.store.details import Rep

WIDTH, HEIGHT = 300, 150
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 8, 8, 22
_COSINE = 0.3642  # of the width: where a cubic's control points make half a cosine
_MOST_MS = 5000  # a press held longer is a grip, and runs out of the picture
_MOST = 120  # of a session's presses; more lie on top of each other anyway


@dataclass(frozen=True)
class Curves:
    """One session's presses; ``says`` is the panel's caption."""

    number: int
    says: str
    svg: Markup


@dataclass(frozen=True)
class _Shape:
    """Times in ms, heights above the hold in per cent of the reference press."""

    rise_ms: float
    end_ms: float
    start_pct: float
    peak_pct: float


def curves(trained: Trained) -> Curves | None:
    """Draw a session's counted presses; None where no reference press is known to measure them by."""
    shapes = [
        (rep, _shape(rep, reference))
        for rep in trained.reps
        if (reference := reference_cn(rep, trained.session)) is not None
    ][-_MOST:]
    if not shapes:
        return None
    panel = _Panel([shape for _, shape in shapes])
    for rep, shape in shapes:
        panel.draw(shape, "good" if rep.good else "bad", _tip(rep, shape))
    panel.draw(_typical([shape for _, shape in shapes]), "typical", "")
    number_ = trained.session.session
    return Curves(
        number_,
        f"Session {number_}, {when(trained)}: {len(shapes)} presses",
        svg(panel.parts, WIDTH, HEIGHT, f"Presses of session {number_} laid over each other"),
    )


def _shape(rep: Rep, reference: int) -> _Shape:
    return _Shape(
        rep.rise_ms,
        max(rep.duration_ms, rep.rise_ms),
        100 * (rep.trough_cn - rep.hold_cn) / reference,
        100 * rep.press_cn / reference,
    )


def _typical(shapes: list[_Shape]) -> _Shape:
    return _Shape(
        *(
            median(getattr(shape, name) for shape in shapes)
            for name in ("rise_ms", "end_ms", "start_pct", "peak_pct")
        )
    )


def _tip(rep: Rep, shape: _Shape) -> str:
    verdict = " + ".join(rep.fault_names) or "good"
    return (
        f"Set {rep.set_number}, rep {rep.number}: {verdict}, press {shape.peak_pct:.0f} %, "
        f"rise {rep.rise_ms / 1000:.2f} s, length {rep.duration_ms / 1000:.2f} s"
    )


class _Panel:
    def __init__(self, shapes: list[_Shape]) -> None:
        self._end_ms = min(_MOST_MS, max(shape.end_ms for shape in shapes)) or 1
        self._ticks = nice_ticks(0, max(100, *(shape.peak_pct for shape in shapes)), 3)
        self.parts: list[Markup] = []
        for tick in self._ticks:
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

    def draw(self, shape: _Shape, kind: str, tip: str) -> None:
        start, peak = self._y(shape.start_pct), self._y(shape.peak_pct)
        top_x, end_x = self._x(shape.rise_ms), self._x(shape.end_ms)
        path = f"M{_LEFT} {number(start)}{_half_cosine(_LEFT, start, top_x, peak)}"
        path += _half_cosine(top_x, peak, end_x, self._y(0))
        told = {"data_tip": tip} if tip else {}
        self.parts.append(element("path", class_=f"press {kind}", d=path, **told))

    def _x(self, ms: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(ms, self._end_ms) / self._end_ms

    def _y(self, pct: float) -> float:
        low, high = self._ticks[0], self._ticks[-1]
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (high - min(max(pct, low), high)) / (high - low)


def _half_cosine(x0: float, y0: float, x1: float, y1: float) -> str:
    bend = _COSINE * (x1 - x0)
    points = (x0 + bend, y0, x1 - bend, y1, x1, y1)
    return "C" + " ".join(map(number, points))
