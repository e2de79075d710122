"""What guides a wearer who trains or calibrates without a screen.

Pure: given the counter's events and the time, each says which signal comes next.
"""
