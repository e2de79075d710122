"""A calibration on a plugged-in block: asked for, guided on the screen, and its outcome fetched."""
