"""Constants, each replaced by the number that it is: whole numbers that ``NAME = const(...)`` gives a name.

Another module has one by ``from module import NAME``, or as ``module.NAME`` after ``from package import
module``.  A name that is bound more than once in a module, as a parameter for one, may mean something else
there and stays.
"""

import ast
from collections import Counter
from collections.abc import Iterator

_ARITHMETIC = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)


def inline(program: dict[str, ast.Module]) -> None:
    """Replace them in all modules, which import each other by their full names."""
    numbers: dict[str, dict[str, int]] = {}
    for module in program:
        _collect(program, module, numbers)
    for module, tree in program.items():
        bound = Counter(_bindings(tree))
        own = {name: number for name, number in numbers[module].items() if bound[name] == 1}
        _Inlining(_imported(tree, numbers) | own).visit(tree)


def _collect(program: dict[str, ast.Module], module: str, numbers: dict[str, dict[str, int]]) -> None:
    """Find a module's constants, after those of the modules that it imports from."""
    if module in numbers:
        return
    numbers[module] = {}
    tree = program[module]
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for other in (node.module or "", *(f"{node.module}.{name.name}" for name in node.names)):
                if other in program:
                    _collect(program, other, numbers)
    imported = _imported(tree, numbers)
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="const"), args=[value])
            ):
                number = _number(_Inlining(imported | numbers[module]).visit(value))
                if number is not None:
                    numbers[module][name] = number


def _imported(tree: ast.Module, numbers: dict[str, dict[str, int]]) -> dict[str, int]:
    """The constants of other modules by what they are called here: ``NAME`` or ``module.NAME``."""
    bound = Counter(_bindings(tree))
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                here = alias.asname or alias.name
                if bound[here] == 1:
                    inside = numbers.get(f"{node.module}.{alias.name}", {})
                    found.update({f"{here}.{name}": number for name, number in inside.items()})
                    if (number := numbers.get(node.module or "", {}).get(alias.name)) is not None:
                        found[here] = number
    return found


def _bindings(tree: ast.Module) -> Iterator[str]:
    """Every name that is bound to something, as often as it is."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def _number(expression: ast.expr) -> int | None:
    """The value of whole numbers with operators between them; None of anything else."""
    if not all(isinstance(node, _ARITHMETIC) for node in ast.walk(expression)):
        return None
    value = eval(ast.unparse(expression), {"__builtins__": {}})
    return value if type(value) is int else None


class _Inlining(ast.NodeTransformer):
    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._replaced(node, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name):
            return self._replaced(node, f"{node.value.id}.{node.attr}")
        return self.generic_visit(node)

    def _replaced(self, node: ast.Name | ast.Attribute, name: str) -> ast.AST:
        if name not in self._numbers or not isinstance(node.ctx, ast.Load):
            return node
        number = self._numbers[name]
        return ast.UnaryOp(ast.USub(), ast.Constant(-number)) if number < 0 else ast.Constant(number)
