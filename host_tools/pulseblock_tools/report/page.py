"""The page itself: what goes into the template, and the template filled."""

import base64
import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import jinja2

import pulseblock
from pulseblock_tools.plurals import counted
from pulseblock_tools.report import charts
from pulseblock_tools.report.charts import Chart
from pulseblock_tools.report.curves import curves, is_drawable
from pulseblock_tools.report.figures import Headline, day_of, headline
from pulseblock_tools.report.periods import full_day, periods
from pulseblock_tools.report.strips import strip
from pulseblock_tools.report.training import Trained
from pulseblock_tools.report.words import fault_meanings

STRIPS_SHOWN = 8  # latest sessions in sight; those before are folded away
CURVES_SHOWN = 6


@dataclass(frozen=True)
class About:
    """What the reader asked for: ``wearer`` None is everybody; ``newtons`` where a load cell measured."""

    wearer: str | None = None
    now: datetime | None = None
    newtons: bool = False
    back: str | None = None  # where a live page can be returned to
    one_session: bool = False  # of which a streak and a trend say nothing


def render(trainings: Sequence[Trained], about: About) -> str:
    """The report on *trainings*, in order, as the text of one HTML file."""
    now = (about.now or datetime.now()).astimezone()
    sums = headline(trainings, now.date())
    strips = [strip(trained, newtons=about.newtons) for trained in reversed(trainings)]
    latest = trainings[-CURVES_SHOWN:]
    panels = [panel for trained in reversed(latest) if (panel := curves(trained))]
    undrawn = sum(not is_drawable(rep, trained.session) for trained in latest for rep in trained.reps)
    return (
        _environment()
        .get_template("report.html")
        .render(
            about=about,
            several=len({trained.session.wearer for trained in trainings}) > 1,
            made=f"{full_day(now.date())}, {now:%H:%M}",
            version=pulseblock.__version__,
            span=_span(trainings),
            sums=sums,
            said=in_short(sums, None if about.one_session else now),
            charts=_charts(trainings, newtons=about.newtons) if sums.reps else [],
            curves=panels,
            undrawn=undrawn,
            strips=strips[:STRIPS_SHOWN],
            older=strips[STRIPS_SHOWN:],
            faults=fault_meanings(),
            style=asset("report.css"),
            script=asset("report.js"),
            policy=policy(),
        )
    )


def in_short(sums: Headline, now: datetime | None) -> list[str]:
    """The headline in sentences; without *now* none of them about how long ago that was."""
    if not sums.reps:
        return ["No reps yet."]
    said = []
    names, carrying = sums.commonest
    often = f"in {100 * carrying / sums.reps:.0f} % of the reps"
    if len(names) == 1:
        said.append(f"The commonest fault is {names[0]}, {often}: {fault_meanings()[names[0]]}.")
    elif names:
        said.append(f"The commonest faults are {', '.join(names[:-1])} and {names[-1]}, each {often}.")
    if sums.last_day and now:
        ago = (now.date() - sums.last_day).days
        days = "today" if ago == 0 else "yesterday" if ago == 1 else f"{ago} days ago"
        said.append(f"Last trained {days}, on {full_day(sums.last_day)}.")
    if sums.undated:
        undated = counted(sums.undated, "session")
        said.append(f"The time of {undated} is unknown: counted, but left out of streak and trend.")
    return said


@functools.cache
def asset(name: str) -> str:
    """The text of a file beside the templates."""
    environment = _environment()
    assert environment.loader
    return environment.loader.get_source(environment, name)[0]


@functools.cache
def policy() -> str:
    """The report's Content-Security-Policy: its own style and script by their hashes, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash('report.css')}'; script-src '{_hash('report.js')}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(name: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(asset(name).encode()).digest()).decode()


def _charts(trainings: Sequence[Trained], *, newtons: bool) -> list[Chart]:
    over = periods(trainings)
    measures = (charts.STRENGTH, *((charts.NEWTONS,) if newtons else ()), charts.RHYTHM, charts.REST)
    over_time = [chart for measure in measures if (chart := charts.measure_chart(measure, over))]
    return [
        charts.counts_chart(over),
        charts.faults_chart(over),
        *over_time,
        *charts.fatigue_charts(trainings),
    ]


def _span(trainings: Sequence[Trained]) -> str:
    days = sorted(day for trained in trainings if (day := day_of(trained)))
    if not days:
        return ""
    return full_day(days[0]) if days[0] == days[-1] else f"{full_day(days[0])} to {full_day(days[-1])}"


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("pulseblock_tools.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
