"""Trace files: ``t_ms,force_n,ax_g,ay_g,az_g`` as CSV, from any logger that can write that.

Columns are found by name, in any order; others are left alone, and so are blank lines, a byte order mark,
the kind of line ends and quotes.  Everything else that does not fit is refused with the row's number, in
lines of the file as an editor counts them: a trace that cannot be trusted in one row is not in the others.
Whatever the file holds, reading it takes no more memory than the largest good trace would.
"""

from __future__ import annotations

import csv
import io
import math
import os
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from pulseblock_tools.errors import UserError
from pulseblock_tools.traces.trace import Trace

TIME = "t_ms"
FORCE = "force_n"
ACCELERATION = ("ax_g", "ay_g", "az_g")

MAX_BYTES = 400_000_000
MAX_ROWS = 4_000_000  # five and a half hours at 200 rows a second
MAX_LINE = 4096  # characters

# Beyond these a value is no measurement but another unit or a broken file.  Within them the sensor's full
# scale (655.35 N, 4 g) limits what counts, and a force below nothing is a load cell's offset.
MAX_T_MS = 1e13
MAX_FORCE_N = 10_000.0
MAX_ACCELERATION_G = 100.0
_LIMITS = {TIME: (MAX_T_MS, "ms"), FORCE: (MAX_FORCE_N, "N")} | dict.fromkeys(
    ACCELERATION, (MAX_ACCELERATION_G, "g")
)


def read_trace(path: Path) -> Trace:
    """Read the trace in a file, or on stdin where *path* is ``-``.

    Raises UserError, with the row's number, for whatever is no trace.
    """
    if str(path) == "-":
        return read_stream(sys.stdin.buffer, "stdin")
    try:
        with path.open("rb") as stream:
            return read_stream(stream, str(path))
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from None


def read_stream(stream: BinaryIO, name: str) -> Trace:
    """Read the trace in an open file; *name* is what errors call it."""
    try:
        size = os.fstat(stream.fileno()).st_size
    except io.UnsupportedOperation:
        size = 0  # no file behind it: the limit on rows has to do
    if size > MAX_BYTES:
        raise UserError(
            f"{name}, row 1: the file has {size / 1e6:,.0f} MB and a trace may have {MAX_BYTES / 1e6:.0f}; "
            "replay it in parts"
        )
    # undecodable bytes may stand in columns that nobody asks for
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape")
    try:
        return parse(iter(lambda: text.readline(MAX_LINE + 1), ""), name)
    finally:
        text.detach()


def parse(lines: Iterable[str], name: str) -> Trace:
    """Parse the lines of a trace; those over ``MAX_LINE`` characters may come in pieces."""
    return _Parser(lines, name).trace()


class _Parser:
    """Knows which row it is at, so that every refusal can say so."""

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._lines = lines
        self._name = name
        self._row = 0

    def trace(self) -> Trace:
        rows = self._rows()
        header = [cell.strip() for cell in next(rows)]
        wanted = self._columns(header)
        at = [header.index(name) for name in wanted]
        flat = array("d")
        before = -MAX_T_MS
        for cells in rows:
            try:
                t_ms, force_n, *acceleration_g = values = [float(cells[i]) for i in at]
            except (ValueError, IndexError):
                raise self._bad_row(header, wanted, cells) from None
            # written so that NaN, of which every comparison is false, fails
            plausible = before <= t_ms <= MAX_T_MS and -MAX_FORCE_N <= force_n <= MAX_FORCE_N
            for axis_g in acceleration_g:
                plausible = plausible and -MAX_ACCELERATION_G <= axis_g <= MAX_ACCELERATION_G
            fits = len(cells) == len(header) or (len(cells) > len(header) and not any(cells[len(header) :]))
            if not (plausible and fits):
                raise self._bad_row(header, wanted, cells, before)
            if len(flat) >= MAX_ROWS * len(wanted):
                raise self._refusal(f"a trace may have {MAX_ROWS:,} samples; replay it in parts")
            flat.extend(values)
            before = t_ms
        if not flat:
            raise self._refusal("no samples after the header", row=self._row + 1)
        columns = [flat[i :: len(wanted)] for i in range(len(wanted))]
        return Trace(self._name, columns[0], columns[1], tuple(columns[2:]))

    def _rows(self) -> Iterator[list[str]]:
        """Yield the cells of every line that is not blank, the header's first."""
        in_header = True
        for line in self._lines:
            self._row += 1
            if len(line) > MAX_LINE:
                raise self._refusal(f"longer than {MAX_LINE} characters: no trace in CSV")
            if "\0" in line:
                raise self._refusal("binary data: no trace in CSV")
            content = line.strip()
            if not content:
                continue
            if not in_header:
                content = content.replace("_", " _")  # to Python, 1_000 would be a number
            yield next(csv.reader([content])) if '"' in content else content.split(",")
            in_header = False
        if in_header:
            raise self._refusal("the file is empty", row=1)

    def _columns(self, header: Sequence[str]) -> list[str]:
        """Return the names of the columns to read, time and force first, or refuse the header."""
        found = [name for name in (TIME, FORCE, *ACCELERATION) if name in header]
        for name in found:
            if header.count(name) > 1:
                raise self._refusal(f"two columns are named {name}")
        missing = [name for name in (TIME, FORCE) if name not in found]
        if missing:
            raise self._refusal(
                f"no column {' or '.join(missing)}; a trace's first row names its columns, with commas "
                f"between them: {TIME},{FORCE} and, if there is acceleration, {','.join(ACCELERATION)}"
            )
        missing = [name for name in ACCELERATION if name not in found]
        if missing and len(missing) < len(ACCELERATION):
            raise self._refusal(f"no column {' or '.join(missing)}; give all three accelerations or none")
        return found

    def _bad_row(
        self, header: Sequence[str], wanted: Sequence[str], cells: Sequence[str], before: float = -math.inf
    ) -> UserError:
        """Find out what is wrong with a row."""
        if len(cells) != len(header):
            return self._refusal(f"{len(cells)} values, where the header names {len(header)} columns")
        for name in wanted:
            cell = cells[header.index(name)].strip()
            limit, unit = _LIMITS[name]
            if not cell:
                return self._refusal(f"{name} is empty")
            try:
                value = float(cell)
            except ValueError:
                return self._refusal(f"{name} is {_shown(cell)}, not a number")
            if not math.isfinite(value):
                return self._refusal(f"{name} is {_shown(cell)}, not a finite number")
            if abs(value) > limit:
                return self._refusal(f"{name} is {_shown(cell)}, beyond {limit:,.0f} {unit}; check its unit")
        return self._refusal(f"{TIME} goes back, from {before:.12g} to {cells[header.index(TIME)].strip()}")

    def _refusal(self, what: str, row: int | None = None) -> UserError:
        return UserError(f"{self._name}, row {row or self._row}: {what}")


def _shown(cell: str) -> str:
    """Return what stands in a cell, as in the file and short enough for one line."""
    text = cell.replace(" _", "_")
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"
