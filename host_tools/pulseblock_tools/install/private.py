"""Private attributes and variables, ``_like_this``, made short.

Functions and classes keep their names, which a traceback shows.  The same short names serve all modules,
since what is private to one never meets what is private to another, unless a class inherits: the modules of
such classes are one family, which shares its names.

A name stays wherever somebody else may go by it: where a user or a string has it, or the beginning of it,
where it is imported, where a module reaches for what another one has, and where it is a parameter or a local
variable.
"""

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from string import ascii_letters

from pulseblock_tools.install.unused import mentions

_PRIVATE = re.compile(r"_(?!_)\w*[^\W_]\w*")
_PRIVATE_PART = re.compile(r"(?<!\w)_\w*")
_FIELDS = ("id", "attr", "name", "arg")  # of a syntax tree's nodes: what they are called


def shorten(program: dict[str, ast.Module], users: list[ast.Module]) -> None:
    """Shorten them in all modules, which import each other by their full names."""
    families = [{module: program[module] for module in sorted(modules)} for modules in _families(program)]
    defined = [_total(_variables(tree) for tree in family.values()) for family in families]
    kept = _total(set(mentions(tree)) for tree in users) | _total(map(_kept, program.values()))
    spelt = tuple(_total(map(_spelt, [*program.values(), *users])))
    kept |= {name for name in _total(defined) if name.startswith(spelt)}
    for i, family in enumerate(families):
        others = _total(defined[:i] + defined[i + 1 :])
        reached = _total(map(_reached_for, family.values()))
        kept |= (reached - defined[i]) | (reached & others)
    taken = _total(set(_names(tree)) for tree in [*program.values(), *users])
    for i, family in enumerate(families):
        functions = _total(map(_functions, family.values()))
        names = dict.fromkeys(name for tree in family.values() for name in _names(tree))
        long = [name for name in names if name in defined[i] - functions - kept]
        short = (name for name in _short_names() if name not in taken)
        renaming = _Renaming(dict(zip(long, short, strict=False)))
        for tree in family.values():
            renaming.visit(tree)


def _families(program: dict[str, ast.Module]) -> list[set[str]]:
    """The modules, those together whose classes inherit from each other's."""
    families = [{module} for module in program]
    for module, tree in program.items():
        related = {module} | (_modules_of_bases(tree) & program.keys())
        joined = [family for family in families if family & related]
        families = [family for family in families if not family & related] + [set().union(*joined)]
    return sorted(families, key=min)


def _modules_of_bases(tree: ast.Module) -> set[str]:
    """What may be the modules of the classes that classes here inherit from."""
    origins = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                for name in names:
                    origins[name.asname or name.name] = {module, f"{module}.{name.name}"}
            case ast.Import(names=names):
                for name in names:
                    origins[name.asname or name.name.partition(".")[0]] = {name.name}
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = {name for node in classes for base in node.bases for name in mentions(base)}
    return _total(origins[name] for name in bases if name in origins)


def _variables(tree: ast.Module) -> set[str]:
    """The private ones that are bound to `self` or in the module itself."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                found.add(name)
            case ast.Module(body=lines):
                targets = itertools.chain(*(line.targets for line in lines if isinstance(line, ast.Assign)))
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in found if _PRIVATE.fullmatch(name)}


def _functions(tree: ast.Module) -> set[str]:
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _kept(tree: ast.Module) -> set[str]:
    """Parameters, local variables and what is imported."""
    found = set()
    own = {id(target) for line in tree.body if isinstance(line, ast.Assign) for target in line.targets}
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name) | ast.keyword(arg=str(name)) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()) if id(node) not in own:
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found |= set(names)
            case ast.Import() | ast.ImportFrom():
                found |= set(mentions(node)) | {name.asname for name in node.names if name.asname}
    return found


def _spelt(tree: ast.Module) -> set[str]:
    """Words in strings that begin as private names do."""
    constants = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {word for text in constants if isinstance(text, str) for word in _PRIVATE_PART.findall(text)}


def _reached_for(tree: ast.Module) -> set[str]:
    """Attributes of others than `self`."""
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {node.attr for node in attributes if getattr(node.value, "id", "") != "self"}


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for field in _FIELDS:
            if isinstance(name := getattr(node, field, None), str):
                yield name


def _short_names() -> Iterator[str]:
    for length in itertools.count(1):
        for letters in itertools.product(ascii_letters, repeat=length):
            yield "_" + "".join(letters)


def _total(parts: Iterable[set[str]]) -> set[str]:
    return set().union(*parts)


class _Renaming(ast.NodeVisitor):
    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> None:
        node.id = self._names.get(node.id, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        node.attr = self._names.get(node.attr, node.attr)
        self.generic_visit(node)
