"""The RP2040's ADC with its known flaw."""

_HIDDEN = 9  # codes that each wide code hides


class FakeADC:
    """``read_u16()`` of a pin at ``ratio`` (Q16: 65536 is the reference).

    RP2040-E11: at each of ``wide_codes`` the code is ten codes wide.  ``noise`` is the half-width of an
    even noise, in codes, from a generator that always starts alike.
    """

    def __init__(self, ratio=0, noise=2, wide_codes=(511, 1535, 2559, 3583)):
        self.ratio = ratio
        self.reads = 0
        self._noise = noise
        self._wide_codes = wide_codes
        self._random = 12345

    def read_u16(self):
        self.reads += 1
        self._random = (self._random * 1103 + 12345) & 0xFFFF
        # in 16ths of a code, on a scale where every code has its due width
        noise = (self._random * (2 * self._noise * 16 + 1) >> 16) - self._noise * 16
        level = self.ratio * (4096 + _HIDDEN * len(self._wide_codes)) // 4096 + noise
        code = max(0, level) >> 4
        for wide in self._wide_codes:
            if code > wide + _HIDDEN:
                code -= _HIDDEN
            elif code > wide:
                code = wide
        code = min(code, 4095)
        return code << 4 | code >> 8
