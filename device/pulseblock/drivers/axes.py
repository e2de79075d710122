"""From the sensor's axes to the block's: x lateral (wearer's left), y cranial, z up."""

from .kernel import unpack_axis

_NAMES = "xyz"
_RIGHT_HANDED = ("xyz", "yzx", "zxy")


class Axes:
    """How the accelerometer sits in the block.

    ``mounting`` names the sensor axis that lies along each block axis, signed: ``"-y +x +z"`` says that
    block x is the sensor's -y, block y its +x, block z its +z.  ``ValueError`` unless that is a rotation:
    a mirrored frame would swap left and right without any other sign of it.

    ``source[i]`` is the sensor axis (0..2) behind block axis ``i``, ``negate[i]`` whether its sign turns.
    """

    def __init__(self, mounting: str) -> None:
        words = mounting.split()
        order = "".join([word[-1:] for word in words])
        if len(words) != 3 or sorted(order) != list(_NAMES) or not all(_is_signed(word) for word in words):
            raise ValueError("axes: %r is not three of +x -x +y -y +z -z, one of each letter" % mounting)
        self.source = tuple([_NAMES.index(letter) for letter in order])
        self.negate = tuple([word[0] == "-" for word in words])
        if (order in _RIGHT_HANDED) == bool(sum(self.negate) & 1):
            raise ValueError("axes: %r is a mirror image, not a mounting" % mounting)


def _is_signed(word: str) -> bool:
    return len(word) == 2 and word[0] in "+-"


def unpack(raw, first: int, stride: int, count: int, axes: Axes, batch) -> None:
    """``count`` samples of three little-endian int16, every ``stride`` bytes from ``raw[first]``.

    They go to ``batch``, an ``array('h')``, as block x, y, z.  -32768 turned is 32767.
    """
    for axis in range(3):
        low = first + 2 * axes.source[axis]
        unpack_axis(raw, low, stride, batch, axis, 3 * count, axes.negate[axis])
