"""The command ``pulseblock``: gathers the commands and turns a user's mistake into one line."""


def main() -> None:
    """Entry point of the console script."""
