"""The firmware made smaller for a board: it means the same, and what somebody else may go by stays."""

import subprocess
import sys
from textwrap import dedent

import pytest

from pulseblock_tools.install import firmware
from pulseblock_tools.install.slimming import slim


def slimmed(*users: str, typed: tuple[str, ...] = (), **modules: str) -> dict[str, str]:
    """Modules of the package `p`, slimmed, by their names in it."""
    sources = {"p": "", **{f"p.{name}": dedent(source) for name, source in modules.items()}}
    made = slim(sources, [dedent(user) for user in users], [f"p.{name}" for name in typed])
    return {module.removeprefix("p."): source for module, source in made.items()}


# The whole firmware


def test_the_same_sources_give_the_same_in_every_process() -> None:
    program = """
from pulseblock_tools.install import firmware, slimming
print(slimming.slim(firmware.sources("pico_fsr"), firmware.programs()))
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


def test_names_of_functions_and_what_the_host_uses_stay() -> None:
    made = slim(firmware.sources("pico_fsr"), firmware.programs())
    assert "def _is_pressing(self)" in made["pulseblock.app"]
    assert "HEADER_BYTES" in made["pulseblock.journal.record"]


def test_what_only_the_host_reads_of_the_firmware_goes() -> None:
    made = slim(firmware.sources("pico_fsr"), firmware.programs())
    assert "pulseblock.core.events" not in made  # numbers and their names
    assert "FIELDS" not in made["pulseblock.telemetry"]
    assert '"""' not in "".join(made.values())
    assert "TYPE_CHECKING" not in "".join(made.values())


def test_a_swap_is_not_made_a_tuple() -> None:
    assert (
        "a, b = b, a + 1\n"
        in slimmed("import p.a", a="def f(a, b):\n    a, b = b, a + 1\n    print(a)\nf(1, 2)")["a"]
    )


# Constants


def test_a_constant_of_another_module_becomes_its_number() -> None:
    made = slimmed(
        a="from micropython import const\nLOW = const(3)\nHIGH = const(LOW << 4)\nBELOW = const(-LOW)\n",
        b="from p import a\nfrom p.a import HIGH as TOP\ndef f(): return a.LOW, a.BELOW, TOP\n",
        c="from .b import f\nprint(f())\n",
    )
    assert made["b"] == "def f():\n    return (3, -3, 48)\n"
    assert "a" not in made  # nothing is left of it


def test_a_name_that_may_mean_something_else_is_no_constant() -> None:
    made = slimmed(
        "import p.b",
        a="SIZE = const(4)\n",
        b="from p.a import SIZE\nfrom p import a\ndef f(SIZE, a): print(SIZE, a.SIZE)\nprint(f)\n",
    )
    assert "print(SIZE, a.SIZE)" in made["b"]


def test_only_whole_numbers_are_constants() -> None:
    made = slimmed(
        "import p.b",
        a="NAME = const('x')\nPAIR = const((1, 2))\nMADE = const(len('abc'))\nHALF = const(0.5)\n",
        b="from p import a\nprint(a.NAME, a.PAIR, a.MADE, a.HALF)\n",
    )
    assert "print(a.NAME, a.PAIR, a.MADE, a.HALF)" in made["b"]
    assert made["a"].count("const") == 4


# What nobody refers to


def test_what_nobody_mentions_goes_and_what_only_that_mentioned() -> None:
    made = slimmed(
        "from p.a import used",
        a="""
        import os
        from p.b import helper

        def used(): return os
        def unused(): return helper()
        class Thing:
            def method(self): return unused()
        """,
        b="def helper(): return 1\n",
    )
    assert made == {"p": "\n", "a": "import os\n\ndef used():\n    return os\n"}


@pytest.mark.parametrize(
    "mention",
    ["getattr(thing, 'method')", "thing.method", "f(method=1)", "'calls method now'", "b'method'"],
)
def test_whatever_has_its_name_keeps_it(mention: str) -> None:
    source = "class Thing:\n    def method(self): pass\n    def other(self): pass\n"
    made = slimmed(f"from p.a import Thing\n{mention}", a=source)
    assert "method" in made["a"]
    assert "other" not in made["a"]
    inside = slimmed("from p.a import Thing, f", a=f"{source}def f(thing): return {mention}\n")
    assert "def method" in inside["a"]


def test_a_docstring_mentions_nothing() -> None:
    made = slimmed("from p.a import f", a='def f():\n    """See g."""\ndef g(): pass\n')
    assert made["a"] == "def f():\n    pass\n"


def test_what_does_something_at_import_stays() -> None:
    source = "LOG = open('log')\nPLAIN = (1, 2)\nopen('other')\n"
    assert slimmed("import p.a", a=source)["a"] == "LOG = open('log')\nopen('other')\n"


