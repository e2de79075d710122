"""How well the counter does on labelled traces: matched, scored, tuned, reported."""
