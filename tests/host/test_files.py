"""Files that are written whole or not at all."""

import os

import pytest

from pulseblock_tools.errors import BAD_INPUT, UserError
from pulseblock_tools.files import replacing, write_text


def test_a_file_is_replaced_once_the_new_one_is_whole(tmp_path):
    path = tmp_path / "report.html"
    write_text(path, "old")
    with replacing(path) as file:
        file.write("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["report.html"]


def test_what_fails_midway_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "report.html"
    write_text(path, "old")
    with pytest.raises(TypeError), replacing(path) as file:
        file.writelines(["half of the new", 2])
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.html"]


def test_of_two_who_write_it_at_once_the_last_to_finish_wins_whole(tmp_path):
    path = tmp_path / "report.html"
    with replacing(path) as first:
        with replacing(path) as second:
            first.write("a long one, " * 1000)
            second.write("a short one")
        assert path.read_text() == "a short one"
    assert path.read_text() == "a long one, " * 1000
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path):
    path = tmp_path / ("r" * 250 + ".html")
    write_text(path, "new")
    assert path.read_text() == "new"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is a directory"),
        ("/", "is a directory"),
        ("folder", "is a directory"),
        ("nowhere/report.html", "no such file or directory"),
        ("file/report.html", "not a directory"),
    ],
)
def test_where_it_cannot_be_written_it_says_why(tmp_path, monkeypatch, name, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=f"cannot be written: {reason}$") as error:
        write_text(tmp_path.joinpath(name) if name and name != "/" else type(tmp_path)(name), "new")
    assert error.value.exit_code == BAD_INPUT
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
