import io
import re
import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock_tools.errors import BAD_INPUT, UserError
from pulseblock_tools.traces import reading
from pulseblock_tools.traces.reading import read_stream, read_trace
from pulseblock_tools.traces.trace import Trace

FULL = "t_ms,force_n,ax_g,ay_g,az_g\n"


def read(content: str | bytes) -> Trace:
    return read_stream(io.BytesIO(content.encode() if isinstance(content, str) else content), "t.csv")


def refusal(content: str | bytes) -> str:
    with pytest.raises(UserError) as caught:
        read(content)
    assert caught.value.exit_code == BAD_INPUT
    message = str(caught.value)
    assert len(message) < 300
    assert "\n" not in message
    return message


def test_columns_are_found_by_name():
    trace = read("note,az_g,force_n,ax_g,t_ms,ay_g\nstart,1,13.5,0.1,0,-0.2\n,0.9,14,0.2,10,-0.3\n")
    assert list(trace.t_ms) == [0, 10]
    assert list(trace.force_n) == [13.5, 14]
    assert [list(axis) for axis in trace.acceleration_g] == [[0.1, 0.2], [-0.2, -0.3], [1, 0.9]]
    assert not trace.force_only


def test_a_trace_without_acceleration_is_force_only():
    trace = read("t_ms,force_n\n0,1\n10,2\n")
    assert trace.force_only
    assert trace.acceleration_g == ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("t_ms,force_n\r\n0,1\r\n10,2\r\n", id="Windows line ends"),
        pytest.param("t_ms,force_n\r0,1\r10,2\r", id="old Mac line ends"),
        pytest.param(b"\xef\xbb\xbft_ms,force_n\n0,1\n10,2\n", id="byte order mark"),
        pytest.param("\nt_ms,force_n\n\n0,1\n  \n10,2\n\n\n", id="blank lines"),
        pytest.param("t_ms,force_n\n0,1\n10,2", id="no line end at the end"),
        pytest.param(" t_ms , force_n \n 0 , 1 \n 10 ,\t2\n", id="spaces"),
        pytest.param('"t_ms","force_n","a, b"\n"0","1","x, y"\n"10","2",""\n', id="quotes"),
        pytest.param("t_ms,force_n\n0,1,\n10,2,\n", id="a comma too many"),
        pytest.param(b"t_ms,force_n,\xff\n0,1,\xfe\n10,2,_\n", id="another column in another encoding"),
        pytest.param("t_ms,force_n\n0e0,+1.\n1e1,2.0\n", id="every way to write a number"),
    ],
)
def test_what_loggers_write_differently_is_read_alike(content):
    trace = read(content)
    assert (list(trace.t_ms), list(trace.force_n)) == ([0, 10], [1, 2])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "t.csv, row 1: the file is empty"),
        ("\n \n", "t.csv, row 1: the file is empty"),
        ("t_ms,force_n\n", "t.csv, row 2: no samples after the header"),
        ("t_ms,force_n\n0,1\n10,abc\n", "t.csv, row 3: force_n is 'abc', not a number"),
        ("t_ms,force_n\n\n\n10,abc\n", "t.csv, row 4: force_n is 'abc', not a number"),
        ("t_ms,force_n\n0,1\n10,\n", "t.csv, row 3: force_n is empty"),
        ("t_ms,force_n\n0,1_0\n", "t.csv, row 2: force_n is '1_0', not a number"),
        ("t_ms,force_n\nt_ms,force_n\n0,1\n", "t.csv, row 2: t_ms is 't_ms', not a number"),
        ("t_ms,force_n\n0,nan\n", "t.csv, row 2: force_n is 'nan', not a finite number"),
        ("t_ms,force_n\nNaN,1\n", "t.csv, row 2: t_ms is 'NaN', not a finite number"),
        ("t_ms,force_n\n0,-inf\n", "t.csv, row 2: force_n is '-inf', not a finite number"),
        (FULL + "0,1,0,0,1\n10,1,0,nan,1\n", "t.csv, row 3: ay_g is 'nan', not a finite number"),
        ("t_ms,force_n\n0,1e5\n", "t.csv, row 2: force_n is '1e5', beyond 10,000 N; check its unit"),
        (FULL + "0,1,0,0,981\n", "t.csv, row 2: az_g is '981', beyond 100 g; check its unit"),
        (
            "t_ms,force_n\n1e16,1\n",
            "t.csv, row 2: t_ms is '1e16', beyond 10,000,000,000,000 ms; check its unit",
        ),
        ("t_ms,force_n\n0,1\n110,1\n90,1\n", "t.csv, row 4: t_ms goes back, from 110 to 90"),
        ("t_ms,force_n\n0,1\n10\n", "t.csv, row 3: 1 values, where the header names 2 columns"),
        ("t_ms,force_n\n0,1\n10,2,5\n", "t.csv, row 3: 3 values, where the header names 2 columns"),
        ("t_ms,t_ms,force_n\n0,0,1\n", "t.csv, row 1: two columns are named t_ms"),
        (
            "t_ms,force_n,ax_g,az_g\n0,1,0,1\n",
            "t.csv, row 1: no column ay_g; give all three accelerations or none",
        ),
        ("t_ms,force_n\n0,1\n" + "1" * 5000, "t.csv, row 3: longer than 4096 characters: no trace in CSV"),
        (b"\x00\x01\x02", "t.csv, row 1: binary data: no trace in CSV"),
        ("t_ms,force_n\n0,1\n".encode("utf-16"), "t.csv, row 1: binary data: no trace in CSV"),
        ("t_ms,force_n\n0," + "x" * 100, f"t.csv, row 2: force_n is '{'x' * 40}…', not a number"),
    ],
)
def test_what_is_no_trace_is_refused_with_the_row(content, message):
    assert refusal(content) == message


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("t_ms,ax_g,ay_g,az_g", "force_n"),
        ("force_n", "t_ms"),
        ("0,25.5", "t_ms or force_n"),
        ("t_ms;force_n", "t_ms or force_n"),
        ("T_MS,FORCE_N", "t_ms or force_n"),
    ],
)
def test_a_header_without_time_and_force_is_refused_with_what_it_should_name(header, missing):
    message = refusal(header + "\n0,1,2,3\n")
    assert message.startswith(f"t.csv, row 1: no column {missing};")
    assert "t_ms,force_n" in message
    assert "ax_g,ay_g,az_g" in message


