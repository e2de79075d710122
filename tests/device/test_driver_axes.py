"""Mounting: from the sensor's axes to the block's."""

from array import array

from fakes.expect import raises

from pulseblock.drivers.axes import Axes, unpack

RAW = bytearray((0x01, 0x00, 0x34, 0x12, 0x00, 0x80))  # 1, 0x1234, -32768


def unpacked(mounting):
    batch = array("h", [0] * 3)
    unpack(RAW, 0, 6, 1, Axes(mounting), batch)
    return list(batch)


def test_the_straight_mounting_changes_nothing():
    assert unpacked("+x +y +z") == [1, 0x1234, -32768]


def test_a_quarter_turn_about_z():
    assert unpacked("-y +x +z") == [-0x1234, 1, -32768]


def test_standing_on_edge():
    assert unpacked("+y +z +x") == [0x1234, -32768, 1]


def test_the_most_negative_count_turned_is_the_most_positive():
    assert unpacked("+y +x -z") == [0x1234, 1, 32767]


def test_exactly_the_24_rotations_are_mountings():
    mountings = 0
    for order in ("xyz", "xzy", "yxz", "yzx", "zxy", "zyx"):
        for signs in range(8):
            words = ["+-"[signs >> axis & 1] + order[axis] for axis in range(3)]
            try:
                Axes(" ".join(words))
                mountings += 1
            except ValueError:
                pass
    assert mountings == 24


def test_a_mirror_image_is_refused():
    assert "mirror" in str(raises(ValueError, Axes, "-x +y +z"))


def test_nonsense_is_refused():
    for mounting in ("", "+x +y", "+x +y +y", "x y z", "+x +y +z +x", "*x +y +z", "+xx +y +z"):
        assert repr(mounting) in str(raises(ValueError, Axes, mounting))


def test_strides_skip_what_is_not_data():
    raw = bytearray([0xFF]) + RAW + bytearray([0xFF]) + RAW
    batch = array("h", [0] * 6)
    unpack(raw, 1, 7, 2, Axes("+x +y +z"), batch)
    assert list(batch) == [1, 0x1234, -32768] * 2
