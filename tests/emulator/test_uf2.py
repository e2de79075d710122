"""The variable that names a UF2: what skips the tests that need one, and what fails them."""

from pathlib import Path

import pytest

from emulator.chip import uf2
from emulator.uf2 import VARIABLE, chosen_uf2

Skipped, Failed = pytest.skip.Exception, pytest.fail.Exception


@pytest.mark.parametrize("unset", [None, ""])
def test_without_the_variable_tests_are_skipped_and_say_what_to_do(unset: str | None) -> None:
    with pytest.raises(Skipped, match=rf"set {VARIABLE} .*1\.29.* micropython\.org/download/RPI_PICO"):
        chosen_uf2(unset)


def test_a_file_that_is_missing_fails(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"there is no file .*nowhere\.uf2; .*micropython\.org"):
        chosen_uf2(str(tmp_path / "nowhere.uf2"))


def test_a_folder_fails(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="there is no file"):
        chosen_uf2(str(tmp_path))


@pytest.mark.parametrize("contents", [b"", b"UF2\n", bytes(512)])
def test_what_is_no_uf2_fails(tmp_path: Path, contents: bytes) -> None:
    file = tmp_path / "firmware.uf2"
    file.write_bytes(contents)
    with pytest.raises(Failed, match="is no UF2 for an RP2040"):
        chosen_uf2(str(file))


def test_the_uf2_of_a_pico_2_fails(tmp_path: Path) -> None:
    file = tmp_path / "firmware.uf2"
    block = bytearray(next(uf2(bytes(256))))
    block[28:32] = (0xE48BFF59).to_bytes(4, "little")
    file.write_bytes(block)
    with pytest.raises(Failed, match="is no UF2 for an RP2040"):
        chosen_uf2(str(file))


def test_the_uf2_of_a_pico_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "firmware.uf2"
    file.write_bytes(b"".join(uf2(bytes(1000))))
    assert chosen_uf2(str(file)) == file
