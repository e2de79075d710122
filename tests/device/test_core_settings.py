"""Settings: each has a default inside its range, and a bad one is refused by name."""

from pulseblock.core.meanings import MEANINGS
from pulseblock.core.settings import Settings


def refusal(*args, **values):
    try:
        if args:
            Settings().set(*args)
        else:
            Settings(**values)
    except ValueError as error:
        return str(error)
    raise AssertionError("not refused")


def test_defaults_lie_within_their_ranges():
    settings = Settings()
    for name in Settings.names():
        default, lowest, highest = Settings.describe(name)
        assert lowest <= default <= highest
        assert settings.get(name) == default


def test_every_setting_has_a_meaning():
    assert sorted(MEANINGS) == Settings.names()
    assert all(MEANINGS.values())


def test_a_bad_value_is_refused_by_name_with_its_range():
    assert refusal("rate_hz", 500) == "rate_hz: 500 is not a whole number from 50 to 200"
    assert refusal("rate_hz", 100.0) == "rate_hz: 100.0 is not a whole number from 50 to 200"
    assert refusal("rate_hz", True).startswith("rate_hz")
    assert refusal("rate_hz", "100").startswith("rate_hz: '100'")
    assert refusal("rate_hz", None).startswith("rate_hz")


def test_an_unknown_setting_is_refused():
    assert refusal("rate", 100) == "rate: no such setting"
    assert refusal(speed=1) == "speed: no such setting"
    try:
        Settings().get("speed")
    except ValueError as error:
        assert str(error) == "speed: no such setting"
    else:
        raise AssertionError


def test_an_update_is_all_or_nothing():
    settings = Settings()
    try:
        settings.update({"rate_hz": 104, "passive_pct": 1000})
    except ValueError:
        pass
    else:
        raise AssertionError
    assert settings.rate_hz == 100
    settings.update({"rate_hz": 104, "passive_pct": 50})
    assert settings.as_dict()["rate_hz"] == 104
    settings.reset()
    assert settings.rate_hz == 100
