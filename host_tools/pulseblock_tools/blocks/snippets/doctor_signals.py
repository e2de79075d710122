"""Light and buzzer, to be seen and heard."""

import time

from pulseblock import boards


def run(ms):
    """Shows red, green and blue, each `ms` long, then sounds two tones; yields nothing."""
    board = boards.current()
    sleep_ms = getattr(board, "time", time).sleep_ms
    try:
        for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255)):
            board.light(*colour)
            sleep_ms(ms)
        board.light(0, 0, 0)
        for hz in (880, 1320):
            board.tone(hz)
            sleep_ms(ms // 2)
    finally:
        board.light(0, 0, 0)
        board.tone(0)
    return iter(())