def test_special_methods_and_what_is_assigned_to_stay() -> None:
    source = """
        class Thing:
            def __init__(self): self.level = 0
            @property
            def size(self): return 1
            @size.setter
            def size(self, value): self.level = value

        count = 0
        def f():
            global count
            count += 1
            Thing().size = 2
    """
    made = slimmed("from p.a import f", a=source)["a"]
    assert made.count("def size") == 2
    assert "def __init__" in made
    assert "\ncount = 0" in made


def test_what_a_foreign_base_may_call_stays() -> None:
    source = """
        import io
        class Stream(io.IOBase):
            def readinto(self, buffer): return 0
        class Own: pass
        class Child(Own):
            def unused(self): return 0
    """
    made = slimmed("from p.a import Stream, Child", a=source)["a"]
    assert "def readinto" in made
    assert "unused" not in made


# Private names


def test_private_attributes_and_variables_are_shortened_and_functions_are_not() -> None:
    using = "from p.a import Thing\nThing().size()"
    made = slimmed(
        using,
        a="""
        _TABLE = [1, 2]
        class Thing:
            def __init__(self): self._level, self.__hidden = 0, 1
            def size(self): return self._level + _TABLE[0] + self._half()
            def _half(self): return self.__hidden
        """,
    )["a"]
    assert "_level" not in made
    assert "_TABLE" not in made
    assert "def _half" in made
    assert "self._half()" in made
    assert "self.__hidden" in made
    assert made.count("_a") == made.count("_b") == 2


def test_other_modules_have_the_same_short_names_but_classes_that_inherit_have_not() -> None:
    base = "class Base:\n    def __init__(self): self._level = 0\n"
    made = slimmed(
        "from p.child import Child\nfrom p.other import Other",
        base=base,
        child="""
        from .base import Base
        class Child(Base):
            def f(self): self._own = self._level
        print(Child().f())
        """,
        other="class Other:\n    def __init__(self): self._quite_else = 0\n",
    )
    assert "self._a = 0" in made["base"]
    assert "self._b = self._a" in made["child"]
    assert "self._a = 0" in made["other"]


@pytest.mark.parametrize(
    "danger",
    [
        "print(getattr(thing, '_level'))",
        "print(getattr(thing, '_' + name))",
        "print(getattr(thing, '_lev%s' % name))",
        "print('the _level of')",
        "def f(_level): print(_level)\nprint(f)",
        "f(_level=1)",
        "def f():\n    _level = 1\n    print(_level)\nprint(f)",
        "for _level in (1, 2): print(_level)",
        "global _level",
        "import _level",
        "from p.b import _level\nprint(_level)",
    ],
)
def test_a_private_name_that_something_else_may_go_by_stays(danger: str) -> None:
    source = "class Thing:\n    def __init__(self): self._level = self._other_one = 0\n"
    made = slimmed("from p.a import Thing", a=source, b="_level = 1\n", c=danger)
    assert "_level" in made["a"]


def test_a_private_name_that_a_user_has_stays() -> None:
    source = "class Thing:\n    def __init__(self): self._level = self._other = 0\n"
    made = slimmed("from p.a import Thing\nThing()._level", a=source)["a"]
    assert "_level" in made
    assert "_other" not in made


def test_what_one_module_reaches_for_in_another_stays() -> None:
    source = "class Thing:\n    def __init__(self): self._level = 0\n"
    made = slimmed("from p.a import Thing", a=source, b="def f(thing): return thing._level\nprint(f)\n")
    assert "_level" in made["a"]
    assert "_level" in made["b"]


def test_a_short_name_that_is_there_already_is_not_given_again() -> None:
    source = "class Thing:\n    def __init__(self): self._a, self._long, self._long_too = 0, 1, 2\n"
    made = slimmed("Thing()._a, Thing()._b\nfrom p.a import Thing", a=source)["a"]
    assert "self._a, self._c, self._d = 0, 1, 2" in made


# What a compiler or a type checker reads


def test_modules_that_viper_compiles_keep_their_annotations() -> None:
    made = slimmed(
        "import p.a, p.b",
        typed=("b",),
        a="def half(of: int = 2) -> int: return of // 2\nprint(half())\n",
        b="def go(by: int) -> int: return by + 1\nprint(go(1))\n",
    )
    assert "def go(by: int) -> int" in made["b"]
    assert "def half(of=2)" in made["a"]


def test_what_only_type_checkers_read_goes_and_what_they_do_not_stays() -> None:
    source = """
        TYPE_CHECKING = False
        if TYPE_CHECKING:
            pointer = int
        else:
            pointer = None
        print(pointer)
    """
    assert slimmed("import p.a", a=source)["a"] == "pointer = None\nprint(pointer)\n"
