"""``pulseblock``, and ``python -m pulseblock_tools``: Ctrl-C ends it quietly from the first import on."""

import sys

from pulseblock_tools.errors import INTERRUPTED


def main() -> int:
    """Run the command line, and return the exit code."""
    try:
        from pulseblock_tools import cli

        return cli.main()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
