"""Modules that are loaded together anyway, made one: a name that many use is on flash and on the heap once.

A function, class or variable keeps its name, unless anything else in the program is called the same: then its
module's name goes before it.  Where a module that went is still asked for by its name, a small one stays, a
door, that has from the new one what is asked for.
"""

import ast
import builtins
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pulseblock_tools.install.scopes import Scoped, bindings, of_scope

Names = dict[str, str]
"""What is called how from now on."""

Doors = Mapping[str, set[str]]
"""Names that are asked for, by the module that has them."""


def merge(program: dict[str, ast.Module], groups: Mapping[str, Sequence[str]], doors: Doors) -> None:
    """Put the modules of each group into its home, which is one of them or their package.

    Each of them `can_move`.  `doors` gives the names that are asked for of modules that must stay.  All
    import each other by their full names.  ValueError where the program does with a module what cannot be
    followed.
    """
    homes = {module: home for home, modules in groups.items() for module in modules}
    names = _names(program, homes, doors)
    needs = {module: _Moving(module, homes, names).move(tree) for module, tree in program.items()}
    for home, modules in groups.items():
        own = [] if home in modules else program[home].body
        body = [*own, *(line for module in _ordered(modules, needs) for line in program[module].body)]
        for module in modules:
            del program[module]
        program[home] = ast.Module(_imports_first(body), [])
    for module in sorted(doors.keys() & homes.keys() - groups.keys()):
        wanted = {name: names[module][name] for name in sorted(doors[module] & names[module].keys())}
        aliases = [ast.alias(new, None if new == name else name) for name, new in wanted.items()]
        program[module] = ast.Module([ast.ImportFrom(homes[module], aliases, 0)] if aliases else [], [])


def can_move(tree: ast.Module) -> bool:
    """Whether a module can go into another: it imports nothing under a condition."""
    inside = of_scope(_without_imports(tree))
    return not any(isinstance(node, ast.Import | ast.ImportFrom) for node in inside)


def _names(program: dict[str, ast.Module], homes: Mapping[str, str], doors: Doors) -> dict[str, Names]:
    """What each module's own things are called from now on, as nothing else in the program is."""
    taken = _taken(program, homes, doors)
    own = [(module, name) for module in homes for name in _own(program[module])]
    kept = {
        (module, name) for module, name in own if homes[module] == module and name in doors.get(module, ())
    }
    alike = [(module, name) for module, name in own if taken[name] > 1 and (module, name) not in kept]
    with_last = Counter(_prefixed(name, module, 1) for module, name in alike)
    names: dict[str, Names] = {module: {} for module in homes}
    for module, name in own:
        names[module][name] = name
    for module, name in alike:
        new = _prefixed(name, module, 1)
        names[module][name] = new if with_last[new] + taken[new] == 1 else _prefixed(name, module, 2)
    count = Counter(new for renamed in names.values() for new in renamed.values())
    count.update({names[module][name]: taken[names[module][name]] for module, name in alike})
    if double := sorted(name for name in count if count[name] > 1):
        raise ValueError(f"{', '.join(double)}: would mean two things")
    return names


def _prefixed(name: str, module: str, parts: int) -> str:
    prefix = "_".join(module.split(".")[-parts:])
    return f"_{prefix}{name}" if name.startswith("_") else f"{prefix}_{name}"


