"""The firmware of a pulseblock: what goes on the board."""

__version__ = "0.1.0"
