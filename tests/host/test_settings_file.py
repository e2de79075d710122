import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulseblock.core.settings import Settings
from pulseblock_tools.errors import BAD_INPUT, UserError
from pulseblock_tools.settings_file import read_settings


def read(tmp_path, content: str | bytes) -> dict[str, int]:
    path = tmp_path / "settings.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_settings(path)


def test_only_what_the_file_names_is_set(tmp_path):
    assert read(tmp_path, '{"rate_hz": 104, "rushed_ms": 500}') == {"rate_hz": 104, "rushed_ms": 500}
    assert read(tmp_path, "{}") == {}
    assert read(tmp_path, b"\xef\xbb\xbf{}\r\n") == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"rate_hz": 500}', "rate_hz: 500 is not a whole number from 50 to 200"),
        ('{"rate_hz": 99.5}', "rate_hz: 99.5 is not a whole number from 50 to 200"),
        ('{"rate_hz": "100"}', "rate_hz: '100' is not a whole number from 50 to 200"),
        ('{"force_only": true}', "force_only: True is not a whole number from 0 to 1"),
        ('{"rate_hz": null}', "rate_hz: None is not a whole number from 50 to 200"),
        ('{"rate_hz": NaN}', "rate_hz: nan is not a whole number from 50 to 200"),
        ('{"rate": 100}', "rate: no such setting; did you mean rate_hz?"),
        ('{"zzz": 100}', "zzz: no such setting"),
        ('{"rate_hz": 100, "rate_hz": 80}', "rate_hz: given twice"),
        ("[1]", 'settings are one JSON object, such as {"rushed_ms": 500}'),
        ("", "row 1: no JSON: expecting value"),
        ('{"rate_hz": 100,\n oops}', "row 2: no JSON: expecting property name enclosed in double quotes"),
        (b"\xff\xfe\x00", "no JSON"),
        ("[" * 30000, "no JSON"),
        (" " * 70000, "over 65536 bytes: no file of settings"),
    ],
)
def test_a_bad_setting_is_refused_by_name_with_its_range(tmp_path, content, message):
    with pytest.raises(UserError) as caught:
        read(tmp_path, content)
    assert caught.value.exit_code == BAD_INPUT
    assert str(caught.value).split("settings.json")[1].lstrip(":, ") == message


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"none\.json: cannot be read: no such file or directory"):
        read_settings(tmp_path / "none.json")


names = st.one_of(st.sampled_from(Settings.names()), st.text(max_size=8))
values = st.recursive(
    st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)


@given(values)
def test_any_json_is_read_or_refused_in_one_line(tmp_path_factory, value):
    try:
        settings = read(tmp_path_factory.getbasetemp(), json.dumps(value))
    except UserError as error:
        message = str(error)
    else:
        Settings().update(settings)
        return
    assert "\n" not in message
