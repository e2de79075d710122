"""SVG by hand: elements, and a plot with axes, sized so that its text is legible on a phone."""

import math
from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH = 360  # user units; shown at this width or wider, so that 1 unit is at least some 0.9 pixels
HEIGHT = 190
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 10, 24
_LETTER = 8


def element(name: str, content: str = "", **attributes: str | float) -> Markup:
    """An element with escaped attributes (``_`` in their names stands for ``-``) and escaped *content*.

    Content that is Markup goes in as it is.
    """
    return Markup("<{}{}>{}</{}>").format(Markup(name), _attributes(attributes), content, Markup(name))


def number(value: float) -> str:
    """A coordinate, short."""
    return f"{value:.1f}".removesuffix(".0")


def nice_ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values from at most *low* to at least *high*, in some *about* steps."""
    rough = (high - low) / about or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(count * step, 6) for count in range(first, max(last, first + 1) + 1)]


class Plot:
    """A plot of values from *low* to *high* over as many equal places as there are *labels*.

    ``parts`` are drawn in order; marks that tell something carry it in ``data-tip``.
    """

    def __init__(
        self, low: float, high: float, labels: Sequence[str], unit: str = "", height: int = HEIGHT
    ) -> None:
        self.ticks = nice_ticks(low, high)
        self.height = height
        self.parts: list[Markup] = []
        self._on_top: list[Markup] = []
        self._labels = labels
        self.step = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
        self._frame(unit)

    def x(self, place: float) -> float:
        """Middle of a place, counted from 0."""
        return LEFT + (place + 0.5) * self.step

    def y(self, value: float) -> float:
        """Height of a value."""
        low, high = self.ticks[0], self.ticks[-1]
        inside = min(max(value, low), high)
        return TOP + (self.height - TOP - BOTTOM) * (high - inside) / (high - low)

    def add(self, name: str, content: str = "", **attributes: str | float) -> None:
        """Draw an element."""
        self.parts.append(element(name, content, **attributes))

    def bar(self, place: float, low: float, high: float, kind: str, width: float = 0.62) -> None:
        """Draw a bar from one value to another."""
        wide = max(2.0, min(26.0, self.step * width))
        top, bottom = self.y(high), self.y(low)
        self.add(
            "rect",
            class_=kind,
            x=number(self.x(place) - wide / 2),
            y=number(top),
            width=number(wide),
            height=number(max(0.0, bottom - top)),
        )

    def level(self, value: float, text: str) -> None:
        """Draw a dashed line across at a value, and say what it is."""
        y = self.y(value)
        self.add("line", class_="level", x1=LEFT, x2=WIDTH - RIGHT, y1=number(y), y2=number(y))
        name = element("text", text, class_="level", x=WIDTH - RIGHT, y=number(y - 4), text_anchor="end")
        self._on_top.append(name)

    def line(self, points: Sequence[tuple[float, float] | None], kind: str) -> None:
        """Draw a line through (place, value) points, broken where one is None."""
        path, drawing = [], False
        for point in points:
            if point is None:
                drawing = False
                continue
            path.append(f"{'L' if drawing else 'M'}{number(self.x(point[0]))} {number(self.y(point[1]))}")
            drawing = True
        self.add("path", class_=kind, d="".join(path))

    def tip(self, place: float, text: str) -> None:
        """Make the whole height of a place tell *text*."""
        self.add(
            "rect",
            class_="hit",
            data_tip=text,
            x=number(LEFT + place * self.step),
            y=TOP,
            width=number(self.step),
            height=self.height - TOP - BOTTOM,
        )

    def svg(self, label: str) -> Markup:
        """The whole, described by *label* to those who cannot see it."""
        return svg(self.parts + self._on_top, WIDTH, self.height, label)

    def _frame(self, unit: str) -> None:
        for tick in self.ticks:
            y = number(self.y(tick))
            self.add("line", class_="grid", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y)
            text = f"{tick:g}{unit}"
            self.add("text", text, x=LEFT - 6, y=y, dy="0.35em", text_anchor="end")
        for place in spaced(self._labels, self.step):
            x = min(self.x(place), WIDTH - RIGHT - 14)
            self.add("text", self._labels[place], x=number(x), y=self.height - 8, text_anchor="middle")


def spaced(labels: Sequence[str], step: float) -> list[int]:
    """Which labels to show where one stands every *step*: the last, and back from it, none twice in a row."""
    width = _LETTER * (1 + max(map(len, labels), default=0))
    every = max(1, math.ceil(width / step))
    shown = range(len(labels) - 1, -1, -every)
    return [
        place for place in shown if place + every >= len(labels) or labels[place] != labels[place + every]
    ]


def svg(parts: Sequence[str], width: float, height: float, label: str, **attributes: str | float) -> Markup:
    """A plot that can be explored with mouse, finger and arrow keys."""
    return element(
        "svg",
        Markup("").join(parts),
        class_="plot",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        tabindex=0,
        aria_label=label,
        **attributes,
    )


def _attributes(attributes: dict[str, str | float]) -> Markup:
    return Markup("").join(
        Markup(' {}="{}"').format(Markup(name.rstrip("_").replace("_", "-")), escape(value))
        for name, value in attributes.items()
    )
