"""The hardware guide says what the code says: tables made from it, and a picture with the same pins."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pulseblock import boards, parts
from pulseblock.signals import table
from pulseblock_tools.install.compiling import EMIT

DEVICE = Path(__file__).parents[2] / "device"
BOARDS = ("pico_fsr", "pico_hx711", "nano_rp2040")
PIN_KEYS = ("scl", "sda", "int1", "adc", "dout", "pd_sck", "red", "green", "blue", "pin")

# Data sheets of the two boards: GPIO to the number or the name at the edge.
PICO_EDGE = {4: 6, 5: 7, 6: 9, 14: 19, 15: 20, 16: 21, 17: 22, 18: 24, 19: 25, 20: 26, 26: 31}
NANO_EDGE = {26: "A0", 25: "D2", 15: "D3"}
PICO_INSIDE = {24, 29}  # VBUS, a third of VSYS
NANO_INSIDE = {6, 12, 13, 24}  # LED; SDA, SCL and INT1 of the LSM6DSOX


def as_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def pins(board: str) -> dict[tuple[str, str], int]:
    own: dict[str, Any] = parts.own(board_class(board))
    return {(name, key): part[key] for name, part in own.items() if part for key in PIN_KEYS if key in part}


def board_class(board: str) -> Any:
    return __import__(f"{boards.__name__}.{board}", fromlist=["Board"]).Board


def pin_in_words(board: str, gpio: int | None) -> str:
    if gpio is None:
        return "none"
    if board.startswith("pico"):
        assert gpio in PICO_EDGE.keys() ^ PICO_INSIDE
        return f"GP{gpio}, pin {PICO_EDGE[gpio]}" if gpio in PICO_EDGE else f"GP{gpio}, on the board"
    assert gpio in NANO_EDGE.keys() ^ NANO_INSIDE
    return f"{NANO_EDGE[gpio]} (GPIO{gpio})" if gpio in NANO_EDGE else f"GPIO{gpio}, on the board"


def pin_table() -> str:
    by_board = {board: pins(board) for board in BOARDS}
    wanted = [
        (name, key)
        for name in parts.PARTS
        for key in PIN_KEYS
        if any((name, key) in by_board[b] for b in BOARDS)
    ]
    rows = [
        (f"`{name}` {key}", *(pin_in_words(board, by_board[board].get((name, key))) for board in BOARDS))
        for name, key in wanted
    ]
    return as_table(("", *(f"`{board}`" for board in BOARDS)), rows)


def signal_table() -> str:
    return as_table(("signal", "what it means", "light", "sound"), table.rows())


@pytest.mark.parametrize(("marker", "made"), [("pins", pin_table), ("signals", signal_table)])
def test_a_table_of_the_guide_is_the_one_that_the_code_makes(marker: str, made: Any) -> None:
    guide = (DEVICE / "README.md").read_text(encoding="utf-8")
    _, _, rest = guide.partition(f"<!-- {marker} -->\n")
    assert rest.partition(f"<!-- /{marker} -->")[0].strip() == made()


def test_the_guide_names_the_modules_that_are_machine_code() -> None:
    guide = (DEVICE / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| (pulseblock\.[\w.]+) \| (native|viper) \|", guide, re.MULTILINE)
    assert dict(named) == EMIT


def test_the_readme_tells_the_hours_that_the_guide_tells() -> None:
    guide = (DEVICE / "README.md").read_text(encoding="utf-8")
    rows = dict(
        re.findall(
            r"^\| (training without end|20 minutes of training[^|]*) \| ([^|]+) \|", guide, re.MULTILINE
        )
    )
    hours, days = rows.values()
    told = " ".join((DEVICE.parent / "README.md").read_text(encoding="utf-8").split())
    assert f"it trains for {hours}, or {days} of 20 minutes" in told


def test_the_wiring_diagram_names_the_pins_of_pico_fsr_and_no_others() -> None:
    texts = [node.text or "" for node in ElementTree.parse(DEVICE / "wiring.svg").iter()]
    drawn = {
        (int(found["left"] or found["right"]), int(found["after"] or found["before"]))
        for found in (
            re.fullmatch(r"(?:GP(?P<left>\d+) · (?P<after>\d+)|(?P<before>\d+) · GP(?P<right>\d+))", text)
            for text in texts
        )
        if found
    }
    assert drawn == {(gpio, PICO_EDGE[gpio]) for gpio in pins("pico_fsr").values() if gpio in PICO_EDGE}
