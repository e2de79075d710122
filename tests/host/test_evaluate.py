"""``pulseblock evaluate``: scores over labelled traces, and the report on simulated people."""

import json
import shutil
import signal
from functools import partial

import pytest

from host.people_at_hand import people
from pulseblock import __version__
from pulseblock_tools.evaluation import conditions, report, running
from pulseblock_tools.evaluation.labelled import labels_of

LABEL_OF_NO_TIME = '{"reps": [{"start_ms": 1e999, "end_ms": 900, "kind": "good", "faults": []}]}'


@pytest.fixture
def run(command_line, tmp_path, monkeypatch):
    """Run ``pulseblock evaluate`` in an empty directory; return exit code and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return partial(command_line, "evaluate")


def figures(run, *args):
    code, out, err = run(people(), "--json", "--jobs", 1, *args)
    assert (code, err) == (0, "")
    return json.loads(out)


def test_calibrated_it_finds_what_is_there(run):
    found = figures(run, "--calibrate")
    assert found["sessions"] == 3
    assert found["exact_count"] == 1
    assert found["balanced"] > 0.97
    assert sorted(found["people"]) == ["p00", "p01", "p02"]
    assert {one["drag"] for one in found["people"].values()} == {"told apart"}


def test_without_calibration_grips_by_adduction_pass(run):
    found = figures(run)
    assert found["kinds"]["grip_adduction"] == 0
    assert found["good_called_good"] == 1


def test_people_have_settings_of_their_own(run, tmp_path):
    (tmp_path / "p00.json").write_text('{"rushed_ms": 3000}')
    found = figures(run, "--config-dir", tmp_path)
    assert found["people"]["p00"]["good_called_good"] < 0.5
    assert found["people"]["p01"]["good_called_good"] == 1


def test_limits_to_try_go_over_everybodys_own(run, tmp_path):
    (tmp_path / "limits.json").write_text('{"rushed_ms": 3000}')
    (tmp_path / "p00.json").write_text('{"rushed_ms": 200}')
    found = figures(run, "--config-dir", tmp_path, "--config", tmp_path / "limits.json")
    assert all(one["good_called_good"] < 0.5 for one in found["people"].values())


def test_a_folder_with_nobodys_settings_is_not_taken_for_the_defaults(run, tmp_path):
    assert run(people(), "--config-dir", tmp_path) == (
        2,
        "",
        f"pulseblock: {tmp_path}: no settings of these people, such as p00.json\n",
    )


def test_two_processes_find_what_one_does(run):
    assert figures(run, "--jobs", 2) == figures(run)


def test_people_read_tables_that_fit_a_terminal(run):
    code, out, err = run(people(), "--jobs", 1, "--wrong")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    for said in (
        "person",
        "movement",
        "fault",
        "trace",
        "grip_adduction",
        "exact count",
        "balanced accuracy",
    ):
        assert said in out
    wrong = [line.split() for line in out.splitlines() if "csv" in line]
    assert all(line[2] == "grip_adduction" for line in wrong)
    assert len(wrong) >= 1


def test_traces_without_labels_are_left_alone(run, tmp_path):
    folder = tmp_path / "traces"
    shutil.copytree(people(), folder)
    (folder / "notes.csv").write_text("nothing")
    (folder / "p01-s0.json").unlink()
    code, out, _ = run(folder, "--json", "--jobs", 1)
    assert code == 0
    assert sorted(json.loads(out)["people"]) == ["p00", "p02"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "which traces? pulseblock evaluate DIR, or --report FILE"),
        (["nowhere"], "nowhere: no directory of labelled traces"),
        (["."], ".: no labelled traces: no .csv with its .json beside it"),
        ([".", "--report", "r.md"], "--report simulates its own people: give no DIR with it"),
        (
            ["--report", "r.md", "--config", "c.json"],
            "--report simulates its own people: give no --config with it",
        ),
        (
            ["--report", "r.md", "--calibrate"],
            "--report simulates its own people: give no --calibrate with it",
        ),
        ([".", "--people", 5], "--people and --seed are those of --report: DIR has its people"),
        ([".", "--config", "c.json"], "c.json: cannot be read: no such file or directory"),
        (["--report", "r.md", "--people", 3], "--people 3: must lie in 4..1000"),
        ([".", "--jobs", 0], "--jobs 0: must lie in 1..256"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(run, args, said):
    assert run(*args) == (2, "", f"pulseblock: {said}\n")


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"reps": 3}', '{"reps": [{"start_ms": "x"}]}', "\xff", "[" * 100_000, LABEL_OF_NO_TIME],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_labels_that_are_none_are_refused_in_one_line(run, tmp_path, content, jobs):
    shutil.copy(people() / "p00-s0.csv", tmp_path)
    (tmp_path / "p00-s0.json").write_text(content, encoding="latin-1")
    code, out, err = run(tmp_path, "--jobs", jobs)
    assert (code, out) == (2, "")
    start, example = err.split(" which look like ")
    assert start == f"pulseblock: {tmp_path}/p00-s0.json: no labels,"
    assert labels_of(json.loads(example))


def test_a_refused_calibration_leaves_the_person_uncalibrated(run, tmp_path):
    for name in ("p00-s0.csv", "p00-s0.json", "p00-calibration.json"):
        shutil.copy(people() / name, tmp_path)
    shutil.copy(people() / "p00-s0.csv", tmp_path / "p00-calibration.csv")
    header, *rows = (tmp_path / "p00-calibration.csv").read_text().splitlines()
    (tmp_path / "p00-calibration.csv").write_text("\n".join([header, *rows[:400]]))
    code, out, _ = run(tmp_path, "--calibrate", "--json", "--jobs", 1)
    assert code == 0
    person = json.loads(out)["people"]["p00"]
    assert "good presses" in person["drag"] or "never ready" in person["drag"]
    assert person["kinds"].get("grip_adduction", 0) == 0


def test_nobody_to_calibrate_is_said(run, tmp_path):
    for name in ("p00-s0.csv", "p00-s0.json"):
        shutil.copy(people() / name, tmp_path)
    code, _, err = run(tmp_path, "--calibrate")
    assert code == 2
    assert "nobody to calibrate" in err


def test_all_conditions_sense_the_same_movements():
    first, *others = conditions.all_conditions()
    truth = [
        [(rep["kind"], rep["faults"]) for rep in labels["reps"]]
        for _, labels in conditions.simulate_person(first, 1, 0).sessions
    ]
    for condition in others:
        if condition.mix == first.mix and condition.population.mount_deg == first.population.mount_deg:
            sensed = conditions.simulate_person(condition, 1, 0).sessions
            assert [[(rep["kind"], rep["faults"]) for rep in labels["reps"]] for _, labels in sensed] == truth


def test_the_conditions_are_those_that_blocks_meet():
    found = {condition.name: condition for condition in conditions.all_conditions()}
    assert found["2 mg of noise"].population.noise_mg == (2.0, 2.0)
    worst = found["all of these at once"]
    assert (worst.population.mount_deg, worst.population.exact_mount) == (8.0, True)
    assert worst.population.creep_per_decade == (0.05, 0.05)
    assert worst.population.force_step_n == pytest.approx(250 / 256)
    assert (worst.link.missing, worst.link.late, worst.link.late_ms) == (0.02, 0.02, 30)
    assert {50, 100, 104, 200} <= {hz for one in found.values() for hz in one.rates_hz}


def test_the_report_tells_what_it_is_of(monkeypatch):
    few = [conditions.all_conditions()[0], conditions.all_conditions()[-1]]
    monkeypatch.setattr(report, "all_conditions", lambda: few)
    monkeypatch.setattr(report, "NO_REPS", ("walking",))
    gathered = report.gather(report.run(1, 5, 1), 1, 5)
    assert [result.people for result in gathered.results] == [1, 1]
    assert gathered.quiet == {"walking": 0}
    text = report.markdown(gathered)
    assert text.startswith(f"# Accuracy of version {__version__}\n")
    assert "**These people are simulated.**" in text
    for result in gathered.results:
        assert text.count(f"| {result.name} |") == 2
    assert "\nEverybody, 50 to 200 Hz, calibrated." in text
    assert "| walking | 0 |" in text
    assert json.loads(json.dumps(gathered.as_dict()))["seed"] == 5


def test_the_report_is_written_whole(run, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "tasks", lambda _people: [report.Task(None, 0, 2)])
    code, out, err = run("--report", "r.md", "--people", 4, "--jobs", 1)
    assert (code, out, err) == (0, "Wrote r.md.\n", "")
    assert (tmp_path / "r.md").read_text().startswith("# Accuracy")


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no signal masks on Windows")
def test_ctrl_c_is_for_the_command_and_not_for_the_processes_it_starts():
    blocked = partial(signal.pthread_sigmask, signal.SIG_BLOCK)
    assert all(signal.SIGINT in of_process for of_process in running.in_parallel(blocked, [(), ()], 2))
    assert signal.SIGINT not in blocked(())


def test_work_comes_back_from_processes_and_so_do_errors():
    assert sorted(running.in_parallel(abs, [-1, 2, -3], 2)) == [1, 2, 3]
    with pytest.raises(TypeError):
        list(running.in_parallel(abs, ["x"], 2))