def test_time_may_stand_still_and_have_any_origin():
    assert list(read("t_ms,force_n\n-5.25,1\n-5.25,2\n0.5,3\n").t_ms) == [-5.25, -5.25, 0.5]
    assert list(read("t_ms,force_n\n1700000000000.5,1\n1700000000001,2\n").t_ms) == [1.7e12 + 0.5, 1.7e12 + 1]


def test_a_trace_may_be_long_but_not_endless(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    rows = [f"{t},1\n" for t in range(5)]
    assert len(read("t_ms,force_n\n" + "".join(rows[:3])).t_ms) == 3
    assert (
        refusal("t_ms,force_n\n" + "".join(rows))
        == "t.csv, row 5: a trace may have 3 samples; replay it in parts"
    )


def test_ten_gigabytes_are_refused_at_once(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"t_ms,force_n\n0,1\n")
        file.truncate(10_000_000_000)  # sparse: it takes no room
    with pytest.raises(
        UserError, match="row 1: the file has 10,000 MB and a trace may have 400; replay it in parts"
    ):
        read_trace(path)


def test_a_line_without_end_is_refused_before_it_is_read():
    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            self.given += len(buffer)
            assert self.given < 1_000_000
            buffer[:] = b"1" * len(buffer)
            return len(buffer)

    with pytest.raises(UserError, match="row 1: longer than"):
        read_stream(io.BufferedReader(Endless()), "endless")


def test_what_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"none\.csv: cannot be read: no such file or directory"):
        read_trace(tmp_path / "none.csv")
    with pytest.raises(UserError, match="cannot be read: is a directory"):
        read_trace(tmp_path)


def test_what_may_not_be_read_is_refused(monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UserError, match=r"secret\.csv: cannot be read: permission denied"):
        read_trace(Path("secret.csv"))


def test_stdin_is_a_dash(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"t_ms,force_n\n0,x\n")))
    with pytest.raises(UserError, match=r"^stdin, row 2: force_n is 'x', not a number$"):
        read_trace(Path("-"))


numbers = {
    "t_ms": st.floats(-reading.MAX_T_MS, reading.MAX_T_MS),
    "force_n": st.floats(-reading.MAX_FORCE_N, reading.MAX_FORCE_N),
    **dict.fromkeys(reading.ACCELERATION, st.floats(-reading.MAX_ACCELERATION_G, reading.MAX_ACCELERATION_G)),
}
traces = st.lists(st.fixed_dictionaries(numbers), min_size=1, max_size=20)


@given(traces, st.booleans(), st.permutations([*numbers, "note"]))
def test_every_written_trace_is_read_as_it_was(rows, force_only, order):
    if force_only:
        order = [name for name in order if name not in reading.ACCELERATION]
    rows.sort(key=lambda row: row["t_ms"])
    lines = [order, *([str(row.get(name, "-")) for name in order] for row in rows)]
    trace = read("\n".join(",".join(line) for line in lines))
    names = [name for name in numbers if name in order]
    expected = [array("d", (row[name] for row in rows)) for name in names]
    assert [trace.t_ms, trace.force_n, *trace.acceleration_g] == expected


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(alphabet="t_ms,force_n\n\r0123456789.-+eE\"';# \tnaif_\0\ufeff", max_size=200).map(
            str.encode
        ),
        st.text(max_size=100).map(
            lambda junk: (FULL + "0,1,0,0,1\n" + junk).encode("utf-8", "surrogatepass")
        ),
    )
)
def test_any_bytes_are_read_or_refused_in_one_line_with_a_row(content):
    try:
        trace = read(content)
    except UserError as error:
        message = str(error)
    else:
        assert len(trace.t_ms) == len(trace.force_n) > 0
        return
    assert re.match(r"t\.csv, row \d+: .", message)
    assert "\n" not in message
