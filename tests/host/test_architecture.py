"""The architecture page's diagram is what the sources do, both ways."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / ".github" / "ARCHITECTURE.md"
FIRMWARE = ROOT / "device" / "pulseblock"
HOST = ROOT / "host_tools" / "pulseblock_tools"


def place(module: str) -> str | None:
    """The diagram's name for where a module lives."""
    package, _, rest = module.partition(".")
    folder = rest.partition(".")[0]
    if package == "pulseblock":
        return folder if (FIRMWARE / folder).is_dir() and folder else "firmware"
    if package == "pulseblock_tools":
        return f"tools.{folder}" if (HOST / folder).is_dir() and folder else "tools.base"
    return None


def imported(source: str) -> set[str]:
    """The modules that a source imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def arrows_of_the_sources() -> set[tuple[str, str]]:
    """Who imports whom."""
    arrows = set()
    for package in (FIRMWARE, HOST):
        for file in package.rglob("*.py"):
            here = place(".".join(file.relative_to(package.parent).with_suffix("").parts))
            there = {place(module) for module in imported(file.read_text())}
            arrows |= {(here, target) for target in there if target and target != here}
    return arrows


def arrows_of_the_page() -> set[tuple[str, str]]:
    """What the diagram says."""
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", PAGE.read_text(), re.DOTALL)
    arrows = set()
    for line in diagram.splitlines():
        if "-->" in line:
            here, targets = line.strip().split(" --> ")
            arrows |= {(here, target) for target in targets.split(" & ")}
    return arrows


def test_the_diagram_has_every_arrow_and_no_other():
    assert sorted(arrows_of_the_sources() - arrows_of_the_page()) == []
    assert sorted(arrows_of_the_page() - arrows_of_the_sources()) == []


def test_the_core_knows_nothing_but_itself():
    assert not [arrow for arrow in arrows_of_the_page() if arrow[0] == "core"]


def test_the_firmware_knows_nothing_of_the_host():
    assert not [arrow for arrow in arrows_of_the_page() if "." not in arrow[0] and "." in arrow[1]]
