"""Integers only, each within 30 bits and a sign: the core on an integer type that refuses all else.

Past -2^30 .. 2^30-1 a 32-bit MicroPython allocates.  Here the core's own source is loaded once more with
every number in it, and every number it is given, of a type whose arithmetic raises past that limit, or
where a float would come of it.
"""

import ast
import importlib.util
import math
import operator
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pulseblock.core

CORE = Path(pulseblock.core.__file__).parent
TWIN = "bounded_core"
LOWEST, HIGHEST = -(2**30), 2**30 - 1


class OutOfBoundsError(ArithmeticError):
    """A number that a board could not hold in a small integer."""


class Bounded(int):
    """An integer of a 32-bit MicroPython that may not allocate."""

    def __new__(cls, value):
        number = int.__new__(cls, value)
        if not LOWEST <= int(number) <= HIGHEST:
            raise OutOfBoundsError(int(number))
        return number

    def __truediv__(self, other):
        raise OutOfBoundsError("a division that makes a float")

    __rtruediv__ = __truediv__


def _bounded(name):
    function = getattr(operator, name)

    def binary(self, other):
        if not isinstance(other, int):
            return NotImplemented
        return Bounded(function(int(self), int(other)))

    def reflected(self, other):
        if not isinstance(other, int):
            return NotImplemented
        return Bounded(function(int(other), int(self)))

    return binary, reflected


for _name in ("add", "sub", "mul", "floordiv", "mod", "lshift", "rshift", "and_", "or_", "xor", "pow"):
    _plain, _reflected = _bounded(_name)
    setattr(Bounded, f"__{_name.rstrip('_')}__", _plain)
    setattr(Bounded, f"__r{_name.rstrip('_')}__", _reflected)
for _name in ("neg", "pos", "abs", "invert"):
    setattr(Bounded, f"__{_name}__", lambda self, name=_name: Bounded(getattr(operator, name)(int(self))))


class _Literals(ast.NodeTransformer):
    """Turns every whole number of a source into a Bounded one, and its imports to the twin."""

    def visit_Constant(self, node):
        if type(node.value) is int:
            return ast.Call(ast.Name("Bounded", ast.Load()), [node], [])
        assert not isinstance(node.value, float), f"a float in line {node.lineno}"
        return node

    def visit_ImportFrom(self, node):
        if node.module and node.module.startswith("pulseblock.core"):
            node.module = node.module.replace("pulseblock.core", TWIN)
        return node


class _Twin:
    """Finds and loads the twins of the core's modules."""

    def find_spec(self, name, _path=None, _target=None):
        if name != TWIN and not name.startswith(TWIN + "."):
            return None
        place = CORE / (name.removeprefix(TWIN).strip(".") or "__init__")
        file = place.with_suffix(".py")
        return importlib.util.spec_from_loader(name, self, origin=str(file), is_package=name == TWIN)

    def create_module(self, _spec):
        return None

    def exec_module(self, module: ModuleType):
        source = Path(module.__spec__.origin).read_text()
        tree = ast.parse(source)
        if not module.__name__.endswith(".settings"):  # settings are checked once, not computed with
            tree = _Literals().visit(tree)
        module.Bounded = Bounded
        exec(compile(ast.fix_missing_locations(tree), module.__spec__.origin, "exec"), module.__dict__)


@pytest.fixture(scope="module")
def twin():
    """The core's classes, made of bounded integers."""
    finder = _Twin()
    sys.meta_path.insert(0, finder)
    try:
        from bounded_core.calibration import Calibration
        from bounded_core.counter import Counter
        from bounded_core.rep import Rep
        from bounded_core.settings import Settings
    finally:
        sys.meta_path.remove(finder)
    return Counter, Settings, Calibration, Rep


def bounded_settings(twin, values):
    made = twin[1](**values)
    for name in made.names():
        setattr(made, name, Bounded(getattr(made, name)))
    return made


def feed(counter, samples):
    for sample in samples:
        counter.sample(*(Bounded(value) for value in sample))
    while counter.finish():
        pass


FORCE = st.integers(LOWEST, HIGHEST) | st.sampled_from((0, 1, 200, 1500, 6500, 65535))
ACCELERATION = st.integers(LOWEST, HIGHEST) | st.sampled_from((-32768, -8192, 0, 8192, 16383, 32767))


@st.composite
def hostile(draw):
    """Samples that jump anywhere at any time, with stretches of presses at full scale between."""
    t = draw(st.integers(0, HIGHEST))
    samples = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("chaos", "press", "still")))
        step = draw(st.sampled_from((1, 5, 10, 19, 20, 200, 260)))
        height = draw(st.sampled_from((300, 2500, 20000, 64000)))
        hold = draw(st.sampled_from((0, 300, 1500, 30000)))
        x, y, z = (max(draw(ACCELERATION), -HIGHEST) for _ in range(3))
        period = draw(st.integers(5, 200))
        for i in range(draw(st.integers(1, 300))):
            t = (t + step) & HIGHEST
            if kind == "chaos":
                samples.append((t, height if i % period else hold, x if i % 3 else -z, -y if i % 2 else y, z))
            elif kind == "press":
                wave = int(height * (1 - math.cos(2 * math.pi * i / period)) / 2)
                samples.append((t, hold + wave, wave % 1000 - 500, wave % 333, 8192 - wave % 77))
            else:
                samples.append((t, hold, 0, 0, 8192 - (i % 2)))
        samples.append((draw(st.integers(0, HIGHEST)), draw(FORCE), x, y, z))
    return samples


