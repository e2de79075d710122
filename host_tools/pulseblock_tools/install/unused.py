"""What nobody refers to, left out: functions, classes, methods, constants, imports, and empty modules.

Whatever mentions its name refers to it: code of any module, or a word in a string, since ``getattr`` may
look that up.  A name that two things have keeps both, and a class whose base is not of the program keeps all,
since that may call it.  What may do something as a module is imported stays, but for imports themselves: to
import one of the program's modules is taken to do no more than to bind names.
"""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import cast

Mentions = Counter[str]
"""How often each name is mentioned."""

_WORD = re.compile(r"[^\W\d]\w*")
_IDLE = (
    ast.Constant, ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Dict, ast.BinOp, ast.UnaryOp,
    ast.operator, ast.unaryop, ast.expr_context,
)  # fmt: skip
_COMPILER = "micropython"  # its `const` is the compiler's affair


def drop(program: dict[str, ast.Module], users: list[ast.Module], typed: Collection[str] = ()) -> None:
    """Leave it out of the program, and then what only that referred to.

    Of the modules `typed` the compiler reads annotations, as viper does.
    """
    for module, tree in program.items():
        _ForReaders(module in typed).visit(tree)
    by_users = _total(mentions(tree) for tree in users)
    classes = {
        node.name for tree in program.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    }
    dropped = True
    while dropped:
        mentioned = _total([by_users, *(mentions(tree) for tree in program.values())])
        dropped = False
        for tree in program.values():
            dropping = _Dropping(tree, mentioned, {_COMPILER, *program}, classes)
            dropping.visit(tree)
            dropped |= dropping.dropped
    for module in _empty(program, users):
        del program[module]


def mentions(tree: ast.AST) -> Mentions:
    """Find every name that is mentioned, or that a string may mean."""
    found: Mentions = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                found[name] += 1
            case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                found[name] += 1
            case ast.alias(name=names) | ast.ImportFrom(module=str(names)):
                found.update(names.split("."))
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.Constant(value=str(text)):
                found.update(_WORD.findall(text))
            case ast.Constant(value=bytes(data)):
                found.update(_WORD.findall(data.decode("latin-1")))
    return found


def _total(parts: Iterable[Mentions]) -> Mentions:
    found: Mentions = Counter()
    for part in parts:
        found.update(part)
    return found


def _empty(program: dict[str, ast.Module], users: list[ast.Module]) -> list[str]:
    """The modules that hold nothing, which nobody imports and in which no others are."""
    imported = set()
    for tree in [*users, *program.values()]:
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    imported |= {name.name for name in names}
                case ast.ImportFrom(module=str(module), names=names):
                    imported |= {module, *(f"{module}.{name.name}" for name in names)}
    above = {module.rpartition(".")[0] for module in program}
    return [module for module, tree in program.items() if not tree.body and module not in imported | above]


class _ForReaders(ast.NodeTransformer):
    """Leaves out docstrings, what only type checkers read and, unless `typed`, annotations."""

    def __init__(self, typed: bool) -> None:
        self._typed = typed

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.generic_visit(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = node.annotation if self._typed else None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = node.returns if self._typed else None
        return _not_empty(self.generic_visit(node))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return _not_empty(self.generic_visit(node))

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        node = cast(ast.If, self.generic_visit(node))
        return node.orelse if _is_name(node.test, "TYPE_CHECKING") else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        return None if _is_name(node.targets[0], "TYPE_CHECKING") else self.generic_visit(node)


class _Dropping(ast.NodeTransformer):
    """Leaves out what of a module is not mentioned; `dropped` says whether there was anything."""

    def __init__(self, tree: ast.Module, mentioned: Mentions, modules: set[str], classes: set[str]) -> None:
        self.dropped = False
        self._mentioned = mentioned
        self._modules = modules
        self._classes = classes
        self._here = mentions(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                self._here.subtract(mentions(node))
        self._here["const"] = 0
        self._top = tree.body

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if node.module not in self._modules:
            return node
        names = [name for name in node.names if self._here[name.asname or name.name] > 0]
        self.dropped |= len(names) < len(node.names)
        node.names = names
        return node if names else None

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        return self._unless_unused(node, node.name) and _not_empty(self.generic_visit(node))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST | None:
        if not self._unless_unused(node, node.name):
            return None
        bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        return _not_empty(self.generic_visit(node)) if bases <= self._classes else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        match node.targets:
            case [ast.Name(id=name)] if node in self._top and _is_idle(node.value):
                return self._unless_unused(node, name)
        return node

    def _unless_unused(self, node: ast.stmt, name: str) -> ast.stmt | None:
        special = name.startswith("__") and name.endswith("__")
        if special or self._mentioned[name] > mentions(node)[name]:
            return node
        self.dropped = True
        return None


def _is_idle(value: ast.expr) -> bool:
    """Whether it does nothing but to have a value."""
    match value:
        case ast.Call(func=ast.Name(id="const"), args=[inner]):
            return _is_idle(inner)
    return all(isinstance(node, _IDLE) for node in ast.walk(value))


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _not_empty(node: ast.AST) -> ast.AST:
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.body:
        node.body = [ast.Pass()]
    return node
