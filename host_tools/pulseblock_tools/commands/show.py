"""``pulseblock show``: one session, rep by rep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from pulseblock_tools import terminal
from pulseblock_tools.store.options import Db, Json, SessionName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table
    from rich.text import Text

    from pulseblock_tools.store.details import Rep, Set
    from pulseblock_tools.store.listing import Session


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("show")(show)


def show(session: SessionName = "last", db: Db = None, json: Json = False) -> None:
    """Show a session rep by rep: what was measured, and the verdict.

    [bold]Press[/] is the peak's force above the hold. Tilts are the largest from the
    set's reference posture: sagittal as the pelvis tilts, frontal as one hip leads.
    [bold]Drag[/] is that of the block, in per cent of the calibrated one; - where the
    press was too slow to tell.

    [bold]Examples[/]

      pulseblock show              the latest session
      pulseblock show 12           the one that 'pulseblock sessions' calls 12
      pulseblock show 12 --json    one JSON object with sets, reps and notes
    """
    from rich.text import Text

    from pulseblock_tools.plurals import counted
    from pulseblock_tools.store.database import open_database, reading
    from pulseblock_tools.store.details import list_notes, list_reps, list_sets
    from pulseblock_tools.store.listing import find_session
    from pulseblock_tools.store.plain import plain_note, plain_rep, plain_session, plain_set
    from pulseblock_tools.store.wording import clock_of, sentence, share

    with reading(open_database(db, terminal.note)) as connection:
        found = find_session(connection, session)
        sets = list_sets(connection, found)
        reps = list_reps(connection, found)
        notes = list_notes(connection, found)
    if json:
        terminal.print_json(
            {
                **plain_session(found),
                "sets": [plain_set(one) for one in sets],
                "reps": [plain_rep(rep) for rep in reps],
                "notes": [plain_note(note) for note in notes],
            }
        )
        return
    terminal.say(_headline(found), "")
    if reps:
        terminal.say(_reps(reps, found.start_utc_ms), "", _sets(sets, reps), "")
    for note in notes:
        terminal.say(Text(f"{clock_of(found.start_utc_ms, note.after_ms)}  {sentence(note)}"))
    terminal.say(f"[bold]{counted(found.reps, 'rep')}, {share(found.good, found.reps)} good[/]")


def _headline(session: Session) -> Text:
    from rich.text import Text

    from pulseblock_tools.store.wording import duration, ending, local

    who = f", {session.wearer}" if session.wearer else ""
    text = Text(f"Session {session.session}{who}, {local(session.start_utc_ms)}", style="bold")
    origin = f"block {session.block}, firmware {session.firmware or 'unknown'}"
    return text.append(
        f"\n{duration(session.duration_ms)} long, {ending(session.ended_by)}; {origin}", style="not bold dim"
    )


def _reps(reps: Sequence[Rep], start_utc_ms: int | None) -> Table:
    from rich.table import Table

    from pulseblock_tools.store.wording import clock_of

    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    for heading in ("rep", "set", "at", "press\nN", "rise\ns", "took\ns", "sagit.\n°", "front.\n°"):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in ("jolt\ng", "drag\n%"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for rep in reps:
        verdict = "[green]good[/]" if rep.good else f"[red]compensated[/]: {', '.join(rep.fault_names)}"
        table.add_row(
            str(rep.number),
            str(rep.set_number),
            clock_of(start_utc_ms, rep.after_ms),
            f"{rep.press_cn / 100:.1f}",
            f"{rep.rise_ms / 1000:.2f}",
            f"{rep.duration_ms / 1000:.2f}",
            f"{rep.sagittal_cdeg / 100:.1f}",
            f"{rep.frontal_cdeg / 100:.1f}",
            f"{rep.jolt_mg / 1000:.3f}",
            "-" if rep.drag_pct is None else str(rep.drag_pct),
            f"[dim]void[/] ({verdict})" if rep.void else verdict,
        )
    return table


def _sets(sets: Sequence[Set], reps: Sequence[Rep]) -> Table:
    from rich.table import Table

    from pulseblock_tools.store.wording import share

    table = Table(box=None, header_style="bold", pad_edge=False, collapse_padding=True)
    for heading in ("set", "reps", "good", "rhythm", "reference N", "hold N"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("")
    for one in sets:
        of_set = [rep for rep in reps if rep.set_number == one.number]
        counting = [rep for rep in of_set if not rep.void]
        remarks = [] if one.complete else ["cut off: power failed"]
        if one.counted_reps is not None and one.counted_reps > len(of_set):
            remarks.append(f"{one.counted_reps - len(of_set)} more lost to damage")
        table.add_row(
            str(one.number),
            str(len(counting)),
            share(sum(rep.good for rep in counting), len(counting)),
            "-" if one.rhythm_pct is None else f"{one.rhythm_pct} %",
            "-" if one.reference_cn is None else f"{one.reference_cn / 100:.1f}",
            "-" if one.hold_cn is None else f"{one.hold_cn / 100:.1f}",
            ", ".join(remarks),
        )
    return table
