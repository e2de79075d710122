"""The firmware onto a board: the modules it needs, compiled for its MicroPython; what differs is copied."""
