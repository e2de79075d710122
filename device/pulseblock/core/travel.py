"""Travel: how the presses of this wearer drag the block, as calibration found it."""

from micropython import const

from pulseblock.core.fixed import clamp, isqrt, muldiv

_LEAST_SCATTER_UM = const(100)
_CONTRAST_MAX = const(50000)
_LEAST_NORM = const(1024)  # a drag of one scatter, Q6 squared and over 4; less is none


class Travel:
    """The drag of a good press, its direction, size and scatter: what a rep's drag is a share of.

    Along the body the drag hides in breathing, which tips the block; downward it does not.  So the two do not
    count alike, but each against its own scatter.
    """

    def __init__(self, y_um, z_um, scatter_y_um, scatter_z_um):
        """Caudal and downward travel for a reference press, and the standard deviation of each, um."""
        self._scatter_y = max(_LEAST_SCATTER_UM, scatter_y_um)
        self._scatter_z = max(_LEAST_SCATTER_UM, scatter_z_um)
        self._y = (y_um << 6) // self._scatter_y
        self._z = (z_um << 6) // self._scatter_z
        self._norm = self._y * self._y + self._z * self._z >> 2
        self.is_known = self._norm >= _LEAST_NORM
        self.size_um = isqrt((y_um >> 2) * (y_um >> 2) + (z_um >> 2) * (z_um >> 2)) << 2

    def share(self, y_um, z_um):
        """Return how much of this travel a rep's has, in per cent, -999 .. 999; only where it is known."""
        along = (y_um << 6) // self._scatter_y * self._y + (z_um << 6) // self._scatter_z * self._z
        return clamp(muldiv(along >> 2, 100, self._norm), -999, 999)

    def contrast_ug(self, share, ug_per_mm):
        """Return how far, ug rms, a rep of this `share` is from no drag or from the usual: the greater.

        `ug_per_mm` is the acceleration that the rep shows of a travel of 1 mm.  A rep too slow to be far
        from either could be either.
        """
        usual_ug = min(self.size_um * ug_per_mm // 1000, _CONTRAST_MAX)
        return usual_ug * max(share, 100 - share) // 100
