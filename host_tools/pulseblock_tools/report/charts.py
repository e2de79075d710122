"""Charts over time and over a set, each with the table that says the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pulseblock.core.events import FAULTS
from pulseblock_tools.report import figures
from pulseblock_tools.report.drawing import RIGHT, WIDTH, Plot, element, number, spaced, svg
from pulseblock_tools.report.figures import Spread
from pulseblock_tools.report.periods import Periods
from pulseblock_tools.report.training import Trained, reps_of
from pulseblock_tools.report.words import fault_meanings

Row = tuple[str, ...]

_FEWEST_REPS = 4  # that fill the chart: so few that no half of a rep is marked
_FAULT_ROW = 26
_FAULT_LEFT = 74


@dataclass(frozen=True)
class Chart:
    """A chart: ``says`` is one sentence under its title, ``note`` how it was reckoned."""

    key: str
    title: str
    says: str
    svg: Markup
    headings: Row
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Measure:
    """Something that sessions have many values of; ``level`` is drawn across, with its name."""

    key: str
    title: str
    unit: str
    values: Callable[[Trained], list[float]]
    note: str
    digits: int = 0
    level: tuple[float, str] | None = None


STRENGTH = Measure(
    "strength",
    "Strength",
    " %",
    figures.presses_pct,
    "Press (peak above the hold) in per cent of the reference press that was in force in its set.",
    level=(100, "reference"),
)
NEWTONS = Measure(
    "newtons",
    "Strength in newtons",
    " N",
    figures.presses_n,
    "Press above the hold, as the load cell measured it.",
    digits=1,
)
RHYTHM = Measure(
    "rhythm",
    "Rhythm",
    " %",
    figures.rhythms_pct,
    "Of each finished set: 100 % is a metronome; less by how much the time from peak to peak varies.",
    level=(100, "a metronome"),
)
REST = Measure(
    "rest",
    "Rest between sets",
    " s",
    figures.rests_s,
    "From the end of a set's last rep to the start of the next set's first.",
)


def counts_chart(over: Periods) -> Chart:
    """Good and compensated reps of each period, one on the other."""
    rows, sums = [], []
    for period in over.each:
        reps = list(reps_of(period.trainings))
        good = sum(rep.good for rep in reps)
        sums.append((good, len(reps)))
        rows.append(
            (period.title, str(len(reps)), str(good), str(len(reps) - good), percent(good, len(reps)))
        )
    most = max([_FEWEST_REPS, *(every for _, every in sums)])
    plot = Plot(0, most, [period.label for period in over.each])
    for place, (good, every) in enumerate(sums):
        plot.bar(place, 0, good, "good")
        plot.bar(place, good, every, "bad")
        plot.tip(place, f"{rows[place][0]}: {every} reps, {good} good ({rows[place][4]})")
    return Chart(
        "reps",
        "Reps",
        f"Good and compensated reps, {over.unit} by {over.unit}.",
        plot.svg("Good and compensated reps over time"),
        (over.unit.capitalize(), "Reps", "Good", "Compensated", "Share good"),
        tuple(rows),
    )


def faults_chart(over: Periods) -> Chart:
    """Share of the reps with each fault, a row of bars for each fault."""
    counted = [
        (sum(1 for _ in reps_of(period.trainings)), figures.fault_counts(reps_of(period.trainings)))
        for period in over.each
    ]
    every = sum(reps for reps, _ in counted)
    total = {name: sum(counts[name] for _, counts in counted) for name in FAULTS}
    worst = max((counts[name] / reps for reps, counts in counted if reps for name in FAULTS), default=0)
    parts = [
        row
        for at, name in enumerate(FAULTS)
        for row in _fault_row(at, name, over, counted, worst or 1, percent(total[name], every))
    ]
    labels = [period.label for period in over.each]
    step = _fault_step(over)
    bottom = len(FAULTS) * _FAULT_ROW + 16
    for place in spaced(labels, step):
        x = min(_FAULT_LEFT + (place + 0.5) * step, WIDTH - 54)
        parts.append(element("text", labels[place], x=number(x), y=bottom, text_anchor="middle"))
    return Chart(
        "faults",
        "Faults by kind",
        _commonest(total, every),
        svg(parts, WIDTH, bottom + 8, "Share of the reps with each fault over time"),
        (over.unit.capitalize(), "Reps", *FAULTS),
        (
            *(
                (period.title, str(reps), *(str(counts[name]) for name in FAULTS))
                for period, (reps, counts) in zip(over.each, counted, strict=True)
            ),
            ("All", str(every), *(str(total[name]) for name in FAULTS)),
        ),
        f"A full bar is {100 * (worst or 1):.0f} % of the reps; at the right, the share over all. "
        "A rep may carry several faults.",
    )


def measure_chart(measure: Measure, over: Periods) -> Chart | None:
    """Median and quartiles of a measure in each period; None where nothing is known of it."""
    spreads = [
        figures.spread(value for trained in period.trainings for value in measure.values(trained))
        for period in over.each
    ]
    known = [one for one in spreads if one]
    if not known:
        return None
    low = 0 if measure.level is None else min(*(one.low for one in known), measure.level[0])
    high = max(*(one.high for one in known), measure.level[0] if measure.level else 0, low + 1)
    plot = Plot(low, high, [period.label for period in over.each], measure.unit)
    if measure.level:
        plot.level(*measure.level)
    _draw_spreads(plot, spreads)
    rows = []
    for place, (period, one) in enumerate(zip(over.each, spreads, strict=True)):
        cells = _cells(one, measure)
        rows.append((period.title, *cells))
        if one:
            plot.tip(place, f"{period.title}: median {cells[1]}, middle half {cells[2]} to {cells[3]}")
    latest = known[-1]
    return Chart(
        measure.key,
        measure.title,
        f"Latest {over.unit}: median {latest.median:.{measure.digits}f}{measure.unit}.",
        plot.svg(f"{measure.title} over time"),
        (over.unit.capitalize(), "Values", "Median", "Lower quartile", "Upper quartile"),
        tuple(rows),
        measure.note,
    )


def fatigue_charts(trainings: Sequence[Trained]) -> list[Chart]:
    """Press, and share of compensated reps, by the number of the rep in its set."""
    places = figures.places_in_set(trainings)
    if not places:
        return []
    labels = [str(place.number) for place in places]
    note = f"Over all sets; rep numbers that at least {figures.FEWEST_SETS} sets reached."
    charts = []
    spreads = [place.press for place in places]
    known = [one for one in spreads if one]
    if known:
        plot = Plot(
            min(100, *(one.low for one in known)), max(100, *(one.high for one in known)), labels, " %"
        )
        plot.level(100, "reference")
        _draw_spreads(plot, spreads)
        rows = []
        for at, (place, one) in enumerate(zip(places, spreads, strict=True)):
            cells = _cells(one, STRENGTH)
            rows.append((labels[at], *cells))
            if one:
                plot.tip(at, f"Rep {place.number}: press, median {cells[1]}, of {cells[0]} reps")
        charts.append(
            Chart(
                "fatigue-press",
                "Fatigue: press within a set",
                f"From {known[0].median:.0f} % of the reference at the first rep to "
                f"{known[-1].median:.0f} % at the last.",
                plot.svg("Press by rep number within a set"),
                ("Rep", "Values", "Median", "Lower quartile", "Upper quartile"),
                tuple(rows),
                note,
            )
        )
    plot = Plot(0, max(10.0, *(place.compensated_pct for place in places)), labels, " %")
    for at, place in enumerate(places):
        plot.bar(at, 0, place.compensated_pct, "bad")
        plot.tip(at, f"Rep {place.number}: {place.compensated} of {place.reps} compensated")
    charts.append(
        Chart(
            "fatigue-faults",
            "Fatigue: faults within a set",
            "How many reps are compensated, by rep number.",
            plot.svg("Share of compensated reps by rep number within a set"),
            ("Rep", "Reps", "Compensated", "Share"),
            tuple(
                (str(place.number), str(place.reps), str(place.compensated), f"{place.compensated_pct:.0f} %")
                for place in places
            ),
            note,
        )
    )
    return charts


def percent(part: int, whole: int) -> str:
    """A share for people."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


