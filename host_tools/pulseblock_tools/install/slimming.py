"""The firmware made smaller, as a whole: what it does stays the same, and it takes less flash and heap.

MicroPython keeps every name that a module uses on flash and on the heap, and looks up at run time what
belongs to another module.  With all sources at hand, numbers can stand for the constants that name them
(`constants`), what nobody refers to can go (`unused`), and what is private can have a short name (`private`).
"""

import ast
from collections.abc import Collection, Iterable, Mapping

from pulseblock_tools.install import constants, private, unused


def slim(sources: Mapping[str, str], users: Iterable[str], typed: Collection[str] = ()) -> dict[str, str]:
    """Return a smaller source for each module that is still needed; the same sources give the same.

    `users` are the sources of programs that use the modules: what those mention stays as it is.  The modules
    `typed` keep their annotations, which viper reads.
    """
    program = {module: ast.parse(source) for module, source in sorted(sources.items())}
    using = [ast.parse(source) for source in users]
    packages = {module.rpartition(".")[0] for module in program}
    for module, tree in program.items():
        _name_in_full(tree, _package(module, packages))
    constants.inline(program)
    unused.drop(program, using, typed)
    private.shorten(program, using)
    for module, tree in program.items():
        _name_in_short(tree, _package(module, packages))
    return {module: _written(tree) for module, tree in program.items()}


def _written(tree: ast.Module) -> str:
    """The source, where ``a, b = b, a`` has no parentheses: with them MicroPython would make a tuple."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Tuple()], value=ast.Tuple(elts=parts)) if len(parts) > 1:
                node.value = ast.Name(", ".join(map(ast.unparse, parts)))
    return ast.unparse(tree) + "\n"


def _package(module: str, packages: set[str]) -> str:
    return module if module in packages else module.rpartition(".")[0]


def _name_in_full(tree: ast.Module, package: str) -> None:
    """Name the modules that are imported by where they are seen from here, ``.b``, as ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = package.split(".")[: package.count(".") + 2 - node.level]
            node.module = ".".join([*above, *([node.module] if node.module else [])])
            node.level = 0


def _name_in_short(tree: ast.Module, package: str) -> None:
    """The reverse, for the modules beside this one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and package:
            place, _, name = node.module.rpartition(".")
            if place == package:
                node.module = name
                node.level = 1
