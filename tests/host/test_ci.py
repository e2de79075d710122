"""README's two commands, and that CI runs the second of them as it stands there."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pulseblock

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_readme_has_one_command_for_the_demo_and_one_for_the_tests():
    demo, tests = commands()[:2]
    assert demo.endswith("pulseblock demo")
    assert tests.endswith("pytest")
    for command in (demo, tests):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_ci_runs_the_test_command_of_readme():
    script = (ROOT / ".ci" / "run").read_text()
    extract = re.search(r'bash -c "\$\((.*?)\)"', script)
    assert extract
    line = subprocess.run(extract[1], shell=True, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert line == commands()[1] + "\n"


@pytest.mark.parametrize("name", ["run", "release"])
def test_ci_can_be_run(name):
    script = ROOT / ".ci" / name
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], check=True)


def test_ci_checks_the_release_too():
    assert re.search(r"^step 'release' \.ci/release$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="no checkout: which files there should be, git knows"
)
@pytest.mark.parametrize(
    ("differs", "said"),
    [
        ("", "holds all"),
        (
            "pulseblock_tools/report/templates/report.css",
            "missing: ['pulseblock_tools/report/templates/report.css']",
        ),
        ("pulseblock_tools/notes.txt", "too much: ['pulseblock_tools/notes.txt']"),
    ],
)
def test_a_wheel_that_lacks_a_file_or_has_one_too_many_is_no_release(tmp_path, differs, said):
    folders = ("device/pulseblock", "host_tools/pulseblock_tools")
    listed = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = {line.partition("/")[2] for line in listed.stdout.splitlines()} ^ {differs} - {""}
    wheel = tmp_path / "pulseblock.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in [*names, "pulseblock-0.dist-info/METADATA"]:
            archive.writestr(name, "")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "check_wheel.py", wheel],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said in done.stdout + done.stderr
    assert (done.returncode == 0) == (not differs)


def test_the_changelog_begins_with_this_version():
    changes = (ROOT / ".github" / "CHANGELOG.md").read_text()
    assert re.search(r"^## (\S+)", changes, re.MULTILINE)[1] == pulseblock.__version__