@st.composite
def any_settings(draw):
    """Settings at and between the ends of their ranges."""
    from pulseblock.core.settings import Settings

    values = {}
    for name in draw(st.lists(st.sampled_from(Settings.names()), unique=True, max_size=10)):
        _, lowest, highest = Settings.describe(name)
        values[name] = draw(st.sampled_from((lowest, highest)) | st.integers(lowest, highest))
    return values


def ready_then(samples, rate_hz=100):
    """Two seconds of a block held still, and what comes after."""
    step = 1000 // rate_hz
    return [(i * step, 1500 + i % 3, i % 5, -(i % 4), 8192) for i in range(2000 // step)] + [
        (2000 + t, *rest) for t, *rest in samples
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(samples=hostile(), values=any_settings())
def test_hostile_samples_stay_within_bounds(twin, samples, values):
    feed(twin[0](bounded_settings(twin, values)), samples)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(samples=hostile(), values=any_settings())
def test_so_do_they_once_the_block_is_ready(twin, samples, values):
    feed(twin[0](bounded_settings(twin, values)), ready_then([(t % (1 << 29), *r) for t, *r in samples]))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    height=st.integers(500, 64000),
    period=st.integers(12, 900),
    amplitude=st.integers(0, 16000),
    drag=st.integers(-32767, 32767),
    rate=st.sampled_from((50, 104, 200)),
)
def test_full_scale_presses_stay_within_bounds(twin, height, period, amplitude, drag, rate):
    values = {"rate_hz": rate, "drag_y_um": drag, "drag_z_um": -drag, "drag_evidence_ug": 100}
    samples = []
    for i in range(1500):
        wave = 1 - math.cos(2 * math.pi * i / period)
        y = int(amplitude * math.cos(2 * math.pi * i / period))
        samples.append((i * 1000 // rate, 1500 + int(height * wave / 2), y // 3, y, 8192))
    feed(twin[0](bounded_settings(twin, values)), ready_then(samples, rate))


ENDS = (-32699, 32699)  # what is beyond is no posture to the counter


@pytest.mark.parametrize("pitch", [-4500, 0, 4500])
@pytest.mark.parametrize("roll", [-4500, 0, 4500])
def test_each_axis_at_its_ends_stays_within_bounds(twin, pitch, roll):
    values = {"ready_tilt_deg": 60, "mount_pitch_cdeg": pitch, "mount_roll_cdeg": roll}
    up = [math.sin(math.radians(roll / 100)), math.sin(math.radians(pitch / 100)), 1]
    supine = tuple(int(8192 * axis / math.hypot(*up)) for axis in up)
    ends = [(x, y, z) for x in (*ENDS, 0) for y in (*ENDS, 0) for z in (*ENDS, 0)]
    towards = tuple(ENDS[axis > 0] for axis in supine)
    in_turn = [
        (sign * x, sign * y, sign * z) for x, y, z in ends for sign in (1, 1, 1, 1, -1, -1, -1, -1) * 3
    ]
    still = [(1500, *axes) for axes in [supine] * 150 + [towards] * 30]
    wild = [(65535 * (i % 2), *axes) for i, axes in enumerate(in_turn)]
    samples = [(10 * i, *sample) for i, sample in enumerate(still + wild)]
    feed(twin[0](bounded_settings(twin, values)), samples)


TRAVEL = st.integers(-32767, 32767) | st.sampled_from((-32767, 32767))


@st.composite
def dragging(draw, far):
    """Reps of one set: reference of their time (cN), caudal and downward drag (um), evidence (ug/mm)."""
    y, z = draw(TRAVEL), draw(TRAVEL)
    near = st.integers(-far, far)
    reference_cn = st.integers(2500, 60000) | st.just(60000)
    one = st.tuples(reference_cn, near, near, st.integers(1, 5200) | st.just(5200))
    reps = draw(st.lists(one, min_size=4, max_size=12))
    within = (-32767, 32767)
    return [(cn, sorted((*within, y + j))[1], sorted((*within, z + k))[1], ug) for cn, j, k, ug in reps]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(press_cn=st.integers(1000, 60000), presses=dragging(300), grips=dragging(300) | dragging(65534))
def test_a_calibration_stays_within_bounds(twin, press_cn, presses, grips):
    calibration = twin[2](twin[1]())
    for drawn, kept in ((presses, calibration.presses), (grips, calibration.grips)):
        for numbers in drawn:
            rep = twin[3]()
            rep.reference_cn, rep.drag_y_um, rep.drag_z_um, rep.drag_ug_per_mm = map(Bounded, numbers)
            rep.hold_cn, rep.peak_cn = Bounded(1500), Bounded(1500 + press_cn)
            kept.add(rep, True)
    calibration.phase = 1  # PRESSES
    calibration.finish()
    calibration.result()


@pytest.mark.usefixtures("twin")
def test_the_bounds_would_be_noticed():
    with pytest.raises(OutOfBoundsError):
        Bounded(2**29) + Bounded(2**29)
    with pytest.raises(OutOfBoundsError):
        Bounded(1) / 2
    from bounded_core.fixed import muldiv

    with pytest.raises(OutOfBoundsError):
        muldiv(Bounded(2**28 - 1), Bounded(2**29), Bounded(1))
    assert isinstance(muldiv(Bounded(7), 6, 5), Bounded)


def test_the_core_imports_nothing_but_const_and_itself():
    for file in sorted(CORE.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                raise AssertionError(f"{file.name} imports {node.names[0].name}")
            if isinstance(node, ast.ImportFrom):
                names = [alias.name for alias in node.names]
                assert (node.module == "micropython" and names == ["const"]) or node.module.startswith(
                    "pulseblock.core"
                ), f"{file.name} imports {node.module}"
            assert not isinstance(node, ast.Div), f"{file.name} divides into floats"
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), file.name
