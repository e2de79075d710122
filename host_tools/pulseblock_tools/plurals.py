"""How many, in words: for every page and every line that counts something."""


def counted(number: int, thing: str, plural: str = "s") -> str:
    """Return how many things there are: ``1 rep``, ``2 reps``."""
    return f"{number} {thing}{'' if number == 1 else plural}"
