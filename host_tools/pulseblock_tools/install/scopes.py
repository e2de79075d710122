"""Which names in a module mean what the module binds: those that no function or class around them hides."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Scope = ast.FunctionDef | ast.Lambda | ast.ClassDef | _Comprehension


def bindings(tree: ast.AST, *, inside: bool = True) -> Iterator[str]:
    """Every name that is bound, as often as it is; without ``inside`` only what the scope itself binds."""
    nodes = ast.walk(tree) if inside else of_scope(tree)
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]


def of_scope(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes below one, but those within further functions, classes and comprehensions."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, _Scope):
            yield from of_scope(child)


class Scoped(ast.NodeTransformer):
    """A transformer that knows, by `is_global`, whether a name means what the module binds."""

    def __init__(self) -> None:
        self._hidden: list[set[str]] = []

    def is_global(self, name: str) -> bool:
        """Whether it does, where the transformer is."""
        return not any(name in names for names in self._hidden)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Its parameters and variables hide."""
        node.decorator_list = self._all(node.decorator_list)
        node.args = self.visit(node.args)  # whose defaults belong to what is around
        self._hidden.append(self._locals(node))
        node.body = self._all(node.body)
        self._hidden.pop()
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Its parameters hide."""
        node.args = self.visit(node.args)
        self._hidden.append(self._locals(node))
        node.body = self.visit(node.body)
        self._hidden.pop()
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """What it binds hides in the class itself, and not in its methods."""
        node.decorator_list = self._all(node.decorator_list)
        node.bases = self._all(node.bases)
        own = set(bindings(node, inside=False))
        body: list[ast.stmt] = []
        for line in node.body:
            if isinstance(line, ast.FunctionDef):
                body += self._all([line])
            else:
                self._hidden.append(own)
                body += self._all([line])
                self._hidden.pop()
        node.body = body
        return node

    def _comprehension(self, node: ast.AST) -> ast.AST:
        self._hidden.append(set(bindings(node, inside=False)))
        self.generic_visit(node)
        self._hidden.pop()
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _locals(self, function: ast.FunctionDef | ast.Lambda) -> set[str]:
        declared = [node.names for node in of_scope(function) if isinstance(node, ast.Global)]
        return set(bindings(function, inside=False)) - {name for names in declared for name in names}

    def _all(self, nodes: Sequence[ast.AST]) -> list[Any]:
        made: list[ast.AST] = []
        for node in nodes:
            new = self.visit(node)
            made += new if isinstance(new, list) else [new] if new is not None else []
        return made
