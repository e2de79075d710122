"""A session as one page of HTML that needs nothing else: no network, no script, no library.

The picture is drawn here, in SVG, rather than by a plotting library: the page stays at some hundred
kilobytes where a library would add megabytes of script to each, a plain install can make it, and every
browser and mail program shows it.  It is as wide as the session is long, and scrolls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, isnan, log10

from pulseblock_tools.explaining.curves import Curves, Points
from pulseblock_tools.explaining.findings import Rule, findings
from pulseblock_tools.replaying.replay import Rep

_PIXELS_A_SECOND = 48.0
_WIDEST = 60_000.0
_TOP, _GAP, _BOTTOM = 22.0, 14.0, 22.0
_FORCE_HEIGHT, _TILT_HEIGHT, _JOLT_HEIGHT = 220.0, 150.0, 110.0
_LABELS = 64.0  # width of what does not scroll

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --faint: #8a8a8a; --good: #2a8a4a; --bad: #c0392b; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --faint: #888; --good: #58c27d; --bad: #ff7b6b; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; color: var(--ink); }
h1 { font-size: 1.25rem; }
.plot { display: flex; }
.plot .scroll { overflow-x: auto; flex: 1; }
svg { display: block; font-size: 11px; fill: var(--ink); }
.axis { stroke: var(--faint); stroke-width: .5; }
.axis-text { fill: var(--faint); }
.curve { fill: none; stroke: var(--ink); stroke-width: 1.3; }
.second { stroke-dasharray: 5 3; }
.limit { fill: none; stroke: var(--faint); stroke-width: 1; stroke-dasharray: 2 3; }
.good { fill: var(--good); fill-opacity: .16; }
.compensated { fill: url(#stripes); }
.stripe { stroke: var(--bad); stroke-width: 3; stroke-opacity: .4; }
a.rep:hover rect { stroke: var(--ink); }
table { border-collapse: collapse; margin-top: 1.2rem; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--faint); }
th small { font-weight: normal; color: var(--faint); }
td.verdict { text-align: left; }
td.broken { color: var(--bad); font-weight: bold; }
tr:target { outline: 2px solid var(--ink); }
"""


@dataclass(frozen=True, slots=True)
class _Panel:
    """One of the panels: where it stands, and which values it shows."""

    title: str
    top: float
    height: float
    low: float
    high: float

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def y(self, value: float) -> float:
        """Return where a value stands, px from the top."""
        inside = min(max(value, self.low), self.high)
        return self.bottom - (inside - self.low) / (self.high - self.low) * self.height

    def ticks(self) -> list[float]:
        """Return some round values to write beside it."""
        step = _round_step((self.high - self.low) / 4)
        return [i * step for i in range(ceil(self.low / step), floor(self.high / step) + 1)]


def page(name: str, curves: Curves, reps: Sequence[Rep], rules: list[Rule]) -> str:
    """Return the page of a session; *name* is the trace's, *rules* those it was judged by."""
    limits = {rule.quantity: rule for rule in rules}
    panels = _panels(curves, limits)
    good = sum(not rep.faults for rep in reps)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(name)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(name)}: {len(reps)} reps, {good} good</h1>",
            '<div class="plot">',
            *_labels(panels),
            '<div class="scroll">',
            *_drawing(curves, reps, rules, panels),
            "</div></div>",
            *_table(reps, rules),
            "</body></html>",
            "",
        ]
    )


def _panels(curves: Curves, limits: dict[str, Rule]) -> list[_Panel]:
    highest = max([10.0, *_known(curves.force_n, curves.reference_n)])
    panels = [_Panel("force, N (dotted: hold, reference press)", _TOP, _FORCE_HEIGHT, 0.0, highest * 1.05)]
    if not curves.force_only:
        limit = max(limits["sagittal_cdeg"].limit, limits["frontal_cdeg"].limit) / 100
        most = max(map(abs, [limit * 1.5, *_known(curves.sagittal_deg, curves.frontal_deg)]))
        top = panels[-1].bottom + _GAP
        panels.append(_Panel("tilt, ° (solid: sagittal, dashed: frontal)", top, _TILT_HEIGHT, -most, most))
        most = max(limits["jolt_mg"].limit * 2.0, min(max(curves.jolt_mg), limits["jolt_mg"].limit * 6.0))
        top = panels[-1].bottom + _GAP
        panels.append(_Panel("jolt, g", top, _JOLT_HEIGHT, 0.0, most / 1000))
    return panels


def _known(*columns: Sequence[float]) -> list[float]:
    return [value for column in columns for value in column if not isnan(value)]


def _labels(panels: Sequence[_Panel]) -> Iterator[str]:
    yield f'<svg width="{_LABELS}" height="{panels[-1].bottom + _BOTTOM}">'
    for panel in panels:
        for value in panel.ticks():
            yield (
                f'<text class="axis-text" x="{_LABELS - 6}" y="{panel.y(value) + 4:.1f}" text-anchor="end">'
                f"{value:g}</text>"
            )
    yield "</svg>"


