"""``pulseblock report`` from the command line: one file, whole, small and soon."""

from functools import partial

import pytest

from benchmarks.report_size import long_training, measure
from host.training_at_hand import Training, add, database_of


@pytest.fixture
def run(command_line, tmp_path, monkeypatch):
    """Run ``pulseblock report`` on the test's database, in an empty directory."""
    monkeypatch.setenv("PULSEBLOCK_DB", str(tmp_path / "training.db"))
    monkeypatch.chdir(tmp_path)
    return partial(command_line, "report")


def test_it_writes_one_file_and_says_where(run, tmp_path):
    database_of(tmp_path / "training.db", Training().day(0)).dispose()
    assert run() == (0, "pulseblock-report.html\n", "")
    assert run("--output", "[red]/x.html")[0] == 2
    assert run("--output", "[red].html") == (0, "[red].html\n", "")
    left = {path.name for path in tmp_path.iterdir() if not path.name.startswith("training.db")}
    assert left == {"[red].html", "pulseblock-report.html"}


def test_it_is_of_the_wearer_and_the_time_asked_for(run, tmp_path):
    engine = database_of(tmp_path / "training.db", Training().day(0, reps=5), "Ann")
    add(engine, Training(unique_id="e66138528350b72b").day(0, reps=7), "Ben")
    engine.dispose()

    def reps_of(*args):
        assert run(*args)[0] == 0
        page = (tmp_path / "pulseblock-report.html").read_text()
        return page.count("<tr><td>"), page.split("<h1><bdi>")[1].split("</bdi></h1>")[0]

    assert reps_of("--wearer", "Ann") == (15, "Ann")
    assert reps_of("--wearer", "Ben") == (21, "Ben")
    assert reps_of() == (36, "All wearers")
    assert reps_of("--since", "2026-09-22") == (0, "All wearers")
    assert run("--wearer", "Cleo") == (
        2,
        "",
        "pulseblock: there is no wearer 'Cleo': 'pulseblock wearer list' shows them\n",
    )


def test_a_report_on_several_wearers_says_whose_each_session_is(run, tmp_path):
    page = tmp_path / "pulseblock-report.html"
    engine = database_of(tmp_path / "training.db", Training().day(0), "Ann")
    run()
    assert "several wearers" not in page.read_text()
    add(engine, Training(unique_id="e66138528350b72b").day(0), "<Ben>")
    engine.dispose()
    run()
    assert "Of several wearers taken together" in page.read_text()
    assert "Session 1, <bdi>Ann</bdi>" in page.read_text()
    assert "Session 2, <bdi>&lt;Ben&gt;</bdi>" in page.read_text()


def test_newtons_are_told_only_where_they_are_asked_for(run, tmp_path):
    database_of(tmp_path / "training.db", Training().day(0)).dispose()
    page = tmp_path / "pulseblock-report.html"
    run()
    assert "Press, N" not in page.read_text()
    assert 'id="newtons"' not in page.read_text()
    run("--newtons")
    assert "Press, N" in page.read_text()
    assert 'id="newtons"' in page.read_text()


def test_ten_thousand_reps_take_two_seconds_and_six_megabytes_at_most(tmp_path):
    engine = database_of(tmp_path / "training.db", long_training())
    seconds, size, reps = measure(engine)
    engine.dispose()
    assert reps >= 10_000
    assert size < 6_000_000
    assert seconds < 2
