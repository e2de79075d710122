"""Small JSON objects on flash: the wearer's settings and program."""

import json
import os

from micropython import const

_MOST = const(4096)  # bytes


def read_object(path):
    """Return the JSON object in the file ``path`` as a dict: {} without the file, None if it is none."""
    try:
        os.stat(path)
    except OSError:
        return {}
    try:
        with open(path) as file:
            text = file.read(_MOST + 1)
        values = json.loads(text)
    except (OSError, ValueError, RuntimeError):  # RuntimeError: nested too deep
        return None
    return values if len(text) <= _MOST and isinstance(values, dict) else None


def replace_object(path, values):
    """Put the dict ``values`` there: until it is whole, the old one is.  ``OSError`` if flash fails."""
    with open(path + ".new", "w") as file:
        json.dump(values, file)
        file.flush()
    os.rename(path + ".new", path)


def update_object(path, values):
    """Change what ``values`` names in the object at ``path`` and keep the rest; False if that cannot be."""
    stored = read_object(path)
    if stored is None:
        return False
    stored.update(values)
    try:
        replace_object(path, stored)
    except OSError:
        return False
    return True


def read_settings(settings, path):
    """Set what the JSON object in the file ``path`` names; returns False if the file cannot be used.

    No file is no mistake.  From a file that is wrong anywhere nothing is taken.
    """
    values = read_object(path)
    if values is None:
        return False
    try:
        settings.update(values)
    except ValueError:
        return False
    return True


def read_program(path):
    """Return the `guide.program.Program` in the file ``path``, or None; ``ValueError`` if it is wrong."""
    values = read_object(path)
    if values is None:
        raise ValueError("{}: no JSON object".format(path))
    if not values:
        return None
    from pulseblock.guide.program import Program  # takes memory that those without one do not need

    return Program(**values)
