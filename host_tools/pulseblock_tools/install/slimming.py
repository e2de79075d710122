"""The firmware made smaller, as a whole: what it does stays the same, and it takes less flash and heap.

MicroPython keeps every name that a module uses on flash and on the heap, and looks up at run time what
belongs to another module.  With all sources at hand, numbers can stand for the constants that name them
(`constants`), what nobody refers to can go (`unused`), what is private can have a short name (`private`), and
modules that are always loaded can be one for each package (`merging`).
"""

import ast
from collections.abc import Collection, Iterable, Mapping

from pulseblock_tools.install import constants, merging, private, unused


def slim(
    sources: Mapping[str, str],
    users: Iterable[str],
    entries: Collection[str] = (),
    apart: Collection[str] = (),
) -> dict[str, str]:
    """Return a smaller source for each module that is still needed; the same sources give the same.

    `users` are the sources of programs that use the modules: what those mention stays as it is.  `entries`
    are modules that are always loaded, by their names, and so is what they import; those `apart` stay by
    themselves nevertheless, and keep their annotations.
    """
    program = {module: ast.parse(source) for module, source in sorted(sources.items())}
    using = [ast.parse(source) for source in users]
    packages = {module.rpartition(".")[0] for module in program}
    for module, tree in program.items():
        _name_in_full(tree, _package(module, packages))
    constants.inline(program)
    unused.drop(program, using, apart)
    private.shorten(program, using)
    merging.merge(program, _together(program, entries, apart), _doors(program, using, entries))
    for module, tree in program.items():
        _name_in_short(tree, _package(module, packages))
    return {module: _written(tree) for module, tree in program.items()}


def _together(
    program: dict[str, ast.Module], entries: Collection[str], apart: Collection[str]
) -> dict[str, list[str]]:
    """The modules of each package that are always loaded, if several, by the one that they go into."""
    needs = {
        module: {other for line in tree.body for other in _imported(line)} & program.keys()
        for module, tree in program.items()
    }
    packages = {module.rpartition(".")[0] for module in program}
    loaded = _needed(set(entries) & program.keys(), needs) - packages - set(apart)
    loaded = {module for module in loaded if merging.can_move(program[module])}
    groups = {}
    for package in sorted(packages - {""}):
        inside = {module for module in loaded if module.rpartition(".")[0] == package}
        mains = sorted(inside & set(entries))
        groups[mains[0] if len(mains) == 1 else package] = inside
    while any(_leave_out(groups[home], needs, groups.values()) for home in sorted(groups)):
        pass
    return {home: sorted(inside) for home, inside in groups.items() if len(inside) > 1}


def _needed(modules: set[str], needs: Mapping[str, set[str]]) -> set[str]:
    """The modules and what they need."""
    found: set[str] = set()
    waiting = set(modules)
    while waiting:
        found |= waiting
        waiting = {other for module in waiting for other in needs[module]} - found
    return found


def _leave_out(inside: set[str], needs: Mapping[str, set[str]], groups: Collection[set[str]]) -> bool:
    """Take out of a group what is needed by what the group itself needs, which must be there before it."""
    joined = dict(needs)
    for group in groups:
        joined.update(dict.fromkeys(group, set().union(*(needs[module] for module in group))))
    before = _needed(set().union(*(needs[module] for module in inside)) - inside, joined) - inside
    early = inside & {other for module in before for other in joined[module]}
    inside -= early
    return bool(early)


def _doors(
    program: dict[str, ast.Module], users: list[ast.Module], entries: Collection[str]
) -> dict[str, set[str]]:
    """The modules that are asked for by name, and the names that may be asked for of each."""
    asked = set(entries)
    for tree in users:
        for node in ast.walk(tree):
            asked.update(_imported(node))
    strings = [node for tree in program.values() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    names = {name for tree in [*users, *strings] for name in unused.mentions(tree) if name[0] != "_"}
    return dict.fromkeys(asked & program.keys(), names)


def _imported(node: ast.AST) -> list[str]:
    """What may be modules that a statement imports."""
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{name.name}" for name in names)]
    return []


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