def _commonest(total: dict[str, int], reps: int) -> str:
    names, carrying = figures.commonest(total)
    if not names:
        return "No fault at all."
    said = " and ".join(f"{name} ({fault_meanings()[name]})" for name in names)
    return f"Commonest: {said}, in {percent(carrying, reps)} of the reps{' each' if names[1:] else ''}."


def _draw_spreads(plot: Plot, spreads: Sequence[Spread | None]) -> None:
    plot.line([(place, one.median) if one else None for place, one in enumerate(spreads)], "median")
    for place, one in enumerate(spreads):
        if one:
            plot.bar(place, one.low, one.high, "half", 0.4)
            plot.add("circle", class_="good", cx=number(plot.x(place)), cy=number(plot.y(one.median)), r=3.4)


def _cells(one: Spread | None, measure: Measure) -> Row:
    if one is None:
        return ("0", "-", "-", "-")
    shown = (f"{value:.{measure.digits}f}{measure.unit}" for value in (one.median, one.low, one.high))
    return (str(one.count), *shown)


def _fault_step(over: Periods) -> float:
    return (WIDTH - _FAULT_LEFT - 44) / max(1, len(over.each))


def _fault_row(
    at: int,
    name: str,
    over: Periods,
    counted: Sequence[tuple[int, dict[str, int]]],
    worst: float,
    overall: str,
) -> Iterable[Markup]:
    step = _fault_step(over)
    base = (at + 1) * _FAULT_ROW
    wide = max(1.6, min(22.0, step * 0.7))
    yield element("line", class_="grid", x1=_FAULT_LEFT, x2=WIDTH - 44, y1=base, y2=base)
    yield element("text", name, x=number(_FAULT_LEFT - 8), y=base - 5, text_anchor="end", class_="name")
    yield element("text", overall, x=number(WIDTH - RIGHT), y=base - 5, text_anchor="end", class_="name")
    for place, (reps, counts) in enumerate(counted):
        x = _FAULT_LEFT + (place + 0.5) * step
        tall = (_FAULT_ROW - 5) * counts[name] / reps / worst if reps else 0
        if tall:
            yield element(
                "rect",
                class_="bad",
                x=number(x - wide / 2),
                y=number(base - tall),
                width=number(wide),
                height=number(tall),
            )
        if reps:
            yield element(
                "rect",
                class_="hit",
                data_tip=f"{over.each[place].title}: {name} in {counts[name]} of {reps} reps",
                x=number(x - step / 2),
                y=base - _FAULT_ROW,
                width=number(step),
                height=_FAULT_ROW,
            )