def _drawing(
    curves: Curves, reps: Sequence[Rep], rules: list[Rule], panels: Sequence[_Panel]
) -> Iterator[str]:
    first, last = curves.seconds[0], curves.seconds[-1]
    pixels = min(_PIXELS_A_SECOND, _WIDEST / max(last - first, 1.0))
    width = (last - first) * pixels + 2
    height = panels[-1].bottom + _BOTTOM

    def x(seconds: float) -> float:
        return (seconds - first) * pixels + 1

    def path(points: Points, panel: _Panel, style: str) -> str:
        drawn, pen = [], "M"
        for t, value in points:
            if isnan(value):
                pen = "M"
            else:
                drawn.append(f"{pen}{x(t):.1f},{panel.y(value):.1f}")
                pen = "L"
        return f'<path class="{style}" d="{"".join(drawn)}"/>'

    yield f'<svg width="{width:.0f}" height="{height}" role="img" aria-label="force, tilts and jolts">'
    yield (
        '<defs><pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="stripe" y2="7"/></pattern></defs>'
    )
    yield from _shading(reps, rules, x, panels)
    yield from _grid(first, last, x, width, panels)
    bins = max(int(width), 2)
    yield path(curves.thinned(curves.hold_n, bins), panels[0], "limit")
    yield path(curves.thinned(curves.reference_n, bins), panels[0], "limit")
    yield path(curves.thinned(curves.force_n, bins), panels[0], "curve")
    if len(panels) > 1:
        yield path(curves.thinned(curves.sagittal_deg, bins), panels[1], "curve")
        yield path(curves.thinned(curves.frontal_deg, bins), panels[1], "curve second")
        jolts = [(t, value / 1000) for t, value in curves.thinned(curves.jolt_mg, bins)]
        yield path(jolts, panels[2], "curve")
        limits = {rule.quantity: rule.limit for rule in rules}
        tilts = {sign * limits[name] / 100 for name in ("sagittal_cdeg", "frontal_cdeg") for sign in (-1, 1)}
        for panel, values in ((panels[1], tilts), (panels[2], {limits["jolt_mg"] / 1000})):
            for value in sorted(values):
                yield path([(first, value), (last, value)], panel, "limit")
    yield "</svg>"


def _shading(
    reps: Sequence[Rep], rules: list[Rule], x: Callable[[float], float], panels: Sequence[_Panel]
) -> Iterator[str]:
    for number, rep in enumerate(reps, 1):
        left, right = x(rep.start_ms / 1000), x(rep.end_ms / 1000)
        why = [f"rep {number}: {', '.join(rep.faults) or 'good'}"]
        why += [f"{one.rule.name} {one.said} ({one.rule.said})" for one in findings(rep, rules)]
        yield f'<a class="rep" href="#rep-{number}"><title>{escape(chr(10).join(why))}</title>'
        for panel in panels:
            yield (
                f'<rect class="{rep.verdict}" x="{left:.1f}" y="{panel.top}" '
                f'width="{max(right - left, 1):.1f}" height="{panel.height}"/>'
            )
        said = " ".join([str(number), *rep.faults])
        yield f'<text x="{(left + right) / 2:.1f}" y="{_TOP - 6}" text-anchor="middle">{said}</text></a>'


def _grid(
    first: float, last: float, x: Callable[[float], float], width: float, panels: Sequence[_Panel]
) -> Iterator[str]:
    for panel in panels:
        yield f'<text class="axis-text" x="4" y="{panel.top + 11:.1f}">{panel.title}</text>'
        for value in panel.ticks():
            y = panel.y(value)
            yield f'<line class="axis" x1="0" x2="{width:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>'
    step = _round_step((last - first) / width * 80 if width else 1)
    for i in range(ceil(first / step), floor(last / step) + 1):
        seconds = i * step
        yield (
            f'<text class="axis-text" x="{x(seconds):.1f}" y="{panels[-1].bottom + 15:.1f}" '
            f'text-anchor="middle">{seconds:g} s</text>'
        )


def _table(reps: Sequence[Rep], rules: list[Rule]) -> Iterator[str]:
    yield "<table><thead><tr><th>rep</th><th>at s</th><th>peak N</th>"
    yield from (f"<th>{rule.name}<br><small>{rule.fault}: {escape(rule.said)}</small></th>" for rule in rules)
    yield "<th>verdict</th></tr></thead><tbody>"
    for number, rep in enumerate(reps, 1):
        yield f'<tr id="rep-{number}"><td>{number}</td><td>{rep.start_ms / 1000:.1f}</td>'
        yield f"<td>{rep.peak_n:.1f}</td>"
        for one in findings(rep, rules):
            yield f'<td class="broken">{one.said}</td>' if one.broken else f"<td>{one.said}</td>"
        yield f'<td class="verdict">{", ".join(rep.faults) or "good"}</td></tr>'
    yield "</tbody></table>"


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 and so on, or a tenth of them, that is no smaller."""
    decade = 10.0 ** floor(log10(max(least, 1e-9)))
    return next(step * decade for step in (1, 2, 5, 10) if step * decade >= least)
