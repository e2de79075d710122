"""Integer arithmetic that stays inside -2^30 .. 2^30-1."""

from micropython import const

_TICKS_HALF = const(1 << 29)
_TICKS_MASK = const(0x3FFFFFFF)

ONE_G = const(8192)

_ATAN_SCALE = const(5730)  # 100 x 180 / pi


def ticks_add(ticks, delta):
    """Return `ticks` + `delta` ms, wrapped into 0 .. 2^30-1; `delta` within +-2^29."""
    if ticks >= _TICKS_HALF and delta > 0:
        return ticks - _TICKS_HALF + delta - _TICKS_HALF & _TICKS_MASK
    return ticks + delta & _TICKS_MASK


def ticks_diff(end, start):
    """Return `end` - `start` in ms, the shorter way round: -2^29 .. 2^29-1."""
    diff = end - start
    if diff >= _TICKS_HALF:
        return diff - _TICKS_HALF - _TICKS_HALF
    if diff < -_TICKS_HALF:
        return diff + _TICKS_HALF + _TICKS_HALF
    return diff


def clamp(value, low, high):
    """Return `value` held within `low` .. `high`."""
    if value < low:
        return low
    if value > high:
        return high
    return value


def share(part, whole):
    """Return `part` in per cent of `whole`, held within -1000 .. 1000.

    `part` within +-2^23 (so that 100 x part stays inside), `whole` above 0.
    """
    return clamp(part * 100 // whole, -1000, 1000)


def isqrt(value):
    """Return the integer square root of 0 .. 2^30-1, rounded down, by digits of two bits."""
    root = 0
    bit = 1 << 28
    while bit > value:
        bit >>= 2
    while bit:
        if value >= root + bit:
            value -= root + bit
            root = (root >> 1) + bit
        else:
            root >>= 1
        bit >>= 2
    return root


def atan2(y, x):
    """Return the angle of the vector (x, y) in centidegrees, -18000 .. 18000; (0, 0) gives 0.

    `x` and `y` within +-2^16 in any one unit.  Its tangent z gives z / (1 + 0.28125 z^2), within 0.3 degrees
    up to 45 degrees and 0.02 below 15 (Rajan et al., "Efficient approximations for the arctangent
    function", 2006).
    """
    across = -y if y < 0 else y
    along = -x if x < 0 else x
    steep = across > along
    if steep:
        tangent = along * ONE_G // across
    else:
        tangent = across * ONE_G // along if along else 0
    angle = tangent * _ATAN_SCALE // (ONE_G + ((tangent * tangent >> 13) * 9 >> 5))
    if steep:
        angle = 9000 - angle
    if x < 0:
        angle = 18000 - angle
    return -angle if y < 0 else angle


def sine(angle):
    """Return the sine of an angle of 0 .. 18000 centidegrees, Q13.

    4 x (180 - x) / (40500 - x (180 - x)), within 0.0017 (Bhaskara I, Mahabhaskariya, 7th century).
    """
    product = angle * (18000 - angle) >> 6
    return muldiv(4 * product, ONE_G, 6328125 - product)


def muldiv(a, b, c):
    """Return a x b / c, rounded towards zero, without forming the product.

    |a| and c below 2^28, |b| below 2^30, c above 0; the result must lie within +-2^29.
    """
    return muldiv_by(a, b, c, digit_bits(c))


def digit_bits(c):
    """Return how many bits the digits may have by which `muldiv_by` goes, 1 .. 28."""
    bits = 1
    for shift in (16, 8, 4, 2, 1):
        if c < 1 << 28 - shift:
            c <<= shift
            bits += shift
    return bits


def muldiv_by(a, b, c, bits):
    """Return `muldiv`(a, b, c), whose `digit_bits`(c) is known already."""
    negative = (a < 0) != (b < 0)
    if a < 0:
        a = -a
    if b < 0:
        b = -b
    whole = a // c
    rest = a - whole * c
    # long multiplication and division at once, by digits of b as wide as c leaves room for
    low = 0
    while b >> low >> bits:
        low += bits
    digit_mask = (1 << bits) - 1
    quotient = remainder = 0
    while low >= 0:
        remainder = (remainder << bits) + rest * (b >> low & digit_mask)
        digit = remainder // c
        quotient = (quotient << bits) + digit
        remainder -= digit * c
        low -= bits
    quotient += whole * b
    return -quotient if negative else quotient
