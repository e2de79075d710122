"""Numbers three lines high, to be read from a mat on the floor."""

_GLYPHS = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▄█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
}


def big(number: int) -> str:
    """Return a number of 0 or more as three lines of block elements."""
    glyphs = [_GLYPHS[digit] for digit in str(number)]
    return "\n".join(" ".join(glyph[row] for glyph in glyphs) for row in range(3))
