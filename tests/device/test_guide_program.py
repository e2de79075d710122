"""Which programs there can be."""

from fakes.expect import raises

from pulseblock.guide.program import PRESETS, Program


def test_every_preset_is_a_whole_program():
    assert sorted(PRESETS) == ["strength", "warm-up"]
    for values in PRESETS.values():
        assert Program(**values).as_dict() == values
        assert sorted(values) == sorted(Program.names())


def test_what_is_not_named_has_its_default():
    program = Program(reps=5)
    for name in Program.names():
        default, low, high, meaning = Program.describe(name)
        assert low <= default <= high
        assert meaning
        assert getattr(program, name) == (5 if name == "reps" else default)


def test_both_ends_of_every_range_are_inside_and_the_next_is_not():
    for name in Program.names():
        _, low, high, _ = Program.describe(name)
        for value in (low, high):
            assert getattr(Program(**{name: value}), name) == value
        for value in (low - 1, high + 1, str(low), None, True, float(low)):
            error = raises(ValueError, lambda one: Program(**one), {name: value})
            assert str(error).startswith(name + ": ")
            assert str(error).endswith("from %d to %d" % (low, high))


def test_what_no_program_has_is_refused_by_name():
    assert str(raises(ValueError, lambda: Program(speed=1))) == "speed: a program has no such value"
