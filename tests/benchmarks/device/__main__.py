"""The firmware's speed, size and thirst, as tables in Markdown.

    python tests/benchmarks/device [speed] [size] [power] [--update]

It needs Node, as the virtual block does, and a few minutes on a machine with little else to do.
"""

import argparse
import contextlib
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

# first what lets the firmware be imported on CPython
import pulseblock_tools  # noqa: F401  # isort: skip
import power
import size
import speed

_HEAP_AIM, _FLASH_AIM = 40, 24  # KiB
_GUIDE = Path(__file__).parents[3] / "device" / "README.md"
_MARKS = re.compile("(?<=<!-- benchmarks -->\n).*(?=<!-- /benchmarks -->)", re.DOTALL)


def main() -> None:
    """Print the tables that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "tables", nargs="*", metavar="TABLE", help=f"any of {', '.join(_TABLES)}; without, all"
    )
    parser.add_argument("--update", action="store_true", help="put all of them into device/README.md too")
    arguments = parser.parse_args()
    tables = arguments.tables or list(_TABLES)
    if unknown := [name for name in tables if name not in _TABLES]:
        parser.error(f"no table {unknown[0]}: choose of {', '.join(_TABLES)}")
    if arguments.update and arguments.tables:
        parser.error("--update takes all tables: name none")
    measured = speed.measure() if {"speed", "power"} & set(tables) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for name in tables:
            _TABLES[name](measured)
    print(printed.getvalue(), end="")
    if arguments.update:
        text = _GUIDE.read_text(encoding="utf-8")
        _GUIDE.write_text(_MARKS.sub(lambda _: f"\n{printed.getvalue()}", text), encoding="utf-8")


def _speed(m: speed.Speed) -> None:
    _table(
        "A sample, counted and judged",
        ("", "time on the virtual block", "beside the integers", "heap"),
        [
            (what, f"{seconds * 1e6:.0f} us", f"{seconds / m.integers_s:.2f}", heap)
            for what, seconds, heap in (
                ("integers, on MicroPython", m.integers_s, f"{m.integers_bytes:.0f} bytes"),
                ("the same in floats, on MicroPython", m.floats_s, f"{m.floats_bytes:.0f} bytes"),
                ("integers, on CPython", m.cpython_s, ""),
            )
        ],
    )
    rows: list[tuple[str, float, float]] = [
        ("counting and judging", m.counting_us(installed=False), m.counting_us()),
        (
            "drivers, app, light and sound, journal",
            m.software_us(installed=False) - m.counting_us(installed=False),
            m.software_us() - m.counting_us(),
        ),
        ("I2C bus and ADC", m.sensors_us, m.sensors_us),
        ("all", m.all_us(installed=False), m.all_us()),
        ("aim", speed.AIM_US, speed.AIM_US),
    ]
    _table(
        f"What an RP2040 at 125 MHz would take for a sample, reckoned; at {m.rate_hz} Hz",
        ("", "all as bytecode", "of a core", "as installed", "of a core"),
        [
            (
                what,
                f"{bytecode:.0f} us",
                f"{bytecode * m.rate_hz / 1e6:.1%}",
                f"{as_installed:.0f} us",
                f"{as_installed * m.rate_hz / 1e6:.1%}",
            )
            for what, bytecode, as_installed in rows
        ],
    )
    longest_ms, installed_ms = (m.longest_step_us(installed) / 1000 for installed in (False, True))
    print(
        f"The longest step, one that closes a rep, would take {longest_ms:.0f} ms as bytecode,"
        f" {installed_ms:.0f} ms as installed.\n"
    )


def _size(_: speed.Speed) -> None:
    sizes = size.sizes()
    _table(
        "The firmware as it is installed, on a littlefs with blocks of 4 KiB",
        ("board", "modules", "their size", "flash taken"),
        [
            (one.what, str(one.modules), _kib(one.bytes), f"{one.blocks} blocks, {4 * one.blocks} KiB")
            for one in sizes
        ]
        + [("aim", "", f"{_FLASH_AIM} KiB", "")],
    )
    _table(
        "Heap that it takes, of the 200-odd KiB of a Pico",
        ("board", "after boot", "once it samples", "calibrating"),
        [(one.what, _kib(one.booted), _kib(one.sampling), _kib(one.calibrating)) for one in sizes]
        + [("aim", f"{_HEAP_AIM} KiB", "", "")],
    )
    _table(
        "Modules that are installed as the RP2040's own code",
        ("module", "compiled as", "size", "as bytecode"),
        [
            (name, emit, f"{emitted} bytes", f"{bytecode} bytes")
            for name, emit, bytecode, emitted in size.machine_code()
        ],
    )


def _power(measured: speed.Speed) -> None:
    outputs, busy = power.outputs(), measured.busy
    unlit = power.without_light(outputs)
    training = power.training(outputs, busy, power.napping(outputs, busy))
    asleep = power.asleep()
    for title, currents in (("training", training), ("asleep", asleep)):
        _table(
            f"What a pico_fsr takes from a LiPo cell, {title}",
            ("", "mA from the cell", "from"),
            [(one.part, f"{one.from_cell_ma:.2f}", one.source) for one in currents]
            + [("all", f"{power.total_ma(currents):.1f}", "")],
        )
    training_ma, asleep_ma = power.total_ma(training), power.total_ma(asleep)
    awake_ma = power.total_ma(power.training(outputs, busy, 0))
    unlit_ma = power.total_ma(power.training(unlit, busy, power.napping(unlit, busy)))
    habits = power.habits()
    _table(
        f"A cell of {power.BATTERY_MAH} mAh lasts",
        ("", ""),
        [
            ("training without end", f"{power.hours(training_ma):.0f} hours"),
            ("the same, without naps", f"{power.hours(awake_ma):.0f} hours"),
            ("the same, with the light off, so that it naps more", f"{power.hours(unlit_ma):.0f} hours"),
            ("asleep", f"{power.hours(asleep_ma) / 24:.0f} days"),
            (habits, f"{power.days(training_ma, asleep_ma):.1f} days"),
            ("the same, if it never slept", f"{power.days(training_ma, training_ma):.1f} days"),
        ],
    )


def _kib(size_bytes: int) -> str:
    return f"{size_bytes / 1024:.1f} KiB"


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"{title}:\n")
    for row in (head, ["---"] * len(head), *rows):
        print(f"| {' | '.join(row)} |")
    print()


_TABLES: dict[str, Callable[[speed.Speed], None]] = {"speed": _speed, "size": _size, "power": _power}

if __name__ == "__main__":
    main()