def _taken(program: dict[str, ast.Module], homes: Mapping[str, str], doors: Doors) -> Counter[str]:
    """How often each name is bound, but for imports of what moves: they go by the new name."""
    taken = Counter(dir(builtins))
    taken.update(module.rpartition(".")[2] for module in program.keys() - homes.keys() | doors.keys())
    for tree in program.values():
        taken.update(bindings(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                taken.subtract(
                    alias.asname or alias.name
                    for alias in node.names
                    if node.module in homes or f"{node.module}.{alias.name}" in homes
                )
    return taken


def _own(tree: ast.Module) -> set[str]:
    """Names that a module binds, but for imports."""
    return set(bindings(_without_imports(tree), inside=False))


def _without_imports(tree: ast.Module) -> ast.Module:
    return ast.Module([line for line in tree.body if not isinstance(line, ast.Import | ast.ImportFrom)], [])


def _ordered(modules: Sequence[str], needs: Mapping[str, set[str]]) -> list[str]:
    """The modules, each after those that it needs as it is imported."""
    ordered: list[str] = []

    def add(module: str, above: tuple[str, ...]) -> None:
        if module in above:
            raise ValueError(f"{module}: needs itself by way of {above[-1]}")
        if module not in ordered:
            for other in sorted(needs[module]):
                add(other, (*above, module))
            ordered.append(module)

    for module in modules:
        add(module, ())
    return ordered


def _imports_first(body: list[ast.stmt]) -> list[ast.stmt]:
    """The same with its imports first, of each module one."""
    origins: dict[str, str] = {}
    found: dict[str, dict[str, ast.alias]] = defaultdict(dict)
    for line in body:
        if isinstance(line, ast.Import | ast.ImportFrom):
            module = (line.module or "") if isinstance(line, ast.ImportFrom) else ""
            for alias in line.names:
                here = alias.asname or alias.name
                if origins.setdefault(here, f"{module}.{alias.name}") != f"{module}.{alias.name}":
                    raise ValueError(f"{here}: is imported from two modules")
                found[module][here] = alias
    imports: list[ast.stmt] = [
        ast.ImportFrom(module, list(aliases.values()), 0) if module else ast.Import(list(aliases.values()))
        for module, aliases in sorted(found.items())
    ]
    return [*imports, *(line for line in body if not isinstance(line, ast.Import | ast.ImportFrom))]


class _Moving(Scoped):
    """Has a module go by the new names, its own and those of others."""

    def __init__(self, module: str, homes: Mapping[str, str], names: dict[str, Names]) -> None:
        super().__init__()
        self._module = module
        self._homes = homes
        self._of = names
        self._home = homes.get(module, module)
        self._names = dict(names.get(module, {}))
        self._modules: Names = {}  # by what they are called here
        self._asked: dict[str, set[str]] = defaultdict(set)  # names by the home that they are in

    def move(self, tree: ast.Module) -> set[str]:
        """Do it; gives the modules of the same home that this one needs as it is imported."""
        for node in ast.walk(tree):
            self._note_imports(node)
        body: list[ast.stmt] = []
        needs: set[str] = set()
        for line in tree.body:
            if isinstance(line, ast.ImportFrom):
                origins = {line.module or "", *(f"{line.module}.{alias.name}" for alias in line.names)}
                needs |= {other for other in origins & self._homes.keys() if self._homes[other] == self._home}
            if isinstance(line, ast.FunctionDef | ast.ClassDef):
                line.name = self._names.get(line.name, line.name)
            body += self._all([line])
        for home, asked in sorted(self._asked.items()):
            body.insert(0, ast.ImportFrom(home, [ast.alias(name) for name in sorted(asked)], 0))
        tree.body = body
        return needs - {self._module}

    def _note_imports(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import) and any(alias.name in self._homes for alias in node.names):
            raise ValueError(f"{self._module}: import {node.names[0].name} cannot be followed")
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                here = alias.asname or alias.name
                if (whole := f"{node.module}.{alias.name}") in self._homes:
                    self._modules[here] = whole
                elif node.module and node.module in self._homes:
                    self._names[here] = self._new(node.module, alias.name)

    def _new(self, module: str, name: str) -> str:
        if name not in self._of[module]:
            raise ValueError(f"{self._module}: {module}.{name} is not that module's own")
        return self._of[module][name]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        left = []
        module = node.module or ""
        moved: dict[str, list[ast.alias]] = defaultdict(list)
        for alias in node.names:
            if f"{module}.{alias.name}" in self._homes:
                continue
            if module not in self._homes:
                left.append(alias)
            elif (home := self._homes[module]) != self._home:
                moved[home].append(ast.alias(self._new(module, alias.name)))
        made: list[ast.stmt] = [ast.ImportFrom(node.module, left, 0)] if left else []
        return made + [ast.ImportFrom(home, aliases, 0) for home, aliases in moved.items()]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if self.is_global(node.id):
            if node.id in self._modules:
                raise ValueError(f"{self._module}: {node.id} cannot be followed")
            node.id = self._names.get(node.id, node.id)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        match node.value:
            case ast.Name(id=name) if name in self._modules and self.is_global(name):
                module = self._modules[name]
                if not isinstance(node.ctx, ast.Load):
                    raise ValueError(f"{self._module}: {module}.{node.attr} is assigned to")
                new = self._new(module, node.attr)
                if not self.is_global(new):
                    raise ValueError(f"{self._module}: {new} means something else there")
                if self._homes[module] != self._home:
                    self._asked[self._homes[module]].add(new)
                return ast.copy_location(ast.Name(new, ast.Load()), node)
        return self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._names.get(name, name) for name in node.names]
        return node
