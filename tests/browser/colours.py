"""Colours as a reader sees them: how they contrast, and how far apart they are for the colour-blind."""

import re
from math import dist

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for simulation of color
# vision deficiency", IEEE TVCG 15 (2009): of linear RGB, for whoever lacks one kind of cone
LACKING = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "long": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "middle": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "short": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}

_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))  # of sRGB, by D65
_WHITE = tuple(sum(row) for row in _TO_XYZ)


def contrast(*colours):
    """WCAG's contrast of two CSS colours."""
    levels = sorted(_times(_TO_XYZ, linear(colour))[1] for colour in colours)
    return (levels[1] + 0.05) / (levels[0] + 0.05)


def difference(first, second, cones="none"):
    """CIE 1976's difference of two CSS colours to whoever lacks these cones; 2.3 is just noticeable."""
    return dist(*(_lab(_times(LACKING[cones], linear(colour))) for colour in (first, second)))


def linear(colour):
    """A CSS colour, as computed or in hexadecimal, as linear RGB."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = list(bytes.fromhex(digits))
    else:
        parts = list(map(int, re.findall(r"\d+", colour)[:3]))
    return [c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in parts)]


def _times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _lab(rgb):
    inside = [min(max(part, 0), 1) for part in rgb]
    x, y, z = (
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in (value / white for value, white in zip(_times(_TO_XYZ, inside), _WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
