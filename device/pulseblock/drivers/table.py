"""Integer tables: (input, output) pairs with rising inputs, straight lines between them."""


class Curve:
    """A ``table`` for inputs that change little from time to time: their line is not looked for again.

    ``end`` is the last input.  ``ValueError`` as from `check_table`.
    """

    def __init__(self, name: str, table) -> None:
        check_table(name, table)
        self._table = table
        self.end = table[-1][0]
        self._next = 1  # the point after the line's

    def at(self, x: int) -> int:
        """The output at ``x``; outside the table, the output of the nearest end."""
        table = self._table
        x0, y0 = table[self._next - 1]
        x1, y1 = table[self._next]
        if x < x0 or x >= x1:
            if x <= table[0][0]:
                return table[0][1]
            if x >= self.end:
                return table[-1][1]
            self._next = 1
            while x >= table[self._next][0]:
                self._next += 1
            x0, y0 = table[self._next - 1]
            x1, y1 = table[self._next]
        return y0 + (x - x0) * (y1 - y0) // (x1 - x0)


def check_table(name: str, table) -> None:
    """``ValueError`` unless ``table`` has two pairs or more, inputs rise, and no product leaves 30 bits."""
    if len(table) < 2:
        raise ValueError("%s: needs at least two points" % name)
    for (x0, y0), (x1, y1) in zip(table, table[1:]):
        if x1 <= x0:
            raise ValueError("%s: %s does not come after %s" % (name, x1, x0))
        if (x1 - x0) * abs(y1 - y0) >= 1 << 30:
            raise ValueError("%s: %s to %s is too wide a step" % (name, x0, x1))


def interpolate(table, x: int) -> int:
    """The table's output at ``x``; outside it, the output of the nearest end."""
    previous = table[0]
    if x <= previous[0]:
        return previous[1]
    for point in table:
        if x < point[0]:
            return previous[1] + (x - previous[0]) * (point[1] - previous[1]) // (point[0] - previous[0])
        previous = point
    return previous[1]
