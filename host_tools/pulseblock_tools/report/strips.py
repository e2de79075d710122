"""A session's reps as a strip: a mark a rep, its colour and shape the verdict, its height the press."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pulseblock_tools.plurals import counted
from pulseblock_tools.report.figures import rests_s, share
from pulseblock_tools.report.periods import full_day
from pulseblock_tools.report.training import Trained, press_pct
from pulseblock_tools.store.details import Rep
from pulseblock_tools.store.plain import moment
from pulseblock_tools.store.wording import TIME_UNKNOWN, duration

_STEP = 15
_LEFT = 10
_IN_A_ROW = 20  # marks that fit beside each other on the narrowest phone
_HEIGHT = 52
_FULL_PCT = 150
_TOP, _BOTTOM = 7, 45
_REFERENCE_Y = round(_BOTTOM - (_BOTTOM - _TOP) * 100 / _FULL_PCT)

GOOD, BAD, VOID = "g", "b", "v"  # names of the marks, drawn once in the page


@dataclass(frozen=True)
class Strip:
    """A session for the page: its heading, one line of figures, its strips, and the rows of its table."""

    number: int
    who: str
    when: str
    sums: str
    svgs: tuple[Markup, ...]
    headings: tuple[str, ...]
    rows: Markup
    count: int


def strip(trained: Trained, *, newtons: bool) -> Strip:
    """Draw a session; *newtons* adds the press in newtons to the table."""
    session = trained.session
    key = f"reps-{session.session}"
    svgs = []
    row = 0
    for number, reps in trained.by_set.items():
        for at in range(0, len(reps), _IN_A_ROW):
            part = reps[at : at + _IN_A_ROW]
            svgs.append(_marks(trained, part, f"Session {session.session}, set {number}", key, row))
            row += len(part)
    headings = ("Set", "Rep", "After", "Verdict", "Press, %", *(("Press, N",) if newtons else ()))
    return Strip(
        number=session.session,
        who=session.wearer or "no name",
        when=when(trained),
        sums=_sums(trained),
        svgs=tuple(svgs),
        headings=(*headings, "Rise, s", "Length, s", "Sagittal, °", "Frontal, °", "Jolt, g"),
        rows=Markup("").join(Markup(_row(rep, trained, newtons)) for rep in trained.every_rep),
        count=len(trained.every_rep),
    )


def when(trained: Trained) -> str:
    """Day and time of a session where the reader is, or that it is unknown."""
    at = moment(trained.session.start_utc_ms)
    if at is None:
        return TIME_UNKNOWN
    local = at.astimezone()
    return f"{full_day(local.date())}, {local:%H:%M}"


def _sums(trained: Trained) -> str:
    session = trained.session
    sums = [counted(session.reps, "rep"), f"{session.good} good"]
    if (good_pct := share(session.good, session.reps)) is not None:
        sums[1] += f" ({good_pct:.0f} %)"
    if session.void:
        sums.append(f"{session.void} void")
    sums.append(counted(session.sets, "set"))
    sums.append(f"{duration(session.duration_ms)}\N{NO-BREAK SPACE}long")
    if rests := rests_s(trained):
        sums.append(f"rest {', '.join(duration(round(1000 * rest)) for rest in rests)}")
    return "\N{NO-BREAK SPACE}· ".join(sums)


def _marks(trained: Trained, reps: Sequence[Rep], name: str, key: str, first_row: int) -> Markup:
    good = sum(rep.good and not rep.void for rep in reps)
    width = _STEP * len(reps) + 6
    uses = "".join(
        f'<use href="#{_mark(rep)}" x="{_LEFT + _STEP * at}" y="{_y(press_pct(rep, trained.session))}"/>'
        for at, rep in enumerate(reps)
    )
    # whole numbers and names of this file only: nothing to escape
    return Markup(
        f'<svg class="plot strip" width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}" '
        f'role="img" tabindex="0" aria-label="{name}: {counted(len(reps), "rep")}, {good} good" '
        f'data-table="{key}" data-row="{first_row}">'
        f'<path class="level" d="M0 {_REFERENCE_Y}H{width}"/>'
        f'<path class="grid" d="M0 {_BOTTOM + 4}H{width}"/>{uses}</svg>'
    )


def _mark(rep: Rep) -> str:
    return VOID if rep.void else GOOD if rep.good else BAD


def _y(pct: float | None) -> int:
    """Height of a press; one in per cent of nothing known stands at the reference."""
    known = 100 if pct is None else min(max(pct, 0), _FULL_PCT)
    return round(_BOTTOM - (_BOTTOM - _TOP) * known / _FULL_PCT)


def _row(rep: Rep, trained: Trained, newtons: bool) -> str:
    pct = press_pct(rep, trained.session)
    verdict = " + ".join(rep.fault_names) or "good"
    cells = (
        str(rep.set_number),
        str(rep.number),
        duration(rep.after_ms),
        f"{verdict}, void" if rep.void else verdict,
        "-" if pct is None else f"{pct:.0f}",
        *((f"{rep.press_cn / 100:.1f}",) if newtons else ()),
        f"{rep.rise_ms / 1000:.2f}",
        f"{rep.duration_ms / 1000:.2f}",
        f"{rep.sagittal_cdeg / 100:+.1f}",
        f"{rep.frontal_cdeg / 100:+.1f}",
        f"{rep.jolt_mg / 1000:.2f}",
    )
    # numbers and the faults' own names only; HTML lets the closing tags be left out
    return "<tr><td>" + "<td>".join(cells)
