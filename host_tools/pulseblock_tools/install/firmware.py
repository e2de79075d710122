"""Which modules of the firmware a board needs, and who uses them.

It needs those that its imports lead to, and its parts' drivers.
"""

import ast
import difflib
import functools
from collections.abc import Iterator
from pathlib import Path

import pulseblock
from pulseblock_tools import blocks
from pulseblock_tools.errors import UserError

SOURCE = Path(pulseblock.__file__).parent
MAIN = SOURCE / "main.py"
VIRTUAL = "virtual"

_BOARDS = SOURCE / "boards"
_DRIVERS = "pulseblock.drivers."
_SNIPPETS = Path(blocks.__file__).parent / "snippets"


def boards() -> dict[str, str]:
    """What each board is, in a line, by its name."""
    return {
        path.stem: (ast.get_docstring(_tree(path)) or "").partition("\n")[0]
        for path in sorted(_BOARDS.glob("*.py"))
        if path.stem != "__init__"
    }


def check_board(name: str) -> str:
    """Return the name; UserError, with those there are, where no board is called so."""
    if name not in boards():
        close = difflib.get_close_matches(name, boards(), 1)
        raise UserError(
            f"there is no board {name}"
            + (f"; did you mean {close[0]}?" if close else f": choose one of {', '.join(boards())}")
        )
    return name


def modules(board: str) -> dict[str, Path]:
    """Source by module, of all that a board and the commands that talk to it need, by name."""
    found: dict[str, Path] = {}
    waiting = [f"pulseblock.boards.{board}", *_imports(MAIN, "__main__")]
    for snippet in _snippets():
        waiting += _imports(snippet, "__main__")
    while waiting:
        name = waiting.pop()
        path = _source(name)
        if path is None or name in found:
            continue
        found[name] = path
        waiting += _imports(path, name)
        waiting.append(name.rpartition(".")[0])
        if path.parent == _BOARDS:
            waiting += _drivers(path)
    return dict(sorted(found.items()))


def sources(board: str) -> dict[str, str]:
    """The same modules' texts."""
    return {name: path.read_text(encoding="utf-8") for name, path in modules(board).items()}


def place(module: str) -> str:
    """Where a compiled module is on a board."""
    source = _source(module)
    inside = "/__init__" if source and _is_package(source) else ""
    return f"/lib/{module.replace('.', '/')}{inside}.mpy"


def programs() -> list[str]:
    """Sources of the programs that use the modules on a board: its /main.py, and what the host runs there."""
    return [path.read_text(encoding="utf-8") for path in (MAIN, *_snippets())]


def _is_package(path: Path) -> bool:
    """Whether a source is that of a package."""
    return path.name == "__init__.py"


def _snippets() -> list[Path]:
    return sorted(_SNIPPETS.glob("*.py"))


def _source(module: str) -> Path | None:
    """The source of a module of the firmware; None for others, and for what is in a module."""
    first, *rest = module.split(".")
    place = SOURCE.joinpath(*rest)
    if first != "pulseblock":
        return None
    candidates = place / "__init__.py", place.with_suffix(".py")
    return next((path for path in candidates if path.is_file()), None)


def _imports(path: Path, module: str) -> Iterator[str]:
    """Everything that may be a module that this one imports, wherever in it."""
    package = module if _is_package(path) else module.rpartition(".")[0]
    for node in _run_time_nodes(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield origin
            yield from (f"{origin}.{name.name}" for name in node.names)


def _run_time_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All below a node but what only type checkers see."""
    yield node
    for child in ast.iter_child_nodes(node):
        for_types = isinstance(child, ast.If) and getattr(child.test, "id", "") == "TYPE_CHECKING"
        if not for_types:
            yield from _run_time_nodes(child)


def _drivers(board: Path) -> Iterator[str]:
    """The drivers of a board's parts, which `pulseblock.parts` imports by their names."""
    for node in ast.walk(_tree(board)):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                match line:
                    case ast.Assign(targets=[ast.Name(id=part)], value=ast.Dict() as described):
                        yield _DRIVERS + ast.literal_eval(described).get("part", part).lower()


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
