"""A session as one picture, for a slide or a message: needs Matplotlib, the extra [plot]."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pulseblock_tools.explaining.curves import Curves
from pulseblock_tools.explaining.findings import Rule
from pulseblock_tools.files import replacing
from pulseblock_tools.replaying.replay import Rep

_BINS = 4000
_COLOURS = {"good": "#2a8a4a", "compensated": "#c0392b"}
_INCHES_A_SECOND = 0.16
_NARROWEST, _WIDEST = 9.0, 60.0


def draw(path: Path, name: str, curves: Curves, reps: Sequence[Rep], rules: list[Rule]) -> None:
    """Write the picture of a session as PNG; raises UserError where that cannot be."""
    from matplotlib.figure import Figure

    limits = {rule.quantity: rule.limit for rule in rules}
    seconds = curves.seconds[-1] - curves.seconds[0]
    width = min(max(seconds * _INCHES_A_SECOND, _NARROWEST), _WIDEST)
    rows = 1 if curves.force_only else 3
    figure = Figure(figsize=(width, 3.0 if curves.force_only else 7.0), layout="constrained")
    panels = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
    figure.suptitle(f"{name}: {len(reps)} reps, {sum(not rep.faults for rep in reps)} good")

    def line(panel: int, column: Sequence[float], label: str, style: str, scale: float = 1.0) -> None:
        points = curves.thinned(column, _BINS)
        panels[panel].plot(
            [t for t, _ in points], [y * scale for _, y in points], style, label=label, linewidth=0.9
        )

    line(0, curves.hold_n, "hold", "k:")
    line(0, curves.reference_n, "hold + reference press", "k--")
    line(0, curves.force_n, "force", "k-")
    panels[0].set_ylabel("force, N")
    panels[0].set_ylim(0, 1.35 * max(1.0, *curves.force_n))  # room for legend and verdicts
    if not curves.force_only:
        line(1, curves.sagittal_deg, "sagittal", "k-")
        line(1, curves.frontal_deg, "frontal", "k--")
        panels[1].set_ylabel("tilt, °")
        line(2, curves.jolt_mg, "jolt", "k-", 0.001)
        panels[2].set_ylabel("jolt, g")
        panels[2].set_ylim(0, limits["jolt_mg"] * 0.003)
        for tilt in {limits["sagittal_cdeg"] / 100, limits["frontal_cdeg"] / 100}:
            panels[1].axhline(tilt, color="0.5", linestyle=":")
            panels[1].axhline(-tilt, color="0.5", linestyle=":")
        panels[2].axhline(limits["jolt_mg"] / 1000, color="0.5", linestyle=":")
    for number, rep in enumerate(reps, 1):
        for panel in panels:
            panel.axvspan(
                rep.start_ms / 1000,
                rep.end_ms / 1000,
                color=_COLOURS[rep.verdict],
                alpha=0.2,
                hatch="//" if rep.faults else None,
                linewidth=0,
            )
        said = "\n".join([str(number), *rep.faults])
        panels[0].annotate(
            said, (rep.peak_ms / 1000, 1), xycoords=("data", "axes fraction"), ha="center", va="top", size=7
        )
    panels[0].legend(loc="upper left", ncols=3, fontsize=7, framealpha=1)
    panels[-1].set_xlabel("s")
    with replacing(path, "wb") as file:
        figure.savefig(file, format="png", dpi=120)
