"""What the light and the buzzer say: patterns of (time, colour, tone), and the player that times them.

Pure: no clock, no pins.  The app tells the player what happened, asks it at each step what the two
outputs should be, and hands that to the board.
"""
