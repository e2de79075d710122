"""The yardstick: forty integer operations on attributes, whose time on an RP2040 is known."""

TIMES = 10  # so that a step takes about as long as those that are measured by it


class Numbers:
    def __init__(self):
        self.w = self.x = self.y = self.z = 1


_numbers = Numbers()


def begin():
    pass


def go(steps):
    """Do the forty `TIMES` a step."""
    s = _numbers
    for _ in range(TIMES * steps):
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.x + s.y
        s.x = s.w - s.z
        s.y = s.x & s.z
        s.z = s.w - s.y
        s.w = s.w & 7
        s.x = s.x & 7
        s.y = s.y & 7
        s.z = s.z & 7
