"""Medians without memory: sorted() would allocate."""


def sort(values, count):
    """Sort the first `count` of a list in place, by insertion."""
    for i in range(1, count):
        value = values[i]
        j = i
        while j and values[j - 1] > value:
            values[j] = values[j - 1]
            j -= 1
        values[j] = value


def median(values, count):
    """Return the median of the first `count` (1 or more) of a list, which it sorts."""
    sort(values, count)
    half = count // 2
    if count % 2:
        return values[half]
    return (values[half - 1] + values[half]) // 2
