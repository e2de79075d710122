import io
import json
import sys

import pytest

from pulseblock_tools import terminal


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


pytestmark = pytest.mark.usefixtures("fresh_terminal")


def shown_by_work(monkeypatch, seconds_each: float, screen: io.StringIO, total: int | None = 10) -> str:
    """Go through ten items, each of which takes its time, and return what that shows on stderr."""
    clock = iter(range(1000))
    with monkeypatch.context() as patch:
        patch.setenv("TERM", "xterm")
        patch.setattr(sys, "stderr", screen)
        patch.setattr(terminal.time, "monotonic", lambda: next(clock) * seconds_each)
        items = range(10) if total is None else iter(range(10))
        assert list(terminal.track(items, "Working", total)) == list(range(10))
    return screen.getvalue()


def test_work_of_over_a_second_shows_how_far_it_is(monkeypatch):
    shown = shown_by_work(monkeypatch, 0.5, Screen())
    assert "Working" in shown
    assert "90%" in shown


def test_how_much_work_there_is_need_not_be_told_where_it_is_known(monkeypatch):
    assert "90%" in shown_by_work(monkeypatch, 0.5, Screen(), total=None)


def test_short_work_shows_nothing(monkeypatch):
    assert shown_by_work(monkeypatch, 0.05, Screen()) == ""


def test_quiet_work_shows_nothing(monkeypatch):
    terminal.set_quiet(True)
    assert shown_by_work(monkeypatch, 0.5, Screen()) == ""


def test_work_behind_a_pipe_shows_nothing(monkeypatch):
    assert shown_by_work(monkeypatch, 0.5, io.StringIO()) == ""


def test_json_is_one_line_whatever_it_holds(capsys):
    value = {"note": "two\nlines, é and \udcff", "list": [1, 2.5, None]}
    terminal.print_json(value)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.isascii()
    assert json.loads(out) == value


def test_a_complaint_is_one_line_whatever_it_quotes(capsys):
    terminal.complain("a\n\nb\t\x1b]0;c\x07 \udcff ü")
    assert capsys.readouterr().err == "pulseblock: a b \\x1b]0;c\\x07 \\udcff ü\n"


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_table_loses_nothing_where_there_is_little_room(monkeypatch, capsys, width):
    from rich.table import Table

    monkeypatch.setenv("COLUMNS", str(width))
    table = Table(box=None)
    for heading in ("rep", "press N", "share"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    table.add_row("11", "1234.5", "8 (67 %)", "compensated: pelvis, asymmetry")
    terminal.say(table)
    heading, row, *more = capsys.readouterr().out.splitlines()
    assert heading.split() == ["rep", "press", "N", "share", "verdict"]
    assert row.split()[:5] == ["11", "1234.5", "8", "(67", "%)"]
    assert "".join(row.split()[5:] + " ".join(more).split()) == "compensated:pelvis,asymmetry"
    assert row.index("compensated") == heading.index("verdict")


def test_what_somebody_may_copy_stays_one_line(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "20")
    path = "/a folder/[bold] and a name that is longer than the terminal is wide.html"
    terminal.say_whole(path)
    assert capsys.readouterr().out == path + "\n"
