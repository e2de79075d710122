"""The counting core in floats: the same algorithm as one would write it first, made from the core's source.

Divisions keep their fractions, shifts become factors, and roots and angles come from `math`.  What counts or
indexes stays whole.
"""

import ast
from pathlib import Path

_OF_SHAPES = {"read", "ago_q8"}  # of `core.shape`, which looks up by times
PACKAGE = "floats"
_WHOLE = {"__init__.py", "events.py", "rounds.py", "queue.py", "settings.py", "counter.py", "meanings.py"}
_WHOLE_FUNCTIONS = {"steps"}
_WHOLE_NAMES = {"i", "low", "points", "phase", "oldest", "half", "decimation", "step_ms_q8", "late_ms"}
_OF_TICKS = {"ticks_add", "ticks_diff"}

_FIXED = """
from micropython import const

_TICKS_HALF = const(1 << 29)
_TICKS_MASK = const(0x3FFFFFFF)

from math import atan2 as _atan2, pi, sin, sqrt as isqrt

ONE_G = 8192.0

def share(part, whole):
    return clamp(part * 100 / whole, -1000, 1000)

def atan2(y, x):
    return _atan2(y, x) * 18000 / pi

def sine(angle):
    return sin(angle * pi / 18000) * ONE_G

def muldiv(a, b, c):
    return a * b / c

def digit_bits(c):
    return 0

def muldiv_by(a, b, c, bits):
    return a * b / c
"""


def sources(core: Path) -> dict[str, bytes]:
    """File by name, of a package `PACKAGE` that has every module of the core."""
    made = {}
    for path in sorted(core.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if path.name == "fixed.py":
            tree = _fixed(tree)
        elif path.name not in _WHOLE:
            tree = _Floating().visit(tree)
        text = ast.unparse(ast.fix_missing_locations(tree))
        made[path.name] = text.replace("pulseblock.core", PACKAGE).encode()
    return made


def _fixed(tree: ast.Module) -> ast.Module:
    """What of `core.fixed` deals with ticks, and the rest in floats."""
    kept = [node for node in tree.body if getattr(node, "name", "") in {*_OF_TICKS, "clamp"}]
    return ast.Module([*ast.parse(_FIXED).body, *kept], [])


class _Floating(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node if node.name in _WHOLE_FUNCTIONS | _OF_SHAPES else self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        of_ticks = isinstance(node.func, ast.Name) and node.func.id in _OF_TICKS
        return node if of_ticks else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        names = {getattr(target, "id", getattr(target, "attr", "").strip("_")) for target in node.targets}
        return node if names & (_WHOLE_NAMES | _OF_SHAPES) else self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.FloorDiv):
            node.op = ast.Div()
        elif isinstance(node.op, ast.RShift):
            return ast.BinOp(node.left, ast.Div(), _power_of_two(node.right))
        elif isinstance(node.op, ast.LShift):
            return ast.BinOp(node.left, ast.Mult(), _power_of_two(node.right))
        elif isinstance(node.op, ast.BitAnd) and getattr(node.left, "id", "") == "drift":
            return ast.Constant(0.0)  # what a shift would leave: there is none
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.RShift):
            node.op, node.value = ast.Div(), _power_of_two(node.value)
        return node


def _power_of_two(exponent: ast.expr) -> ast.expr:
    if isinstance(exponent, ast.Constant):
        return ast.Constant(float(1 << exponent.value))
    return ast.BinOp(ast.Constant(1), ast.LShift(), exponent)
