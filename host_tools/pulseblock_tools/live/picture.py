"""The live picture: count, press meter, posture, verdict, light and buzzer."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from pulseblock.core.counter import AWAY, PRESSING
from pulseblock.signals import patterns
from pulseblock.signals.player import meter

from .digits import big
from .frame import Frame
from .watch import Watch
from .words import clock, error_in_words, faults_in_short, note_in_words, signal_in_words, verdict_in_words

WIDTH = 74
_METER_CELLS = 40
_METER_FULL_PCT = 125
_GAUGE_CELLS = 21
_GAUGE_DEG = 10
_WELL_DEG = 4  # default limit of the tilts
_GOOD, _BAD = Style(color="green", bold=True), Style(color="red", bold=True)
_DIM = Style(dim=True)


def picture(watch: Watch, title: str) -> RenderableType:
    """Return what is to be seen now, `WIDTH` cells wide, always of the same height."""
    frame = watch.frame
    if frame is None:
        return Panel("waiting for the block", title=title, width=WIDTH)
    parts = Table.grid(padding=(0, 2))
    parts.add_column(width=11, justify="right", style=_DIM)
    parts.add_column(width=_METER_CELLS)
    parts.add_column()
    parts.add_row("press", _meter(frame), f"{frame.press_pct:>3} %")
    parts.add_row("sagittal", _gauge(frame.sagittal_cdeg, frame), _degrees(frame.sagittal_cdeg, frame))
    parts.add_row("frontal", _gauge(frame.frontal_cdeg, frame), _degrees(frame.frontal_cdeg, frame))
    parts.add_row("light", _swatch(frame), "")
    parts.add_row("buzzer", Text(("♪ " if frame.tone_hz else "  ") + note_in_words(frame.tone_hz)), "")
    return Panel(
        Group(_headline(watch, frame), "", parts, "", _set_so_far(watch)),
        title=title,
        subtitle=f"{clock(frame.t_ms)} on the block's clock",
        width=WIDTH,
        height=15,
    )


def _headline(watch: Watch, frame: Frame) -> RenderableType:
    """Count, big, and beside it the verdict or the cue."""
    said = Text(f"set {watch.set_number}, {_doing(frame)}", style=_DIM)
    headline = Table.grid(padding=(0, 3))
    headline.add_column(width=13, justify="right")
    headline.add_column()
    headline.add_row(
        Text(big(frame.count if watch.is_judged else 0), style="bold"), Group(said, _verdict(watch, frame))
    )
    return headline


def _doing(frame: Frame) -> str:
    if frame.error:
        return f"error: {error_in_words(frame.error)}"
    if frame.state == AWAY:
        return "not ready"
    return "pressing" if frame.state == PRESSING else "ready"


def _verdict(watch: Watch, frame: Frame) -> Text:
    if frame.cues and frame.state == PRESSING:
        return Text(f"! {verdict_in_words(frame.cues)}", style=_BAD)
    if not frame.verdicts or not watch.is_judged:
        return Text()
    mark, style = ("✘", _BAD) if frame.faults else ("✔", _GOOD)
    return Text(f"{mark} {verdict_in_words(frame.faults)}", style=style)


def _meter(frame: Frame) -> Text:
    """The press, as bright as the block's light shows it, with a mark at the reference press."""
    filled = min(frame.press_pct, _METER_FULL_PCT) * _METER_CELLS // _METER_FULL_PCT
    cells = ["█"] * filled + [" "] * (_METER_CELLS - filled)
    reference = 100 * _METER_CELLS // _METER_FULL_PCT
    if filled <= reference:
        cells[reference] = "┃"
    level = meter(frame.press_pct) & 0xFF
    bar = Text("".join(cells), style="on grey11")
    bar.stylize(f"rgb({level},{level},{level})", 0, filled)
    return bar


def _gauge(cdeg: int, frame: Frame) -> Text:
    """A tilt as a bubble between its limits; no bubble while there is no reference posture."""
    middle = _GAUGE_CELLS // 2
    cells = ["─"] * _GAUGE_CELLS
    for limit in (-_WELL_DEG, _WELL_DEG):
        cells[middle + limit * middle // _GAUGE_DEG] = "┊"
    if frame.state != AWAY:
        at = round(cdeg / 100 * middle / _GAUGE_DEG)
        cells[max(0, min(_GAUGE_CELLS - 1, middle + at))] = "●"
    return Text("".join(cells), style=_BAD if _is_over(cdeg, frame) else Style())


def _is_over(cdeg: int, frame: Frame) -> bool:
    return frame.state != AWAY and abs(cdeg) > 100 * _WELL_DEG


def _degrees(cdeg: int, frame: Frame) -> str:
    return "" if frame.state == AWAY else f"{cdeg / 100:+.1f}°"


def _swatch(frame: Frame) -> Text:
    """The light's colour, and in words what it says."""
    swatch = Text("██████" if frame.red or frame.green or frame.blue else "······")
    swatch.stylize(f"rgb({frame.red},{frame.green},{frame.blue})")
    if frame.signal >= patterns.READY:
        swatch.append(f"  {signal_in_words(frame.signal)}", style=Style())
    return swatch


def _set_so_far(watch: Watch) -> Text:
    """The reps of the set, one after another, each with its verdict."""
    strip = Text("  ")
    for faults in watch.set.faults[-12:]:
        strip.append(f"✘{faults_in_short(faults)} " if faults else "✔ ", style=_BAD if faults else _GOOD)
    return strip
